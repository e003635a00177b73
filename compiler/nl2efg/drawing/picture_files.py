"""A picture in the format that a file's ending names."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from nl2efg import drawing
from nl2efg.drawing.left_out import (
    asked_for,
    refuse_unfit,
    tell_what_is_left_out,
    tell_what_latex_lacks,
)
from nl2efg.drawing.tikz import tikz_for_each
from nl2efg.drawing.view import View, ViewOptions
from nl2efg.errors import UserError
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.schema.record import CompilationRecord
from nl2efg.storage import write_output

FORMATS = ("svg", "html", "tex", "png", "pdf", "dot", "graphml", "ef")
UNMARKED = ("dot", "graphml")
"""Formats without a place for an equilibrium."""


def format_of(file: Path) -> str:
    """The format that a file's ending names.

    Args:
        file: the file.

    Raises:
        UserError: it names none.
    """
    ending = file.suffix.lstrip(".").lower()
    if ending not in FORMATS:
        raise UserError(
            f"{file}: unknown ending {file.suffix!r}",
            hint="use one of " + ", ".join(f".{known}" for known in FORMATS),
        )
    return ending


def picture_bytes(
    tree: GameTree,
    ending: str,
    *,
    record: CompilationRecord | None = None,
    profiles: Sequence[BehaviourProfile] = (),
    shown: BehaviourProfile | Sequence[BehaviourProfile] | None = None,
    view: View | ViewOptions | None = None,
) -> bytes:
    """A picture's file; what it cannot follow of the view is told as a warning.

    Args:
        tree: the game.
        ending: one of ``FORMATS``.
        record: what a report tells of the compilation.
        profiles: equilibria for a report.
        shown: the one to lay over a picture; of several, each gets a picture of its own.
        view: how the game is looked at, or fields of a view.

    Raises:
        UserError: an option has no such value, or none in this format; the picture is too large,
            or a package for it is missing.
    """
    try:
        looked_at = view if isinstance(view, View) else View.of(None, view or {})
    except ValueError as error:
        raise UserError(f"the picture cannot be drawn so: {error}") from None
    refuse_unfit(ending, asked_for(view), looked_at)
    if ending == "html":
        return drawing.draw_html(tree, record, list(profiles)).encode()
    several = () if shown is None else (shown,) if isinstance(shown, BehaviourProfile) else shown
    first = several[0] if several else None
    if ending == "ef":
        if len(several) > 1:
            raise UserError(
                ".ef holds one tree, with one equilibrium",
                hint="choose one with --equilibrium, and a file for each",
            )
        return drawing.draw_ef(tree, profile=first).encode()
    plain = {"dot": drawing.draw_dot, "graphml": drawing.draw_graphml}
    if ending in plain:
        return plain[ending](tree).encode()
    tell_what_is_left_out(ending, asked_for(view), looked_at)
    if ending == "tex":
        source = tikz_for_each(tree, several, looked_at)
        tell_what_latex_lacks(source)
        return source.encode()
    if looked_at.kind == "payoffs":
        text = drawing.draw_payoff_space(tree, looked_at, several)
    elif len(several) > 1:
        text = drawing.contact_sheet(tree, several, looked_at)
    else:
        text = drawing.draw_svg(tree, looked_at, profile=first)
    if ending == "png":
        return drawing.to_png(text, looked_at.dpi / 96)
    return drawing.to_pdf(text) if ending == "pdf" else text.encode()


def write_picture(content: bytes, file: Path) -> Path:
    """Write a picture.

    Args:
        content: its bytes.
        file: where to.

    Raises:
        StorageError: it cannot be written there; a picture that was there is as it was.
    """
    write_output(file, content, hint="name a file in a folder that can be written")
    return file
