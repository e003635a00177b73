"""nl2efg: a compiler from natural language to extensive-form games.

::

    import nl2efg

    compilation = nl2efg.compile("Ann and Ben each choose left or right ...")
    compilation.tree, compilation.game, compilation.graph, compilation.equilibria

Wherever a game is asked for, a tree, a compilation, a ``pygambit.Game``, the path of a game file
or folder, or the name of a bundled game will do. The public names load what they need when they
are first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from nl2efg.lazy import draw_notebooks_with, names_when_used

if TYPE_CHECKING:
    from nl2efg import errors
    from nl2efg.batch import compile_many, to_frame
    from nl2efg.drawing import View
    from nl2efg.errors import Nl2efgError
    from nl2efg.families import GameFamily
    from nl2efg.formats import load_efg, load_game, read_efg
    from nl2efg.gambit import from_gambit
    from nl2efg.game import BehaviourProfile, GameTree, TreeBuilder
    from nl2efg.library import (
        GameLike,
        as_tree,
        changes,
        check,
        compare,
        describe,
        draw,
        draw_html,
        draw_svg,
        draw_tikz,
        edit,
        family_of,
        join_infosets,
        refresh,
        rename,
        revised,
        set_payoff,
        set_probabilities,
        simulate,
        solve,
        split_infoset,
        sweep,
        take_version,
        to_code,
        to_gambit,
        to_networkx,
        to_openspiel,
        to_pettingzoo,
        verify,
        write_efg,
    )
    from nl2efg.models import Message, Model, Reply, Request, ScriptedModel
    from nl2efg.pipeline import Compilation, Options, compile, compile_async
    from nl2efg.pipeline.examples import Example, example, examples
    from nl2efg.playing import Observation
    from nl2efg.sandbox import build
    from nl2efg.schema.diagnostics import Diagnostic
    from nl2efg.solving import Certificate, Equilibrium, Solution, Verification, certify

    __version__: str

_HOMES = {
    "BehaviourProfile": "game",
    "Certificate": "solving",
    "Compilation": "pipeline",
    "Diagnostic": "schema.diagnostics",
    "Equilibrium": "solving",
    "Example": "pipeline",
    "GameFamily": "families",
    "GameLike": "library",
    "GameTree": "game",
    "Message": "models",
    "Model": "models",
    "Nl2efgError": "errors",
    "Observation": "playing",
    "Options": "pipeline",
    "Reply": "models",
    "Request": "models",
    "ScriptedModel": "models",
    "Solution": "solving",
    "TreeBuilder": "game",
    "Verification": "solving",
    "View": "drawing",
    "as_tree": "library",
    "build": "sandbox",
    "certify": "solving",
    "changes": "library",
    "check": "library",
    "compare": "library",
    "compile": "pipeline",
    "compile_async": "pipeline",
    "compile_many": "batch",
    "describe": "library",
    "draw": "library",
    "draw_html": "library",
    "draw_svg": "library",
    "draw_tikz": "library",
    "edit": "library",
    "example": "pipeline",
    "examples": "pipeline",
    "family_of": "library",
    "from_gambit": "gambit",
    "join_infosets": "library",
    "load_efg": "formats",
    "load_game": "formats",
    "read_efg": "formats",
    "refresh": "library",
    "rename": "library",
    "revised": "library",
    "set_payoff": "library",
    "set_probabilities": "library",
    "simulate": "library",
    "solve": "library",
    "split_infoset": "library",
    "sweep": "library",
    "take_version": "library",
    "to_code": "library",
    "to_frame": "batch",
    "to_gambit": "library",
    "to_networkx": "library",
    "to_openspiel": "library",
    "to_pettingzoo": "library",
    "verify": "library",
    "write_efg": "library",
}

__all__ = [
    "BehaviourProfile",
    "Certificate",
    "Compilation",
    "Diagnostic",
    "Equilibrium",
    "Example",
    "GameFamily",
    "GameLike",
    "GameTree",
    "Message",
    "Model",
    "Nl2efgError",
    "Observation",
    "Options",
    "Reply",
    "Request",
    "ScriptedModel",
    "Solution",
    "TreeBuilder",
    "Verification",
    "View",
    "__version__",
    "as_tree",
    "build",
    "certify",
    "changes",
    "check",
    "compare",
    "compile",
    "compile_async",
    "compile_many",
    "describe",
    "draw",
    "draw_html",
    "draw_svg",
    "draw_tikz",
    "edit",
    "errors",
    "example",
    "examples",
    "family_of",
    "from_gambit",
    "join_infosets",
    "load_efg",
    "load_game",
    "read_efg",
    "refresh",
    "rename",
    "revised",
    "set_payoff",
    "set_probabilities",
    "simulate",
    "solve",
    "split_infoset",
    "sweep",
    "take_version",
    "to_code",
    "to_frame",
    "to_gambit",
    "to_networkx",
    "to_openspiel",
    "to_pettingzoo",
    "verify",
    "write_efg",
]

if not TYPE_CHECKING:  # a type checker knows the names from above, and no others
    _when_used = names_when_used(__name__, _HOMES)

    def __getattr__(name):
        if name == "__version__":
            from importlib.metadata import version

            return version("nl2efg")
        if name == "errors":
            from importlib import import_module

            return import_module("nl2efg.errors")
        return _when_used(name)


def _notebook_picture(tree: GameTree, profile: BehaviourProfile | None) -> str:
    from nl2efg.drawing.svg_kinds import draw_svg

    return draw_svg(tree, profile=profile)


draw_notebooks_with(_notebook_picture)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
