"""An evaluation as plain data, for ``--json``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from nl2efg.evaluation.evaluation import Evaluation

SCHEMA_VERSION = 2


def as_json(evaluation: Evaluation) -> dict[str, Any]:
    """Everything, as plain data."""
    flags, wrong_flagged, right_flagged = evaluation.flags()
    return {
        "schema_version": SCHEMA_VERSION,
        "total": asdict(evaluation.total()),
        "games": [asdict(each) for each in evaluation.by_game()],
        "settings": [asdict(each) for each in evaluation.by_setting()],
        "idle": evaluation.idle,
        "unanswered": evaluation.unanswered,
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
                "reported": asdict(each.reported) if each.reported else None,
                "refused": each.trial.refused,
                "calls": each.trial.calls,
                "repairs": each.trial.repairs,
                "remarks": list(each.trial.remarks),
                "tokens": each.trial.tokens,
                "cost": each.trial.cost,
                "seconds": each.trial.seconds,
            }
            for each in evaluation.judged
        ],
        "problems": list(evaluation.problems),
    }
