"""The tools of the server: all that is done with a game, beside those that make one."""

from __future__ import annotations

from inspect import getdoc
from typing import Annotated, Any, Literal

from mcp.server.mcpserver import Image, MCPServer
from mcp.types import ToolAnnotations
from pydantic import Field

from nl2efg import library
from nl2efg.comparison import compare
from nl2efg.comparison.changes import game_changes
from nl2efg.drawing import can_rasterise, draw_svg, to_png
from nl2efg.errors import UserError
from nl2efg.families import GameFamily
from nl2efg.formats.english import describe
from nl2efg.game import GameTree
from nl2efg.mcp_server.edit_arguments import (
    Joins,
    Payoffs,
    Probabilities,
    Renames,
    Splits,
    edit_list,
)
from nl2efg.mcp_server.reading_tools import MAX_CHARACTERS, Game, ReadingTools, told
from nl2efg.mcp_server.results import (
    CompareResult,
    EditResult,
    LettersResult,
    SimulationResult,
    game_result,
    simulation_result,
)
from nl2efg.schema.record import SolutionRecord, VerificationRecord
from nl2efg.solving import solve as solve_tree
from nl2efg.text import counted

MAX_DRAWN = 3_000
"""Nodes of a picture; larger trees are cut at a depth."""
MAX_EDITED = 200_000
"""Nodes of a game that is edited."""
MAX_BUDGET = 60.0
MAX_PLAYS = 100_000
MAX_MOVES = 2_000_000
"""Moves of all plays of a simulation together, at most."""

Budget = Annotated[float, Field(gt=0, le=MAX_BUDGET, description="seconds")]
Profile = Annotated[
    str,
    Field(
        description="what is done at every information set, in the game's own names: sentences "
        '("Ann bets with K, checks with J. Ben folds"), the words that solve gives, JSON '
        '({"Ann": {"K": "Bet", "J": {"Bet": "1/3", "Check": "2/3"}}, ...}), the rows of '
        "probabilities that solve gives, or a table"
    ),
]
Letters = Annotated[
    dict[str, Annotated[str, Field(max_length=200)]],
    Field(
        max_length=100,
        description='numbers for letters, by symbol: {"c": "7/2"}; the others keep theirs',
    ),
]


CONCEPT = (
    "spe: subgame-perfect; nash; sequential, with consistent beliefs; qre: logit quantal response, "
    "in numbers of limited precision"
)


class Tools(ReadingTools):
    """The tools, with the games and compilations of one server."""

    @told
    async def solve(
        self,
        game: Game,
        concept: Annotated[
            Literal["spe", "nash", "sequential", "qre"], Field(description=CONCEPT)
        ] = "spe",
        all: Annotated[bool, Field(description="all of a kind, as far as the budget goes")] = False,
        budget: Budget = 10.0,
        values: Letters = {},  # noqa: B006  the schema shows the default; it is never changed
    ) -> SolutionRecord:
        """Equilibria, each with an exact certificate: regrets, values, beliefs, words.

        The probabilities have a row for each information set in the order of the words, chance
        included. The completeness says what the list may be taken for: all equilibria, or some.
        Of a game with letters it is of the values that it works with, or of those given here.
        """
        found = await self.shelf.find(game)
        tree = found.tree
        if values:
            family = await self._family(tree)
            tree = (await self._apart(family.with_values, values)).tree
        solution = await self._apart(solve_tree, tree, concept=concept, all=all, budget=budget)
        if not values:
            found.solution = solution  # draw and simulate take it for the game's own
        return solution.record()

    async def _family(self, tree: GameTree) -> GameFamily:
        """The family of a game that must have letters."""
        family = await self._apart(library.family_of, tree)
        if family is None:
            raise UserError("the game has no letters", hint="solve solves it in numbers")
        return family

    @told
    async def solve_letters(
        self,
        game: Game,
        concept: Literal["spe", "nash", "pbe", "sequential"] = "spe",
        budget: Budget = 20.0,
        values: Letters = {},  # noqa: B006
    ) -> LettersResult:
        """Equilibria of a game with letters, as expressions with the conditions they hold under.

        Letters that are given numbers are letters no more; a size, such as rounds, may have one.
        """
        found = await self.shelf.find(game)
        whole = await self._family(found.tree)
        family = await self._apart(whole.fixed, values)
        if whole.quantities and not family.quantities:
            raise UserError(
                "every letter has a number", hint="solve takes the same values, and solves there"
            )
        solution = await self._apart(solve_tree, family, concept=concept, budget=budget)
        return LettersResult.model_validate(solution.record())

    @told
    async def verify_profile(
        self,
        game: Game,
        profile: Profile,
        concept: Literal["nash", "spe", "pbe", "sequential"] = "nash",
        budget: Budget = 10.0,
    ) -> VerificationRecord:
        """Whether a profile that you claim is an equilibrium; if not, the best deviation."""
        found = await self.shelf.find(game)
        done = await self._apart(
            library.verify, found.tree, profile, concept=concept, budget=budget
        )
        return done.record()

    @told
    async def compare(
        self,
        a: Game,
        b: Game,
        structure: Literal["identical", "isomorphic", "strategic"] = "isomorphic",
        payoffs: Literal["exact", "affine", "ordinal", "none"] = "exact",
    ) -> CompareResult:
        """Whether two games are the same, up to names and orders; if not, what differs."""
        first, second = await self.shelf.find(a), await self.shelf.find(b)
        found = await self._apart(compare, first.tree, second.tree, structure, payoffs)
        return CompareResult(
            verdict=str(found.verdict),
            structure=str(found.structure),
            payoffs=str(found.payoffs),
            difference=found.difference or "",
        )

    @told
    async def edit(
        self,
        game: Game,
        payoffs: Payoffs = [],  # noqa: B006  the schema shows the default; it is never changed
        probabilities: Probabilities = [],  # noqa: B006
        joins: Joins = [],  # noqa: B006
        splits: Splits = [],  # noqa: B006
        renames: Renames = [],  # noqa: B006
    ) -> EditResult:
        """Change payoffs, chances, who knows what, and names; a new game comes back, and what
        changed. The game that was named stays as it is.
        """
        edits = edit_list(payoffs, probabilities, joins, splits, renames)
        old = (await self.shelf.find(game)).tree
        if len(old) > MAX_EDITED:
            raise UserError(
                f"the game has {len(old):,} nodes; at most {MAX_EDITED:,} can be edited"
            )
        new = await self._apart(edits.done, old)
        changes = await self._apart(game_changes, old, new)
        return EditResult(result=game_result(self.shelf.put(new)), changes=tuple(changes))

    @told
    async def simulate(
        self,
        game: Game,
        strategies: Annotated[
            str,
            Field(description="as verify_profile takes them; empty for the first equilibrium"),
        ] = "",
        plays: Annotated[int, Field(ge=1, le=MAX_PLAYS)] = 1000,
        seed: Annotated[int, Field(description="the same seed makes the same plays")] = 0,
    ) -> SimulationResult:
        """Play a game many times: average payoffs, and where the plays end."""
        found = await self.shelf.find(game)
        if plays * max(found.tree.depth) > MAX_MOVES:
            raise UserError(f"that may be more than {MAX_MOVES:,} moves", hint="ask for less plays")
        if not strategies and not (found.solution and found.solution.equilibria):
            found.solution = await self._apart(solve_tree, found.tree)
        equilibria = found.solution.equilibria if found.solution else ()
        if not strategies and not equilibria:
            raise UserError("no equilibrium was found to play", hint="say the strategies")
        done = await self._apart(
            library.simulate, found.tree, strategies or equilibria[0], plays=plays, seed=seed
        )
        return simulation_result(done)

    @told
    async def describe(self, game: Game) -> str:
        """The game told in English: hold it against the description."""
        found = await self.shelf.find(game)
        return (await self._apart(describe, found.tree))[:MAX_CHARACTERS]

    @told
    async def efg(self, game: Game) -> str:
        """The game as .efg text, for Gambit and pygambit."""
        found = await self.shelf.find(game)
        text = library.write_efg(found.tree)
        if len(text) > MAX_CHARACTERS:
            raise UserError(f"the text has {len(text):,} characters, too many to send")
        return text

    @told
    async def draw(
        self,
        game: Game,
        form: Annotated[
            Literal["svg", "png"] | None,
            Field(description="by default png, or svg where the server can make no png"),
        ] = None,
        equilibrium: Annotated[int, Field(ge=0, description="of solve, from 1; 0: none")] = 0,
    ) -> Any:
        """The tree as a picture, with an equilibrium laid over it if one was found by solve."""
        found = await self.shelf.find(game)
        tree = found.tree
        profiles = found.solution.equilibria if found.solution else ()
        if equilibrium > len(profiles):
            raise UserError(
                f"there is no equilibrium {equilibrium}; the list has "
                f"{counted(len(profiles), 'equilibrium', 'equilibria')}",
                hint="solve with all=true may find more" if profiles else "call solve first",
            )
        shown = profiles[equilibrium - 1].profile if equilibrium else None
        depth = max(tree.depth)
        while depth and sum(level <= depth for level in tree.depth) > MAX_DRAWN:
            depth -= 1
        svg = await self._apart(draw_svg, tree, profile=shown, depth=depth)
        if form == "svg" or (form is None and not can_rasterise()):
            return svg
        return Image(data=await self._apart(to_png, svg), format="png")


NAMES = (
    *("examples", "load", "compile", "answer", "build", "check", "examine", "submit_examination"),
    *("solve", "solve_letters", "verify_profile", "compare", "edit", "simulate"),
    *("describe", "efg", "draw"),
)

_HARMLESS = ToolAnnotations(read_only_hint=True, destructive_hint=False, open_world_hint=False)
"""Nothing outside the server is read or changed by any of them."""


def add_tools(server: MCPServer[Any], tools: Tools) -> None:
    """Offer the tools.

    Args:
        server: the server.
        tools: the tools.
    """
    for name in NAMES:
        title = name.replace("_", " ").capitalize()
        tool = getattr(tools, name)
        server.add_tool(
            tool, name=name, title=title, description=getdoc(tool), annotations=_HARMLESS
        )
