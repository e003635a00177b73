// What a reader does with the report: look around, inspect, fold, search, download.

// ---- Looking around ---------------------------------------------------------------------------

function move() {
  scene.setAttribute("transform", `translate(${state.x.toFixed(1)} ${state.y.toFixed(1)}) scale(${state.zoom.toFixed(4)})`);
}
function zoomAt(x, y, factor) {
  const zoom = Math.min(4, Math.max(0.05, state.zoom * factor));
  state.x = x - (x - state.x) * zoom / state.zoom;
  state.y = y - (y - state.y) * zoom / state.zoom;
  state.zoom = zoom;
  move();
}
function fit() {
  // A small tree takes a small frame, as high as it is at the zoom that its width allows: when it is
  // folded too, since it may be opened again. A large one begins folded.
  const zoom = Math.min(1.25, Math.max(0.35, ((canvas.getBoundingClientRect().width || 800) - 24) / state.width));
  state.tall = Math.max(state.tall || 0, Math.ceil(state.height * zoom + 40));
  if (count <= OPEN_WHOLE) document.documentElement.style.setProperty("--tall", `${state.tall}px`);
  const box = canvas.getBoundingClientRect(), width = box.width || 800, height = box.height || 600;
  state.zoom = Math.min(1.25, Math.max(0.35, Math.min((width - 24) / state.width, (height - 24) / state.height)));
  state.x = state.width * state.zoom < width ? (width - state.width * state.zoom) / 2 : state.down ? width / 2 - placeOf(0)[0] * state.zoom : 12;
  state.y = state.height * state.zoom < height ? 12 : state.down ? 12 : height / 2 - placeOf(0)[1] * state.zoom;
  move();
}
const placeOf = (node) => places.get(node);
function centre(node) {
  const box = canvas.getBoundingClientRect(), [x, y] = placeOf(node);
  const left = x * state.zoom + state.x, top = y * state.zoom + state.y;
  if (left > 30 && top > 30 && left < box.width - 30 && top < box.height - 30) return;
  state.x = box.width / 2 - x * state.zoom;
  state.y = box.height / 2 - y * state.zoom;
  move();
}
function reveal(node) {
  let changed = false;
  for (let above = node; above > 0;) { above = data.parent[above]; changed = state.folded.delete(above) || changed; }
  if (changed) render();
}
function select(node, focus = true) {
  reveal(node);
  items.get(state.current)?.setAttribute("tabindex", "-1");
  state.current = node;
  const group = items.get(node);
  group.setAttribute("tabindex", "0");
  centre(node);
  if (focus) group.focus({ preventScroll: true });
  light(node);
}
function fold(node, shut) {
  if (isEnd(node)) return;
  const [x, y] = placeOf(node);
  if (shut) state.folded.add(node); else state.folded.delete(node);
  const focused = document.activeElement?.closest?.("[data-node]");
  render();
  const [newX, newY] = placeOf(node);
  state.x += (x - newX) * state.zoom;
  state.y += (y - newY) * state.zoom;
  move();
  if (focused) select(node);
}
function openUpTo(most) {
  for (let node = 0; node < count; node++) if (!isEnd(node)) state.folded.add(node);
  let shown = 1;
  for (let queue = [0], i = 0; i < queue.length; i++) {
    const own = childLists[queue[i]];
    if (!own.length) continue;
    if (shown + own.length > most) break;
    shown += own.length;
    state.folded.delete(queue[i]);
    queue.push(...own);
  }
}

// ---- Text, code and tree point at each other --------------------------------------------------

function light(node, alsoNodes = []) {
  for (const old of document.querySelectorAll(".lit")) old.classList.remove("lit");
  if (node === null && !alsoNodes.length) return;
  if (node !== null) {
    const link = data.links[node] || { s: [], l: [] };
    for (const id of link.s) for (const part of document.querySelectorAll(`[data-sentence="${id}"]`)) part.classList.add("lit");
    for (const id of link.l) document.querySelector(`[data-line="${id}"]`)?.classList.add("lit");
    inspect(node);
  }
  for (const each of node === null ? alsoNodes : [node]) items.get(each)?.classList.add("lit");
}
// ---- The inspector ----------------------------------------------------------------------------

function row(list, term, words) {
  if (!words) return;
  const name = document.createElement("dt"), told = document.createElement("dd");
  name.textContent = term;
  told.textContent = words;
  list.append(name, told);
}
const together = (values) => data.players.map((name, i) => `${name} ${values[i]}`).join(", ");

/** Everything that is known of a node, beside the picture. */
function inspect(node) {
  const title = document.createElement("p"), list = document.createElement("dl");
  title.textContent = describe(node);
  const eq = chosen(), payoffs = data.payoffs[data.outcome[node]], index = data.set[node];
  row(list, "node", `${node}${data.nodeLabels[node] ? `, ${data.nodeLabels[node]}` : ""}`);
  if (!isEnd(node)) {
    const own = data.sets[index];
    if (own.player >= 0) row(list, "information set", `${own.number}${own.label ? `, ${own.label}` : ""}, ${memberLists[index].length} node${memberLists[index].length > 1 ? "s" : ""}`);
    const chances = own.player < 0 ? own.exact : eq ? eq.text[index] : null;
    row(list, "actions", own.actions.map((action, i) => (chances ? `${action} ${chances[i]}` : action)).join(", "));
    if (eq && eq.belief[node]) row(list, "belief", `${eq.belief[node]}, given that the set is reached`);
    if (eq) row(list, "beliefs that support this", eq.support[index]);
  }
  if (payoffs) row(list, "payoffs", together(payoffs));
  if (eq && eq.nodeValues[node]) row(list, "expected from here", together(eq.nodeValues[node]));
  if (eq) row(list, "reached with probability", eq.reach[node]);
  if (data.unsourced.has(node)) row(list, "source", "no sentence of the text was found for what is here");
  byId("readout").replaceChildren(title, list);
}
function nodesOf(part) {
  const own = part.dataset.sentence !== undefined ? data.sentenceNodes[part.dataset.sentence] : data.lineNodes[part.dataset.line];
  return own || [];
}
function lightFrom(part) {
  const nodes = nodesOf(part);
  light(null, nodes);
  part.classList.add("lit");
}

for (const part of document.querySelectorAll("[data-sentence],[data-line]")) {
  part.addEventListener("mouseenter", () => lightFrom(part));
  part.addEventListener("focus", () => lightFrom(part));
  part.addEventListener("mouseleave", () => light(null));
  const go = () => { const nodes = nodesOf(part); if (nodes.length) { nodes.slice(0, 50).forEach(reveal); select(nodes[0], false); lightFrom(part); } };
  part.addEventListener("click", go);
  part.addEventListener("keydown", (event) => { if (event.key === "Enter") go(); });
}
for (const button of document.querySelectorAll("[data-go]")) {
  button.addEventListener("click", () => { select(Number(button.dataset.go)); canvas.scrollIntoView({ block: "nearest" }); });
}

const nodeUnder = (target) => { const group = target.closest?.("[data-node]"); return group ? Number(group.dataset.node) : null; };
scene.addEventListener("mouseover", (event) => { const node = nodeUnder(event.target); if (node !== null) light(node); });
scene.addEventListener("mouseout", (event) => { if (nodeUnder(event.target) !== null) light(null); });
scene.addEventListener("focusin", (event) => { const node = nodeUnder(event.target); if (node !== null) { state.current = node; light(node); } });

// ---- Mouse, touch and keyboard ----------------------------------------------------------------

let grip = null, dragged = false;
canvas.addEventListener("pointerdown", (event) => { grip = [event.clientX - state.x, event.clientY - state.y, event.clientX, event.clientY]; dragged = false; });
addEventListener("pointermove", (event) => {
  if (!grip) return;
  if (Math.hypot(event.clientX - grip[2], event.clientY - grip[3]) > 4) dragged = true;
  if (dragged) { state.x = event.clientX - grip[0]; state.y = event.clientY - grip[1]; move(); }
});
addEventListener("pointerup", () => { grip = null; });
scene.addEventListener("click", (event) => {
  const node = nodeUnder(event.target);
  if (node === null || dragged) return;
  select(node);
  if (event.target.closest(".handle")) fold(node, !state.folded.has(node));
});
canvas.addEventListener("wheel", (event) => {
  event.preventDefault();
  const box = canvas.getBoundingClientRect();
  zoomAt(event.clientX - box.left, event.clientY - box.top, Math.exp(-event.deltaY * 0.0015));
}, { passive: false });
canvas.addEventListener("keydown", (event) => {
  const node = nodeUnder(event.target);
  if (node === null) return;
  const order = [...items.keys()], place = order.indexOf(node), folded = state.folded.has(node);
  const steps = {
    ArrowDown: () => place + 1 < order.length && select(order[place + 1]),
    ArrowUp: () => place && select(order[place - 1]),
    ArrowRight: () => (folded ? fold(node, false) : childLists[node].length && select(childLists[node][0])),
    ArrowLeft: () => (!isEnd(node) && !folded ? fold(node, true) : node && select(data.parent[node])),
    Home: () => select(0), End: () => select(order.at(-1)),
    Enter: () => fold(node, !folded), " ": () => fold(node, !folded),
  };
  if (!steps[event.key]) return;
  event.preventDefault();
  steps[event.key]();
});
const middle = (factor) => { const box = canvas.getBoundingClientRect(); zoomAt(box.width / 2, box.height / 2, factor); };
byId("in").addEventListener("click", () => middle(1.25));
byId("out").addEventListener("click", () => middle(0.8));
byId("fit").addEventListener("click", fit);
byId("turn").addEventListener("click", () => { state.down = !state.down; render(); fit(); });
byId("open").addEventListener("click", () => {
  state.folded.clear();
  if (count > MOST_VISIBLE) { openUpTo(MOST_VISIBLE); byId("found").textContent = `opened ${MOST_VISIBLE.toLocaleString("en")} of ${count.toLocaleString("en")} nodes`; }
  render(); fit();
});
byId("close").addEventListener("click", () => { openUpTo(1 + childLists[0].length); render(); fit(); });
const chooser = byId("equilibrium");
chooser?.addEventListener("change", () => {
  state.equilibrium = Number(chooser.value);
  for (const part of document.querySelectorAll("[data-equilibrium]")) part.classList.toggle("chosen", Number(part.dataset.equilibrium) === state.equilibrium);
  render();
});

for (const button of document.querySelectorAll("[data-show]")) {
  button.addEventListener("click", () => {
    chooser.value = button.dataset.show;
    chooser.dispatchEvent(new Event("change"));
    canvas.scrollIntoView({ block: "nearest" });
  });
}

// ---- Search -----------------------------------------------------------------------------------

const MOST_LISTED = 12;
let matches = [], match = -1;
function find(query) {
  const wanted = query.trim().toLocaleLowerCase(), found = [];
  for (let node = 0; wanted && node < count; node++) {
    const own = isEnd(node) ? null : data.sets[data.set[node]];
    const words = [node ? actionOf(node) : "", own ? playerName(own.player) : "", own ? own.label : "",
      own && own.player >= 0 ? `information set ${own.number}` : "", data.nodeLabels[node] || "", (data.payoffs[data.outcome[node]] || []).join(", ")];
    if (words.some((word) => word.toLocaleLowerCase().includes(wanted))) found.push(node);
  }
  return found;
}
function pathWords(node) {
  const own = isEnd(node) ? null : data.sets[data.set[node]], payoffs = data.payoffs[data.outcome[node]];
  const path = history(node), short = path.length > 8 ? ["…", ...path.slice(-7)] : path;
  return `${short.join(" → ") || "the start"}: ${own ? playerName(own.player) : payoffs ? payoffs.join(", ") : "the end"}`;
}
function listMatches() {
  const query = byId("search").value;
  matches = find(query);
  match = -1;
  byId("found").textContent = query.trim() ? (matches.length ? `${matches.length.toLocaleString("en")} found` : "nothing found") : "";
  byId("matches").replaceChildren(...matches.slice(0, MOST_LISTED).map((node, i) => {
    const entry = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.textContent = pathWords(node);
    button.addEventListener("click", () => { match = i; showMatch(); });
    entry.append(button);
    return entry;
  }));
}
function showMatch() {
  select(matches[match], false);
  byId("found").textContent = `${match + 1} of ${matches.length.toLocaleString("en")}`;
}
byId("search").addEventListener("input", listMatches);
byId("search").addEventListener("keydown", (event) => {
  if (event.key === "Escape") { byId("search").value = ""; listMatches(); }
  if (event.key !== "Enter" || !matches.length) return;
  event.preventDefault();
  match = (match + 1) % matches.length;
  showMatch();
});

// ---- Downloads --------------------------------------------------------------------------------

function download(name, type, text) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
function svgText() {
  const copy = make("svg", { xmlns: SVG, class: "nl2efg-tree", width: Math.ceil(state.width + 20), height: Math.ceil(state.height + 20) });
  const body = scene.cloneNode(true);
  body.setAttribute("transform", "translate(8 8)");
  for (const extra of body.querySelectorAll(".handle, .halo")) extra.remove();
  copy.append(make("title", {}, data.title), make("style", {}, byId("style").textContent), make("rect", { class: "page", width: "100%", height: "100%" }), body);
  return new XMLSerializer().serializeToString(copy);
}
byId("svg").addEventListener("click", () => download("tree.svg", "image/svg+xml", svgText()));
byId("efg").addEventListener("click", () => download("game.efg", "text/plain", data.efg));
byId("code")?.addEventListener("click", () => download("game.py", "text/x-python", data.code));

// ---- Paper and the beginning -------------------------------------------------------------------

/** On paper the whole picture is shown, as large as the page is wide. */
addEventListener("beforeprint", () => {
  for (const part of document.querySelectorAll("details:not(.code)")) part.open = true;
  canvas.setAttribute("viewBox", `0 0 ${state.width} ${state.height}`);
  scene.removeAttribute("transform");
  canvas.style.setProperty("height", "auto");
  canvas.style.setProperty("max-width", `${state.width}px`);
  canvas.style.setProperty("max-height", "calc(100vh - 9rem)");
});
addEventListener("afterprint", () => { canvas.removeAttribute("viewBox"); canvas.removeAttribute("style"); move(); });

data.unsourced = new Set(data.unsourced);
if (count > OPEN_WHOLE) openUpTo(OPEN_FIRST);
state.down = arrange(T, viewOf(visibleNodes())).width <= WIDE;
render();
fit();
document.documentElement.dataset.ready = "yes";
