"""Which layer sees which fault: ``python -m tests.bench.mutants_by_layer [prompts|table FOLDER]``.

Every bundled reference gets one fault after the other: a payoff changed, two payoffs exchanged, a
set split or joined, a move dropped, players exchanged, a probability changed. Three layers look at
each mutant: the checks of tree and text; the recorded sketch, read as a game (left out where it
gives letters other values than the reference); the examination. A
mutant that is the same game (compared strategically, names anchored) is left out.

The examination's reader is asked about the reference, whose questions are those of most mutants.
Without a folder the reader is ideal: its answers are read off the reference, so that what is
measured is what the questions cover. With a folder they are a real reader's: ``prompts FOLDER``
writes a self-contained prompt for each game, replies go beside them as ``NAME.reply.md``, and
``table FOLDER`` prints the shares and, for the references themselves, the false alarms.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

from tests.bench.mutants import split
from tests.bench.sketches import sketches

from nl2efg.checks import check
from nl2efg.comparison import compare
from nl2efg.comparison.sketch_comparison import compare_with_sketch
from nl2efg.evaluation import Game, load_corpus
from nl2efg.examination import Answers, Questions, compare_answers, make_questions
from nl2efg.examination.answers import Knowledge, Payoff
from nl2efg.frontend.examination import examination_answers, examination_messages
from nl2efg.game import NO_SET, GameTree, Outcome, TreeBuilder
from nl2efg.resources import shipped
from nl2efg.schema.diagnostics import Severity

LAYERS = ("checks", "sketch", "examination")


def faults(tree: GameTree) -> Iterator[tuple[str, GameTree]]:
    """Mutants of a game, several of a kind where there is room."""
    ends = tree.terminals
    for end in dict.fromkeys((ends[0], ends[len(ends) // 2], ends[-1])):
        yield "a payoff changed", _paid(tree, {end: _raised(tree.path_payoffs[end])})
    others = [end for end in ends if tree.path_payoffs[end] != tree.path_payoffs[ends[0]]]
    if others:
        one, two = ends[0], others[len(others) // 2]
        swapped = {one: tree.path_payoffs[two], two: tree.path_payoffs[one]}
        yield "two payoffs exchanged", _paid(tree, swapped)
    joined = [
        n
        for n, own in enumerate(tree.information_sets)
        if not own.is_chance and len(tree.members[n]) > 1
    ]
    for number in joined[:3]:
        yield "a set split", split(tree, [number])
    yield from (("two sets joined", each) for each in _joined(tree))
    for number, own in enumerate(tree.information_sets):
        if own.is_chance and len(own.actions) > 1:
            weights = [Fraction((place + 1) ** 2) for place in range(len(own.actions))]
            other = tuple(weight / sum(weights) for weight in weights)
            sets = list(tree.information_sets)
            sets[number] = replace(own, probabilities=other)
            yield "a probability changed", replace(tree, information_sets=tuple(sets))
            break
    if len(tree.players) == 2:
        yield "players exchanged", replace(tree, players=tree.players[::-1])
    yield from (("a move dropped", each) for each in _dropped(tree))


def _raised(payoffs: tuple[Fraction, ...]) -> tuple[Fraction, ...]:
    return (payoffs[0] + 1, *payoffs[1:])


def _paid(tree: GameTree, payoffs: dict[int, tuple[Fraction, ...]]) -> GameTree:
    """The tree with all payoffs at its ends, some of them changed."""
    paid = [payoffs.get(end, tree.path_payoffs[end]) for end in tree.terminals]
    outcome_of = [-1] * len(tree)
    for number, end in enumerate(tree.terminals):
        outcome_of[end] = number
    return replace(tree, outcomes=tuple(map(Outcome, paid)), outcome_of=tuple(outcome_of))


def _joined(tree: GameTree) -> Iterator[GameTree]:
    """Two sets of one player with the same actions as one; at most two of these."""
    found = 0
    for one, own in enumerate(tree.information_sets):
        for two in range(one + 1, len(tree.information_sets)):
            other = tree.information_sets[two]
            if own.is_chance or (own.player, own.actions) != (other.player, other.actions):
                continue
            set_of = [one if number == two else number for number in tree.set_of]
            set_of = [number - (number > two) for number in set_of]
            sets = tree.information_sets[:two] + tree.information_sets[two + 1 :]
            yield replace(tree, information_sets=sets, set_of=tuple(set_of))
            found += 1
            if found == 2:
                return
            break


def _dropped(tree: GameTree) -> Iterator[GameTree]:
    """The last move of one path left out: its node ends the game with what its first end pays."""
    for end in dict.fromkeys((tree.terminals[0], tree.terminals[-1])):
        parent = tree.parents[end]
        if parent < 0 or len(tree.members[tree.set_of[parent]]) == len(tree):
            continue
        yield _without_move(tree, parent)


def _without_move(tree: GameTree, dropped: int) -> GameTree:
    builder = TreeBuilder(tree.players, tree.title)
    sets = {
        number: builder.information_set(own.player, own.actions)
        if own.probabilities is None
        else builder.chance(own.actions, own.probabilities)
        for number, own in enumerate(tree.information_sets)
    }
    handles = {0: 0}
    for node in range(len(tree)):
        if node not in handles:
            continue
        if tree.set_of[node] == NO_SET or node == dropped:
            end = node
            while tree.children[end]:
                end = tree.children[end][0]
            builder.pay(handles[node], tree.path_payoffs[end])
        else:
            children = builder.move(handles[node], sets[tree.set_of[node]])
            handles.update(zip(tree.children[node], children, strict=True))
    return builder.build()


def ideal(questions: Questions, truth: GameTree) -> Answers:
    """The answers of a reader for whom the reference is the text; stories find the situations."""
    whole = make_story_index(truth)
    tree = questions.tree
    decisions: dict[int, Knowledge | None] = {}
    for node in questions.decisions:
        there = whole.get(_labels(tree, node))
        name = tree.player_name(tree.player_of(node) or 0)
        if there is None or truth.is_terminal(there):
            decisions[node] = None
        else:
            own = truth.information_sets[truth.set_of[there]]
            mine = not own.is_chance and truth.player_name(own.player) == name
            seen = f"set {truth.set_of[there]}"
            decisions[node] = Knowledge(seen, len(own.actions)) if mine else None
    ends: dict[int, tuple[Payoff | None, ...] | None] = {}
    for node in questions.ends:
        there = whole.get(_labels(tree, node))
        if there is None or not truth.is_terminal(there):
            ends[node] = None
        else:
            paid = dict(zip(truth.players, truth.path_payoffs[there], strict=True))
            ends[node] = tuple(Payoff(paid[name]) for name in tree.players)
    draws: dict[int, tuple[Fraction, ...] | None] = {}
    for node in questions.draws:
        there = whole.get(_labels(tree, node))
        draws[node] = (
            None
            if there is None or truth.is_terminal(there)
            else truth.information_sets[truth.set_of[there]].probabilities
        )
    return Answers(decisions, ends, draws, 0)


def make_story_index(tree: GameTree) -> dict[tuple[str, ...], int]:
    return {_labels(tree, node): node for node in range(len(tree))}


def _labels(tree: GameTree, node: int) -> tuple[str, ...]:
    return tree.history(node)


def games() -> list[Game]:
    """The bundled games that have a reference."""
    found = load_corpus(shipped("fixtures")).games.values()
    return [game for game in found if game.reference is not None]


def prompts(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for game in games():
        assert game.reference is not None
        messages = examination_messages(game.text, make_questions(game.reference))
        text = "\n\n".join(message.content for message in messages)
        (folder / f"{game.name}.prompt.md").write_text(text + "\n", encoding="utf-8")


def answers(game: Game, questions: Questions, folder: Path | None) -> Answers | None:
    """A reader's answers about a mutant; None where none can be had."""
    assert game.reference is not None
    if folder is None:
        return ideal(questions, game.reference)
    file = folder / f"{game.name}.reply.md"
    asked = make_questions(game.reference)
    # A reply is about the reference's questions; a mutant of another shape has other ones.
    if not file.is_file() or questions.prompt_data() != asked.prompt_data():
        return None
    return examination_answers(file.read_text(encoding="utf-8"), questions)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("what", nargs="?", choices=["prompts", "table"], default="table")
    parser.add_argument("folder", nargs="?", type=Path)
    given = parser.parse_args()
    if given.what == "prompts":
        prompts(given.folder or parser.error("a folder is needed"))
        return
    seen: Counter[tuple[str, str]] = Counter()
    asked: Counter[tuple[str, str]] = Counter()
    missed: list[str] = []
    for game in games():
        assert game.reference is not None
        # A sketch may work with other values for its letters than the reference: another game.
        recorded = [
            sketch
            for sketch in sketches(game)[:1]
            if not sketch.parameters or compare_with_sketch(game.reference, sketch).same
        ]
        for kind, tree in (("(none)", game.reference), *faults(game.reference)):
            same = compare(tree, game.reference, "strategic", names="anchored").same
            if kind != "(none)" and same:
                continue
            graves = [
                one for one in check(tree, text=game.text) if one.severity is not Severity.NOTE
            ]
            flags: dict[str, bool | None] = {"checks": bool(graves)}
            read = compare_with_sketch(tree, recorded[0]).same if recorded else None
            flags["sketch"] = None if read is None else not read
            questions = make_questions(tree)
            found = answers(game, questions, given.folder)
            flags["examination"] = (
                None if found is None else bool(compare_answers(questions, found))
            )
            for layer, flag in flags.items():
                if flag is not None:
                    asked[kind, layer] += 1
                    seen[kind, layer] += flag
            if flags["examination"] == (kind == "(none)"):
                missed.append(f"{game.name}: {kind}")
            # Each layer alone, and any of them.
            asked[kind, "any"] += 1
            seen[kind, "any"] += any(flags.values())
    print(f"{'fault':<24}" + "".join(f"{layer:>16}" for layer in (*LAYERS, "any")))
    for kind in dict.fromkeys(kind for kind, _ in asked):
        cells = (f"{seen[kind, x]} of {asked[kind, x]}" for x in (*LAYERS, "any"))
        print(f"{kind:<24}" + "".join(f"{cell:>16}" for cell in cells))
    for layer in (*LAYERS, "any"):
        total = sum(n for (kind, x), n in asked.items() if x == layer and kind != "(none)")
        flagged = sum(n for (kind, x), n in seen.items() if x == layer and kind != "(none)")
        print(f"{layer}: {flagged} of {total} mutants ({flagged / max(1, total):.1%})")
    print("the examination misses, or flags without a fault:", "; ".join(missed) or "nothing")


if __name__ == "__main__":
    main()
