"""A corpus as it was read first, against which every later reading is held."""

from __future__ import annotations

import hashlib
import json
from array import array
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from typing import NoReturn

from nl2efg.batch.corpus import Corpus, Unit
from nl2efg.batch.storage.game_folder import case_key
from nl2efg.errors import UserError


class Survey:
    """A SHA-256 over all that a corpus says, and what it came to behind each of its units.

    So a text that changes while a run is under way is neither asked about nor kept as one of the
    run. Memory grows by eight bytes for each unit.

    Args:
        corpus: which one; it is read.

    Raises:
        UserError: it cannot be used, or holds nothing.
    """

    def __init__(self, corpus: Corpus) -> None:
        self._corpus = corpus
        self._marks = array("Q")
        digest, keys = _Digest(), array("Q")
        for unit in corpus.units():
            self._marks.append(digest.add(unit))
            if not unit.problem and (key := case_key(unit.id)):
                keys.append(_short(key))
        self.sha256 = digest.whole
        ordered = sorted(keys)
        self._shared = {one for one, next_one in pairwise(ordered) if one == next_one}
        if not self.count:
            corpus.refuse_empty()

    @property
    def count(self) -> int:
        """How many units it has."""
        return len(self._marks)

    def units(self) -> Iterator[Unit]:
        """The units of the corpus once more, as long as they are those that they were.

        Those whose names differ in case alone are told ``apart``.

        Raises:
            UserError: they are not.
        """
        digest, number = _Digest(), 0
        again = self._corpus.units()
        while True:
            try:
                unit = next(again, None)
            except UserError as error:
                self._refuse(f"and now {error.message}")
            if unit is None:
                break
            mark = digest.add(unit)
            if number == self.count:
                self._refuse("and then more")
            if mark != self._marks[number]:
                self._refuse(f"of which number {number + 1:,} is another now")
            number += 1
            apart = bool(self._shared) and _short(case_key(unit.id)) in self._shared
            yield replace(unit, apart=True) if apart else unit
        if number < self.count:
            self._refuse(f"and then {number:,}")

    def _refuse(self, what: str) -> NoReturn:
        raise UserError(
            f"{self._corpus.path} changed while it was read: it had {self.count:,} texts, {what}; "
            "what was compiled is kept",
            hint="put it back and start the same command again, or take another folder",
        )


def _short(key: str) -> int:
    digest = hashlib.blake2b(key.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, "big")


class _Digest:
    """A SHA-256 over all that units say."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, unit: Unit) -> int:
        """Take in the next unit; 64 bits of the hash so far."""
        said = [unit.id, unit.text, unit.reply, unit.problem]
        self._digest.update(json.dumps(said).encode() + b"\n")
        return int.from_bytes(self._digest.digest()[:8], "big")

    @property
    def whole(self) -> str:
        """The hash so far."""
        return self._digest.hexdigest()
