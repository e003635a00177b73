"""``index.html``: a run to look through, in any browser, without a network."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from html import escape
from pathlib import Path

from nl2efg.batch.ledger import read_rows
from nl2efg.batch.row import ResultRow
from nl2efg.batch.work import game_folder

SHOWN = 2000
"""Units on the page; a browser is slow with more, and exports hold them all."""

STYLE = """\
body{font:15px/1.45 system-ui,sans-serif;margin:1.5rem;color:#1a1a1a;background:#fff}
header{position:sticky;top:0;background:#fff;padding:.5rem 0;border-bottom:1px solid #ccc}
input,select{font:inherit;margin-right:1rem;padding:.2rem}
ul{display:grid;grid-template-columns:repeat(auto-fill,minmax(20rem,1fr));gap:1rem;padding:0}
li{list-style:none;border:1px solid #ccc;border-radius:4px;padding:.75rem;overflow-wrap:anywhere}
li.failed{border-color:#a40000}
li[hidden]{display:none}
h2{font-size:1rem;margin:0 0 .4rem}
img{width:100%;height:12rem;object-fit:contain;background:#fff}
p{margin:.2rem 0}
@media(prefers-color-scheme:dark){body,header{background:#181818;color:#e8e8e8}}
"""

SCRIPT = """\
const words=document.getElementById('words'),status=document.getElementById('status'),
 code=document.getElementById('code'),count=document.getElementById('count'),
 all=[...document.querySelectorAll('li')];
function filter(){
 const wanted=words.value.toLowerCase();let shown=0;
 for(const one of all){
  const fits=(!wanted||one.textContent.toLowerCase().includes(wanted))
   &&(!status.value||one.dataset.status===status.value||
      (status.value==='split'&&one.dataset.split==='1'))
   &&(!code.value||one.dataset.codes.split(' ').includes(code.value));
  one.hidden=!fits;shown+=fits;
 }
 count.textContent=shown+' shown';
}
for(const one of [words,status,code])one.addEventListener('input',filter);
filter();
"""


def write_gallery(folder: Path) -> Path:
    """Write the gallery of a run; only its own script runs on it, and nothing is loaded from afar.

    Returns:
        The file.
    """
    file = folder / "index.html"
    with tempfile.NamedTemporaryFile(
        "w", encoding="utf-8", errors="backslashreplace", dir=folder, prefix=".index-", delete=False
    ) as made:
        made.writelines(_page(folder))
    Path(made.name).chmod(0o644)
    return Path(made.name).replace(file)


def _page(folder: Path) -> Iterator[str]:
    from base64 import b64encode
    from hashlib import sha256

    hashes = " ".join(
        f"'sha256-{b64encode(sha256(part.encode()).digest()).decode()}'" for part in (SCRIPT,)
    )
    style = b64encode(sha256(STYLE.encode()).digest()).decode()
    policy = (
        f"default-src 'none'; img-src 'self' file:; style-src 'sha256-{style}'; "
        f"script-src {hashes}; base-uri 'none'; form-action 'none'"
    )
    codes: set[str] = set()
    total = 0
    for row in read_rows(folder):
        codes.update(row.codes)
        total += 1
    yield (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{escape(policy)}">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{escape(folder.name)}</title><style>{STYLE}</style><header>"
        '<input id="words" type="search" aria-label="Words" placeholder="words">'
        '<select id="status" aria-label="Status"><option value="">every status</option>'
        '<option value="compiled">compiled</option><option value="failed">failed</option>'
        '<option value="split">samples disagree</option></select>'
        '<select id="code" aria-label="Diagnostic"><option value="">every diagnostic</option>'
        + "".join(f"<option>{escape(code)}</option>" for code in sorted(codes))
        + '</select><output id="count"></output></header>'
    )
    if total > SHOWN:
        yield f"<p>The first {SHOWN:,} of {total:,}; `nl2efg export` has them all.</p>"
    yield "<ul>\n"
    for number, row in enumerate(read_rows(folder)):
        if number == SHOWN:
            break
        yield _card(folder, row)
    yield f"</ul><script>{SCRIPT}</script></html>\n"


def _card(folder: Path, row: ResultRow) -> str:
    own = game_folder(folder, row.key)
    place = own.relative_to(folder).as_posix()
    split = row.agreeing < row.samples
    lines = [f"<h2>{escape(row.title or row.id)}</h2><p>{escape(row.id)}</p>"]
    if (own / "tree.svg").is_file() and row.status == "compiled":
        lines.append(
            f'<a href="{place}/tree.svg"><img src="{place}/tree.svg" loading="lazy" '
            f'alt="Tree of {escape(row.title or row.id)}"></a>'
        )
    if row.status == "failed":
        lines.append(f"<p><b>{escape(row.cause)}</b>: {escape(row.message)}</p>")
    else:
        lines.append(
            f"<p>{row.nodes} nodes, {row.information_sets} information sets, "
            f"{'perfect' if row.perfect_recall else 'imperfect'} recall"
            f"{', zero-sum' if row.zero_sum else ''}</p>"
        )
        for payoffs in row.payoffs[:3]:
            values = zip(row.players, payoffs, strict=True)
            said = ", ".join(f"{escape(player)} {escape(value)}" for player, value in values)
            lines.append(f"<p>equilibrium: {said}</p>")
        if len(row.payoffs) > 3:
            lines.append(f"<p>and {len(row.payoffs) - 3} more equilibria</p>")
    if row.samples > 1:
        lines.append(f"<p>{row.agreeing} of {row.samples} samples agree</p>")
    if row.codes:
        lines.append(f"<p>{escape(' '.join(row.codes))}</p>")
    return (
        f'<li class="{row.status}" data-status="{row.status}" data-split="{int(split)}" '
        f'data-codes="{escape(" ".join(row.codes))}">{"".join(lines)}</li>\n'
    )
