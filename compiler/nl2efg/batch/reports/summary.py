"""What a run came to: ``summary.json``, ``failures.jsonl`` and the gallery."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

from nl2efg.batch.reports.gallery import write_gallery
from nl2efg.batch.storage.rows import read_rows
from nl2efg.storage import replacing, unwritable, write_whole


def write_summary(folder: Path) -> dict[str, Any]:
    """Write ``summary.json``, ``failures.jsonl`` and ``index.html`` from the rows of all shards.

    Raises:
        StorageError: they cannot be written.
    """
    counts: Counter[str] = Counter()
    causes: Counter[str] = Counter()
    codes: Counter[str] = Counter()
    cost = 0.0
    try:
        with replacing(folder / "failures.jsonl") as file:
            for row in read_rows(folder, lambda _: None):  # the ledger has told of damage
                counts[row.status] += 1
                counts["prompt_tokens"] += row.prompt_tokens
                counts["completion_tokens"] += row.completion_tokens
                counts["solved"] += bool(row.equilibria)
                codes.update(set(row.codes))
                cost += row.cost
                if row.status == "failed":
                    causes[row.cause] += 1
                    kept = row.model_dump(
                        mode="json", include={"position", "id", "key", "cause", "message", "codes"}
                    )
                    line = json.dumps(kept, ensure_ascii=False) + "\n"
                    file.write(line.encode("utf-8", "replace"))
        summary = {
            "units": counts["compiled"] + counts["failed"],
            "compiled": counts["compiled"],
            "failed": counts["failed"],
            "solved": counts["solved"],
            "causes": dict(causes.most_common()),
            "codes": dict(codes.most_common()),
            "prompt_tokens": counts["prompt_tokens"],
            "completion_tokens": counts["completion_tokens"],
            "cost": round(cost, 6),
        }
        write_whole(folder / "summary.json", json.dumps(summary, indent=1) + "\n")
        write_gallery(folder)
    except OSError as error:
        raise unwritable(folder, error) from None
    return summary
