"""Runs whose corpus or service changes or lies while they are under way, whichever engine it is."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from nl2efg.errors import UnavailableError, UserError
from tests.cluster import QUIET, machines
from tests.fakes.batch_api import FakeBatchApi
from tests.fakes.openai_server import FakeService, Received, Step, choose, raw
from tests.fakes.ordinal_games import asked as asked_about
from tests.fakes.ordinal_games import author, story
from tests.hostile.test_services import MAX_MEMORY, MB, bomb, endless, head, measured
from tests.hostile.test_slow_services import asked, hostile
from tests.killing import finish, rows, start, write_corpus
from tests.waves import assert_paid_once, run, statuses

pytestmark = [pytest.mark.server, pytest.mark.process, pytest.mark.slow]
TEXTS = 8


@pytest.mark.skipif(sys.platform != "linux", reason="memory is measured there")
@pytest.mark.parametrize("code", [200, 401, 500])
def test_a_list_of_models_of_gigabytes_is_given_up(code: int, tmp_path: Path) -> None:
    with FakeService(models=("m",)) as service:
        service.before_list[:] = [endless(head(code), MB)] * 20
        command = [sys.executable, "-m", "nl2efg", "models", "--base-url", service.base_url]
        said, memory = measured(command, tmp_path)
    assert "Traceback" not in said
    assert "more than" in said
    assert memory < MAX_MEMORY


@pytest.mark.parametrize("call", ["batch('b')", "find_file('f', 1)", "create('f', 'n')"])
def test_the_batch_api_leads_to_no_other_host(call: str) -> None:
    elsewhere: list[str] = []

    def lead(path: str, handler: object, there: str = "") -> None:
        handler.send_response(307)  # type: ignore[attr-defined]
        handler.send_header("Location", there + path)  # type: ignore[attr-defined]
        handler.send_header("Content-Length", "0")  # type: ignore[attr-defined]
        handler.end_headers()  # type: ignore[attr-defined]

    with (
        hostile(lambda path, handler: (elsewhere.append(path), handler.send(b"{}"))[1]) as other,
        hostile(lambda path, handler: lead(path, handler, other.removesuffix("/v1"))) as url,
        pytest.raises(UnavailableError, match="307"),
    ):
        asked(url, f"service.{call}", 20.0)
    assert elsewhere == []


def test_a_bad_line_among_answers_is_asked_again_and_holds_nothing_up(tmp_path: Path) -> None:
    corpus, spoilt, told = write_corpus(tmp_path / "c.jsonl", TEXTS), [], []

    def spoil(call: str, content: bytes) -> bytes:
        lines = content.split(b"\n")
        if not call.endswith("/content") or spoilt or len(lines) < TEXTS:
            return content
        spoilt.append(call)
        lines[2] = b"x" * len(lines[2])  # of the same length, so that the file is whole
        return b"\n".join(lines)

    with FakeBatchApi(author()) as api:
        api.cut = spoil
        for _ in range(4):
            run(api, corpus, tmp_path / "run", tell=told.append)
    assert spoilt
    assert any("is no answer" in words for words in told)
    assert statuses(tmp_path / "run") == ["compiled"] * TEXTS
    again = len(api.asked) - len({name for name, _ in api.asked})
    assert again <= 1


def as_table(kind: str, numbers: Iterable[int]) -> str:
    """Long rows, so that a change comes before all of them are in a buffer."""
    rows = [{"id": f"g{n % 100}", "text": story(n), "more": "x" * 100_000} for n in numbers]
    if kind == "jsonl":
        return "".join(json.dumps(row) + "\n" for row in rows)
    lines = (f'{row["id"]},"{row["text"]}",{row["more"]}\n' for row in rows)
    return "id,text,more\n" + "".join(lines)


def fewer(kind: str) -> str:
    return as_table(kind, range(10))


def more(kind: str) -> str:
    return as_table(kind, range(24))


def others(kind: str) -> str:
    return as_table(kind, [n + 100 * (n in (9, 12)) for n in range(20)])


def torn(kind: str) -> str:
    whole = as_table(kind, range(20))
    return whole[: len(whole) // 2]


def unclosed(kind: str) -> str:
    whole = as_table(kind, range(20))
    return torn(kind) + '"' + whole[len(whole) // 2 :]


@pytest.mark.parametrize(
    ("kind", "change", "said"),
    [
        ("jsonl", fewer, "and then 10"),
        ("csv", more, "and then more"),
        ("jsonl", others, "of which number 10 is another now"),
        ("jsonl", torn, "of which number 11 is another now"),
        ("csv", torn, "and now"),
        ("csv", unclosed, "and now"),
    ],
)
def test_a_corpus_that_changes_while_it_is_read_is_told_and_costs_nothing(
    kind: str, change: Callable[[str], str], said: str, tmp_path: Path
) -> None:
    """No other text is asked about or kept; put back, the run goes on as if undisturbed."""
    corpus, changed = tmp_path / f"c.{kind}", threading.Event()
    whole = as_table(kind, range(20))
    corpus.write_text(whole)

    def changing(_: Received) -> Step:
        if not changed.is_set():
            changed.set()
            with corpus.open("r+") as file:  # the same file, which is open
                file.write(change(kind))
                file.truncate()
        return author()

    with FakeService(choose(changing)) as service:
        command = (corpus, tmp_path / "run", service.base_url, "--no-solve", "--workers", "1")
        complaint = finish(start(*command), 2)
        assert f"changed while it was read: it had 20 texts, {said}" in complaint
        assert "what was compiled is kept" in complaint
        kept = rows(tmp_path / "run")
        assert 5 < len(kept) <= 20
        corpus.write_text(whole)
        finish(start(*command))
        about = [asked_about(received) for received in service.requests]
    assert [row["id"] for row in rows(tmp_path / "run")] == [f"g{n}" for n in range(20)]
    assert [row["status"] for row in rows(tmp_path / "run")] == ["compiled"] * 20
    assert sorted(about) == sorted((n, s) for n in range(20) for s in ("information", "code"))


def test_a_corpus_that_changes_between_waves_is_told_and_costs_nothing(tmp_path: Path) -> None:
    corpus, told = write_corpus(tmp_path / "c.jsonl", TEXTS), []
    whole = corpus.read_text()

    def change_meanwhile(call: str, content: bytes) -> bytes:
        if call.endswith("/content") and not told:
            told.append(call)
            corpus.write_text(whole.replace("Case 5.", "Case 55."))
        return content

    with FakeBatchApi(author()) as api:
        api.cut = change_meanwhile
        with pytest.raises(UserError, match="it had 8 texts, of which number 6 is another now"):
            run(api, corpus, tmp_path / "run")
        assert not any("Case 55." in json.dumps(body) for _, body in api.asked)
        corpus.write_text(whole)
        run(api, corpus, tmp_path / "run")
        assert_paid_once(api)
    assert statuses(tmp_path / "run") == ["compiled"] * TEXTS


def test_a_cut_body_of_a_run_is_asked_again(tmp_path: Path) -> None:
    corpus, seen = write_corpus(tmp_path / "c.jsonl", TEXTS), set()

    def cut(received: Received) -> Step:
        about = asked_about(received)
        if about in seen:
            return author()
        seen.add(about)
        return raw(b'{"choices": [{"message": {"content": "He')

    with FakeService(choose(cut)) as service:
        finish(start(corpus, tmp_path / "run", service.base_url, "--no-solve"))
    assert [row["status"] for row in rows(tmp_path / "run")] == ["compiled"] * TEXTS


def test_bodies_that_are_always_cut_leave_their_texts_to_a_restart(tmp_path: Path) -> None:
    corpus, mended = write_corpus(tmp_path / "c.jsonl", 2), threading.Event()
    broken = raw(b'{"choices": [{"message": {"content": "He')
    with FakeService(choose(lambda _: author() if mended.is_set() else broken)) as service:
        said = finish(start(corpus, tmp_path / "run", service.base_url, "--no-solve"), 3)
        assert "same command" in said
        mended.set()
        finish(start(corpus, tmp_path / "run", service.base_url, "--no-solve"))
    assert [row["status"] for row in rows(tmp_path / "run")] == ["compiled"] * 2


@pytest.mark.ray
@pytest.mark.xdist_group("ray")
def test_workers_of_a_cluster_survive_what_a_service_sends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("ray")
    for name, value in QUIET.items():
        monkeypatch.setenv(name, value)
    corpus = write_corpus(tmp_path / "c.jsonl", TEXTS)
    harm = {
        0: raw(bomb(2 << 30), content_encoding="gzip"),
        1: endless(head(), MB, 64 << 20),
        2: raw(b"[" * 5_000_000),
        3: raw(b'{"error":' * 900 + b"1" + b"}" * 900, 400),
        4: endless(head(400), MB, 64 << 20),
    }

    def answer(received: Received) -> Step:
        return harm.get(asked_about(received)[0], author())

    with FakeService(choose(answer)) as service, machines(1) as cluster:
        where = ("--engine", "ray", "--ray-address", cluster.address, "--workers", "2")
        process = start(corpus, tmp_path / "run", service.base_url, "--no-solve", *where)
        said = process.communicate(timeout=400)[1]
        process.kill()
    assert process.returncode in (1, 3), said
    assert "Traceback" not in said
    found = {row["id"]: row for row in rows(tmp_path / "run")}
    done = {name for name, row in found.items() if row["status"] == "compiled"}
    assert done == {f"g{number}" for number in range(5, TEXTS)}
