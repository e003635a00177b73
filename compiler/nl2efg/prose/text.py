"""A description as prose: its sentences, the places of quotes, and the words that bear on a game.

Nothing here knows a language: boundaries are punctuation of any script, and the words come from
``data/*.toml``.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from nl2efg.game.effort import Effort
from nl2efg.prose.vocabulary import Vocabulary, english

_BOUNDARY = re.compile(
    r"[。！？]+[」』”’\"')\]]*"  # full-width stops need no space
    r"|[.!?…]+[\"'”’»)\]]*(?=\s|$)"
    r"|\n\s*\n"  # a paragraph
    r"|(?<=[:;])[ \t]*\n"
    r"|\n(?=\s*(?:[-*•–—]|\(?\d+[.)])\s)"  # an item of a list
)
_SINGLE = {"‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"'}
_DASHES = dict.fromkeys("‐‑‒–—−", "-")
_FOLDED = {**_SINGLE, **_DASHES}
_SPACE = re.compile(r"\s")
_UNEVEN = re.compile(r"^\s|\s\s")
_UNPAIRED = frozenset("ıſİ")
_TRIMMED = " \"'.,;:…"


@dataclass(frozen=True, slots=True)
class Cue:
    """Words of a text that bear on the game.

    Args:
        words: as they stand in the text.
        start, end: their place.
        sentence: the sentence that they stand in.
        sentence_start: the place of that sentence.
    """

    words: str
    start: int
    end: int
    sentence: str
    sentence_start: int


class Prose:
    """A description.

    Args:
        text: as its author wrote it.
        vocabulary: the words to look for; English by default.
    """

    def __init__(self, text: str, vocabulary: Vocabulary | None = None) -> None:
        self.text = text
        self.vocabulary = vocabulary or english()
        self._cues: dict[str, list[Cue]] = {}

    @cached_property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        spans = []
        start = 0
        for match in _BOUNDARY.finditer(self.text):
            if match[0][0] in ".…" and self._is_abbreviation(match.start()):
                continue
            spans.append((start, match.end()))
            start = match.end()
        spans.append((start, len(self.text)))
        trimmed = (_trim(self.text, *span) for span in spans)
        return tuple(span for span in trimmed if span[0] < span[1])

    def _is_abbreviation(self, stop: int) -> bool:
        """Whether the full stop at ``stop`` belongs to a word: ``e.g.``, ``Mr.``, ``J.``"""
        before = re.search(r"[^\s(\[\"'“‘]*$", self.text[max(0, stop - 12) : stop])
        word = before[0] if before else ""
        after = self.text[stop + 1 : stop + 40].lstrip()
        if word.lower() in self.vocabulary.abbreviations:
            return bool(after)
        if after[:1].islower():
            return True
        # An initial such as "J. Smith"; a sentence may end in an action called A, so only
        # where a name starts the sentence or follows another initial.
        ahead = self.text[: stop - len(word)].rstrip()
        starts = not ahead or ahead[-1] in ".\n"
        return len(word) == 1 and word.isalpha() and word.isupper() and starts and bool(after)

    @cached_property
    def sentences(self) -> tuple[str, ...]:
        """The sentences, verbatim, without the space around them."""
        return tuple(self.text[start:end] for start, end in self._spans)

    def sentence_at(self, place: int) -> str:
        """The sentence around a place of the text; ``""`` if the text has none."""
        return self.sentences[self.sentence_number(place)] if self.sentences else ""

    def sentence_number(self, place: int) -> int:
        """Index in ``sentences`` of the sentence around a place, or else of the one before it."""
        return max(0, bisect_right(self._spans, (place, len(self.text) + 1)) - 1)

    def _span_at(self, place: int) -> tuple[int, int]:
        return self._spans[self.sentence_number(place)] if self._spans else (0, 0)

    @cached_property
    def _folded(self) -> tuple[str, Sequence[int]]:
        return _fold(self.text)

    def find(self, quote: str) -> tuple[int, int] | None:
        """Where a quote stands in the text, or None.

        Verbatim but for space, the kind of quote marks and dashes, capitals, and quote marks or
        stops around the quote.
        """
        wanted = _fold(quote)[0].strip(_TRIMMED)
        folded, places = self._folded
        at = folded.find(wanted) if wanted else -1
        if at < 0:
            return None
        return places[at], places[at + len(wanted) - 1] + 1

    def sentence_of(self, quote: str) -> str | None:
        """The sentence in which a quote starts, or None where the text does not hold it."""
        found = self.find(quote)
        return None if found is None else self.sentence_at(found[0])

    @cached_property
    def _caseless_text(self) -> str:
        return _caseless(self.text)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the text, in small letters."""
        return frozenset(words_of(self.text))

    @cached_property
    def is_english(self) -> bool:
        """Whether so many of the words are English that what is *not* said means something."""
        words = words_of(self.text)
        known = sum(word in self.vocabulary.common for word in words)
        return len(words) >= 8 and known >= 0.15 * len(words)

    @cached_property
    def searched(self) -> tuple[str, bool]:
        """The text in small letters, each in its place, or as it is where that cannot be; which."""
        small = self.text.lower()
        # Case-blind search takes the letters in _UNPAIRED for others, which no lowering does.
        lowered = len(small) == len(self.text) and _UNPAIRED.isdisjoint(self.text)
        return (small, True) if lowered else (self.text, False)

    def cues(self, family: str) -> list[Cue]:
        """Words of one family of the vocabulary, denied ones left out, in order."""
        if family not in self._cues:
            self._cues[family] = list(self._find_cues(family))
        return self._cues[family]

    def _find_cues(self, family: str) -> Iterator[Cue]:
        text, lowered = self.searched
        cues, denials = self.vocabulary.family(family, lowered=lowered)
        spans = [match.span() for match in cues.finditer(text)]
        denied = [match.span() for match in denials.finditer(text)] if spans and denials else []
        ends = [end for _, end in denied]
        for start, end in spans:
            # Both run forwards without overlaps: the first denial that ends behind the match's
            # start is the only one that may touch it.
            after = bisect_right(ends, start)
            if after < len(denied) and denied[after][0] < end:
                continue
            # The sentence itself, not a copy: a text may be one sentence of thousands of cues.
            sentence = self.sentence_at(start)
            yield Cue(self.text[start:end], start, end, sentence, self._span_at(start)[0])

    def first_cue(self, *families: str) -> Cue | None:
        """The first word of any of these families, or None."""
        return next((cue for family in families for cue in self.cues(family)), None)

    @cached_property
    def _caseless_words(self) -> frozenset[str]:
        return frozenset(words_of(self._caseless_text))

    def _may_hold(self, part: str) -> bool:
        """Whether a part of a name may stand in the text; quick, and rarely wrong to say yes."""
        caseless = _caseless(part)
        if caseless.isascii():
            return self._caseless_words.issuperset(words_of(caseless))
        return caseless in self._caseless_text

    def mentions(self, name: str, effort: Effort | None = None) -> Iterator[tuple[int, int]]:
        """Every place at which a name stands as whole words, whatever its capitals.

        Args:
            name: what to look for.
            effort: bounds the work, for callers with many names; a step is a character.

        Raises:
            EffortError: it takes more than ``effort`` has left.
        """
        name = name.strip()
        if not name:
            return
        parts = re.split(r"[\s_-]+", name)
        if not all(map(self._may_hold, parts)):
            return  # most labels of a large game: an expression for each would take long
        if effort is not None:
            effort.spend(len(self.text) + len(name))
        head = r"(?<!\w)" if _is_spaced(name[0]) else ""
        tail = r"(?!\w)" if _is_spaced(name[-1]) else ""
        pattern = head + r"[\s_-]+".join(map(re.escape, parts)) + tail
        # One capital letter is a name; the same letter small is mostly an article.
        flags = 0 if len(name) == 1 else re.IGNORECASE
        for match in re.finditer(pattern, self.text, flags):
            yield match.span()


@lru_cache(maxsize=64)
def prose_of(text: str) -> Prose:
    """A description as prose, once for all who read it: it knows nothing of any game."""
    return Prose(text)


def words_of(text: str) -> list[str]:
    """The words of a text, in small letters; numbers are words too."""
    return [word.lower() for word in re.findall(r"[^\W_]+", text)]


@lru_cache(maxsize=1 << 14)
def stem(word: str) -> str:
    """A verb without its ending, so that ``accepts`` and ``accept`` agree."""
    for ending in ("ing", "ied", "ies", "ed", "es", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


def _is_spaced(char: str) -> bool:
    """Whether a character belongs to a script that parts its words by spaces."""
    return bool(re.match(r"\w", char)) and not unicodedata.name(char, "").startswith(
        ("CJK", "HIRAGANA", "KATAKANA", "THAI")
    )


def _caseless(text: str) -> str:
    """What regular expressions that ignore capitals take for the same is the same here."""
    return text.replace("İ", "i").replace("ı", "i").casefold()


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end


def _fold(text: str) -> tuple[str, Sequence[int]]:
    """The text with runs of space as one blank, plain marks and small letters; old places."""
    if text.isascii() and not _UNEVEN.search(text):
        return _SPACE.sub(" ", text).lower(), range(len(text))
    chars: list[str] = []
    places: list[int] = []
    for place, char in enumerate(text):
        if char.isspace():
            if not chars or chars[-1] == " ":
                continue
            char = " "
        small = _FOLDED.get(char, char).lower()
        for part in small:
            chars.append(part)
            places.append(place)
    return "".join(chars), tuple(places)
