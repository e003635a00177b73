"""What a reader may ask of a picture: one object for every format and command."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, TypedDict, Unpack

from nl2efg.drawing.numbers import Notation, NumberFormat
from nl2efg.drawing.text_metrics import FONT_FAMILY
from nl2efg.errors import UnfitError
from nl2efg.game import BehaviourProfile, GameTree

Style = Literal["textbook", "lanes"]
Kind = Literal["auto", "tree", "signalling", "line", "matrix", "payoffs", "ends"]
Direction = Literal["auto", "down", "right"]
Along = Literal["depth", "time"]
Theme = Literal["light", "dark", "auto", "print"]
Tex = Literal["standalone", "fragment", "istgame"]

PIXELS = {"px": 1.0, "pt": 96 / 72, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
"""CSS pixels in a unit of length."""
NATURAL_SIZE = 9.0
"""Points of the type in a picture that nobody scales: 12 CSS pixels."""
MIN_WIDTH, MAX_WIDTH = 40.0, 40_000.0
MIN_SIZE, MAX_SIZE = 2.0, 96.0
MIN_DPI, MAX_DPI = 10.0, 2400.0
MAX_DIGITS = 12
_LENGTH = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(px|pt|mm|cm|in)?\s*")
_FAMILY = re.compile(r"[\w ,'\"-]+")


class ViewOptions(TypedDict, total=False):
    """The fields of a :class:`View`, as keywords of the functions that draw."""

    style: Style
    kind: Kind
    direction: Direction
    along: Along
    depth: int | None
    collapsed: tuple[int, ...]
    parts: int | None
    width: float | str | None
    height: float | str | None
    size: float
    dpi: float
    font: str
    theme: Theme
    title: bool
    caption: str
    legend: bool
    probabilities: bool
    sets: bool
    values: bool
    tilt: bool
    full: bool
    numbers: Notation
    digits: int | None
    tex: Tex


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """How a game is looked at.

    Args:
        style: ``"textbook"``: straight edges, labels beside them; ``"lanes"``: edges that end
            upright with their labels on them, information sets as shaded lanes.
        kind: ``"tree"``; ``"signalling"``: chance in the middle, the sender's types above and
            below, the receiver's information sets as vertical lines; ``"line"``: along one axis, as
            centipedes are drawn; ``"matrix"``: the strategic form with best responses underlined;
            ``"payoffs"``: what two players can get, as a plane; ``"ends"``: how likely each end is
            in an equilibrium; ``"auto"``: whichever of the trees fits the game.
        direction: which way a tree grows: ``"down"``, ``"right"``, or ``"auto"``: whichever gives
            the larger type.
        along: rows by ``"depth"``, or by ``"time"`` with all terminal nodes in the last row.
        depth: how many actions deep the picture goes; None for all.
        collapsed: nodes whose subtrees are left out.
        parts: the most terminal nodes in one part of a tree that is cut into parts; None: no cuts.
        width: the widest that the picture may be: CSS pixels, or text such as ``"85mm"``; None: as
            wide as it comes.
        height: the highest that it may be, as ``width``.
        size: points of the type, unless ``width`` or ``height`` makes it smaller.
        dpi: dots an inch of a PNG.
        font: font family; empty for the system's sans serif.
        theme: ``"light"``; ``"dark"``; ``"auto"``: as the reader's system prefers; ``"print"``:
            black and white, players told apart by the pattern of their lines.
        title: whether the game's title stands above.
        caption: a line under the title.
        legend: whether the players, with their markers, are listed in the order of the payoffs.
        probabilities: whether probabilities of mixed moves and of chance are written.
        sets: whether names of information sets are written.
        values: whether expected payoffs and beliefs of an equilibrium are written.
        tilt: whether the labels of actions follow their edges.
        full: whether long names are wrapped instead of cut.
        numbers: ``"fraction"``, ``"decimal"``, or ``"auto"``: the shorter one that is exact.
        digits: decimals after the point; None: as many as it takes.
        tex: LaTeX as a ``"standalone"`` document, as a ``"fragment"`` to ``\\input``, or for the
            package ``"istgame"``.

    Raises:
        UnfitError: a value is not one of these, or out of range; the text names the field.
    """

    style: Style = "textbook"
    kind: Kind = "auto"
    direction: Direction = "auto"
    along: Along = "depth"
    depth: int | None = None
    collapsed: tuple[int, ...] = ()
    parts: int | None = None
    width: float | str | None = None
    height: float | str | None = None
    size: float = NATURAL_SIZE
    dpi: float = 192.0
    font: str = ""
    theme: Theme = "light"
    title: bool = True
    caption: str = ""
    legend: bool = True
    probabilities: bool = True
    sets: bool = False
    values: bool = True
    tilt: bool = False
    full: bool = False
    numbers: Notation = "auto"
    digits: int | None = None
    tex: Tex = "standalone"
    max_width: float | None = field(init=False, repr=False, default=None)
    max_height: float | None = field(init=False, repr=False, default=None)

    def __post_init__(self) -> None:
        for name, allowed in _CHOICES.items():
            if getattr(self, name) not in allowed:
                raise UnfitError(f"{name}: {getattr(self, name)!r} is none of {', '.join(allowed)}")
        object.__setattr__(self, "collapsed", tuple(self.collapsed))
        _between("size", self.size, MIN_SIZE, MAX_SIZE)
        _between("dpi", self.dpi, MIN_DPI, MAX_DPI)
        if self.depth is not None:
            _between("depth", self.depth, 0, float("inf"))
        if self.parts is not None:
            _between("parts", self.parts, 2, float("inf"))
        if self.digits is not None:
            _between("digits", self.digits, 0, MAX_DIGITS)
        if self.font and not _FAMILY.fullmatch(self.font):
            raise UnfitError(f"font: {self.font!r} is no font family")
        for name in ("width", "height"):
            given = getattr(self, name)
            if given is not None:
                object.__setattr__(self, f"max_{name}", _length_in_range(name, given))

    @classmethod
    def of(cls, view: View | None, options: ViewOptions) -> View:
        """A view with some fields changed.

        Args:
            view: None for the usual one.
            options: the fields to change.
        """
        return replace(view or cls(), **options) if options else view or cls()

    def changed(self, **options: Unpack[ViewOptions]) -> View:
        """The same view with some fields changed.

        Args:
            options: the fields to change.
        """
        return replace(self, **options)

    @property
    def number_format(self) -> NumberFormat:
        """How a probability is written that stands alone."""
        return NumberFormat(self.numbers, self.digits)

    @property
    def payoff_number_format(self) -> NumberFormat:
        """How a payoff is written that stands alone: with digits, 0.004 is 0.00, not <0.01."""
        return NumberFormat(self.numbers, self.digits, shares=False)

    def payoff_format(
        self, tree: GameTree, profile: BehaviourProfile | None = None
    ) -> NumberFormat:
        """How the payoffs of a game are written: all in one notation, where that is exact.

        Args:
            tree: the game.
            profile: an equilibrium whose expected payoffs are written beside them.
        """
        values = {payoff for own in tree.outcomes for payoff in own.payoffs}
        if profile is not None and profile.is_exact and self.values:
            for index, infoset in enumerate(tree.information_sets):
                expected = None if infoset.is_chance else profile.value_at(index)
                if expected is not None:
                    values.add(Fraction(expected[infoset.player]))
            values.update(Fraction(value) for value in profile.values)
        return self.payoff_number_format.fit(values)

    def chance_format(self, tree: GameTree) -> NumberFormat:
        """How the probabilities of a game are written.

        Args:
            tree: the game.
        """
        given = (infoset.probabilities or () for infoset in tree.information_sets)
        return self.number_format.fit({chance for row in given for chance in row})

    @property
    def font_family(self) -> str:
        """The font family in CSS."""
        return f"{self.font}, {FONT_FAMILY}" if self.font else FONT_FAMILY

    @property
    def scale(self) -> float:
        """CSS pixels for a unit of the layout, before ``width`` and ``height`` have their say."""
        return self.size / NATURAL_SIZE

    def scale_to(self, width: float, height: float) -> float:
        """CSS pixels for a unit of a layout, with which it is neither wider nor higher than asked.

        Args:
            width, height: of the layout.
        """
        across = self.scale if self.max_width is None else self.max_width / width
        up = self.scale if self.max_height is None else self.max_height / height
        return min(self.scale, across, up)


_CHOICES = {
    "style": ("textbook", "lanes"),
    "kind": ("auto", "tree", "signalling", "line", "matrix", "payoffs", "ends"),
    "direction": ("auto", "down", "right"),
    "along": ("depth", "time"),
    "theme": ("light", "dark", "auto", "print"),
    "numbers": ("auto", "fraction", "decimal"),
    "tex": ("standalone", "fragment", "istgame"),
}


def _between(name: str, value: float, least: float, most: float) -> None:
    if not least <= value <= most:
        raise UnfitError(f"{name}: {value:g} is not between {least:g} and {most:g}")


def _length_in_range(name: str, given: float | str) -> float:
    """A length in CSS pixels; one out of range is refused in the unit that it was given in."""
    pixels = length(given, name)
    if MIN_WIDTH <= pixels <= MAX_WIDTH:
        return pixels
    least, most = (as_given(given, end) for end in (MIN_WIDTH, MAX_WIDTH))
    said = given if isinstance(given, str) else f"{given:g}"
    raise UnfitError(f"{name}: {said} is not between {least} and {most}")


def is_on_paper(given: float | str | None) -> bool:
    """Whether a length, as a view has it, is one on paper and not on a screen."""
    found = _LENGTH.fullmatch(given) if isinstance(given, str) else None
    return found is not None and found[2] not in (None, "px")


def as_given(given: float | str | None, pixels: float) -> str:
    """A length in the unit of another one.

    Args:
        given: the other one, as a view has it.
        pixels: the length in CSS pixels.
    """
    found = _LENGTH.fullmatch(given) if isinstance(given, str) else None
    unit = (found[2] or "") if found else ""
    return f"{round(pixels / PIXELS[unit or 'px'], 1):g}{unit}"


def length(value: float | str, name: str = "width") -> float:
    """A length in CSS pixels.

    Args:
        value: a number of pixels, or text with a unit: ``"640px"``, ``"85mm"``, ``"8.5 cm"``.
        name: what is so long, for the error.

    Raises:
        UnfitError: it is no length.
    """
    if isinstance(value, int | float):
        return float(value)
    found = _LENGTH.fullmatch(value)
    if found is None:
        raise UnfitError(f"{name}: {value!r} is no length such as 85mm or 640px")
    return float(found[1]) * PIXELS[found[2] or "px"]
