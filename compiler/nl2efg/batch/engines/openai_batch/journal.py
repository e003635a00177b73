"""What is known of a shard's batches, kept so that any start can go on from it.

Each step is written down before it is begun and after it is done. A start that finds one begun
and not done looks at the service whether it happened.
"""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, ValidationError

from nl2efg.batch.storage.append_log import locked, make_own, write_own
from nl2efg.errors import UserError
from nl2efg.models.openai.body import Abilities
from nl2efg.storage import unwritable, write_whole

WAVES = "waves"

Step = Literal[
    "written",
    "uploading",
    "uploaded",
    "creating",
    "submitted",
    "collecting",
    "collected",
    "refused",
]


class Job(BaseModel):
    """One file of requests, and the batch that answers them.

    Args:
        name: of the file at the service, and in the batch's metadata; no other run has it.
        wave: from 1.
        model: who is asked; a batch has one model.
        requests, size, tokens: how many lines, bytes, and about how many prompt tokens.
        step: how far it is.
        file_id, batch_id: as the service calls them.
        status: the batch's, as the service calls it.
        answered, failed: requests, as the service counts them.
        settled: requests that were answered, or failed for good.
        cost: of what was collected, in US dollars.
    """

    model_config = ConfigDict(extra="forbid")

    name: str
    wave: int
    model: str
    requests: int
    size: int
    tokens: int
    step: Step = "written"
    file_id: str = ""
    batch_id: str = ""
    status: str = ""
    answered: int = 0
    failed: int = 0
    settled: int = 0
    cost: float = 0.0

    @property
    def is_open(self) -> bool:
        """Whether there is anything left to do about it."""
        return self.step not in ("collected", "refused")

    @property
    def is_away(self) -> bool:
        """Whether the service has it."""
        return self.step in ("submitted", "collecting")


class State(BaseModel):
    """All that is known.

    Args:
        run: a name for the run that no other run has.
        place: the service's address.
        wave: the last one, from 1; 0 before the first.
        jobs: of all waves.
        retried: of units that ``--retry-failed`` asked for, the number of their try.
        learnt: for each model what it has not refused yet.
        changes: for each model the batches from which something was learnt.
    """

    model_config = ConfigDict(extra="forbid")

    run: str
    place: str
    wave: int = 0
    jobs: list[Job] = []
    retried: dict[str, int] = {}
    learnt: dict[str, Abilities] = {}
    changes: dict[str, int] = {}

    @property
    def open(self) -> list[Job]:
        """Jobs with something left to do."""
        return [job for job in self.jobs if job.is_open]


class Journal:
    """A shard's state, open for writing.

    Args:
        folder: the run folder.
        shard: which one, from 1, and of how many.
        place: the service's address.

    Raises:
        UserError: another process works at it, it is damaged, or the folder cannot be written.
    """

    def __init__(self, folder: Path, shard: tuple[int, int], place: str) -> None:
        self.folder = folder / WAVES / f"{shard[0]}-of-{shard[1]}"
        self.files = self.folder / "files"
        try:
            for own in (folder / WAVES, self.folder, self.files):
                make_own(own)
            self._lock = locked(self.folder / "lock", 0.0)
        except BlockingIOError:
            raise UserError(
                f"another process works in {folder}", hint="wait for it, or split with --shard"
            ) from None
        except OSError as error:
            raise unwritable(folder, error) from None
        file = self.folder / "journal.json"
        self._file = file
        self.state = (
            read_state(file) if file.is_file() else State(run=secrets.token_hex(6), place=place)
        )

    def save(self) -> None:
        """Write the state down.

        Raises:
            UserError: it cannot be written.
        """
        try:
            write_whole(self._file, self.state.model_dump_json(indent=1) + "\n")
        except OSError as error:
            raise unwritable(self._file, error) from None

    def step(self, job: Job, step: Step) -> None:
        """Note how far a job is."""
        job.step = step
        self.save()

    def requests(self, job: Job) -> Path:
        """A job's file of requests.

        Raises:
            UserError: somebody removed it.
        """
        file = self.files / job.name
        if not file.is_file():
            raise UserError(
                f"{file} is missing; what its batch was asked is not known without it",
                hint=f"put it back, or remove {self.folder} to send, and pay for, what is under "
                "way again",
            )
        return file

    def answers(self, job: Job) -> tuple[Path, Path]:
        """Where a job's answers and its failed requests are downloaded to."""
        return self.files / f"{job.name}.output", self.files / f"{job.name}.errors"

    def tidy(self) -> None:
        """Remove files that no open job needs; those of refused ones are left to be looked at."""
        needed = {job.name for job in self.state.jobs if job.step != "collected"}
        for file in self.files.iterdir():
            if file.name not in needed:
                file.unlink()

    def begin_wave(self, jobs: list[Job]) -> None:
        """Add the jobs of the next wave, whose files are written."""
        self.state.wave += 1
        self.state.jobs += jobs
        self.save()

    def split(self, job: Job) -> tuple[str, str]:
        """Two jobs of half the requests in the place of one; returns their names."""
        source = self.requests(job)
        halves = []
        counts = (job.requests // 2, job.requests - job.requests // 2)
        try:
            with source.open("rb") as lines:
                for half, count in enumerate(counts, 1):
                    name = f"{job.name.removesuffix('.jsonl')}-{half}.jsonl"
                    with write_own(self.files / name) as target:
                        for _ in range(count):
                            target.write(lines.readline())
                        size = target.tell()
                    part = round(job.tokens * size / job.size)
                    halves.append(
                        Job(
                            name=name,
                            wave=job.wave,
                            model=job.model,
                            requests=count,
                            size=size,
                            tokens=part,
                        )
                    )
        except OSError as error:
            raise unwritable(self.files, error) from None
        place = self.state.jobs.index(job)
        self.state.jobs[place : place + 1] = halves
        self.save()
        source.unlink(missing_ok=True)
        return halves[0].name, halves[1].name

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._lock.close()


def read_state(file: Path) -> State:
    """A shard's state.

    Raises:
        UserError: it cannot be read.
    """
    try:
        return State.model_validate_json(file.read_bytes())
    except OSError as error:
        raise UserError(f"{file} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise UserError(
            f"{file} is damaged: {where}: {first['msg']}",
            hint="its batches can be looked at in the service's dashboard; without the file their "
            "requests would be sent, and paid for, again",
        ) from None
