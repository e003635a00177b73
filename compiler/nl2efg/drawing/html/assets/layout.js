// Tidy layout in the browser: the algorithm of nl2efg's layout.py, so that subtrees can fold.
"use strict";

const SIZE = 12, LINE = 14, NODE = 6, BAND = 9, CURVED = 5, GAP = 8, SIDE = 6, END = 9;
const FAN_LEAST = 20, FAN_MOST = 64, FAN_SLOPE = 0.14;

/** A. van der Ploeg, "Drawing non-layered tidy trees in linear time" (2014), without recursion. */
function tidy(children, left, right, bottom) {
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

/** Lanes of one row: no band may pass through a foreign node. `spans` are [left, right, members]. */
function packLanes(spans, ends, across, lanes) {
  const places = ends.map((node) => across.get(node)).sort((a, b) => a - b);
  const right = [];
  let last = 0;
  spans.sort((a, b) => a[0] - b[0] || a[2][0] - b[2][0]);
  for (const [low, high, members] of spans) {
    let lane = right.findIndex((end) => end <= low);
    if (lane < 0) lane = right.length;
    right[lane] = high;
    for (const node of members) lanes.set(node, lane);
    if (members.length > 1) {
      const from = across.get(members[0]), to = across.get(members.at(-1));
      if (places.some((place) => place > from && place < to)) last = Math.max(last, lane + 1);
    }
  }
  for (const node of ends) lanes.set(node, last);
}

/** Everything's place. `view` gives visible nodes, their children, rows, sets, texts and width(). */
function arrange(view) {
  const { visible, children, row, setOf, aligned, isEnd, texts, down, width } = view;
  const widest = (lines) => Math.max(0, ...lines.map(width));
  const members = new Map();
  for (const node of visible) {
    if (!view.isDecision(node)) continue;
    if (!members.has(setOf[node])) members.set(setOf[node], []);
    members.get(setOf[node]).push(node);
  }
  const ways = new Map(), led = new Set();
  for (const [number, own] of members) {
    if (aligned.has(number) || own.length < 2) continue;
    const found = [];
    for (let i = 1; i < own.length; i++) found.push(wayBetween(view, own[i - 1], own[i]));
    ways.set(number, found);
    for (const way of found) for (const step of way) led.add(Math.max(step, -1 - step));
  }
  const boxes = new Map();
  for (const node of visible) boxes.set(node, boxOf(texts.get(node), down, led.has(node), widest));
  const index = new Map(visible.map((node, position) => [node, position]));
  const placed = tidy(
    visible.map((node) => children(node).map((child) => index.get(child))),
    visible.map((node) => boxes.get(node).left),
    visible.map((node) => boxes.get(node).right),
    visible.map((node) => row[node] + (isEnd(node) && texts.get(node).end.length ? 2 : 1)),
  );
  let least = Infinity;
  visible.forEach((node, i) => { least = Math.min(least, placed[i] - boxes.get(node).left); });
  const across = new Map(visible.map((node, i) => [node, placed[i] - least + GAP / 2]));
  const used = [...new Set(visible.map((node) => row[node]))].sort((a, b) => a - b);
  const byRow = new Map(used.map((number) => [number, []]));
  for (const node of visible) byRow.get(row[node]).push(node);
  const lanes = new Map();
  for (const nodes of byRow.values()) {
    const spans = new Map();
    for (const node of nodes) {
      if (isEnd(node)) continue;
      const key = aligned.has(setOf[node]) ? setOf[node] : -1 - node;
      const low = across.get(node) - boxes.get(node).left;
      const high = across.get(node) + boxes.get(node).right;
      const span = spans.get(key);
      if (!span) spans.set(key, [low, high, [node]]);
      else { span[0] = Math.min(span[0], low); span[1] = Math.max(span[1], high); span[2].push(node); }
    }
    packLanes([...spans.values()], nodes.filter(isEnd), across, lanes);
  }
  const rows = stackRows(view, used, byRow, lanes, boxes, across);
  return { ...rows, across, boxes, members, ways, used };
}

function wayBetween(view, start, end) {
  const up = [], down = [];
  while (start !== end) {
    if (view.depth[start] >= view.depth[end]) { up.push(-1 - start); start = view.parent[start]; }
    else { down.push(end); end = view.parent[end]; }
  }
  return up.concat(down.reverse());
}

function boxOf(text, down, led, widest) {
  const edge = widest(text.edge), side = widest(text.side), end = widest(text.end);
  if (down) {
    const half = Math.max(edge, end) / 2;
    const lead = led ? Math.max(edge / 2 + 2, NODE) + CURVED + 4 : 0;
    return {
      left: Math.max(half, BAND, lead + CURVED) + GAP / 2,
      right: Math.max(half, BAND, side ? SIDE + side : 0) + GAP / 2,
      edge: text.edge.length ? LINE * text.edge.length + 4 : 0,
      side: text.side.length ? LINE * text.side.length + 2 : 0,
      end: text.end.length ? END + LINE * text.end.length : 0, lead,
    };
  }
  const below = text.edge.length - text.above;
  const lead = led ? Math.max(LINE * below + 4, NODE) + CURVED + 4 : 0;
  return {
    left: Math.max(LINE * text.above + 4, LINE * text.side.length + 4, BAND) + GAP / 2,
    right: Math.max(LINE * below + 4, LINE / 2 * text.end.length, BAND, lead + CURVED) + GAP / 2,
    edge: edge ? edge + 6 : 0, side: side ? side + SIDE : 0, end: end ? END + end : 0, lead,
  };
}

function stackRows(view, used, byRow, lanes, boxes, across) {
  const room = new Map(used.map((number) => [number, [0, 0]]));
  const next = new Map(used.map((number, i) => [number, used[i + 1]]));
  for (const node of view.visible) {
    for (const child of view.children(node)) {
      const own = room.get(next.get(view.row[node]));
      own[0] = Math.max(own[0], Math.abs(across.get(child) - across.get(node)));
      own[1] = Math.max(own[1], boxes.get(child).edge);
    }
  }
  const along = new Map(), tine = new Map(), rowEnd = new Map();
  let cursor = GAP, needed = GAP;
  used.forEach((number, position) => {
    const [spread, label] = room.get(number);
    const extra = label ? label + 6 : 0;
    const fan = position ? Math.min(FAN_MOST, Math.max(FAN_LEAST, FAN_SLOPE * spread)) : 0;
    const start = Math.max(cursor + fan + extra, position ? needed + 6 : cursor);
    tine.set(number, start - extra);
    cursor = start;
    const nodes = byRow.get(number);
    const count = 1 + Math.max(...nodes.map((node) => lanes.get(node)));
    const before = new Array(count).fill(0), half = new Array(count).fill(NODE), centre = [];
    for (const node of nodes) {
      const lane = lanes.get(node);
      before[lane] = Math.max(before[lane], boxes.get(node).side);
      if (!view.isEnd(node)) half[lane] = BAND;
    }
    for (let lane = 0; lane < count; lane++) {
      centre.push(cursor + before[lane] + half[lane]);
      cursor = centre[lane] + half[lane];
    }
    needed = cursor;
    for (const node of nodes) {
      along.set(node, centre[lanes.get(node)]);
      needed = Math.max(needed, along.get(node) + boxes.get(node).end);
    }
    rowEnd.set(number, cursor);
  });
  return { along, tine, rowEnd, next };
}
