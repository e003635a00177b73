// The report's behaviour. Strings from the game reach the page as text only, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const COLOURS = 8;
const MOST_VISIBLE = 3000, OPEN_FIRST = 150, OPEN_WHOLE = 400;
const count = data.parent.length;

const childLists = Array.from({ length: count }, () => []);
const depth = new Int32Array(count), position = new Int32Array(count);
for (let node = 1; node < count; node++) {
  const own = childLists[data.parent[node]];
  position[node] = own.length;
  own.push(node);
  depth[node] = depth[data.parent[node]] + 1;
}
const subtree = new Int32Array(count).fill(1);
for (let node = count - 1; node > 0; node--) subtree[data.parent[node]] += subtree[node];
const memberCount = new Int32Array(data.sets.length);
for (const number of data.set) if (number >= 0) memberCount[number]++;

const state = {
  equilibrium: data.equilibria.length ? 0 : -1, down: count <= OPEN_WHOLE, folded: new Set(),
  current: 0, x: 0, y: 0, zoom: 1, width: 0, height: 0,
};

const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();
function textWidth(text) {
  let known = widths.get(text);
  if (known === undefined) {
    ruler.font = `${SIZE}px ${data.font}`;
    known = ruler.measureText(text).width;
    widths.set(text, known);
  }
  return known;
}
const lineWidth = (line) => line.reduce((sum, piece) => sum + textWidth(piece.t), 0);

const fill = (player) => (player === undefined || player === null ? "i" : player < 0 ? "c" : `p${player % COLOURS}`);
const stroke = (player) => (player < 0 ? "k" : `s${player % COLOURS}`);
const isEnd = (node) => data.set[node] < 0;
const children = (node) => (state.folded.has(node) ? [] : childLists[node]);
const chosen = () => data.equilibria[state.equilibrium];
const reached = (node) => !chosen() || chosen().reached[node] === "1";

function history(node) {
  const found = [];
  for (; node > 0; node = data.parent[node]) found.unshift(actionOf(node));
  return found;
}
const actionOf = (node) => data.sets[data.set[data.parent[node]]].actions[position[node]];
const playerName = (player) => (player < 0 ? "Chance" : data.players[player]);

function probabilityOf(node) {
  const own = data.sets[data.set[data.parent[node]]];
  if (own.chance) return own.chance[position[node]];
  return chosen() ? chosen().text[data.set[data.parent[node]]][position[node]] : "";
}

function textsOf(node, named) {
  const text = { edge: [], side: [], end: [], above: 0 };
  if (node) {
    const own = data.sets[data.set[data.parent[node]]];
    text.edge = own.lines[position[node]].map((t) => [{ t, c: fill(own.player) }]);
    text.above = text.edge.length;
    const probability = probabilityOf(node);
    if (probability) text.edge.push([{ t: probability, c: fill(own.player) }]);
  }
  const payoffs = data.payoffs[data.outcome[node]];
  if (isEnd(node)) {
    if (!payoffs) return text;
    const row = payoffs.map((t, player) => ({ t, c: fill(player) }));
    if (state.down) text.end = row.map((piece) => [piece]);
    else text.end = [row.map((piece, i) => ({ ...piece, t: piece.t + (i < row.length - 1 ? ", " : "") }))];
    return text;
  }
  const number = data.set[node], own = data.sets[number], eq = chosen();
  if (own.player >= 0) {
    if (!named.has(number)) {
      named.add(number);
      text.side.push([{ t: data.names[own.player], c: fill(own.player) }, ...(own.label ? [{ t: ` ${own.label}`, c: "t" }] : [])]);
      if (eq && eq.value[number]) text.side.push([{ t: `E ${eq.value[number]}`, c: fill(own.player) }]);
    }
    if (eq && memberCount[number] > 1 && eq.belief[node]) text.side.push([{ t: `[${eq.belief[node]}]`, c: fill(own.player) }]);
  }
  if (payoffs) text.side.push([{ t: `+(${payoffs.join(", ")})`, c: "i" }]);
  if (state.folded.has(node)) text.side.push([{ t: `+${(subtree[node] - 1).toLocaleString("en")}`, c: "i" }]);
  return text;
}

function visibleNodes() {
  const found = [];
  for (let node = 0; node < count; node += state.folded.has(node) ? subtree[node] : 1) found.push(node);
  return found;
}

function make(name, attributes, text) {
  const element = document.createElementNS(SVG, name);
  for (const key in attributes) element.setAttribute(key, attributes[key]);
  if (text !== undefined) element.textContent = text;
  return element;
}

const SHAPES = [[], [45, 135, 225, 315], [270, 30, 150], [0, 90, 180, 270], [90, 210, 330], [270, 342, 54, 126, 198], [0, 60, 120, 180, 240, 300]];
function marker(player, x, y) {
  if (player < 0) return make("circle", { class: "c m", cx: x, cy: y, r: NODE - 1 });
  const angles = SHAPES[(player + Math.floor(player / COLOURS)) % SHAPES.length];
  if (!angles.length) return make("circle", { class: fill(player), cx: x, cy: y, r: NODE });
  const corner = (a) => `${(x + 1.2 * NODE * Math.cos(a * Math.PI / 180)).toFixed(1)},${(y + 1.2 * NODE * Math.sin(a * Math.PI / 180)).toFixed(1)}`;
  return make("polygon", { class: fill(player), points: angles.map(corner).join(" ") });
}

function roundedPath(points) {
  const towards = (a, b) => {
    const dx = b[0] - a[0], dy = b[1] - a[1], share = Math.min(10 / Math.max(Math.hypot(dx, dy), 10), 0.5);
    return `${(a[0] + share * dx).toFixed(1)} ${(a[1] + share * dy).toFixed(1)}`;
  };
  let way = `M${points[0].join(" ")}`;
  for (let i = 1; i < points.length - 1; i++) way += `L${towards(points[i], points[i - 1])}Q${points[i].join(" ")} ${towards(points[i], points[i + 1])}`;
  return `${way}L${points.at(-1).join(" ")}`;
}

const canvas = byId("canvas"), scene = byId("scene"), items = new Map();

function render() {
  const visible = visibleNodes(), named = new Set(), texts = new Map();
  for (const node of visible) texts.set(node, textsOf(node, named));
  const view = {
    visible, children, row: data.row, setOf: data.set, aligned: new Set(data.aligned), isEnd, texts,
    down: state.down, width: lineWidth, depth, parent: data.parent,
    isDecision: (node) => !isEnd(node) && data.sets[data.set[node]].player >= 0,
  };
  const placed = arrange(view);
  const at = (across, along) => (state.down ? [across, along] : [along, across]).map((v) => Math.round(v * 10) / 10);
  const point = (node) => at(placed.across.get(node), placed.along.get(node));
  items.clear();
  const parts = [];
  for (const [number, own] of placed.members) parts.push(...bands(number, own, placed, at, point));
  for (const node of visible) for (const child of children(node)) parts.push(edge(node, child, placed, at, point));
  for (const node of visible) parts.push(item(node, texts.get(node), placed, at, point));
  scene.replaceChildren(...parts);
  state.width = Math.max(...visible.map((n) => point(n)[0] + (state.down ? placed.boxes.get(n).right : Math.max(placed.boxes.get(n).end, BAND))));
  state.height = Math.max(...visible.map((n) => point(n)[1] + (state.down ? Math.max(placed.boxes.get(n).end, BAND) : placed.boxes.get(n).right)));
  if (!items.has(state.current)) state.current = 0;
  items.get(state.current).setAttribute("tabindex", "0");
  showReadout(state.current);
  move();
}

function bands(number, own, placed, at, point) {
  const found = [];
  const kind = stroke(data.sets[number].player) + (own.some(reached) ? "" : " u");
  const add = (way, extra) => found.push(make("path", { class: `b ${kind}${extra}`, d: way }), make("path", { class: `d ${kind}${extra}`, d: way }));
  if (own.length < 2) return found;
  if (!placed.ways.has(number)) add(roundedPath([point(own[0]), point(own.at(-1))]), "");
  (placed.ways.get(number) || []).forEach((way, i) => {
    const route = [point(own[i])];
    for (const step of way) {
      const node = Math.max(step, -1 - step), lead = placed.boxes.get(node).lead * (state.down ? -1 : 1);
      const line = placed.across.get(node) + lead;
      const from = placed.tine.get(placed.next.get(data.row[data.parent[node]]));
      const to = own.includes(node) ? placed.along.get(node) : placed.rowEnd.get(data.row[node]);
      const part = [at(line, from), at(line, to)];
      route.push(...(step >= 0 ? part : part.reverse()));
    }
    route.push(point(own[i + 1]));
    add(roundedPath(route), " v");
  });
  return found;
}

function edge(node, child, placed, at, point) {
  const own = data.sets[data.set[node]], x = placed.across.get(child);
  const tine = placed.tine.get(placed.next.get(data.row[node])), end = placed.rowEnd.get(data.row[node]);
  let way = `M${point(node).join(" ")}`;
  if (end - placed.along.get(node) > BAND + 1) way += `L${at(placed.across.get(node), end).join(" ")}`;
  way += `L${at(x, tine).join(" ")}`;
  const label = placed.boxes.get(child).edge;
  if (state.down && label) way += `L${at(x, tine + 3).join(" ")}M${at(x, tine + 3 + label).join(" ")}`;
  way += `L${point(child).join(" ")}`;
  let kind = "e", width = 1.2;
  if (chosen()) {
    const chance = own.chance ? own.weight[position[child]] : chosen().weight[data.set[node]][position[child]];
    width += 2.4 * chance;
    if (chance) kind += ` ${stroke(own.player)}`;
  }
  if (!reached(child)) kind += " o";
  return make("path", { class: kind, d: way, "stroke-width": width.toFixed(2) });
}

function item(node, text, placed, at, point) {
  const [x, y] = point(node), own = isEnd(node) ? null : data.sets[data.set[node]];
  const group = make("g", {
    class: `n${reached(node) ? "" : " o"}${data.assumed.includes(node) ? " assumed" : ""}`, role: "treeitem", tabindex: "-1", "data-node": node,
    "aria-level": depth[node] + 1, "aria-label": describe(node),
    "aria-posinset": position[node] + 1, "aria-setsize": node ? childLists[data.parent[node]].length : 1,
  });
  if (own) group.setAttribute("aria-expanded", String(!state.folded.has(node)));
  group.append(make("circle", { class: "halo", cx: x, cy: y, r: 11 }));
  if (own && state.folded.has(node)) {
    const [a, b] = state.down ? [[x - 6, y + 14], [x + 6, y + 14]] : [[x + 14, y - 6], [x + 14, y + 6]];
    group.append(make("path", { class: "e", d: `M${x} ${y}L${a.join(" ")}M${x} ${y}L${b.join(" ")}`, "stroke-width": 1.2 }));
  }
  group.append(own ? marker(own.player, x, y) : make("circle", { class: "i", cx: x, cy: y, r: 2.4 }));
  const put = (line, lx, ly, anchor) => {
    const label = make("text", { x: lx.toFixed(1), y: (ly + SIZE * 0.35).toFixed(1), "text-anchor": anchor });
    for (const piece of line) label.append(make("tspan", { class: piece.c }, piece.t));
    group.append(label);
  };
  if (state.down) {
    text.side.forEach((line, i) => put(line, x + SIDE, y - BAND - LINE * (text.side.length - i - 0.5), "start"));
    text.end.forEach((line, i) => put(line, x, y + END + LINE * (i + 0.5), "middle"));
  } else {
    text.side.forEach((line, i) => put(line, x - BAND - 2, y - 3 - LINE * (text.side.length - i - 0.5), "end"));
    text.end.forEach((line) => put(line, x + END, y, "start"));
  }
  if (node) {
    const tine = placed.tine.get(placed.next.get(data.row[data.parent[node]])) + 3, room = Math.max(...text.edge.map(lineWidth), 0);
    text.edge.forEach((line, i) => {
      if (state.down) put(line, x, tine + 2 + LINE * (i + 0.5), "middle");
      else if (i < text.above) put(line, tine + room / 2, y - 2 - LINE * (text.above - i - 0.5), "middle");
      else put(line, tine + room / 2, y + 2 + LINE / 2, "middle");
    });
  }
  items.set(node, group);
  return group;
}

function describe(node) {
  const path = history(node).join(", ") || "the start";
  const payoffs = data.payoffs[data.outcome[node]];
  const paid = payoffs ? `: ${data.players.map((name, i) => `${name} ${payoffs[i]}`).join(", ")}` : "";
  if (isEnd(node)) return `End after ${path}${paid}`;
  const own = data.sets[data.set[node]];
  const hidden = memberCount[data.set[node]] > 1 && own.player >= 0 ? `, one of ${memberCount[data.set[node]]} nodes that look alike` : "";
  return `${playerName(own.player)} moves after ${path}${hidden}: ${own.actions.join(", ")}${paid}`;
}

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
  const box = canvas.getBoundingClientRect(), width = box.width || 800, height = box.height || 600;
  state.zoom = Math.min(1.25, Math.max(0.35, Math.min((width - 24) / state.width, (height - 24) / state.height)));
  state.x = state.width * state.zoom < width ? (width - state.width * state.zoom) / 2 : state.down ? width / 2 - placeOf(0)[0] * state.zoom : 12;
  state.y = state.height * state.zoom < height ? 12 : state.down ? 12 : height / 2 - placeOf(0)[1] * state.zoom;
  move();
}
function placeOf(node) {
  const halo = items.get(node).querySelector(".halo");
  return [Number(halo.getAttribute("cx")), Number(halo.getAttribute("cy"))];
}
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
    showReadout(node);
  }
  for (const each of node === null ? alsoNodes : [node]) items.get(each)?.classList.add("lit");
}
function showReadout(node) {
  const eq = chosen();
  const values = eq && eq.nodeValues[node] ? ` Expected here: ${data.players.map((name, i) => `${name} ${eq.nodeValues[node][i]}`).join(", ")}.` : "";
  byId("readout").textContent = `${describe(node)}.${values}${data.assumed.includes(node) ? " Assumed: the text does not say this." : ""}`;
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
  fold(node, !state.folded.has(node));
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
  for (const row of document.querySelectorAll("[data-equilibrium]")) row.classList.toggle("chosen", Number(row.dataset.equilibrium) === state.equilibrium);
  render();
});

// ---- Search -----------------------------------------------------------------------------------

let matches = [], match = -1, asked = "";
function search() {
  const query = byId("search").value.trim().toLocaleLowerCase();
  if (query !== asked) {
    asked = query; match = -1; matches = [];
    for (let node = 0; query && node < count; node++) {
      const own = isEnd(node) ? null : data.sets[data.set[node]];
      const words = [node ? actionOf(node) : "", own ? playerName(own.player) : "", own ? own.label : "", data.nodeLabels[node] || "", (data.payoffs[data.outcome[node]] || []).join(", ")];
      if (words.some((word) => word.toLocaleLowerCase().includes(query))) matches.push(node);
    }
  }
  if (matches.length) { match = (match + 1) % matches.length; select(matches[match], false); }
  byId("found").textContent = query ? (matches.length ? `${match + 1} of ${matches.length}` : "nothing found") : "";
}
byId("search").addEventListener("keydown", (event) => { if (event.key === "Enter") { event.preventDefault(); search(); } });

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
  copy.append(make("title", {}, data.title), make("style", {}, byId("style").textContent), make("rect", { class: "page", width: "100%", height: "100%" }), body);
  return new XMLSerializer().serializeToString(copy);
}
byId("svg").addEventListener("click", () => download("tree.svg", "image/svg+xml", svgText()));
byId("efg").addEventListener("click", () => download("game.efg", "text/plain", data.efg));
byId("code")?.addEventListener("click", () => download("game.py", "text/x-python", data.code));

if (count > OPEN_WHOLE) openUpTo(OPEN_FIRST);
render();
fit();
document.documentElement.dataset.ready = "yes";
