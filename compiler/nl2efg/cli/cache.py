"""``nl2efg cache``: the replies that are kept for the same text compiled again."""

from __future__ import annotations

from typing import Annotated

import typer

from nl2efg.cli.terminal import plain, print_json
from nl2efg.errors import UserError


def cache(
    clear: Annotated[bool, typer.Option("--clear", help="delete all kept replies")] = False,
    json: Annotated[
        bool, typer.Option("--json", help="print JSON on stdout, and nothing else")
    ] = False,
) -> None:
    """Show the replies that are kept, or delete them: [bold]nl2efg cache --clear[/bold].

    Every reply that was paid for is kept in a folder of yours that nobody else may read, found by
    its whole prompt, model and settings. The same text compiled again costs nothing, unless
    --fresh asks anew. What was not used for longest goes when there are more than 256 MB; the
    variable NL2EFG_CACHE names another folder.
    """
    from nl2efg.models.user_cache import MAX_BYTES, cache_content, clear_cache

    found = cache_content()
    if clear:
        try:
            clear_cache()
        except OSError as error:
            raise UserError(
                f"{found.folder} cannot be cleared: {error.strerror or error}"
            ) from None
    if json:
        print_json(
            {
                "folder": str(found.folder),
                "replies": found.replies,
                "bytes": found.size,
                "cost": found.cost,
                "cleared": clear,
            }
        )
        return
    called = "reply" if found.replies == 1 else "replies"
    done = "deleted " if clear else ""
    cost = f"; they cost ${found.cost:.2f}" if found.cost else ""
    print(
        plain(
            f"{done}{found.replies:,} {called}, {found.size / 2**20:.1f} of at most "
            f"{MAX_BYTES // 2**20} MB, in {found.folder}{cost}"
        )
    )
