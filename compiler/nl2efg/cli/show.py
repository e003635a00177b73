"""``nl2efg show``: a game as a tree in the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from nl2efg.cli.parameters import GAME, Settings, with_numbers

if TYPE_CHECKING:
    from rich.text import Text

    from nl2efg.game import GameTree

STYLES = ("blue", "red", "green", "magenta", "yellow", "cyan", "bright_blue", "bright_red")
LINE_LIMIT = 2000
GUIDES = 30  # of deeper nodes the depth is printed, and guides for the last few moves
LAST_GUIDES = 10


def show(
    game: Annotated[Path, typer.Argument(help=GAME)],
    depth: Annotated[
        int | None, typer.Option("--depth", min=0, help="how many moves deep; all by default")
    ] = None,
    lines: Annotated[
        int, typer.Option("--lines", min=1, help="the most lines to print")
    ] = LINE_LIMIT,
    given: Settings = None,
) -> None:
    """Print a game as a tree: [bold]nl2efg show game.efg --depth 3[/bold]."""
    from rich.console import Console

    from nl2efg.cli.terminal import plain
    from nl2efg.pipeline.loading import read_compiled

    tree = with_numbers(read_compiled(game)[0], given, game)
    console = Console(soft_wrap=True, highlight=False)
    if tree.title:
        console.print(plain(tree.title), style="bold", markup=False)
    for shown, line in enumerate(tree_lines(tree, depth)):
        if shown == lines:
            typer.echo(
                f"{lines:,} lines shown; the game has {len(tree):,} nodes (--depth cuts it, "
                f"--lines {len(tree)} shows all)",
                err=True,
            )
            break
        console.print(line)


def tree_lines(tree: GameTree, depth: int | None = None) -> Iterator[Text]:
    """A line for each node in preorder, with guides like those of ``rich.tree``.

    ``rich.tree.Tree`` itself would need the whole tree at once; trees may have 100,000 nodes.

    Args:
        depth: how many moves deep; None for all.

    Guides of more than 30 moves give way to the number of the move, lest the lines of a deep tree
    grow with its depth.
    """
    from rich.text import Text

    from nl2efg.drawing.layout.geometry import visible_nodes
    from nl2efg.game.knowledge_words import infoset_numbers

    numbers = infoset_numbers(tree)
    guides: list[str] = []
    for node in visible_nodes(tree, depth):
        level = tree.depth[node]
        del guides[max(level - 1, 0) :]
        text = Text("".join(guides) if level <= GUIDES else _deep(guides, level))
        if node:
            parent = tree.parents[node]
            last = tree.children[parent][-1] == node
            guides.append("    " if last else "│   ")
            text.append("└── " if last else "├── ")
            text.append_text(_edge(tree, node))
        text.append_text(_node(tree, node, numbers, cut=level == depth))
        yield text


def _deep(guides: list[str], level: int) -> str:
    return f"{level:>8,}: {''.join(guides[-LAST_GUIDES:])}"


def _style(player: int) -> str:
    from nl2efg.game.model import CHANCE

    return "dim" if player == CHANCE else STYLES[player % len(STYLES)]


def _edge(tree: GameTree, node: int) -> Text:
    from rich.text import Text

    from nl2efg.cli.terminal import plain

    infoset = tree.information_sets[tree.set_of[tree.parents[node]]]
    text = Text(plain(tree.told.action_label(node)), _style(infoset.player))
    if infoset.probabilities is not None:
        text.append(f" ({infoset.probabilities[tree.action_of[node]]})", "dim")
    return text


def _node(tree: GameTree, node: int, numbers: Sequence[int], *, cut: bool) -> Text:
    from rich.text import Text

    from nl2efg.cli.terminal import plain
    from nl2efg.game.model import CHANCE, NO_OUTCOME

    arrow = " → " if node else ""
    text = Text()
    number = tree.set_of[node]
    if number >= 0:
        infoset = tree.information_sets[number]
        text.append(arrow)
        text.append(plain(tree.told.player_name(infoset.player)), f"bold {_style(infoset.player)}")
        if infoset.label:
            text.append(f" {plain(infoset.label)}")
        if infoset.player != CHANCE and len(tree.members[number]) > 1:
            text.append(f" [set {numbers[number]}]", "dim")
    if tree.outcome_of[node] != NO_OUTCOME:
        payoffs = tree.outcomes[tree.outcome_of[node]].payoffs
        text.append("  +" if number >= 0 else arrow)
        for player, payoff in enumerate(payoffs):
            text.append("(" if not player else ", ")
            text.append(str(payoff), _style(player))
        text.append(")")
    hidden = tree.subtree_end[node] - node - 1
    if cut and hidden:
        text.append(f"  … {hidden:,} more nodes", "dim")
    return text
