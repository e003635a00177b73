"""``index.html``: a run to look through, in any browser, without a network.

Static pages of a few hundred units: a browser is slow with more, and a run may hold a million.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from html import escape
from pathlib import Path
from urllib.parse import quote

from nl2efg.batch.storage.append_log import make_own
from nl2efg.batch.storage.game_folder import game_folder
from nl2efg.batch.storage.manifest import read_manifest
from nl2efg.batch.storage.result_row import ResultRow
from nl2efg.batch.storage.rows import read_rows
from nl2efg.errors import Nl2efgError
from nl2efg.pipeline import Compilation
from nl2efg.pipeline.folder import PACKED_RECORD
from nl2efg.storage import replacing, write_whole

UNITS = 500
"""On one page."""

DRAWN = 100
"""Games with picture and report, for the first page of each list: they take as long as solving."""

PAGES = "pages"

STYLE = """\
body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem;color:#1a1a1a;background:#fff}
header{position:sticky;top:0;background:#fff;padding:.5rem 0;border-bottom:1px solid #ccc}
input,select{font:inherit;margin-right:1rem;padding:.2rem}
#page{width:6rem}
ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(20rem,1fr));gap:1rem;padding:0}
li{list-style:none;border:1px solid #ccc;border-radius:4px;padding:.75rem;overflow-wrap:anywhere}
li.failed{border-color:#a40000}
li[hidden]{display:none}
nav a,nav b{margin-right:1rem}
h2{font-size:1rem;margin:0 0 .4rem}
img{width:100%;height:12rem;object-fit:contain;background:#fff}
p{margin:.2rem 0}
@media(prefers-color-scheme:dark){body,header{background:#181818;color:#e8e8e8}}
"""

SCRIPT = """\
const words=document.getElementById('words'),code=document.getElementById('code'),
 state=document.getElementById('state'),size=document.getElementById('size'),
 kind=document.getElementById('kind'),filters=[words,code,state,size,kind],
 page=document.getElementById('page'),count=document.getElementById('count'),
 all=[...document.querySelectorAll('li')],kept=new URLSearchParams(location.hash.slice(1));
for(const one of filters)one.value=kept.get(one.id)||'';
function filter(){
 const wanted=words.value.toLowerCase(),said=new URLSearchParams();let shown=0;
 for(const one of all){
  const fits=(!wanted||one.textContent.toLowerCase().includes(wanted))
   &&(!code.value||one.dataset.codes.split(' ').includes(code.value))
   &&(!state.value||one.dataset.state.split(' ').includes(state.value))
   &&(!kind.value||one.dataset.kinds.split(', ').includes(kind.value))
   &&(!size.value||one.dataset.size===size.value);
  one.hidden=!fits;shown+=fits;
 }
 count.textContent=shown+' of '+all.length+' on this page';
 for(const one of filters)if(one.value)said.set(one.id,one.value);
 for(const link of document.querySelectorAll('nav a'))link.hash=said.toString();
}
for(const one of filters)one.addEventListener('input',filter);
if(page)page.addEventListener('change',()=>{
 const number=Math.min(Math.max(1,Math.trunc(page.value)||1),page.max);
 const file=number>1||page.dataset.list!=='all'
  ?page.dataset.top+'pages/'+page.dataset.list+'-'+number+'.html':page.dataset.top+'index.html';
 location.href=file+document.querySelector('nav a').hash;
});
filter();
"""


def write_gallery(folder: Path) -> None:
    """Write the gallery of a run: ``index.html``, and further pages beside it.

    Only its own script runs on it, and nothing is loaded from afar.
    """
    lists = [_List(name, title) for name, title in LISTS]
    codes: set[str] = set()
    for row in read_rows(folder, lambda _: None):
        codes.update(row.codes)
        for each in lists:
            each.total += each.holds(row)
    manifest = read_manifest(folder)
    pictures = bool(manifest.get("settings", {}).get("files"))
    pages = _Pages(folder, lists, sorted(codes))
    for row in read_rows(folder, lambda _: None):
        for each in lists:
            if each.holds(row):
                each.rows.append(row)
                if len(each.rows) == UNITS:
                    pages.write(each, pictures)
    for each in lists:
        if each.rows or not each.number:
            pages.write(each, pictures)


STATES = ("compiled", "failed", "solved", "unsolved", "disagreement")

KINDS = (
    *("perfect information", "imperfect information", "imperfect recall"),
    *("zero-sum", "constant-sum", "several equilibria", "open points"),
)
"""What a game may be looked for by, besides what became of it."""

SIZES = {"small": 15, "medium": 100, "large": 2**63}
"""Nodes that a game of each size may have."""

TOLD = 240
"""Characters of a text that its card shows."""

LISTS = (("all", "all"), ("failed", "failed"), ("split", "samples disagree"))
"""The lists of a gallery: name, and what is said of it."""


@dataclass
class _List:
    name: str
    title: str
    total: int = 0
    number: int = 0
    rows: list[ResultRow] = field(default_factory=list)

    def holds(self, row: ResultRow) -> bool:
        """Whether a unit belongs to it."""
        if self.name == "failed":
            return row.status == "failed"
        return self.name == "all" or (row.agreeing or 0) < (row.samples or 0)

    @property
    def pages(self) -> int:
        """How many it has; one at least."""
        return max(1, -(-self.total // UNITS))

    def file(self, number: int) -> str:
        """A page of it, as seen from the run folder."""
        return (
            "index.html"
            if (self.name, number) == ("all", 1)
            else f"{PAGES}/{self.name}-{number}.html"
        )


@dataclass
class _Pages:
    folder: Path
    lists: list[_List]
    codes: list[str]

    def write(self, which: _List, pictures: bool) -> None:
        """Write the next page of a list from its rows, and empty them."""
        which.number += 1
        if which.number == 1 and pictures:
            for row in which.rows[:DRAWN]:
                draw_game(self.folder, row.id)
        file = self.folder / which.file(which.number)
        top = "" if file.parent == self.folder else "../"
        if top:
            make_own(file.parent)
        with replacing(file) as made:
            for part in self._page(which, top, pictures):
                made.write(part.encode("utf-8", "backslashreplace"))
        which.rows.clear()

    def _page(self, which: _List, top: str, pictures: bool) -> Iterator[str]:
        policy = (
            f"default-src 'none'; img-src 'self' file:; style-src '{_hash(STYLE)}'; "
            f"script-src '{_hash(SCRIPT)}'; base-uri 'none'; form-action 'none'"
        )
        yield (
            '<!doctype html><html lang="en"><meta charset="utf-8">'
            f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
            '<meta name="viewport" content="width=device-width">'
            f"<title>{escape(self.folder.name)}</title><style>{STYLE}</style><header>"
            '<input id="words" type="search" aria-label="Words" placeholder="words">'
            '<select id="code" aria-label="Diagnostic"><option value="">every diagnostic</option>'
            + "".join(f"<option>{escape(code)}</option>" for code in self.codes)
            + "</select>"
            + _choice("state", "State", STATES)
            + _choice("kind", "Kind", KINDS)
            + _choice("size", "Size", tuple(SIZES))
            + f'<output id="count"></output>{self._links(which, top)}</header><ul>\n'
        )
        for row in which.rows:
            yield _card(row, top, self.folder if pictures else None)
        yield f"</ul><script>{SCRIPT}</script></html>\n"

    def _links(self, which: _List, top: str) -> str:
        links = [
            f"<b>{each.title} {each.total:,}</b>"
            if each is which and which.number == 1
            else f'<a href="{top}{each.file(1)}">{each.title} {each.total:,}</a>'
            for each in self.lists
        ]
        if which.pages > 1:
            for word, number in (("previous", which.number - 1), ("next", which.number + 1)):
                if 1 <= number <= which.pages:
                    links.append(f'<a href="{top}{which.file(number)}">{word}</a>')
            links.append(
                f'<label>page <input id="page" type="number" min="1" max="{which.pages}" '
                f'value="{which.number}" data-list="{which.name}" data-top="{top}">of '
                f"{which.pages:,}</label>"
            )
        return f"<nav>{''.join(links)}</nav>"


def draw_game(run: Path, identity: str) -> None:
    """Write picture and report of a game of a run, unless there is a picture, or no game."""
    own = game_folder(run, identity)
    picture = own / "tree.svg"
    if not (own / PACKED_RECORD).is_file() or picture.exists():
        return
    if own.is_symlink() or own.parent.is_symlink():  # out of the run, perhaps
        return
    # Somebody may have changed the files of a run: what cannot be drawn has no picture.
    with suppress(Nl2efgError, ValueError):
        game = Compilation.load(own)
        for file, content in ((own / "report.html", game.report()), (picture, game.draw())):
            write_whole(file, content.encode("utf-8", "backslashreplace"))


def _choice(name: str, label: str, values: Sequence[str]) -> str:
    options = "".join(f"<option>{value}</option>" for value in values)
    return (
        f'<select id="{name}" aria-label="{label}"><option value="">any {label.lower()}</option>'
        f"{options}</select>"
    )


def _states(row: ResultRow) -> str:
    found: list[str] = [row.status]
    if row.status == "compiled":
        found.append("solved" if row.equilibria else "unsolved")
    if (row.agreeing or 0) < (row.samples or 0):
        found.append("disagreement")
    return " ".join(found)


def _kinds(row: ResultRow) -> str:
    holds = (
        *(row.perfect_information, row.perfect_information is False, row.perfect_recall is False),
        *(row.zero_sum, row.constant_sum, (row.equilibria or 0) > 1, bool(row.assumptions)),
    )
    return ", ".join(kind for kind, own in zip(KINDS, holds, strict=True) if own)


def _size(row: ResultRow) -> str:
    nodes = row.nodes
    return "" if nodes is None else next(name for name, most in SIZES.items() if nodes <= most)


def _hash(part: str) -> str:
    return f"sha256-{b64encode(sha256(part.encode()).digest()).decode()}"


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir()) if folder.is_dir() else []


def _card(row: ResultRow, top: str, run: Path | None) -> str:
    lines = [f"<h2>{escape(row.title or row.id)}</h2><p>{escape(row.id)}</p>"]
    if run is not None and row.status == "compiled":
        own = game_folder(run, row.id)
        place = top + quote(own.relative_to(run).as_posix())
        files = {file.name for file in _files(own)}
        for name, words in (("report.html", "report"), ("game.efg", ".efg")):
            if name in files:
                lines.append(f'<p><a href="{place}/{name}">{words}</a></p>')
        if "tree.svg" in files:
            lines.append(
                f'<a href="{place}/tree.svg"><img src="{place}/tree.svg" loading="lazy" '
                f'alt="Tree of {escape(row.title or row.id)}"></a>'
            )
    if row.status == "failed":
        lines.append(f"<p><b>{escape(row.cause)}</b>: {escape(row.message)}</p>")
    else:
        lines.append(
            f"<p>{_count(row.nodes or 0, 'node')}, "
            f"{_count(row.information_sets or 0, 'information set')}, "
            f"{'perfect' if row.perfect_recall else 'imperfect'} recall"
            f"{', zero-sum' if row.zero_sum else ''}</p>"
        )
        for payoffs in row.payoffs[:3]:
            values = zip(row.players, payoffs, strict=False)
            said = ", ".join(f"{escape(player)} {escape(value)}" for player, value in values)
            lines.append(f"<p>equilibrium: {said}</p>")
        if len(row.payoffs) > 3:
            lines.append(f"<p>and {len(row.payoffs) - 3} more equilibria</p>")
    if (row.samples or 0) > 1:
        lines.append(f"<p>{row.agreeing} of {row.samples} samples agree</p>")
    if row.text.strip():
        told = " ".join(row.text[: 4 * TOLD].split())
        lines.append(f"<p>{escape(told[:TOLD])}{'…' if len(told) > TOLD else ''}</p>")
    if row.codes:
        lines.append(f"<p>{escape(' '.join(row.codes))}</p>")
    return (
        f'<li class="{row.status}" data-codes="{escape(" ".join(row.codes))}" '
        f'data-state="{_states(row)}" data-size="{_size(row)}" '
        f'data-kinds="{_kinds(row)}">'
        f"{''.join(lines)}</li>\n"
    )


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
