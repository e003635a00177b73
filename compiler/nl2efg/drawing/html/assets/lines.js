// Edges, bands and labels once the nodes are placed: the algorithm of layout/textbook_lines.py.

function drawLines(T, plan) {
  const { view } = plan, paths = new Map(), labels = [];
  plan.places = plan.rows.map((row) => row.map((node) => plan.across.get(node)));
  plan.families = plan.rows.map((row) => familyIntervals(plan, row));
  for (const parent of view.visible) for (const child of view.children(parent)) paths.set(child, pathTo(T, plan, parent, child));
  for (const node of view.visible) {
    edgeLabel(T, plan, node, paths, labels);
    nodeText(T, plan, node, labels);
    payoffs(T, plan, node, labels);
  }
  const at = (u, v) => (view.down ? [u, v] : [v, u]).map((x) => Math.round(x * 10) / 10);
  const nodes = new Map(view.visible.map((node) => [node, at(plan.across.get(node), plan.along.get(node))]));
  let breadth = 0, length = 0;
  for (const node of view.visible) {
    const frame = plan.frames.get(node);
    breadth = Math.max(breadth, plan.across.get(node) + frame.behind);
    length = Math.max(length, plan.along.get(node) + Math.max(frame.end, frame.overhang, T.dot));
  }
  const [width, height] = at(breadth, length + T.gap);
  return {
    nodes, labels, width, height, bands: bandsOf(T, plan, paths, at),
    edges: [...paths].map(([child, path]) => ({ child, points: path.map(([u, v]) => at(u, v)) })),
  };
}

function familyIntervals(plan, row) {
  const lows = [], highs = [];
  for (const node of row) {
    const own = plan.view.children(node);
    if (!own.length) continue;
    lows.push(plan.across.get(own[0]) - plan.frames.get(own[0]).before);
    highs.push(plan.across.get(own.at(-1)) + plan.frames.get(own.at(-1)).behind);
  }
  return [lows, highs];
}

function pathTo(T, plan, parent, child) {
  const { view, across, along } = plan, rank = view.row[parent];
  const start = [across.get(parent), along.get(parent)], end = [across.get(child), along.get(child)];
  const stop = plan.stops[rank], first = plan.starts[rank + 1], bent = [start];
  if (start[1] < stop) bent.push([start[0], stop]);
  if (plan.kneed.has(parent)) return straightened([...bent, [end[0], first - plan.kneed.get(parent)], end]);
  if (start[1] === stop && end[1] === first) return [start, end];
  if (view.children(parent).length <= 2 && isClear(T, plan, parent, child)) return [start, end];
  return straightened([...bent, [end[0], first], end]);
}

const bisectLeft = (list, x) => { let i = 0; while (i < list.length && list[i] < x) i++; return i; };
const bisectRight = (list, x) => { let i = 0; while (i < list.length && list[i] <= x) i++; return i; };

function isClear(T, plan, parent, child) {
  const { view, across, along } = plan;
  const u = across.get(parent), v = along.get(parent), toU = across.get(child), toV = along.get(child);
  const low = Math.min(u, toU), high = Math.max(u, toU), slope = (toU - u) / (toV - v);
  let looked = 0;
  for (let rank = view.row[parent]; rank <= view.row[child]; rank++) {
    const places = plan.places[rank], row = plan.rows[rank];
    const first = Math.max(0, bisectLeft(places, low) - 1), last = Math.min(row.length, bisectRight(places, high) + 1);
    looked += last - first;
    if (looked > T.obstacles) return false;
    for (const node of row.slice(first, last)) {
      if (node === parent || node === child) continue;
      const frame = plan.frames.get(node), here = along.get(node);
      const top = Math.max(v, here - frame.head), bottom = Math.min(toV, here + Math.max(T.dot, frame.end));
      const ends = [u + slope * (top - v), u + slope * (bottom - v)];
      if (top < bottom && Math.min(...ends) < across.get(node) + frame.behind
        && Math.max(...ends) > across.get(node) - frame.before) return false;
    }
  }
  for (let rank = view.row[parent] + 1; rank < view.row[child]; rank++) {
    const [lows, highs] = plan.families[rank];
    const ends = [u + slope * (plan.starts[rank] - v), u + slope * (plan.starts[rank + 1] - v)];
    if (bisectRight(highs, Math.min(...ends)) < bisectLeft(lows, Math.max(...ends))) return false;
  }
  return true;
}

function straightened(path) {
  const found = [path[0]], same = (a, b) => a[0] === b[0] && a[1] === b[1];
  for (let i = 1; i + 1 < path.length; i++) {
    const before = found.at(-1), point = path[i], after = path[i + 1];
    if (same(point, before) || same(point, after)) continue;
    if (point[0] === before[0] && point[0] === after[0]) continue;
    found.push(point);
  }
  return [...found, path.at(-1)];
}

function acrossAt(path, along) {
  for (let i = 0; i + 1 < path.length; i++) {
    const [[u, v], [toU, toV]] = [path[i], path[i + 1]];
    if (along <= toV) return toV > v ? u + (toU - u) * (along - v) / (toV - v) : toU;
  }
  return path.at(-1)[0];
}

/** A line whose left end, middle or right end (where 0, 0.5, 1) is at x. */
function addLabel(plan, labels, node, line, x, y, where) {
  const width = plan.view.width(line), tenth = (value) => Math.round(value * 10) / 10;
  labels.push({ node, line, x: tenth(x - where * width), y: tenth(y), width: tenth(width), anchor: where });
}

function edgeLabel(T, plan, node, paths, labels) {
  const { view } = plan, lines = view.texts.get(node).edge, frame = plan.frames.get(node);
  if (!node || !lines.length) return;
  const parent = view.parent[node], rank = view.row[parent], first = plan.starts[rank + 1];
  const head = plan.along.get(node) === first ? frame.head : T.dot + T.near;
  const low = plan.stops[rank] + T.near + Math.max(0, plan.frames.get(parent).overhang), high = first - head;
  const count = view.children(parent).length;
  const outer = view.position[node] === (frame.side < 0 ? 0 : count - 1);
  const end = outer && !plan.kneed.has(parent) ? Math.min(high, (low + high + frame.edgeAlong) / 2) : high;
  const begin = end - frame.edgeAlong, path = paths.get(node);
  const ends = [acrossAt(path, begin), acrossAt(path, end)];
  const edge = frame.side < 0 ? Math.min(...ends) - T.touch : Math.max(...ends) + T.touch;
  const top = frame.side < 0 ? edge - frame.edgeAcross : edge;
  lines.forEach((line, i) => {
    if (view.down) addLabel(plan, labels, node, line, edge, begin + T.line * (i + 0.5), frame.side < 0 ? 1 : 0);
    else addLabel(plan, labels, node, line, (begin + end) / 2, top + T.line * (i + 0.5), 0.5);
  });
}

function nodeText(T, plan, node, labels) {
  const { view } = plan, lines = view.texts.get(node).side, frame = plan.frames.get(node);
  const across = plan.across.get(node), along = plan.along.get(node);
  if (view.down) {
    const top = along - T.near - T.line * lines.length - (node ? 0 : T.near);
    lines.forEach((line, i) => {
      if (node) addLabel(plan, labels, node, line, across + frame.side * T.aside, top + T.line * (i + 0.5), frame.side > 0 ? 0 : 1);
      else addLabel(plan, labels, node, line, across, top + T.line * (i + 0.5), 0.5);
    });
    return;
  }
  const near = T.dot + T.near, top = frame.side > 0 ? across + near : across - near - T.line * lines.length;
  lines.forEach((line, i) => addLabel(plan, labels, node, line, along + frame.overhang, top + T.line * (i + 0.5), 1));
}

function payoffs(T, plan, node, labels) {
  const lines = plan.view.texts.get(node).end, across = plan.across.get(node);
  let along = plan.along.get(node) + T.end;
  lines.forEach((line, i) => {
    if (plan.view.down) { addLabel(plan, labels, node, line, across, along + T.line * (i + 0.5), 0.5); return; }
    along += plan.columns[i];
    addLabel(plan, labels, node, line, along, across, 1);
    along += T.column;
  });
}

function bandsOf(T, plan, paths, at) {
  const found = [], place = (node) => [plan.across.get(node), plan.along.get(node)];
  for (const [index, members] of [...plan.members].sort((a, b) => a[0] - b[0])) {
    if (members.length > 1 && plan.view.aligned.has(index)) {
      found.push({ index, curved: false, points: members.map((node) => at(...place(node))) });
    }
    (plan.ways.get(index) || []).forEach((way, i) => {
      const route = [place(members[i])];
      for (const step of way) {
        const part = besideEdge(T, plan, step >= 0 ? step : -1 - step, paths);
        route.push(...(step >= 0 ? part : part.reverse()));
      }
      route.push(place(members[i + 1]));
      found.push({ index, curved: true, points: route.map((point) => at(...point)) });
    });
  }
  return found;
}

function besideEdge(T, plan, node, paths) {
  const path = paths.get(node), shift = -plan.frames.get(node).side * T.inner;
  const [u, v] = path.at(-2), [toU, toV] = path.at(-1);
  const first = path.length > 2 ? [u + shift, v] : [u + 0.3 * (toU - u) + shift, v + 0.3 * (toV - v)];
  return [first, [u + 0.8 * (toU - u) + shift, v + 0.8 * (toV - v)]];
}
