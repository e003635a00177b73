"""Labels for TeX: no character of Unicode is left that TeX would act upon."""

from __future__ import annotations

import re
import sys

import pytest

from nl2efg.drawing.tex_escaping import tex

_COMMAND = re.compile(r"\\(?:[A-Za-z]+|[^A-Za-z])")


@pytest.mark.slow
def test_every_character_is_harmless_by_itself() -> None:
    for code in range(sys.maxunicode + 1):
        written = tex(chr(code))
        assert written.isascii(), hex(code)
        plain = re.sub(r"\\[{}]", "", written)
        depths = [plain[:end].count("{") - plain[:end].count("}") for end in range(len(plain) + 1)]
        assert min(depths) == depths[-1] == 0, hex(code)
        assert not re.search(r"[\\$&#%^~\x00-\x1f\x7f]", _COMMAND.sub("", plain)), hex(code)


def test_no_command_of_a_label_is_left() -> None:
    for label in (r"\input{/etc/passwd}", r"\write18{id}", "^^5cinput x", r"\catcode`\%=12", "{{}"):
        commands = set(_COMMAND.findall(tex(label)))
        assert commands <= {
            r"\textbackslash", r"\{", r"\}", r"\%", r"\textasciicircum", r"\textasciigrave",
        }  # fmt: skip
