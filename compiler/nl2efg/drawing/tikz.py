"""A game tree as LaTeX that an author edits: styles by name, one line for each node."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Unpack

from nl2efg.drawing.header import FRAMED, profile_key
from nl2efg.drawing.istgame import IstgamePicture
from nl2efg.drawing.labels import Excerpt
from nl2efg.drawing.layout.picture import lay_out
from nl2efg.drawing.left_out import refuse_unfit
from nl2efg.drawing.numbers import letter_values
from nl2efg.drawing.parts import is_cut, parts_of
from nl2efg.drawing.readable_size import tell_size
from nl2efg.drawing.tex_escaping import (
    DEFINITION,
    NEEDS_UNICODE,
    PREAMBLE,
    UNICODE_COMMAND,
    tex,
)
from nl2efg.drawing.tikz_picture import CENTIMETRES, TikzPicture
from nl2efg.drawing.view import View, ViewOptions
from nl2efg.errors import UserError
from nl2efg.families.written import lettered
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.text import one_line

TEX_LIMIT = 575.0  # cm; TeX's largest length is 16,384 pt
ISTGAME = r"\usepackage{istgame}"
LIBRARIES = r"\usetikzlibrary{shapes.geometric}"


def draw_tikz(
    tree: GameTree,
    view: View | None = None,
    *,
    profile: BehaviourProfile | None = None,
    **options: Unpack[ViewOptions],
) -> str:
    """The tree as LaTeX source.

    Args:
        tree, view, profile, options: as of :func:`nl2efg.draw_tikz`.

    Raises:
        UserError: as there.
    """
    return tikz_for_each(tree, [] if profile is None else [profile], View.of(view, options))


def tikz_for_each(tree: GameTree, profiles: Sequence[BehaviourProfile], view: View) -> str:
    """One picture for each equilibrium, as LaTeX source: pages of a document, or in a row.

    All have type of one size. Above each a comment says which it is and what it pays.

    Args:
        tree: the game.
        profiles: the equilibria; none for the game alone.
        view: as of :func:`draw_tikz`.

    Raises:
        UserError: as :func:`draw_tikz`.
    """
    tree = lettered(tree)
    refuse_unfit("tex", (), view)
    titles = [_told(tree, view, each, number) for number, each in enumerate(profiles, start=1)]
    if len(titles) < 2:
        titles = [""]
    shown: list[BehaviourProfile | None] = [*profiles] or [None]
    caption = _for_the_caption(tree, view, profiles)
    if view.kind == "matrix":
        from nl2efg.drawing.matrix_tex import BETWEEN, matrix_tex

        tables = [matrix_tex(tree, view, each) for each in shown]
        told = [
            f"% {tex(title)}\n{each}" if title else each
            for title, each in zip(titles, tables, strict=True)
        ]
        return _document(tree, view, [], [*caption, BETWEEN.join(told)])
    pictures = [
        (title, picture)
        for each, told in zip(shown, titles, strict=True)
        for title, picture in _pictures(tree, view, each, told)
    ]
    scale = min(picture.scale for _, picture in pictures)
    drawn = [picture.geometry for _, picture in pictures]
    largest = (max(each.width for each in drawn), max(each.height for each in drawn))
    tell_size(view, scale / CENTIMETRES, largest)
    lines, players = caption, set[int]()
    for title, picture in pictures:
        picture.scale = scale
        players |= picture.players
        lines += [*([f"% {tex(title)}"] if title else []), *picture.lines()]
    return _document(tree, view, pictures[0][1].styles(players), lines)


def _pictures(
    tree: GameTree, view: View, profile: BehaviourProfile | None, title: str
) -> Iterator[tuple[str, TikzPicture]]:
    """A tree, or its parts, each with what the comment above it says."""
    if not is_cut(tree, view):
        yield title, _picture(tree, view, profile)
        return
    for part in parts_of(tree, view, profile):
        told = f"{title}; part {part.caption}" if title else f"part {part.caption}"
        yield told, _picture(part.tree, part.view, part.profile, part.excerpt)


def _picture(
    tree: GameTree,
    view: View,
    profile: BehaviourProfile | None,
    excerpt: Excerpt | None = None,
) -> TikzPicture:
    """A tree, laid out."""
    geometry = lay_out(tree, view, profile=profile, excerpt=excerpt)
    if max(geometry.width, geometry.height) * CENTIMETRES > TEX_LIMIT:
        raise UserError(
            f"the picture of {len(geometry.nodes):,} nodes is larger than TeX's largest length",
            hint="cut it with --depth or --parts, or draw SVG or PDF",
        )
    kind = IstgamePicture if view.tex == "istgame" else TikzPicture
    return kind(tree, geometry, profile, view)


def _for_the_caption(tree: GameTree, view: View, profiles: Sequence[BehaviourProfile]) -> list[str]:
    """What stands above an SVG, as comments: in LaTeX the document has a caption for it."""
    players = ", ".join(map(one_line, tree.players))
    said = [one_line(view.caption)] if view.caption else []
    said += [f"payoffs in the order {players}"] if players else []
    if profiles:
        letters = letter_values(tree)
        said += [f"at {letters}"] if letters else []
        keys = (profile_key(tree, each) for each in profiles)
        said.append(FRAMED if view.kind == "matrix" else max(keys, key=len))
    return [f"% for the caption: {tex(each)}" for each in said]


def _told(tree: GameTree, view: View, profile: BehaviourProfile, number: int) -> str:
    """Which equilibrium follows, and what it pays."""
    show = view.payoff_format(tree, profile).show
    paid = zip(tree.players, profile.values, strict=True)
    values = ", ".join(f"{one_line(player)} {show(value)}" for player, value in paid)
    return f"equilibrium {number}, expected payoffs: {values}"


def _document(tree: GameTree, view: View, styles: Sequence[str], lines: Sequence[str]) -> str:
    title = tex(one_line(tree.title)) or "Extensive-form game"
    head = [f"% {title}"]
    if any(rf"\{UNICODE_COMMAND}{{" in line for line in [*styles, *lines]):
        head.append(NEEDS_UNICODE)
    drawn = bool(styles)  # a table needs no package for pictures
    packages = [*PREAMBLE, *([ISTGAME] if drawn and view.tex == "istgame" else ())]
    libraries = [LIBRARIES] if drawn else []
    if view.tex == "fragment":
        needs = [f"% in the preamble: {line}" for line in [*PREAMBLE, *libraries]]
        guard = [r"\pgfkeysifdefined{/tikz/game/.@cmd}{}{%", *styles, "}"] if drawn else []
        return "\n".join([*head, *needs, DEFINITION, *guard, *lines, ""])
    option = "tikz," if drawn else ""
    head += [
        rf"\documentclass[{option}border=2mm]{{standalone}}",
        *packages,
        *libraries,
        DEFINITION,
    ]
    return "\n".join([*head, *styles, r"\begin{document}", *lines, r"\end{document}", ""])
