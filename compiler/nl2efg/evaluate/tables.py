"""An evaluation as Markdown, as lines for a terminal, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from nl2efg.evaluate.evaluation import Evaluation, Summary
from nl2efg.evaluate.trial import Judgement

SCHEMA_VERSION = 1

Table = tuple[str, list[str], list[list[str]]]
"""A title, the heads of the columns, and the rows."""


def tables(evaluation: Evaluation) -> list[Table]:
    """All tables of an evaluation, in the order in which they are read."""
    total = evaluation.total()
    games = [*evaluation.by_game(), total]
    found = [("By game", *_summary_rows("game", games))]
    settings = evaluation.by_setting()
    if len(settings) > 1:
        found.append(("By setting and model", *_summary_rows("setting, model", settings)))
    flags, wrong_flagged, right_flagged = evaluation.flags()
    judged = [each for each in evaluation.judged if each.trial.tree is not None]
    right = sum(each.right for each in judged)
    wrong = sum(each.judgement is Judgement.WRONG for each in judged)
    if flags:
        rows = [[flag.code, str(flag.wrong), str(flag.right)] for flag in flags]
        rows.append(["any", _of(wrong_flagged, wrong), _of(right_flagged, right)])
        found.append(("Games that a check flags", ["check", "wrong games", "right games"], rows))
    layers = _layer_rows(evaluation)
    found.append(("What became of the trials", ["", "trials"], layers))
    labelled = evaluation.labelled
    if labelled:
        agreeing = len(labelled) - len(evaluation.disagreements)
        rows = [
            [
                each.trial.id,
                "right" if each.trial.label else "wrong",
                str(each.judgement),
                each.difference,
            ]
            for each in evaluation.disagreements
        ]
        title = f"Agreement with the labels: {_of(agreeing, len(labelled))}"
        found.append((title, ["trial", "label", "judged", "difference (A: the trial)"], rows))
    return found


def as_markdown(evaluation: Evaluation) -> str:
    """Markdown tables."""
    parts = []
    for title, heads, rows in tables(evaluation):
        parts.append(f"## {title}\n")
        if rows:
            lines = [heads, ["---"] * len(heads), *rows]
            parts.append("\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines) + "\n")
    if evaluation.problems:
        parts.append("## Left out\n")
        parts.append("\n".join(f"- {_cell(problem)}" for problem in evaluation.problems) + "\n")
    parts.append(NOTES)
    return "\n".join(parts)


def as_lines(evaluation: Evaluation) -> str:
    """Aligned columns."""
    parts = []
    for title, heads, rows in tables(evaluation):
        widths = [max(map(len, column)) for column in zip(heads, *rows, strict=True)]
        lines = [title] + [
            "  ".join(
                cell.ljust(width) if place == 0 else cell.rjust(width)
                for place, (cell, width) in enumerate(zip(line, widths, strict=True))
            ).rstrip()
            for line in ([heads, *rows] if rows else [])
        ]
        parts.append("\n".join(lines))
    return "\n\n".join([*parts, NOTES])


NOTES = (
    "pass@1: 95 % Wilson interval over trials. pass@k: unbiased estimator, mean over games (and\n"
    "settings), 95 % Wilson interval over them. Consensus: the largest class of equivalent games,\n"
    "found without the reference."
)


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Everything, as plain data."""
    flags, wrong_flagged, right_flagged = evaluation.flags()
    return {
        "schema_version": SCHEMA_VERSION,
        "total": asdict(evaluation.total()),
        "games": [asdict(each) for each in evaluation.by_game()],
        "settings": [asdict(each) for each in evaluation.by_setting()],
        "flags": {
            "by_check": [asdict(flag) for flag in flags],
            "wrong_flagged": wrong_flagged,
            "right_flagged": right_flagged,
        },
        "labels": {
            "compared": len(evaluation.labelled),
            "disagreements": [each.trial.id for each in evaluation.disagreements],
        },
        "cells": [
            {
                "game": cell.game,
                "setting": cell.setting,
                "model": cell.model,
                "trials": len(cell.judged),
                "right": cell.right,
                "consensus_right": cell.consensus,
                "agreeing": cell.agreeing,
            }
            for cell in evaluation.cells
        ],
        "trials": [
            {
                "id": each.trial.id,
                "game": each.trial.game,
                "setting": each.trial.setting,
                "model": each.trial.model,
                "label": each.trial.label,
                "judgement": str(each.judgement),
                "mended": each.trial.mended,
                "difference": each.difference,
                "diagnostics": [found.code for found in each.trial.diagnostics],
                "flags": [flag.code for flag in each.flags],
                "calls": each.trial.calls,
                "tokens": each.trial.tokens,
                "cost": each.trial.cost,
                "seconds": each.trial.seconds,
            }
            for each in evaluation.judged
        ],
        "problems": list(evaluation.problems),
    }


def _summary_rows(name: str, summaries: Sequence[Summary]) -> tuple[list[str], list[list[str]]]:
    heads = [name, "trials", "built", "right", "pass@1", "pass@k", "consensus"]
    costly = any(each.calls for each in summaries)
    rows = []
    for each in summaries:
        agreed = round(each.consensus.share * each.cells)
        row = [
            each.name or "(none named)",
            str(each.trials),
            str(each.built),
            str(each.right) + (f" (+{each.undecided}?)" if each.undecided else ""),
            str(each.pass_1),
            f"{each.pass_k} (k={each.k})",
            f"{agreed} of {each.cells}",
        ]
        rows.append([*row, str(each.calls), str(each.tokens)] if costly else row)
    return [*heads, "calls", "tokens"] if costly else heads, rows


def _layer_rows(evaluation: Evaluation) -> list[list[str]]:
    counts: dict[str, int] = {}
    for each in evaluation.judged:
        how = "with a slip mended" if each.trial.mended else "as written"
        key = "no game was built"
        if each.trial.tree is not None:
            flagged = ", flagged by a check" if each.flags else ""
            key = f"built {how}: {each.judgement}{flagged}"
        counts[key] = counts.get(key, 0) + 1
    return [[key, str(count)] for key, count in sorted(counts.items())]


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part / whole:.1f} %)" if whole else "")


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
