"""Compilations that were written to a folder, read again."""

from __future__ import annotations

import os
from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from nl2efg.errors import FormatError, NotFoundError, UserError
from nl2efg.game import BehaviourProfile, GameTree
from nl2efg.pipeline.examples import example
from nl2efg.pipeline.folder import RECORD_FILE, read_record

if TYPE_CHECKING:
    from nl2efg.schema.record import CompilationRecord, EquilibriumRecord
    from nl2efg.solving import Completeness, Equilibrium, Solution


def read_compiled(path: Path) -> tuple[GameTree, CompilationRecord | None]:
    """The game of an ``.efg`` or ``.nfg`` file, or of a compilation together with its record.

    Args:
        path: a game file, a compilation's folder, a game's folder of a run, or its record; or the
            name of a bundled game, where there is no such file.

    Raises:
        UserError: there is no game at ``path``.
    """
    from nl2efg.formats import load_game, read_efg

    bundled = None if os.path.exists(path) else bundled_game(path)
    if bundled is not None:
        return bundled, None
    if not os.path.isdir(path) and path.suffix.lower() not in (".json", ".gz"):
        return load_game(path), None
    record = read_record(path)
    if record.efg is None:
        raise UserError(f"{path}: this compilation failed and holds no game")
    return read_efg(record.efg, str(path)), record


def bundled_game(name: Path) -> GameTree | None:
    """The reference of the bundled game that a word names; None for what can only be a path.

    Args:
        name: the word, as it was given for a path.

    Raises:
        NotFoundError: there is none of that name; close ones are told.
        UserError: the bundled text describes no game.
    """
    from nl2efg.formats import read_efg

    if not is_bare_name(name):
        return None
    try:
        bundled = example(name.name)
    except NotFoundError as error:
        if os.path.isdir(folder := f"{name}.nl2efg"):
            error.hint = f"did you mean {folder}?"
        raise
    if not bundled.reference:
        raise UserError(f"the bundled text {name} describes no game")
    return read_efg(bundled.reference, str(name))


def is_bare_name(path: Path) -> bool:
    """Whether a path is a word without folder and ending, as the names of bundled games are."""
    return path.name == str(path) and not path.suffix


def told_edits(folder: str | PathLike[str]) -> str:
    """Which files of a compilation's folder a person edited, so that they do not agree.

    Returns:
        A sentence with what to do; empty if they agree.
    """
    from nl2efg.pipeline.versions import edited_files

    edited = edited_files(Path(folder))
    if not edited:
        return ""
    return (
        f"{folder}: {' and '.join(edited)} changed since the rest was made from it; "
        f"`nl2efg refresh {folder}` makes the rest anew"
    )


def restored_solution(tree: GameTree, record: CompilationRecord) -> Solution | None:
    """The solution of a record, each profile certified anew: no file is believed.

    Beliefs that were worked out stay in the record; the solution holds those of Bayes' rule.

    Args:
        tree: the game of the record's ``efg``.
        record: the record.

    Returns:
        None if the game was not solved.

    Raises:
        FormatError: probabilities do not fit the game, or are no equilibrium of the concept that
            the record names.
    """
    if record.solution is None:
        return None
    from nl2efg.drawing.profiles_from_record import recorded_profiles
    from nl2efg.solving import Solution

    try:
        profiles = recorded_profiles(record, tree)
    except ValueError as error:
        raise FormatError(f"solution.equilibria: {error}", source=RECORD_FILE) from None
    found = [
        _certified(place, profile, entry)
        for place, (profile, entry) in enumerate(
            zip(profiles, record.solution.equilibria, strict=True)
        )
    ]
    return Solution(
        tuple(found),
        _completeness(record.solution.completeness, found),
        record.solution.remarks,
        record.solution.tried,
        sum(entry.seconds for entry in record.solution.equilibria),
        record.solution.components,
    )


def _certified(place: int, profile: BehaviourProfile, entry: EquilibriumRecord) -> Equilibrium:
    from nl2efg.solving import Equilibrium, certify

    certificate = certify(profile)
    holds = certificate.is_subgame_perfect if entry.subgame_perfect else certificate.is_nash
    if entry.concept != "qre" and not holds:
        raise FormatError(
            f"solution.equilibria.{place}: the profile is no equilibrium of the game",
            source=RECORD_FILE,
            hint="the file was changed; solve the game again",
        )
    return Equilibrium(
        profile, certificate, entry.concept, entry.method, entry.seconds, claims=entry.claims
    )


def _completeness(words: str, found: Sequence[Equilibrium]) -> Completeness:
    """The claim that is told in these words; that nothing is claimed if there is none."""
    from nl2efg.solving import Claim, Completeness

    pure = sum(each.is_pure for each in found)
    # Pure ones are counted only where the words depend on it.
    claims = [Completeness(claim, len(found), count) for count in (0, pure) for claim in Claim]
    told = [each for each in claims if str(each) == words]
    return told[0] if told else Completeness(Claim.SOME, len(found))
