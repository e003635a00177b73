"""What reads hostile data, as targets: fuzzed by hand, and fed the kept inputs by a test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

Target = Callable[[bytes], None]
Samples = Callable[[], Iterator[bytes]]


def targets() -> dict[str, tuple[Target, Samples]]:
    """Every target by its name, with good samples of what it reads."""
    from tests.fuzz import games, texts

    return {
        "answers": (texts.answers, texts.examinations),
        "axis": (games.axis, games.axes),
        "channel": (texts.channel, texts.runs),
        "completion": (texts.completion, texts.completions),
        "docx": (texts.docx, texts.word_bodies),
        "edits": (games.edits, games.edit_lines),
        "efg": (games.efg, games.bundled_games),
        "events": (texts.events, texts.streams),
        "expression": (games.expression, games.expressions),
        "game": (games.game, games.other_games),
        "history": (texts.history, texts.histories),
        "html": (texts.html, texts.pages),
        "joined": (texts.joined, texts.continuations),
        "kept": (texts.kept, texts.kept_replies),
        "nfg": (games.nfg, games.strategic_games),
        "note": (games.note, games.notes),
        "pdf": (texts.pdf, texts.portable_documents),
        "profile": (games.profile, games.profiles),
        "prose": (texts.prose, texts.descriptions),
        "record": (texts.record, texts.records),
        "reply": (texts.reply, texts.replies),
        "selectors": (games.selectors, games.selector_choices),
        "sketch": (texts.sketch, texts.sketches),
    }
