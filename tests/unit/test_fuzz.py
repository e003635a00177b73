"""Targets of the fuzzer hold with good samples, and with every input by which one failed before."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fuzz import corpora, targets
from tests.fuzz.corpora import corpus
from tests.fuzz.json_mutation import changed_bytes

KEPT = Path(__file__).parents[1] / "fuzz/kept"
TARGETS = targets()


@pytest.mark.parametrize("name", TARGETS)
def test_targets_hold(name: str) -> None:
    target, samples = TARGETS[name]
    for sample in islice(samples(), 12):
        target(sample)
    for file in sorted((KEPT / name).glob("*")):
        target(file.read_bytes())


@pytest.mark.slow
@pytest.mark.parametrize("name", TARGETS)
def test_targets_hold_with_what_fuzzing_reached(name: str) -> None:
    target, _ = TARGETS[name]
    for content in corpus(name):
        target(content)


def test_a_corpus_is_packed_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "CORPUS", tmp_path / "corpus")
    inputs = tmp_path / "inputs"
    inputs.mkdir()
    for number, content in enumerate([b"long one", b"", b"\0\xff"]):
        (inputs / str(number)).write_bytes(content)
    packed = corpora.pack("reply", inputs)
    first = packed.read_bytes()
    assert list(corpus("reply")) == [b"", b"\0\xff", b"long one"]
    assert corpora.pack("reply", inputs).read_bytes() == first
    assert list(corpus("nfg")) == []


def test_whatever_is_kept_has_its_target() -> None:
    assert {folder.name for folder in KEPT.glob("*")} <= set(TARGETS)
    assert {file.stem for file in corpora.CORPUS.glob("*")} <= set(TARGETS)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=12,
)


@given(value=_JSON, prefix=st.sampled_from([b"", b"\0", b"\3"]), seed=st.integers())
def test_json_stays_json_when_it_is_changed(value: object, prefix: bytes, seed: int) -> None:
    data = prefix + json.dumps(value).encode()
    made = changed_bytes(data, 10_000, seed)
    assert made is not None
    assert made.startswith(prefix)
    json.loads(made[len(prefix) :])
    assert changed_bytes(data, 10_000, seed) == made


def test_what_is_no_json_or_grows_too_long_is_left_to_the_fuzzer() -> None:
    assert changed_bytes(b"{", 100, 1) is None
    assert changed_bytes(b"[1, 2, 3, 4, 5, 6, 7, 8]", 10, 1) is None
