"""Bundled texts with something taken out of them, so that they leave it open."""

from __future__ import annotations

from dataclasses import dataclass

from nl2efg.evaluation import Corpus, Game


@dataclass(frozen=True)
class Cut:
    """A change that opens a text.

    Args:
        game: the bundled game's name.
        old, new: what is replaced, and by what.
        entry: what a report of the open point must say, as ``expected.json`` lists it.
    """

    game: str
    old: str
    new: str
    entry: str

    def text(self, game: Game) -> str:
        """The game's text with the cut.

        Raises:
            ValueError: the text does not hold the words exactly once.
        """
        if game.text.count(self.old) != 1:
            raise ValueError(f"{self.game}: {self.old!r}")
        return game.text.replace(self.old, self.new)


SEES = "know|sees|seen|observ|learn|aware|inform|simult"
LIKELY = "probab|likel|chance|often|reliab|odds"
EVEN = "equal|same|tied|ties|alike|identical"

CUTS: tuple[Cut, ...] = (
    Cut(
        "first_price_auction",
        " If the bids are the same, the winner is found by lot, so take half of the gain from "
        "winning for each.",
        "",
        EVEN,
    ),
    Cut("colonel_blotto", "; with equal numbers nobody takes it", "", EVEN),
    Cut("war_of_attrition", "; if both give in in the same round, nobody has it", "", "both|same"),
    Cut(
        "noisy_stackelberg",
        ": with probability 0.9 it states what the leader really did, with probability 0.1 it "
        "states the opposite",
        "",
        LIKELY,
    ),
    Cut(
        "beer_quiche",
        "He is surly with probability 0.9 and a wimp with probability 0.1, and",
        "He is surly or a wimp, and",
        LIKELY,
    ),
    Cut("private_value_trade", ": 4 or 8, both with probability one half", ": 4 or 8", LIKELY),
    Cut("sequential_public_good", ", each knowing what those before have done", "", SEES),
    Cut(
        "fishing_commons",
        ", and neither knows what the other does until the catches are landed; then everybody in "
        "both villages knows",
        "",
        SEES,
    ),
    Cut(
        "chance_in_the_middle",
        ", who has seen the fields and knows what summer it was,",
        "",
        SEES,
    ),
    Cut(
        "persuasion",
        " The gallery has had it examined and knows which it is; the visitor can't tell.",
        "",
        SEES,
    ),
    Cut(
        "battle_of_the_sexes",
        "Their phones are dead, so each has to choose a place without knowing where the other is "
        "going.",
        "Each has to choose a place.",
        f"{SEES}|order|first|before",
    ),
    Cut(
        "nim",
        "Left and Right move in turn, Left first.",
        "Left and Right move in turn.",
        "first|begin|start",
    ),
    Cut("ultimatum", "; no means that nobody gets a coin", "", "says|refus|reject|declin|answer"),
    Cut("outside_option", ", in which case player two also gets 2", "", "leav|away|exit"),
    Cut(
        "five_players",
        "is worth 10 to every islander",
        "is worth a good deal to every islander",
        "much|deal|worth|arrival|value",
    ),
    Cut(
        "trust_game",
        " If the trust is abused, the buyer is worse off by 1 and the seller makes 2.",
        "",
        "abus|betray|keep",
    ),
    Cut("in_spanish", " Si los mantiene, ganan 3 cada uno.", "", "mantien|mantener|maintain|keep"),
    Cut("hawk_dove", "pays 3 in injuries", "pays for the injuries", "injur|cost|lose|hawk"),
    Cut(
        "alternating_offers_two",
        "is worth only half as much to both of them",
        "is worth less to both of them",
        "much|less|discount|worth|factor",
    ),
    Cut(
        "bargaining_two_discounts",
        ": for Alice each dollar is then worth only 90 cents, for Bob only 80 cents",
        "",
        "much|discount|worth|value|factor|rate",
    ),
    Cut(
        "repeated_battle_of_the_sexes",
        " In the end each has the sum of both Sundays.",
        "",
        "added|total|discount|averag|combin|aggregat|second|weigh",
    ),
    Cut(
        "one_card_poker",
        "What each player cares about is the net number of dollars won or lost.",
        "Each player cares about the dollars.",
        "gross|minus|deduct|stake|contribut|subtract|taken|paid|dollar",
    ),
    Cut(
        "condorcet_jury",
        " Two votes are enough for a verdict.",
        "",
        "majorit|vote|unanim|many|verdict",
    ),
    Cut(
        "centipede",
        "At the outset the large one holds $0.40 and the small one $0.10.",
        "At the outset they hold the amounts of Table 1.",
        "table|amount|money|envelope|hold",
    ),
    Cut(
        "tic_tac_toe_ending",
        "like this (rows from top to bottom, cells from left to right, empty cells by their "
        "name):\n\ntop row: X, O, X\nmiddle row: O, O, X\nbottom row: a, b, c\n",
        "as in Figure 2, with three empty cells a, b and c.\n",
        "figure|board|position|diagram|cells",
    ),
)


def cut_texts(corpus: Corpus) -> list[tuple[Cut, str]]:
    """Each cut with the text that it leaves."""
    return [(cut, cut.text(corpus.games[cut.game])) for cut in CUTS]
