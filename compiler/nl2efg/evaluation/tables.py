"""An evaluation as Markdown and as lines for a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from nl2efg.evaluation.evaluation import Evaluation
from nl2efg.evaluation.intervals import Rate
from nl2efg.evaluation.summary import Cell, Summary
from nl2efg.evaluation.trial import Judgement

Table = tuple[str, list[str], list[list[str]]]
"""A title, the heads of the columns, and the rows."""

LONG = 20
"""Rows above which a table in Markdown is folded, and failures are only counted."""

NOTES = (
    "A compile is right if its game is the reference's, compared as the game's expected.json\n"
    "says. Intervals are Wilson's, 95 %. pass@k is the unbiased estimator. Consensus is what the\n"
    "compiler makes of all samples of a game, without the reference. To report: what a correct\n"
    "compile has to tell of open points and contradictions, as expected.json lists it."
)


def tables(evaluation: Evaluation) -> list[Table]:
    """All tables of an evaluation, in the order in which they are read."""
    found = [
        ("In all", ["measure", "figure", "of what"], _figure_rows(evaluation.total())),
        ("By game", *_game_rows(evaluation)),
    ]
    settings = evaluation.by_setting()
    if len(settings) > 1:
        found.append(("By setting and model", *_summary_rows("setting, model", settings)))
    flags = _flag_rows(evaluation)
    if flags:
        found.append(("Games that a check flags", ["check", "wrong games", "right games"], flags))
    layers = _layer_rows(evaluation)
    found.append(("What became of the compiles", ["", "compiles"], layers))
    if failed := _failed_rows(evaluation):
        found.append(("Not right", ["compile", "judged", "difference (A: the compile)"], failed))
    labelled = len(evaluation.labelled)
    if labelled:
        agreeing = labelled - len(evaluation.disagreements)
        title = f"Agreement with the labels: {_of(agreeing, labelled)}"
        heads = ["compile", "label", "judged", "difference (A: the compile)"]
        found.append((title, heads, _label_rows(evaluation)))
    return found


def _figure_rows(total: Summary) -> list[list[str]]:
    """Measure, figure, and of what: the rows that say how good all trials are together."""
    noun = "game" if total.games == total.cells else "pair of game and setting or model"
    games = _count(total.cells, noun)
    rows = [["pass@1", str(total.pass_1), f"{games}; of each the share of right compiles"]]
    if total.pass_k is not None and total.consensus is not None:
        several = f"{_count(total.several, noun)} with {total.k} compiles or more"
        rows += [
            [f"pass@{total.k}", str(total.pass_k), several],
            ["consensus", str(total.consensus), several],
        ]
    compiles = _count(total.trials, "compile")
    if total.first is not None:
        rows += [
            ["right at the first attempt", str(total.first), f"{compiles}; no stage asked twice"],
            ["repairs asked for", str(total.repairs), compiles],
            ["sketches asked for again", str(total.again), compiles],
        ]
    if total.demanded:
        rows += [
            [
                "open points and contradictions reported",
                _share(total.told, total.demanded),
                f"{total.demanded} that expected.json demands of these compiles",
            ],
            ["further points reported", str(total.further), compiles],
        ]
    if total.no_game:
        rows += [
            [
                "texts of no game recognised",
                _share(total.recognised, total.no_game),
                f"{_count(total.no_game, 'compile')} of such texts",
            ],
            [
                "games taken for no game",
                str(total.denied),
                _count(total.trials - total.no_game, "compile") + " of games",
            ],
        ]
    if total.calls:
        rows += [
            ["model calls", _median(total.calls_each, total.calls), compiles],
            ["tokens", _median(total.tokens_each, total.tokens), compiles],
        ]
    if total.remarks:
        calls = _count(total.calls, "call")
        rows.append(["answers with a remark", str(total.remarks), f"{calls}; --json tells them"])
    if total.cost:
        rows.append(["US dollars", f"{total.cost:.4f} in all", compiles])
    return rows


def as_markdown(evaluation: Evaluation) -> str:
    """Markdown tables."""
    parts = []
    for title, heads, rows in tables(evaluation):
        table = _markdown_table(heads, rows) + "\n" if rows else ""
        if len(rows) > LONG:
            opening = f"<details>\n<summary>{title}: {len(rows)} rows</summary>\n"
            parts += [opening, table, "</details>\n"]
        else:
            parts += [f"### {title}\n", table]
    if evaluation.problems:
        parts.append("### Left out\n")
        parts.append("\n".join(f"- {_cell(problem)}" for problem in evaluation.problems) + "\n")
    parts.append(NOTES)
    return "\n".join(filter(None, parts))


def _markdown_table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines)


def as_lines(evaluation: Evaluation) -> str:
    """Aligned columns; those of numbers to the right."""
    parts = []
    for title, heads, rows in tables(evaluation):
        columns = [_aligned(head, cells) for head, *cells in zip(heads, *rows, strict=True)]
        lines = ["  ".join(cells).rstrip() for cells in zip(*columns, strict=True)]
        parts.append("\n".join([title, *lines] if rows else [title]))
    return "\n\n".join([*parts, NOTES])


def _aligned(head: str, cells: Sequence[str]) -> list[str]:
    width = max(map(len, (head, *cells)))
    numbers = all(cell == "" or cell[0].isdigit() for cell in cells)
    return [cell.rjust(width) if numbers else cell.ljust(width) for cell in (head, *cells)]


def _game_rows(evaluation: Evaluation) -> tuple[list[str], list[list[str]]]:
    heads, rows = _summary_rows("game", evaluation.by_game())
    cells: dict[str, list[Cell]] = {}
    for cell in evaluation.cells:
        cells.setdefault(cell.game, []).append(cell)
    right = heads.index("right")
    heads = ["game", "status", *heads[1:right], *heads[right + 1 :]]
    rows = [[row[0], _status(cells[row[0]]), *row[1:right], *row[right + 1 :]] for row in rows]
    rows += [[name, why, *[""] * (len(heads) - 2)] for name, why in evaluation.idle.items()]
    return heads, sorted(rows, key=lambda row: row[0])


def _status(cells: Sequence[Cell]) -> str:
    """What became of a game, in a few words."""
    judged = [each for cell in cells for each in cell.judged]
    if len(judged) == 1:
        return str(judged[0].judgement)
    undecided = sum(each.judgement is Judgement.UNDECIDED for each in judged)
    told = f"{sum(each.right for each in judged)} of {len(judged)} right"
    return told + (f", {undecided} undecided" if undecided else "")


def _summary_rows(name: str, summaries: Sequence[Summary]) -> tuple[list[str], list[list[str]]]:
    """One row for each summary, without the columns that are empty in all."""
    rows = [
        {
            name: each.name or "(none named)",
            "compiles": str(each.trials),
            "built": str(each.built),
            "right": str(each.right) + (f" (+{each.undecided}?)" if each.undecided else ""),
            "pass@1": str(each.pass_1) if each.trials > 1 else "",
            "pass@k": f"{each.pass_k} (k={each.k})" if each.pass_k and each.cells > 1 else "",
            "consensus": _agreed(each.consensus, each.several) if each.consensus else "",
            "reported": f"{each.told} of {each.demanded}" if each.demanded else "",
            "repairs": str(each.repairs or "") if each.calls else "",
            "calls": str(each.calls or ""),
            "tokens": f"{each.tokens:,}" if each.tokens else "",
            "dollars": f"{each.cost:.4f}" if each.cost else "",
        }
        for each in summaries
    ]
    heads = [head for head in rows[0] if any(row[head] for row in rows)]
    return heads, [[row[head] for head in heads] for row in rows]


def _agreed(consensus: Rate, cells: int) -> str:
    return f"{round(consensus.share * cells)} of {cells}"


def _layer_rows(evaluation: Evaluation) -> list[list[str]]:
    counts: dict[str, int] = {}
    for each in evaluation.judged:
        how = "with a slip mended" if each.trial.mended else "as written"
        key = "no game was built" + (": right" if each.right else "")
        if each.trial.tree is not None:
            flagged = ", flagged by a check" if each.flags else ""
            key = f"built {how}: {each.judgement}{flagged}"
        counts[key] = counts.get(key, 0) + 1
    return [[key, str(count)] for key, count in sorted(counts.items())]


def _flag_rows(evaluation: Evaluation) -> list[list[str]]:
    flags, wrong_flagged, right_flagged = evaluation.flags()
    if not flags:
        return []
    judged = [each for each in evaluation.judged if each.trial.tree is not None]
    right = sum(each.right for each in judged)
    wrong = sum(each.judgement is Judgement.WRONG for each in judged)
    return [
        *([flag.code, str(flag.wrong), str(flag.right)] for flag in flags),
        ["any", _of(wrong_flagged, wrong), _of(right_flagged, right)],
    ]


def _label_rows(evaluation: Evaluation) -> list[list[str]]:
    return [
        [
            each.trial.id,
            "right" if each.trial.label else "wrong",
            str(each.judgement),
            each.difference,
        ]
        for each in evaluation.disagreements
    ]


def _failed_rows(evaluation: Evaluation) -> list[list[str]]:
    rows = [
        [each.trial.id, str(each.judgement), each.difference]
        for each in evaluation.judged
        if not each.right
    ]
    more = len(rows) - LONG
    return [*rows[:LONG], [f"{more} more", "", "--json tells all"]] if more > 0 else rows


def _count(number: int, noun: str) -> str:
    plural = noun.replace(" ", "s ", 1) if " " in noun else f"{noun}s"
    return f"{number} {noun if number == 1 else plural}"


def _median(each: float, whole: int) -> str:
    return f"median {each:,.0f}, {whole:,} in all"


def _of(part: int, whole: int) -> str:
    return f"{part} of {whole}" + (f" ({100 * part / whole:.1f} %)" if whole else "")


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole}"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())
