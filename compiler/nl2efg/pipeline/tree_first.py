"""A sample that goes the second way to its game: the tree first, then who knows what."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence

from nl2efg.checks import check
from nl2efg.examination import Answers, Questions, compare_answers
from nl2efg.examination.knowledge_sets import knowledge_questions, with_knowledge
from nl2efg.frontend.program_reply import build_reply
from nl2efg.frontend.stages import TREE
from nl2efg.frontend.tree_first import ask_knowledge, write_tree
from nl2efg.game import GameTree
from nl2efg.models import Message, Model
from nl2efg.pipeline.attempts import BuildAttempt, Sample
from nl2efg.pipeline.options import Options
from nl2efg.sandbox import build
from nl2efg.sandbox.limits import Limits
from nl2efg.schema.built import Built
from nl2efg.schema.diagnostics import Diagnostic, Severity


async def build_tree_first(
    sample: Sample, model: Model, text: str, options: Options
) -> tuple[str, tuple[Message, ...], BuildAttempt]:
    """A tree in which everybody sees everything, then the knowledge at each of its nodes.

    Where no tree comes out, the attempt is left to the repairs, which write the whole game.
    """
    from nl2efg.gambit.code.program import to_code

    options.progress("the tree, as if everybody saw everything")
    reply, asked = await write_tree(model, text, sample.heard, sample=sample.number)
    limits = Limits.for_nodes(options.max_nodes)
    built = await asyncio.to_thread(build_reply, reply, lambda code: build(code, limits))
    if built.tree is None or not built.ok:
        tried = BuildAttempt(TREE, reply, built, built.diagnostics)
        sample.add(tried)
        return reply, asked, tried
    options.progress("what every player knows, node by node")
    batches = knowledge_questions(built.tree)
    given = await ask_knowledge(model, text, batches, sample.heard, sample=sample.number)
    answers = [each for each in given if each is not None]
    tree = with_knowledge(built.tree, answers)
    odd = tuple(_odd_knowledge(tree, batches, given))
    code = to_code(tree)
    found = check(tree, text=text) if options.check else ()
    tried = BuildAttempt(TREE, f"```python\n{code}\n```", Built(tree, (), code), (*found, *odd))
    sample.add(tried)
    return tried.reply, asked, tried


def _odd_knowledge(
    tree: GameTree, batches: Sequence[Questions], given: Sequence[Answers | None]
) -> Iterator[Diagnostic]:
    """What speaks against a tree that was built first: its reader, or that he did not answer."""
    for batch, answers in zip(batches, given, strict=True):
        if answers is not None:
            # A choice that the reader does not find in the text speaks against the tree.
            for one in compare_answers(batch, answers):
                if one.code in ("C801", "C802"):
                    yield one.diagnostic(tree, line=None, sentence=None)
    known = {node for answers in given if answers is not None for node in answers.decisions}
    silent = [node for batch in batches for node in batch.decisions if node not in known]
    if silent:
        asked = sum(len(batch.decisions) for batch in batches)
        yield Diagnostic(
            "C807",
            Severity.WARNING,
            f"what the player knows was not answered at {len(silent)} of {asked} decisions; there "
            "everybody is taken to see everything",
            tree.history(silent[0]),
            fix="put the nodes that the player cannot tell apart into one information set",
        )
