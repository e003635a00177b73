"""Where a tree is not what a sketch says, history by history; checks and report tell the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from nl2efg.errors import ConstraintError
from nl2efg.game import CHANCE
from nl2efg.game.constraints import BoundConstraint, constraint_effort, parse_constraint
from nl2efg.game.history import loose, vagueness
from nl2efg.game.numbers import exact_number
from nl2efg.game.wording import MAX_NAMED, told_histories, told_history, told_list
from nl2efg.provenance.sketch_match import SketchMatch, SketchPart
from nl2efg.schema.sketch import SketchInformationSet

MAX_TOLD = 8
"""So many findings of one code are put into words for each part of a sketch; the others count."""


@dataclass(frozen=True, slots=True)
class SketchFinding:
    """One disagreement.

    Args:
        code: the diagnostic code, ``C601`` to ``C612``.
        sketch: what the sketch says, in words that follow "by the sketch".
        tree: what the tree has, in words that follow "in the game".
        fix: what would mend the tree, in the imperative.
        node: the node that is meant; None for the whole game.
        line: which line of the code is meant: ``move``, ``information_set`` or ``outcome``.
        quote: the words of the text that the sketch rests on.
        subject: the part of the sketch; None for the players or an order of payoffs.
    """

    code: str
    sketch: str
    tree: str
    fix: str = ""
    node: int | None = None
    line: str = ""
    quote: str = ""
    subject: SketchPart | None = None

    @property
    def message(self) -> str:
        """Both sides in one sentence."""
        return f"by the sketch {self.sketch}; in the game {self.tree}"


def sketch_findings(match: SketchMatch) -> Iterator[SketchFinding]:
    """Every disagreement between a sketch and a tree, kind by kind.

    Where a part of the sketch meets very many nodes, only the first are told, and ``match.untold``
    counts the others.

    Raises:
        EffortError: sketch and tree are too large to be laid over each other.
    """
    yield from _players(match)
    yield from _missing_histories(match)
    yield from _moves(match)
    yield from _split_sets(match)
    yield from _joined_sets(match)
    yield from _chance(match)
    bound: list[BoundConstraint] = []
    yield from _orders(match, bound)
    yield from _claims(match, bound)


class _Teller:
    """Says which findings of one part of a sketch are put into words."""

    def __init__(self, match: SketchMatch) -> None:
        self._match = match
        self._told: Counter[str] = Counter()

    def tells(self, code: str, *nodes: int) -> bool:
        """Whether this finding is told; a word takes as long as the node is deep."""
        self._told[code] += 1
        if self._told[code] > MAX_TOLD:
            self._match.untold[code] += 1
            return False
        self._match.spend(sum(self._match.tree.depth[node] for node in nodes))
        return True


def _players(match: SketchMatch) -> Iterator[SketchFinding]:
    told = [player.name for player in match.sketch.players]
    if told and len(told) != len(match.tree.players):
        names = told_list(told)
        yield SketchFinding(
            "C601",
            f"the players are {names}",
            f"they are {told_list(match.tree.players) or 'none'}",
            f"make it a game of {names}",
        )


def _missing_histories(match: SketchMatch) -> Iterator[SketchFinding]:
    sketch, tree = match.sketch, match.tree
    wanted: list[tuple[Sequence[str], str, SketchPart]] = []
    for infoset in sketch.information_sets:
        wanted += [(history, f"{infoset.player} moves", infoset) for history in infoset.histories]
    for event in sketch.chance:
        wanted += [(history, "chance moves", event) for history in event.histories]
    wanted += [(claim.history, "the game ends", claim) for claim in sketch.claims]
    seen: set[tuple[str, ...]] = set()
    tellers: dict[int, _Teller] = {}
    for history, what, subject in wanted:
        if tuple(history) in seen or match.nodes(history):
            continue
        seen.add(tuple(history))
        if not tellers.setdefault(id(subject), _Teller(match)).tells("C602"):
            continue
        parent = history[:-1]
        while parent and not match.nodes(parent):
            parent = parent[:-1]
        reached = match.nodes(parent)[0]
        match.spend(tree.depth[reached])
        here = (
            "the game ends"
            if tree.is_terminal(reached)
            else f"the actions are {told_list(tree.information_sets[tree.set_of[reached]].actions)}"
        )
        yield SketchFinding(
            "C602",
            f"{what} at {told_history(history)}",
            f"there is no such history: at {told_history(tree.told.history(reached))} {here}",
            "build this history, with the labels of the sketch",
            reached,
            "move",
            subject.quote,
            subject,
        )


def _moves(match: SketchMatch) -> Iterator[SketchFinding]:
    """Another player than the sketch's, or other actions, at a history."""
    tree = match.tree
    for infoset in match.sketch.information_sets:
        player = match.player(infoset.player)
        if player is None:
            continue
        labels = set(map(loose, infoset.actions))
        differ: dict[int, bool] = {}
        teller = _Teller(match)
        for node in match.nodes_of(infoset):
            if tree.player_of(node) != player:
                if teller.tells("C603", node):
                    yield _wrong_mover(match, "C603", node, infoset.player, infoset)
                continue
            number = tree.set_of[node]
            here = tree.information_sets[number].actions
            if number not in differ:
                match.spend(len(here))
                differ[number] = bool(labels) and labels != set(map(loose, here))
            if differ[number] and teller.tells("C604", node):
                wanted = told_list(infoset.actions)
                yield SketchFinding(
                    "C604",
                    f"{infoset.player}'s actions are {wanted}",
                    f"they are {told_list(here)}",
                    f"give {infoset.player} the actions {wanted} here",
                    node,
                    "move",
                    infoset.quote,
                    infoset,
                )


def _wrong_mover(
    match: SketchMatch, code: str, node: int, wanted: str, subject: SketchPart
) -> SketchFinding:
    mover = match.tree.player_of(node)
    here = "the game ends" if mover is None else f"{match.tree.player_name(mover)} moves"
    fix = f"let {wanted} move here"
    return SketchFinding(
        code, f"{wanted} moves here", here, fix, node, "move", subject.quote, subject
    )


def _split_sets(match: SketchMatch) -> Iterator[SketchFinding]:
    """One information set in the sketch, several in the tree."""
    tree = match.tree
    for infoset in match.sketch.information_sets:
        player = match.player(infoset.player)
        teller = _Teller(match)
        for members in match.sets(infoset):
            first_of: dict[int, int] = {}
            for node in members:
                if tree.player_of(node) == player:
                    first_of.setdefault(tree.set_of[node], node)
            ones = list(first_of.values())
            if len(ones) < 2 or not teller.tells("C605", *ones[:MAX_NAMED]):
                continue
            what = f" ({infoset.player} does not know {infoset.hidden})" if infoset.hidden else ""
            yield SketchFinding(
                "C605",
                f"{infoset.player} cannot tell {told_histories(tree, ones)} apart{what}",
                f"they lie in {len(ones)} information sets",
                "put them into one information set",
                ones[1],
                "information_set",
                infoset.quote,
                infoset,
            )


def _joined_sets(match: SketchMatch) -> Iterator[SketchFinding]:
    """Several information sets in the sketch, one in the tree."""
    tree, sketch = match.tree, match.sketch
    entries: list[SketchInformationSet] = []  # one for each set that an entry stands for
    sets_of: dict[int, set[int]] = {}
    for infoset in sketch.information_sets:
        player = match.player(infoset.player)
        for members in match.sets(infoset):
            for node in members:
                if tree.player_of(node) == player:
                    sets_of.setdefault(node, set()).add(len(entries))
            entries.append(infoset)
    first_in: dict[int, tuple[int, int]] = {}
    told: set[tuple[int, int]] = set()
    tellers: dict[int, _Teller] = {}
    for node in sorted(sets_of):
        if len(sets_of[node]) > 1:  # the sketch contradicts itself here
            continue
        (number,) = sets_of[node]
        other_node, other = first_in.setdefault(tree.set_of[node], (node, number))
        if other == number or (other, number) in told:
            continue
        told.add((other, number))
        infoset = entries[number]
        if not tellers.setdefault(number, _Teller(match)).tells("C606", node, other_node):
            continue
        what = f" ({infoset.player} knows {infoset.knows})" if infoset.knows else ""
        yield SketchFinding(
            "C606",
            f"{infoset.player} can tell {told_histories(tree, [other_node, node])} apart{what}",
            "they lie in one information set",
            "put them into different information sets",
            node,
            "information_set",
            infoset.quote,
            infoset,
        )


def _chance(match: SketchMatch) -> Iterator[SketchFinding]:
    tree = match.tree
    for event in match.sketch.chance:
        told = fractions_of(event.probabilities)
        wanted = _possible(event.outcomes, told or ())
        differ: dict[int, bool] = {}
        teller = _Teller(match)
        for node in match.nodes_of(event):
            if tree.player_of(node) != CHANCE:
                if teller.tells("C607", node):
                    yield _wrong_mover(match, "C607", node, "chance", event)
                continue
            number = tree.set_of[node]
            infoset = tree.information_sets[number]
            assert infoset.probabilities is not None
            if told is None or len(told) != len(event.outcomes):
                continue
            if number not in differ:
                match.spend(len(infoset.actions))
                differ[number] = wanted != _possible(infoset.actions, infoset.probabilities)
            if differ[number] and teller.tells("C608", node):
                sketch_side = _distribution(event.outcomes, told)
                yield SketchFinding(
                    "C608",
                    f"chance draws {sketch_side}",
                    _distribution(infoset.actions, infoset.probabilities),
                    f"give chance the outcomes {sketch_side}",
                    node,
                    "information_set",
                    event.quote,
                    event,
                )


def _possible(labels: Sequence[str], probabilities: Sequence[Fraction]) -> dict[str, Fraction]:
    distribution = dict(zip(map(loose, labels), probabilities, strict=False))
    return {label: probability for label, probability in distribution.items() if probability}


def _distribution(labels: Sequence[str], probabilities: Sequence[Fraction]) -> str:
    return told_list([f"{label} {p}" for label, p in zip(labels, probabilities, strict=True)])


def fractions_of(numbers: Sequence[str]) -> list[Fraction] | None:
    """Written numbers exactly; None if one of them is no number, such as a parameter."""
    found = [exact_number(number) for number in numbers]
    known = [number for number in found if number is not None]
    return known if len(known) == len(found) else None


def _orders(match: SketchMatch, bound: list[BoundConstraint]) -> Iterator[SketchFinding]:
    """Broken orders of payoffs; those that can be read are added to ``bound``."""
    tree = match.tree
    effort = constraint_effort()
    teller = _Teller(match)
    for text in match.sketch.payoff_order:
        try:
            constraint = parse_constraint(text).bind(tree, effort)
            bound.append(constraint)
            broken = constraint.broken(
                lambda node, player: tree.path_payoffs[node][player], tree, effort
            )
        except ConstraintError as error:
            if not teller.tells("C612"):
                continue
            yield SketchFinding(
                "C612",
                f"payoffs are ordered so: {text}",
                f"it says nothing: {error.message}",
                error.hint,
            )
            continue
        if broken and teller.tells("C611"):
            yield SketchFinding("C611", text, broken, "choose payoffs that meet this order")


def _claims(match: SketchMatch, bound: Sequence[BoundConstraint]) -> Iterator[SketchFinding]:
    """Ends at which the game goes on or pays something else.

    Where the text gives only an order, any numbers that keep it will do.
    """
    tree = match.tree
    free = {place for one in bound for places in one.places.values() for place in places}
    ends = _most_exact(match, [[claim.history] for claim in match.sketch.claims])
    moves = _most_exact(
        match,
        [
            *(infoset.histories for infoset in match.sketch.information_sets),
            *(event.histories for event in match.sketch.chance),
        ],
    )
    for claim in match.sketch.claims:
        vague = vagueness(claim.history)
        told = {match.player(row.player): fractions_of([row.value]) for row in claim.payoffs}
        wanted = {player: row[0] for player, row in told.items() if player is not None and row}
        teller = _Teller(match)
        for node in match.nodes_of(claim):
            match.spend(len(wanted))
            if vague > ends[node] or (node in moves and moves[node] <= vague):
                continue  # something more exact is said of this node
            if not tree.is_terminal(node):
                if not teller.tells("C609", node):
                    continue
                mover = tree.information_sets[tree.set_of[node]].player
                yield SketchFinding(
                    "C609",
                    "the game ends here",
                    f"{tree.player_name(mover)} moves",
                    "let the game end here, with its payoffs",
                    node,
                    "move",
                    claim.quote,
                    claim,
                )
                continue
            paid = tree.path_payoffs[node]
            if any(
                paid[player] != value and (node, player) not in free
                for player, value in wanted.items()
            ) and teller.tells("C610", node):
                sketch_side = _paid(match, wanted)
                yield SketchFinding(
                    "C610",
                    f"this end pays {sketch_side}",
                    _paid(match, {player: paid[player] for player in wanted}),
                    f"pay {sketch_side} here",
                    node,
                    "outcome",
                    claim.quote,
                    claim,
                )


def _most_exact(
    match: SketchMatch, parts: Sequence[Sequence[Sequence[str]]]
) -> dict[int, tuple[int, int]]:
    """For each node that some of these histories mean, the vagueness of the most exact one."""
    found: dict[int, tuple[int, int]] = {}
    for histories in parts:
        for history in histories:
            vague = vagueness(history)
            for node in match.nodes(history):
                found[node] = min(found.get(node, vague), vague)
    return found


def _paid(match: SketchMatch, payoffs: dict[int, Fraction]) -> str:
    return ", ".join(f"{match.tree.players[player]} {value}" for player, value in payoffs.items())
