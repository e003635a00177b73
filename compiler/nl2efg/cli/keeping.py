"""What a command that pays for replies keeps of them, and what it says where it ends early."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from nl2efg.cli.terminal import note
from nl2efg.errors import ModelError, Nl2efgError

if TYPE_CHECKING:
    from nl2efg.models import Model
    from nl2efg.models.user_cache import UserCache
    from nl2efg.pipeline.attempts import Sample


class Keeping:
    """The folder of a compilation that is begun, and the user's cache behind it.

    Args:
        folder: where the compilation will be written.
        fresh: whether replies that were kept earlier are not wanted.

    Raises:
        UserError: the folder is no place for a compilation; nothing has been asked yet.
    """

    def __init__(self, folder: Path, *, fresh: bool = False) -> None:
        from nl2efg.pipeline.unfinished import Unfinished

        self.folder, self._fresh = folder, fresh
        self.unfinished = Unfinished(folder, fresh=fresh)
        self._caches: list[UserCache] = []
        if self.unfinished.resumed:
            note(f"going on from {_replies(self.unfinished.resumed)} in {self.unfinished.place}")

    def of(self, model: Model) -> Model:
        """The model, its replies kept in the folder and in the user's cache."""
        from nl2efg.models.cached import CachedModel
        from nl2efg.models.reply_files import identity_of
        from nl2efg.models.user_cache import UserCache

        identity = identity_of(model)
        if not identity:
            return model
        cache = UserCache(identity, fresh=self._fresh, told=note)
        self._caches.append(cache)
        return self.unfinished.keeping(CachedModel(model, cache), identity)

    @contextmanager
    def through(self) -> Iterator[Callable[[Sample], None]]:
        """Around the work: what came is kept if it ends early, and the user is told where.

        Yields:
            What is to be told of each sample to which something came.
        """
        try:
            yield self.unfinished.came
        except BaseException as error:
            self._ended(error)
            raise
        if replayed := sum(cache.replayed for cache in self._caches):
            note(f"{_replies(replayed)} kept from earlier, at no cost; --fresh asks anew")

    def _ended(self, error: BaseException) -> None:
        known = error if isinstance(error, Nl2efgError) else None
        self.unfinished.failed(known.record if known else None, final=isinstance(error, ModelError))
        if not self.unfinished.holds_anything:
            if isinstance(error, KeyboardInterrupt) and not os.path.lexists(self.folder):
                note("stopped before anything came; nothing was written")
            return
        place = self.unfinished.place
        if isinstance(error, ModelError):
            note(
                f"what was made is in {place}; the same command reads the same replies again, "
                "--fresh asks anew"
            )
        else:
            note(f"what came so far is in {place}; the same command goes on from there")


def _replies(count: int) -> str:
    return "1 reply" if count == 1 else f"{count} replies"
