// The layout of the textbook style in the browser, so that subtrees can fold: the algorithm of
// layout/textbook.py and its neighbours. The measures T come with the page's data.
"use strict";

/** A. van der Ploeg, "Drawing non-layered tidy trees in linear time" (2014), without recursion. */
function tidy(children, left, right, bottom, uprightShare) {
  const count = children.length;
  const zeros = () => new Float64Array(count);
  const prelim = zeros(), mod = zeros(), shift = zeros(), change = zeros();
  const modLeft = zeros(), modRight = zeros();
  const threadLeft = new Int32Array(count).fill(-1), threadRight = new Int32Array(count).fill(-1);
  const extremeLeft = Int32Array.from({ length: count }, (_, i) => i);
  const extremeRight = extremeLeft.slice();

  function separate(own, position, lowest) {
    let here = own[position - 1], there = own[position];
    let sumHere = mod[here], sumThere = mod[there];
    let rank = lowest.length - 1;
    while (here >= 0 && there >= 0) {
      while (rank > 0 && bottom[here] > lowest[rank][0]) rank--;
      const gap = sumHere + prelim[here] + right[here] - (sumThere + prelim[there] - left[there]);
      if (gap > 0) {
        sumThere += gap;
        const box = own[position], other = lowest[rank][1];
        mod[box] += gap; modLeft[box] += gap; modRight[box] += gap;
        if (other !== position - 1) {
          const parts = position - other;
          shift[own[other + 1]] += gap / parts;
          shift[box] -= gap / parts;
          change[box] -= gap - gap / parts;
        }
      }
      const lowHere = bottom[here], lowThere = bottom[there];
      if (lowHere <= lowThere) {
        here = children[here].length ? children[here].at(-1) : threadRight[here];
        if (here >= 0) sumHere += mod[here];
      }
      if (lowHere >= lowThere) {
        there = children[there].length ? children[there][0] : threadLeft[there];
        if (there >= 0) sumThere += mod[there];
      }
    }
    const first = own[0], box = own[position], before = own[position - 1];
    if (here < 0 && there >= 0) {
      const end = extremeLeft[first];
      threadLeft[end] = there;
      const difference = sumThere - mod[there] - modLeft[first];
      mod[end] += difference; prelim[end] -= difference;
      extremeLeft[first] = extremeLeft[box]; modLeft[first] = modLeft[box];
    } else if (here >= 0 && there < 0) {
      const end = extremeRight[box];
      threadRight[end] = here;
      const difference = sumHere - mod[here] - modRight[box];
      mod[end] += difference; prelim[end] -= difference;
      extremeRight[box] = extremeRight[before]; modRight[box] = modRight[before];
    }
  }

  function standUpright(box) {
    const own = children[box];
    let step = 0, total = 0, child = own[0];
    for (let i = 0; i <= own.length >> 1; i++) {
      child = own[i];
      step += shift[child];
      total += step + change[child];
    }
    const place = prelim[child] + mod[child] + total, first = own[0], last = own.at(-1);
    const span = prelim[last] + mod[last] - (prelim[first] + mod[first]);
    if (Math.abs(place - prelim[box]) <= uprightShare * span) prelim[box] = place;
  }

  for (let box = count - 1; box >= 0; box--) {
    const own = children[box];
    if (!own.length) continue;
    const lowest = [[bottom[extremeLeft[own[0]]], 0]];
    for (let position = 1; position < own.length; position++) {
      const reach = bottom[extremeRight[own[position]]];
      separate(own, position, lowest);
      while (lowest.length && reach >= lowest.at(-1)[0]) lowest.pop();
      lowest.push([reach, position]);
    }
    const first = own[0], last = own.at(-1);
    prelim[box] = (prelim[first] + mod[first] + prelim[last] + mod[last]) / 2;
    if (own.length % 2) standUpright(box);
    extremeLeft[box] = extremeLeft[first]; modLeft[box] = modLeft[first];
    extremeRight[box] = extremeRight[last]; modRight[box] = modRight[last];
  }
  const sums = zeros(), found = zeros();
  for (let box = 0; box < count; box++) {
    sums[box] += mod[box];
    found[box] = prelim[box] + sums[box];
    let step = 0, total = 0;
    for (const child of children[box]) {
      step += shift[child];
      total += step + change[child];
      mod[child] += total;
      sums[child] = sums[box];
    }
  }
  return found;
}

/** The lane of each node of a row: intervals [left, right, members] that overlap get different ones. */
function packSpans(spans, lanes) {
  const busy = [], free = [];
  let used = 0;
  spans.sort((a, b) => a[0] - b[0] || a[2][0] - b[2][0]);
  for (const [low, high, members] of spans) {
    for (let i = busy.length - 1; i >= 0; i--) if (busy[i][0] <= low) free.push(busy.splice(i, 1)[0][1]);
    free.sort((a, b) => a - b);
    const lane = free.length ? free.shift() : used++;
    busy.push([high, lane]);
    for (const node of members) lanes.set(node, lane);
  }
}

/** The edges from one node to another; one walked upwards is -1 - child. */
function wayBetween(view, start, end) {
  const up = [], down = [];
  while (start !== end) {
    if (view.depth[start] >= view.depth[end]) { up.push(-1 - start); start = view.parent[start]; }
    else { down.push(end); end = view.parent[end]; }
  }
  return up.concat(down.reverse());
}

function sideOf(position, count, down) {
  if (!count || 2 * position + 1 === count) return down ? 1 : -1;
  return 2 * position + 1 < count ? -1 : 1;
}

/** The room of one node, in coordinates across and along the tree: frame.py. */
function frameOf(T, text, down, position, count, columns, led, widest) {
  const wide = widest(text.edge), high = T.line * text.edge.length;
  const nameWide = widest(text.side), nameHigh = T.line * text.side.length;
  const side = sideOf(position, count, down), lead = led ? T.inner + T.near : 0;
  const frame = { side, led, head: 0, overhang: 0 };
  let core, beside;
  if (down) {
    frame.end = text.end.length ? T.end + T.line * text.end.length : 0;
    [frame.edgeAcross, frame.edgeAlong, frame.nameAcross, frame.nameAlong] = [wide, high, nameWide, nameHigh];
    core = Math.max(T.dot, widest(text.end) / 2);
    beside = count && nameWide ? nameWide + T.aside : 0;
  } else {
    frame.end = text.end.length ? T.end + columns : 0;
    [frame.edgeAcross, frame.edgeAlong, frame.nameAcross, frame.nameAlong] = [high, wide, nameHigh, nameWide];
    core = Math.max(T.dot, text.end.length ? T.line / 2 : 0);
    beside = nameHigh ? nameHigh + T.dot + T.near : 0;
  }
  let outer = Math.max(core, frame.edgeAcross ? frame.edgeAcross + T.touch : 0, beside);
  let inner = Math.max(core, lead);
  if (down && !count) outer = inner = Math.max(core, nameWide / 2);
  else if (down && count > 1 && 2 * position + 1 === count) inner = outer; // it stands in the middle
  frame.before = (side < 0 ? outer : inner) + T.gap / 2;
  frame.behind = (side < 0 ? inner : outer) + T.gap / 2;
  return frame;
}

/** Where everything is. `view` gives the visible nodes, their children, rows, sets, texts and widths. */
function arrange(T, view) {
  const plan = planOf(T, view);
  place(T, plan);
  if (spread(T, plan)) {
    place(T, plan);
    const kneed = [...plan.kneed.keys()].flatMap((parent) => view.children(parent));
    if (kneed.filter((child) => plan.wider.delete(child)).length) place(T, plan);
  }
  return drawLines(T, plan);
}

function place(T, plan) {
  const { view } = plan;
  [plan.spans, plan.starts, plan.stops] = [[], [], []];
  plan.kneed.clear();
  placeAcross(T, plan);
  plan.rows = Array.from({ length: 1 + Math.max(...view.visible.map((n) => view.row[n])) }, () => []);
  for (const node of view.visible) plan.rows[view.row[node]].push(node);
  const lanes = plan.rows.map((row) => lanesOf(plan, row));
  setOverhang(T, plan, plan.rows.length - 1, T.most);
  const gaps = new Array(plan.rows.length).fill(0);
  for (let rank = plan.rows.length - 1; rank > 0; rank--) gaps[rank] = gapBefore(T, plan, rank);
  placeAlong(T, plan, lanes, gaps);
}

function planOf(T, view) {
  const { visible, texts, down } = view;
  const widest = (lines) => Math.max(0, ...lines.map(view.width));
  const members = new Map();
  for (const node of visible) {
    if (!view.isDecision(node)) continue;
    if (!members.has(view.setOf[node])) members.set(view.setOf[node], []);
    members.get(view.setOf[node]).push(node);
  }
  const ways = new Map(), led = new Set();
  let budget = view.waySteps * visible.length;
  for (const [index, own] of members) {
    if (view.aligned.has(index) || own.length < 2) continue;
    const found = [];
    for (let i = 1; i < own.length; i++) found.push(wayBetween(view, own[i - 1], own[i]));
    budget -= found.reduce((sum, way) => sum + way.length, 0);
    if (budget < 0) break;
    ways.set(index, found);
    for (const way of found) for (const step of way) led.add(Math.max(step, -1 - step));
  }
  const columns = new Array(view.players).fill(0);
  for (const node of visible) {
    if (view.isEnd(node)) texts.get(node).end.forEach((line, i) => { columns[i] = Math.max(columns[i], view.width(line)); });
  }
  const total = columns.reduce((sum, one) => sum + one, 0) + T.column * Math.max(0, columns.length - 1);
  const frames = new Map();
  for (const node of visible) {
    const count = node ? view.allChildren(view.parent[node]).length : 0;
    frames.set(node, frameOf(T, texts.get(node), down, node ? view.position[node] : 0, count, total, led.has(node), widest));
  }
  return {
    view, members, ways, columns, frames, across: new Map(), along: new Map(), spans: [],
    starts: [], stops: [], kneed: new Map(), blocks: new Map(), wider: new Map(),
  };
}

function placeAcross(T, plan) {
  const { visible, children, row } = plan.view, index = new Map(visible.map((node, i) => [node, i]));
  const frames = visible.map((node) => plan.frames.get(node));
  const placed = tidy(
    visible.map((node) => children(node).map((child) => index.get(child))),
    frames.map((frame, i) => Math.max(frame.before, plan.wider.get(visible[i])?.[0] || 0)),
    frames.map((frame, i) => Math.max(frame.behind, plan.wider.get(visible[i])?.[1] || 0)),
    visible.map((node) => row[node] + (children(node).length ? 1 : 2)), T.upright,
  );
  let least = Infinity;
  visible.forEach((node, i) => { least = Math.min(least, placed[i] - frames[i].before); });
  visible.forEach((node, i) => plan.across.set(node, placed[i] - least));
}

function lanesOf(plan, row) {
  const { view, across, frames } = plan, spans = new Map(), lanes = new Map();
  for (const node of row) {
    if (view.isEnd(node)) continue;
    const key = view.aligned.has(view.setOf[node]) ? view.setOf[node] : -1 - node;
    const low = across.get(node) - frames.get(node).before, high = across.get(node) + frames.get(node).behind;
    const span = spans.get(key);
    if (!span) spans.set(key, [low, high, [node]]);
    else { span[0] = Math.min(span[0], low); span[1] = Math.max(span[1], high); span[2].push(node); }
  }
  packSpans([...spans.values()], lanes);
  const wide = [...spans.values()].filter((span) => span[2].length > 1)
    .map((span) => [across.get(span[2][0]), across.get(span[2].at(-1))]);
  plan.spans.push(wide);
  const ends = row.filter(view.isEnd);
  if (ends.some((node) => liesUnder(plan, node, wide))) for (const [node, lane] of lanes) lanes.set(node, lane + 1);
  for (const node of ends) lanes.set(node, 0);
  return lanes;
}

function liesUnder(plan, node, spans) {
  const here = plan.across.get(node), { before, behind } = plan.frames.get(node);
  return spans.some(([low, high]) => low < here + behind && here - before < high);
}

function gapBefore(T, plan, rank) {
  let needed = plan.view.down ? T.least_down : T.least_right;
  for (const node of plan.rows[rank]) {
    setHead(T, plan, node);
    needed = Math.max(needed, plan.frames.get(node).head + 2 * T.near);
  }
  for (const parent of plan.rows[rank - 1]) {
    if (plan.view.children(parent).length) needed = Math.max(needed, familyGap(T, plan, parent, rank));
  }
  setOverhang(T, plan, rank - 1, needed);
  return needed;
}

function familyGap(T, plan, parent, rank) {
  const own = plan.view.children(parent);
  let spread = 0, block = 0, between = 0;
  own.forEach((child, place) => {
    const frame = plan.frames.get(child), reach = plan.across.get(child) - plan.across.get(parent);
    const head = plan.view.row[child] === rank ? frame.head : T.dot + T.near;
    spread = Math.max(spread, Math.abs(reach));
    block = Math.max(block, head + frame.edgeAlong);
    between = Math.max(between, roomBetween(T, plan, parent, place, head));
    if (reach * frame.side < -1 && frame.nameAcross) between = 2 * T.most;
  });
  plan.blocks.set(parent, block);
  if (between > T.most) {
    plan.kneed.set(parent, block + T.near);
    return block + T.near + Math.min(T.knee_most, Math.max(T.knee_least, T.slope * spread / 2));
  }
  return Math.max(block + 2 * T.near, between, Math.min(T.most, T.slope * spread));
}

function roomBetween(T, plan, parent, place, head) {
  const own = plan.view.children(parent), frame = plan.frames.get(own[place]), neighbour = place + frame.side;
  if (neighbour < 0 || neighbour >= own.length) return 0;
  const [reach, beyond] = [place, neighbour].map((i) => plan.across.get(own[i]) - plan.across.get(parent));
  const distance = Math.abs(beyond - reach), free = distance - keptFree(T, plan, own, place);
  const slant = Math.max(0, reach * frame.side, -beyond * frame.side);
  let needed = 0;
  for (const [across, along, block] of textsBetween(T, frame, head)) {
    if (free <= across) return 2 * T.most;
    needed = Math.max(needed, (block * distance + along * slant) / (free - across));
  }
  return needed;
}

function keptFree(T, plan, own, place) {
  const frame = plan.frames.get(own[place]);
  return 2 * T.touch + (frame.led || plan.frames.get(own[place + frame.side]).led ? T.inner : 0);
}

function textsBetween(T, frame, head) {
  const texts = [[frame.edgeAcross, frame.edgeAlong, head + frame.edgeAlong]];
  if (frame.nameAcross) texts.push([frame.nameAcross + T.dot + T.near, frame.nameAlong, head]);
  return texts.filter((text) => text[0]);
}

/** Keep the children of small families with knees so far apart that their edges can be straight. */
function spread(T, plan) {
  for (const parent of plan.kneed.keys()) {
    const own = plan.view.children(parent);
    if (own.length > T.spread) continue;
    own.forEach((child, place) => {
      const frame = plan.frames.get(child), other = plan.frames.get(own[place + frame.side]);
      if (!other) return;
      const slanted = 2 * place + 1 === own.length ? 0 : 1;
      let distance = 0;
      for (const [across, along, block] of textsBetween(T, frame, frame.head)) {
        const left = T.most - block - slanted * along;
        if (left > 0) distance = Math.max(distance, T.most * (keptFree(T, plan, own, place) + across) / left + T.touch);
      }
      plan.wider.set(child, frame.side < 0 ? [distance - other.behind, 0] : [0, distance - other.before]);
    });
  }
  return plan.wider.size > 0;
}

function setHead(T, plan, node) {
  const frame = plan.frames.get(node);
  frame.head = T.dot + T.near;
  if (!frame.nameAlong) return;
  if (plan.view.down) frame.head = Math.max(frame.head, frame.nameAlong + 2 * T.near);
  else frame.head = Math.max(frame.head, frame.nameAlong - frame.overhang + T.near);
}

function setOverhang(T, plan, rank, gap) {
  if (plan.view.down) return;
  for (const node of plan.rows[rank]) {
    const frame = plan.frames.get(node);
    frame.overhang = 0;
    if (!frame.nameAlong) continue;
    if ((plan.members.get(plan.view.setOf[node]) || []).length > 1) { frame.overhang = -T.aside; continue; }
    if (!covers(plan, node)) continue;
    const here = plan.across.get(node);
    const steepest = Math.max(0, ...plan.view.children(node).map((child) => (plan.across.get(child) - here) * frame.side))
      / (gap - (plan.kneed.get(node) || 0));
    const room = steepest ? T.dot / steepest : frame.nameAlong;
    const free = Math.max(0, gap - (plan.blocks.get(node) || 0) - 2 * T.near);
    frame.overhang = Math.min(frame.nameAlong / 2, room, free);
  }
}

function covers(plan, node) {
  const own = plan.view.children(node), frame = plan.frames.get(node), here = plan.across.get(node);
  if (!own.length) return false;
  const low = plan.across.get(own[0]) - plan.frames.get(own[0]).before;
  const high = plan.across.get(own.at(-1)) + plan.frames.get(own.at(-1)).behind;
  return frame.side < 0 ? here - low >= frame.before : high - here >= frame.behind;
}

function placeAlong(T, plan, lanes, gaps) {
  let cursor = 0;
  plan.rows.forEach((row, rank) => {
    const count = 1 + Math.max(0, ...row.map((node) => lanes[rank].get(node)));
    const heads = new Array(count).fill(T.dot), tails = new Array(count).fill(T.dot);
    for (const node of row) {
      const lane = lanes[rank].get(node), frame = plan.frames.get(node);
      if (!rank) setHead(T, plan, node);
      heads[lane] = Math.max(heads[lane], frame.head);
      if (lane + 1 < count) tails[lane] = Math.max(tails[lane], frame.end);
    }
    let places = [rank ? cursor + gaps[rank] : heads[0] + T.gap / 2];
    for (let lane = 1; lane < count; lane++) {
      places.push(places[lane - 1] + Math.max(T.lane, tails[lane - 1] + T.near, tails[lane - 1] + heads[lane]));
    }
    const shift = rank ? shiftOf(T, plan, rank, places) : 0;
    places = places.map((place) => place + shift);
    plan.starts.push(places[0]);
    plan.stops.push(places.at(-1));
    for (const node of row) plan.along.set(node, places[lanes[rank].get(node)]);
    cursor = places.at(-1);
  });
}

function shiftOf(T, plan, rank, places) {
  let shift = 0;
  for (const node of plan.rows[rank - 1]) {
    if (!plan.view.isEnd(node)) continue;
    const end = plan.along.get(node) + plan.frames.get(node).end;
    shift = Math.max(shift, end - places.at(-1));
    if (liesUnder(plan, node, plan.spans[rank])) shift = Math.max(shift, end + T.near - places[0]);
  }
  return shift;
}
