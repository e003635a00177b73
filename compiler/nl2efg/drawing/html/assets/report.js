// The report's picture. Strings from the game reach the page as text only, never as markup.
const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const SVG = "http://www.w3.org/2000/svg";
const T = data.layout;
const COLOURS = 8;
const MOST_VISIBLE = 3000, OPEN_FIRST = 150, OPEN_WHOLE = 400, WIDE = 760;
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
const memberLists = data.sets.map(() => []);
data.set.forEach((index, node) => { if (index >= 0) memberLists[index].push(node); });

const state = {
  equilibrium: data.equilibria.length ? 0 : -1, down: true, folded: new Set(),
  current: 0, x: 0, y: 0, zoom: 1, width: 0, height: 0,
};

const ruler = document.createElement("canvas").getContext("2d");
const widths = new Map();
function textWidth(text) {
  let known = widths.get(text);
  if (known === undefined) {
    ruler.font = `${T.size}px ${data.font}`;
    known = ruler.measureText(text).width;
    widths.set(text, known);
  }
  return known;
}
const lineWidth = (line) => line.reduce((sum, piece) => sum + textWidth(piece.t) + (piece.apart || 0), 0);

const fill = (player) => (player === undefined || player === null ? "i" : player < 0 ? "c" : `p${player % COLOURS}`);
const stroke = (player) => (player < 0 ? "k" : `s${player % COLOURS}`);
const isEnd = (node) => data.set[node] < 0;
const children = (node) => (state.folded.has(node) ? [] : childLists[node]);
const chosen = () => data.equilibria[state.equilibrium];
const reached = (node) => !chosen() || chosen().reached[node] === "1";
const actionOf = (node) => data.sets[data.set[data.parent[node]]].actions[position[node]];
const playerName = (player) => (player < 0 ? "Chance" : data.players[player]);

function history(node) {
  const found = [];
  for (; node > 0; node = data.parent[node]) found.unshift(actionOf(node));
  return found;
}

/** The probability of an action as it is written; a pure choice is told by its thick edge. */
function probabilityOf(node) {
  const index = data.set[data.parent[node]], own = data.sets[index];
  if (own.chance) return own.chance[position[node]];
  return chosen() ? chosen().told[index][position[node]] : "";
}

function textsOf(node, named) {
  const text = { edge: [], side: [], end: [] };
  if (node) {
    const own = data.sets[data.set[data.parent[node]]];
    text.edge = own.lines[position[node]].map((t) => [{ t, c: fill(own.player) }]);
    const probability = probabilityOf(node);
    if (probability) text.edge.push([{ t: probability, c: fill(own.player) }]);
  }
  const payoffs = data.payoffs[data.outcome[node]];
  if (isEnd(node)) {
    if (payoffs) text.end = payoffs.map((t, player) => [{ t, c: fill(player), apart: t.includes(" ") ? T.apart : 0 }]);
    return text;
  }
  const index = data.set[node], own = data.sets[index], eq = chosen();
  if (!named.has(index)) {
    named.add(index);
    if (!data.alone.has(node)) text.side.push([{ t: own.player < 0 ? "Chance" : data.names[own.player], c: fill(own.player), ofSet: true }]);
    if (eq && eq.value[index]) text.side.push([{ t: `E ${eq.value[index]}`, c: fill(own.player), ofSet: true }]);
  }
  if (eq && own.player >= 0 && memberLists[index].length > 1 && eq.belief[node]) text.side.push([{ t: `[${eq.belief[node]}]`, c: fill(own.player) }]);
  if (payoffs) text.side.push([{ t: `+(${payoffs.join(", ")})`, c: "i" }]);
  if (state.folded.has(node)) text.side.push([{ t: `+${(subtree[node] - 1).toLocaleString("en")}`, c: "i" }]);
  return text;
}
data.alone = new Set(data.alone);

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

function marker(player, x, y) {
  if (player < 0) return make("circle", { class: "c m", cx: x, cy: y, r: T.dot - 0.7 });
  const angles = data.shapes[(player + Math.floor(player / COLOURS)) % data.shapes.length];
  if (!angles.length) return make("circle", { class: fill(player), cx: x, cy: y, r: T.dot });
  const corner = (a) => `${(x + 1.2 * T.dot * Math.cos(a * Math.PI / 180)).toFixed(1)},${(y + 1.2 * T.dot * Math.sin(a * Math.PI / 180)).toFixed(1)}`;
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

const canvas = byId("canvas"), scene = byId("scene"), items = new Map(), places = new Map();

function viewOf(visible) {
  const named = new Set(), texts = new Map();
  for (const node of visible) texts.set(node, textsOf(node, named));
  return {
    visible, children, row: data.row, setOf: data.set, aligned: new Set(data.aligned), isEnd, texts,
    down: state.down, width: lineWidth, depth, parent: data.parent, position, players: data.players.length,
    waySteps: data.waySteps, allChildren: (node) => childLists[node],
    isDecision: (node) => !isEnd(node) && data.sets[data.set[node]].player >= 0,
  };
}

function render() {
  const placed = arrange(T, viewOf(visibleNodes()));
  items.clear();
  places.clear();
  for (const [node, place] of placed.nodes) places.set(node, place);
  const labels = new Map();
  for (const label of placed.labels) {
    if (!labels.has(label.node)) labels.set(label.node, []);
    labels.get(label.node).push(label);
  }
  scene.replaceChildren(
    ...placed.bands.map(band), ...placed.edges.map(edge),
    ...[...placed.nodes].map(([node, [x, y]]) => item(node, x, y, labels.get(node) || [])),
  );
  state.width = placed.width;
  state.height = placed.height;
  if (!items.has(state.current)) state.current = 0;
  items.get(state.current).setAttribute("tabindex", "0");
  inspect(state.current);
  move();
}

/** Whether play comes to an information set: its name is written at its first node, which may be one that it misses. */
const comesTo = (index) => memberLists[index].some(reached);

function band({ index, points, curved }) {
  const dim = comesTo(index) ? "" : " u";
  const way = curved ? roundedPath(points) : roundedPath([points[0], points.at(-1)]);
  return make("path", { class: `d ${stroke(data.sets[index].player)}${dim}${curved ? " v" : ""}`, d: way });
}

function edge({ child, points }) {
  const node = data.parent[child], own = data.sets[data.set[node]];
  let kind = "e", width = 1.1;
  if (chosen()) {
    const chance = own.chance ? own.weight[position[child]] : chosen().weight[data.set[node]][position[child]];
    width += 2.1 * chance;
    if (chance) kind += ` ${stroke(own.player)}`;
  }
  if (!reached(child)) kind += " o";
  return make("path", { class: kind, d: `M${points.map((p) => p.join(" ")).join("L")}`, "stroke-width": width.toFixed(2) });
}

function item(node, x, y, labels) {
  const own = isEnd(node) ? null : data.sets[data.set[node]], folded = state.folded.has(node), kept = new Set();
  const group = make("g", {
    class: `n${data.unsourced.has(node) ? " unsourced" : ""}${folded ? " folded" : ""}`,
    role: "treeitem", tabindex: "-1", "data-node": node,
    "aria-level": depth[node] + 1, "aria-label": describe(node),
    "aria-posinset": position[node] + 1, "aria-setsize": node ? childLists[data.parent[node]].length : 1,
  });
  if (own) group.setAttribute("aria-expanded", String(!folded));
  group.append(make("circle", { class: "halo", cx: x, cy: y, r: 9 }));
  if (own && folded) {
    const [a, b] = state.down ? [[x - 6, y + 14], [x + 6, y + 14]] : [[x + 14, y - 6], [x + 14, y + 6]];
    group.append(make("path", { class: "e", d: `M${x} ${y}L${a.join(" ")}M${x} ${y}L${b.join(" ")}`, "stroke-width": 1.1 }));
  }
  group.append(own ? marker(own.player, x, y) : make("circle", { class: "i", cx: x, cy: y, r: 1.8 }));
  for (const label of labels) {
    const anchor = { 0: "start", 0.5: "middle", 1: "end" }[label.anchor];
    const text = make("text", { x: (label.x + label.anchor * label.width).toFixed(1), y: (label.y + T.size * 0.35).toFixed(1), "text-anchor": anchor });
    for (const piece of label.line) text.append(make("tspan", { class: piece.c }, piece.t));
    group.append(text);
    if (label.line[0].ofSet && comesTo(data.set[node])) kept.add(text);
  }
  if (!reached(node)) for (const each of group.children) if (!kept.has(each)) each.classList.add("o");
  if (own) group.append(handle(folded, ...(state.down ? [x, y + 11] : [x + 11, y])));
  items.set(node, group);
  return group;
}

/** The small button at a node that folds what follows it. */
function handle(folded, x, y) {
  const button = make("g", { class: "handle" });
  button.append(make("title", {}, folded ? "unfold" : "fold"), make("circle", { cx: x, cy: y, r: 5.5 }),
    make("path", { d: `M${x - 3} ${y}h6${folded ? `M${x} ${y - 3}v6` : ""}` }));
  return button;
}

function describe(node) {
  const path = node ? `after ${history(node).join(", ")}` : "at the start";
  const payoffs = data.payoffs[data.outcome[node]];
  const paid = payoffs ? `: ${data.players.map((name, i) => `${name} ${payoffs[i]}`).join(", ")}` : "";
  if (isEnd(node)) return `Terminal node ${path}${paid}`;
  const index = data.set[node], own = data.sets[index], alike = memberLists[index].length;
  const hidden = alike > 1 && own.player >= 0 ? `, one of ${alike} nodes of information set ${own.number}` : "";
  return `${playerName(own.player)} moves ${path}${hidden}: ${own.actions.join(", ")}${paid}`;
}

