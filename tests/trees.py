"""Random game trees for Hypothesis, and a few small trees that many tests share."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from hypothesis import strategies as st

from nl2efg.game import GameTree, TreeBuilder

SMALL_NUMBERS = st.one_of(
    st.integers(-5, 5).map(Fraction),
    st.fractions(min_value=-100, max_value=100, max_denominator=60),
)
PLAIN_LABELS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=6)
ANY_LABELS = st.text(
    st.characters(codec="utf-8", exclude_categories=("C",)), min_size=1, max_size=8
)


def probabilities(draw: st.DrawFn, count: int) -> list[Fraction]:
    """Exact probabilities that sum to one; some may be zero."""
    weights = draw(st.lists(st.integers(0, 6), min_size=count, max_size=count).filter(any))
    return [Fraction(weight, sum(weights)) for weight in weights]


@st.composite
def game_trees(
    draw: st.DrawFn,
    *,
    max_players: int = 3,
    max_moves: int = 8,
    labels: st.SearchStrategy[str] = PLAIN_LABELS,
    payoffs: st.SearchStrategy[Fraction] = SMALL_NUMBERS,
    absent_minded: bool = True,
    inner_outcomes: bool = True,
    repeated: bool = False,
) -> GameTree:
    """A random tree: chance, hidden moves, absent-mindedness and payoffs at inner nodes.

    Args:
        absent_minded: whether an information set may meet a path twice.
        inner_outcomes: whether inner nodes may carry payoffs.
        repeated: whether players may have one name, and the actions of a set one label.
    """
    count = draw(st.integers(1, max_players))
    builder = TreeBuilder(
        draw(st.lists(labels, min_size=count, max_size=count, unique=not repeated)), draw(labels)
    )
    leaves: list[int] = [0]
    above: dict[int, frozenset[int]] = {0: frozenset()}
    own_sets: list[tuple[int, int]] = []
    for _ in range(draw(st.integers(0, max_moves))):
        node = leaves.pop(draw(st.integers(0, len(leaves) - 1)))
        mover = draw(st.integers(-1, count - 1))
        joinable = [
            number
            for owner, number in own_sets
            if owner == mover and (absent_minded or number not in above[node])
        ]
        if joinable and mover >= 0 and draw(st.booleans()):
            number = draw(st.sampled_from(joinable))
        else:
            actions = draw(st.lists(labels, min_size=1, max_size=3, unique=not repeated))
            label = draw(st.one_of(st.just(""), labels))
            if mover < 0:
                number = builder.chance(actions, probabilities(draw, len(actions)), label)
            else:
                number = builder.information_set(mover, actions, label)
            own_sets.append((mover, number))
        children = builder.move(node, number)
        for child in children:
            above[child] = above[node] | {number}
        leaves.extend(children)
        if inner_outcomes and draw(st.integers(0, 5)) == 0:
            builder.pay(node, draw(st.lists(payoffs, min_size=count, max_size=count)))
    for leaf in leaves:
        builder.pay(leaf, draw(st.lists(payoffs, min_size=count, max_size=count)))
    return builder.build()


def kuhn(cards: int = 3) -> GameTree:
    """Kuhn poker (Kuhn 1950) with any number of cards."""
    return game_of_poker([str(card) for card in range(cards)])


def game_of_poker(names: Sequence[str]) -> GameTree:
    """Kuhn poker with cards of these names, the lowest first."""
    cards = len(names)
    builder = TreeBuilder(["Alice", "Bob"], f"Kuhn poker with {cards} cards")
    deal = builder.chance(names, [Fraction(1, cards)] * cards)
    rows = [
        {
            kind: builder.information_set(player, actions, f"{name}-{kind}")
            for kind, player, actions in (
                ("open", 0, ("Check", "Bet")),
                ("checked", 1, ("Check", "Bet")),
                ("bet", 1, ("Fold", "Call")),
                ("raised", 0, ("Fold", "Call")),
            )
        }
        for name in names
    ]
    for first, node in enumerate(builder.move(0, deal)):
        rest = [card for card in range(cards) if card != first]
        second_deal = builder.chance(
            [names[card] for card in rest], [Fraction(1, len(rest))] * len(rest)
        )
        for second, opening in zip(rest, builder.move(node, second_deal), strict=True):
            sign = 1 if first > second else -1
            checked, bet = builder.move(opening, rows[first]["open"])
            both_checked, raised = builder.move(checked, rows[second]["checked"])
            builder.pay(both_checked, [sign, -sign])
            folded, called = builder.move(raised, rows[first]["raised"])
            builder.pay(folded, [-1, 1])
            builder.pay(called, [2 * sign, -2 * sign])
            folded, called = builder.move(bet, rows[second]["bet"])
            builder.pay(folded, [1, -1])
            builder.pay(called, [2 * sign, -2 * sign])
    return builder.build()


def absent_minded_driver() -> GameTree:
    """The absent-minded driver (Piccione and Rubinstein 1997)."""
    builder = TreeBuilder(["Driver"], "The absent-minded driver")
    junction = builder.information_set(0, ["Exit", "Continue"])
    first_exit, second = builder.move(0, junction)
    second_exit, end = builder.move(second, junction)
    for node, payoff in ((first_exit, 0), (second_exit, 4), (end, 1)):
        builder.pay(node, [payoff])
    return builder.build()


def square(size: int) -> GameTree:
    """Two players choose simultaneously; every end pays another number."""
    builder = TreeBuilder(["Ann", "Bob"])
    answer = builder.information_set(1, [f"b{n}" for n in range(size)])
    for i, node in enumerate(
        builder.move(0, builder.information_set(0, [f"a{n}" for n in range(size)]))
    ):
        for j, end in enumerate(builder.move(node, answer)):
            builder.pay(end, [size * i + j, 0])
    return builder.build()
