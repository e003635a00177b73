"""Every error that nl2efg raises on purpose.

::

    Nl2efgError
    ├── UserError            exit 2   what was handed in cannot be used
    │   ├── FormatError               a file has a syntax error (file, line, column)
    │   ├── DescriptionError          a text that cannot be a description (empty, binary, too long)
    │   ├── NotFoundError             a file, bundled game or name that does not exist
    │   ├── ConstraintError           a payoff constraint that cannot be read or names no history
    │   ├── StorageError              what was made or paid for cannot be written
    │   └── SetupError                a proxy or certificates that no connection can be made with
    ├── ModelError           exit 1   the model's work gives no game, or not the one asked for
    │   ├── ReplyError                a reply without the code or sketch that was asked for
    │   └── CompilationError          no attempt became a game, or the text describes none
    ├── ServiceError         exit 3   the model service
    │   ├── NoModelError              no model is configured or reachable
    │   │   └── NotRecordedError      a recording does not hold the reply that is asked for
    │   ├── AuthenticationError       the key is missing or wrong
    │   ├── UnavailableError          network, time-outs, 429 and 5xx after the last retry
    │   │   └── TooLongError              the prompt is longer than the model or the account takes
    │   ├── RefusalError              the model declined to answer
    │   ├── TruncatedError            the reply was cut at the token limit
    │   └── BudgetError               the next call would exceed the budget
    ├── SandboxError         exit 1   the machine offers no isolation, or a worker broke
    └── compare.OutOfBudgetError  exit 4   a comparison that its budget did not decide

Each message says what is wrong and where; ``hint`` says what to do next, and stands as a note below
the message in tracebacks. What is no error, but
worth a look, is a ``ReadingWarning``, which the commands print on stderr.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from nl2efg.models.port import Reply, Request
    from nl2efg.schema.record import CompilationRecord


class ReadingWarning(UserWarning):
    """A file was read, but something had to be read into it: an encoding, rounded numbers."""


class Nl2efgError(Exception):
    """Root of the tree.

    Args:
        message: what is wrong, and where.
        hint: what to do next; shown on a line of its own, in tracebacks too.

    Attributes:
        exit_code: of the command that ends with it.
        stops_run: whether every further text of a run would meet the same failure.
        unanswered: whether no model got to answer, so that the failure says nothing of a text.
        record: what a compilation had made when it failed, or None.
        exchange: the call that failed and as much of a reply as came, or None.
    """

    exit_code: ClassVar[int] = 1
    stops_run: ClassVar[bool] = False
    unanswered: ClassVar[bool] = False
    record: CompilationRecord | None = None
    exchange: tuple[Request, Reply] | None = None

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    @property
    def hint(self) -> str:
        """What to do next; empty if there is nothing to say."""
        return self._hint

    @hint.setter
    def hint(self, words: str) -> None:
        self._hint = words
        # Interpreter and notebooks print notes below the message (PEP 678); nothing else shows a
        # hint to who calls the library.
        self.__notes__ = [f"→ {words}"] if words else []


class UserError(Nl2efgError):
    """The user's input cannot be used."""

    exit_code = 2


class UnfitError(UserError, ValueError):
    """Values that an object was to be made of do not fit it: Python's own kind of error too."""


def expect(given: object, kind: type | tuple[type, ...], what: str, *, hint: str = "") -> None:
    """Refuse an argument of another type, before some line within fails on it.

    Args:
        given: the argument.
        kind: what it should be an instance of.
        what: the same in words: "int is no profile".
        hint: what to give instead.

    Raises:
        UserError: it is none.
    """
    if not isinstance(given, kind):
        raise UserError(f"{type(given).__name__} is no {what}", hint=hint)


class FormatError(UserError):
    """A file does not follow its format.

    Args:
        message: what was expected and what was found.
        source: the file's name, or a word for where the text came from.
        line, column: where, counted from 1.
    """

    def __init__(
        self, message: str, *, source: str = "", line: int = 0, column: int = 0, hint: str = ""
    ) -> None:
        place = ":".join(str(part) for part in (source, line, column) if part)
        super().__init__(f"{place}: {message}" if place else message, hint=hint)
        self.source, self.line, self.column = source, line, column


class DescriptionError(UserError):
    """A text that cannot be a description: empty, binary or too long."""


class NotFoundError(UserError):
    """A file, bundled game or name that does not exist."""


class ConstraintError(UserError):
    """A payoff constraint that cannot be read, or that names no history of the game."""


class StorageError(UserError):
    """What was made or paid for cannot be written: a full disk, a folder that is a file."""

    stops_run = True


class SetupError(UserError):
    """What the environment says of proxies or certificates cannot be used."""

    stops_run = True


class ModelError(Nl2efgError):
    """The model's work gives no game."""


class ReplyError(ModelError):
    """A reply that does not hold what its prompt asked for."""


class CompilationError(ModelError):
    """No attempt became a game, or the text describes none."""


class ServiceError(Nl2efgError):
    """The model service cannot be used."""

    exit_code = 3


class NoModelError(ServiceError):
    """No model is configured or reachable."""

    stops_run = True
    unanswered = True


class NotRecordedError(NoModelError):
    """A recording does not hold the reply that is asked for; that of another text may."""

    stops_run = False


class AuthenticationError(ServiceError):
    """The service rejects the key."""

    stops_run = True
    unanswered = True


class UnavailableError(ServiceError):
    """The service did not answer usefully after the last retry."""

    unanswered = True


class TooLongError(UnavailableError):
    """The prompt is longer than the model's context or the account's allowance: it stays so."""


class RefusalError(ServiceError):
    """The model declined to answer."""


class TruncatedError(ServiceError):
    """The reply was cut off at the token limit.

    Attributes:
        goes_on: whether the model can go on where it stopped; not where its context is full.
    """

    goes_on: bool = True


class BudgetError(ServiceError):
    """The next call would go beyond the budget."""

    stops_run = True
    unanswered = True


class SandboxError(Nl2efgError):
    """The machine offers no isolation for generated code, or a worker broke."""

    stops_run = True
