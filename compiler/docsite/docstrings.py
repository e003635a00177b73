"""Docstrings as the pages of the library want them: an extension of griffe, which reads them.

The code's docstrings are written to be read where they stand. Three of their habits mean something
else in Markdown, and are rewritten for the site alone: roles (``:func:`nl2efg.solve```), one entry
for several arguments (``a, b: the games``), and examples that start with ``>>>``.
"""

from __future__ import annotations

import re
from typing import Any

from griffe import Extension, Object

_ROLE = re.compile(r":(?:func|class|mod|data|meth):`([^`]+)`")
# A link where the name has a place on a page, and plain code where it has none.
_LINK = r'<autoref identifier="\1" optional><code>\1</code></autoref>'
_SEVERAL = re.compile(r"^( +)((?:\*{0,2}\w+, )+\*{0,2}\w+): (.*)$", re.MULTILINE)
_EXAMPLES = re.compile(r"(?:^[ ]*>>> .*\n?(?:^[ ]*\S.*\n?)*\n?)+", re.MULTILINE)


class PlainDocstrings(Extension):
    """Rewrites each docstring before it is taken apart."""

    def on_object(self, *, obj: Object, **_: Any) -> None:
        """Rewrite the docstring of one object."""
        if obj.docstring is not None:
            obj.docstring.value = markdown(obj.docstring.value)


def markdown(docstring: str) -> str:
    """A docstring in Markdown.

    >>> markdown("Args:\\n    a, b: the games.")
    'Args:\\n    a: see `b`.\\n    b: the games.'
    """
    text = _ROLE.sub(_LINK, docstring)
    text = re.sub(r"::$", ":", text, flags=re.MULTILINE)
    text = _SEVERAL.sub(_one_each, text)
    return _EXAMPLES.sub(lambda found: f"```pycon\n{found[0].strip()}\n```\n", text)


def _one_each(found: re.Match[str]) -> str:
    indent, names, words = found.groups()
    first, *others = names.split(", ")
    # The words may go on below, so they stand with the last name, and the others point there.
    same = [f"{indent}{name}: see `{others[-1]}`." for name in (first, *others[:-1])]
    return "\n".join([*same, f"{indent}{others[-1]}: {words}"])
