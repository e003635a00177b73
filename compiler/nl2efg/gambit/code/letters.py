"""Code that rebuilds a game with letters: a function of its parameters."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

from nl2efg.families import Condition, Expression, GameFamily, without_note
from nl2efg.families.written import with_numbers
from nl2efg.gambit.code.loops import INDENT
from nl2efg.gambit.code.python_source import SourceNumber, quoted, wrapped
from nl2efg.game.model import GameTree

_TURNED = {"<": ">", ">": "<"}

Row = tuple[Fraction, ...]


def sourced(family: GameFamily, names: Mapping[str, str]) -> GameTree:
    """The tree of a family in which each number with letters has its Python source.

    Args:
        family: the game.
        names: of the letters in the source.
    """
    tree = with_numbers(
        family,
        lambda value, expression: SourceNumber(value, source_of(expression, names)),
    )
    return replace(tree, comment=without_note(tree.comment))


def source_of(expression: Expression, names: Mapping[str, str]) -> str:
    """An expression as Python whose letters are fractions: no division of two whole numbers."""
    found = _Exact(names).visit(ast.parse(expression.text, mode="eval"))
    return ast.unparse(found)


class _Exact(ast.NodeTransformer):
    """Letters by their names, and numbers that are no whole ones as fractions."""

    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.AST:
        """A letter by its name."""
        return ast.Name(self.names.get(node.id, node.id), node.ctx)

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        """A number; a decimal is a fraction."""
        return node if isinstance(node.value, int) else _fraction(Fraction(str(node.value)))

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        """A quotient of two whole numbers is a fraction."""
        parts = (node.left, node.right)
        if isinstance(node.op, ast.Div) and all(
            isinstance(part, ast.Constant) and isinstance(part.value, int) for part in parts
        ):
            above, below = (part.value for part in parts if isinstance(part, ast.Constant))
            assert isinstance(above, int)
            assert isinstance(below, int)
            return _fraction(Fraction(above, below))
        return self.generic_visit(node)


def _fraction(value: Fraction) -> ast.AST:
    return ast.parse(f"Fraction({value.numerator}, {value.denominator})", mode="eval").body


def free_names(family: GameFamily, plain: Iterable[str]) -> dict[str, str]:
    """Names for the letters that the plain program does not use for something else.

    Args:
        family: the game.
        plain: the lines of the program with numbers in the place of letters.
    """
    taken = {"build", "Fraction", "holds", "name"}
    for node in ast.walk(ast.parse("\n".join(plain))):
        if isinstance(node, ast.Name):
            taken.add(node.id)
        elif isinstance(node, ast.FunctionDef):
            taken.add(node.name)
        elif isinstance(node, ast.arg):
            taken.add(node.arg)
        elif isinstance(node, ast.alias):
            taken.add(node.name)
    found: dict[str, str] = {}
    for each in family.quantities:
        name = each.symbol
        while name in taken or name in found.values():
            name += "_"
        found[each.symbol] = name
    return found


def as_function(
    family: GameFamily, names: Mapping[str, str], lines: Iterable[str], plain: Iterable[str]
) -> Iterator[str]:
    """The program as a function of the parameters, and a game that it builds.

    Args:
        family: the game.
        names: of the parameters.
        lines: the program with their names in the place of letters.
        plain: the program with numbers, whose description holds the letters.
    """
    head, body = _parted(lines)
    yield "from fractions import Fraction"
    yield ""
    yield from head
    yield ""
    yield ""
    items = [f"{names[p.symbol]}={_default(p.value)}" for p in family.quantities]
    yield from wrapped("def build", items, ":", brackets="()")
    for line in _docstring(family, names):
        yield f"{INDENT}{line}" if line else ""
    for each in family.quantities:
        name = names[each.symbol]
        yield f"{INDENT}{name} = Fraction({name})"
    conditions = list(_conditions(family, names))
    if conditions:
        yield f"{INDENT}for name, holds in {{"
        for text, source in conditions:
            yield f"{INDENT * 2}{quoted(text)}: {source},"
        yield f"{INDENT}}}.items():"
        yield f"{INDENT * 2}if not holds:"
        yield f'{INDENT * 3}raise ValueError(f"it does not hold that {{name}}")'
    for before, line in pairwise(["", *body]):
        if line:
            yield f"{INDENT}{line}"
        elif before:
            yield ""
    yield f"{INDENT}return game"
    yield ""
    yield ""
    yield "game = build()"
    yield "# By this note nl2efg finds the letters again in a game that is saved from here."
    yield from (line for line in plain if line.startswith("game.description = "))


def _parted(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """The imports, and what is not blank after them."""
    whole = list(lines)
    first = next(n for n, line in enumerate(whole) if line and not re.match("import|from", line))
    return [line for line in whole[:first] if line], whole[first:]


def _default(value: Fraction) -> str:
    return str(value) if value.denominator == 1 else quoted(str(value))


def _docstring(family: GameFamily, names: Mapping[str, str]) -> Iterator[str]:
    first = 'The game where the letters have these values: numbers, or text such as "7/2".'
    meanings = {names[p.symbol]: _plain(p.meaning) for p in family.quantities if p.meaning}
    rest = [f"{name}: {meaning}" for name, meaning in meanings.items()]
    if family.sizes:
        sizes = ", ".join(f"{each.symbol} = {each.value}" for each in family.sizes)
        rest += [*([""] if rest else []), f"The tree is that of {sizes}."]
    if not rest:
        yield f'"""{first}"""'
        return
    yield from (f'"""{first}', "", *rest, '"""')


def _plain(text: str) -> str:
    return " ".join(text.replace("\\", "/").replace('"', "'").split())


def _conditions(family: GameFamily, names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What values must meet, in words and as Python: bounds, and conditions of the game."""
    sizes = {each.symbol for each in family.sizes}
    demanded = [c for c in dict.fromkeys(family.conditions) if not c.letters & sizes]
    texts = {f"{c.left.text} {c.relation} {c.right.text}" for c in demanded}
    texts |= {f"{c.right.text} {_TURNED.get(c.relation, '')} {c.left.text}" for c in demanded}
    for each in family.quantities:
        for relation, bound in ((">", each.low), ("<", each.high)):
            if bound is not None and f"{each.symbol} {relation} {bound}" not in texts:
                told = f"{each.symbol} {relation}= {bound}"
                yield told, f"{names[each.symbol]} {relation}= {_bound(bound)}"
    for condition in demanded:
        if condition.letters:
            yield condition.text, _compared(condition, names)


def _bound(value: Fraction) -> str:
    return ast.unparse(_fraction(value)) if value.denominator != 1 else str(value)


def _compared(condition: Condition, names: Mapping[str, str]) -> str:
    left, right = (source_of(side, names) for side in (condition.left, condition.right))
    return f"{left} {condition.relation} {right}"
