"""Judge the paper's recorded replies against references: ``python -m tests.bench.replies_judged``.

Prints the agreement with the authors' labels and every disagreement, what became right without a
model call, the consensus of each setting and model, and how often checks flag wrong and right
games.
"""

from __future__ import annotations

from collections import Counter
from time import perf_counter

from tests.bench.paper_corpus import REPLIES, paper_corpus

from nl2efg.checks import check
from nl2efg.evaluation import Evaluation, evaluate, load_replies, trials_of
from nl2efg.evaluation.tables import as_lines
from nl2efg.frontend.program_reply import build_reply
from nl2efg.sandbox import Builders

WHY = {
    "setting_a/GPT-4/an_imperfect_recall_game/incorrect/5": (
        "label wrong: node for node the reference"
    ),
    "setting_a/GPT-4o/an_imperfect_recall_game/incorrect/2": (
        "label wrong: node for node the reference"
    ),
    "setting_a/GPT-4/centipede/correct/2": (
        "label wrong: the same game is labelled incorrect in four other replies"
    ),
    "setting_a/GPT-4o/extra_game_one/incorrect/5": (
        "label wrong: node for node the tree of the replies labelled correct"
    ),
    "setting_c/GPT-4/simple_bargaining_game/incorrect/2": (
        "label wrong: leaves out proposals without a choice, as six replies labelled correct do"
    ),
    "setting_c/GPT-4/tic_tac_toe/incorrect/1": (
        "the label asks for the forced last moves as moves; strategically they are none"
    ),
}
"""What a look at the reply and its game showed."""


def main() -> None:
    """Build, judge, print."""
    start = perf_counter()
    replies, problems = load_replies(REPLIES)
    with Builders() as pool:
        trials = trials_of(replies, lambda reply: build_reply(reply, pool.build))
    built = perf_counter()
    found = evaluate(paper_corpus(), trials, lambda tree, text: check(tree, text=text))
    print(as_lines(found))
    print(f"\nbuilt in {built - start:.1f} s, judged in {perf_counter() - built:.1f} s")
    print(f"problems: {[*problems, *found.problems]}")
    _print_agreement(found)
    _print_consensus(found)


def _print_agreement(found: Evaluation) -> None:
    labelled, disagreements = found.labelled, found.disagreements
    agreeing = len(labelled) - len(disagreements)
    print(
        f"\nAs written: {agreeing} of {len(labelled)} agree with the labels "
        f"({100 * agreeing / len(labelled):.2f} %)"
    )
    wrong_labels = 0
    for each in disagreements:
        why = WHY.get(each.trial.id, "NOT EXPLAINED")
        wrong_labels += why.startswith("label wrong")
        print(f"  {each.trial.id}: judged {each.judgement}; {why} {each.difference}")
    corrected = agreeing + wrong_labels
    print(f"with those labels put right: {100 * corrected / len(labelled):.2f} %")
    mended = [each for each in found.mended if each.trial.label is not None]
    counts = Counter((each.trial.label, each.right) for each in mended)
    print(
        f"mended without a model call: {len(mended)}; labelled incorrect and now right: "
        f"{counts[False, True]}; labelled correct and now wrong: {counts[True, False]}"
    )
    everything = agreeing + sum(each.right or not each.trial.label for each in mended)
    total = len(labelled) + len(mended)
    print(
        f"all that build, what was mended into the right game counted as agreeing: "
        f"{everything} of {total} ({100 * everything / total:.2f} %); with labels put right "
        f"{100 * (everything + wrong_labels) / total:.2f} %"
    )


def _print_consensus(found: Evaluation) -> None:
    print("\nConsensus that is not right, although some trial is:")
    for cell in found.cells:
        if cell.right and not cell.consensus:
            print(
                f"  {cell.setting} {cell.model} {cell.game}: {cell.agreeing} of "
                f"{len(cell.judged)} agree, {cell.right} right"
            )


if __name__ == "__main__":
    main()
