// Two compilations of one text: the other report is read from its file, and where its tree differs
// is marked on this one.

/** Nodes of two trees that have the same history; and what differs there. */
function differences(other) {
  const found = [], queue = [[0, 0]], twin = new Map();
  const theirs = Array.from({ length: other.parent.length }, () => []);
  for (let node = 1; node < other.parent.length; node++) theirs[other.parent[node]].push(node);
  const tell = (node, words) => found.push({ node, words });
  while (queue.length) {
    const [node, mate] = queue.shift();
    twin.set(mate, node);
    const where = history(node).join(", ") || "the start";
    const paid = data.payoffs[data.outcome[node]], theirPaid = other.payoffs[other.outcome[mate]];
    if (String(paid) !== String(theirPaid)) tell(node, `${where}: payoffs ${paid ? paid.join(", ") : "none"} here, ${theirPaid ? theirPaid.join(", ") : "none"} there`);
    if (isEnd(node) !== other.set[mate] < 0) { tell(node, `${where}: the game ends ${isEnd(node) ? "here" : "there"} only`); continue; }
    if (isEnd(node)) continue;
    const own = data.sets[data.set[node]], their = other.sets[other.set[mate]];
    const name = their.player < 0 ? "Chance" : other.players[their.player];
    if (playerName(own.player) !== name) tell(node, `${where}: ${playerName(own.player)} moves here, ${name} there`);
    if (own.chance && their.chance && String(own.exact) !== String(their.exact)) tell(node, `${where}: probabilities ${own.exact.join(", ")} here, ${their.exact.join(", ")} there`);
    const free = their.actions.map((_, i) => i);  // the second of a name goes with the second there
    own.actions.forEach((action, i) => {
      const place = free.find((each) => their.actions[each] === action) ?? -1;
      if (place >= 0) free.splice(free.indexOf(place), 1);
      if (place < 0) tell(childLists[node][i], `${where}: ${action} is possible here only`);
      else queue.push([childLists[node][i], theirs[mate][place]]);
    });
    const more = free.map((each) => their.actions[each]);
    if (more.length) tell(node, `${where}: ${more.join(", ")} possible there only`);
  }
  const pairs = new Map();
  for (const [mate, node] of twin) {
    const index = other.set[mate];
    if (index < 0 || isEnd(node) || other.sets[index].player < 0) continue;
    if (!pairs.has(index)) pairs.set(index, new Set());
    pairs.get(index).add(data.set[node]);
  }
  for (const sets of pairs.values()) {
    if (sets.size > 1) tell(memberLists[[...sets][0]][0], `information sets ${[...sets].map((i) => data.sets[i].number).join(", ")} are one there`);
  }
  const theirSets = new Map();
  for (const [mate, node] of twin) {
    if (isEnd(node) || data.sets[data.set[node]].player < 0 || other.set[mate] < 0) continue;
    if (!theirSets.has(data.set[node])) theirSets.set(data.set[node], new Set());
    theirSets.get(data.set[node]).add(other.set[mate]);
  }
  for (const [index, sets] of theirSets) {
    if (sets.size > 1) tell(memberLists[index][0], `information set ${data.sets[index].number} is ${sets.size} sets there`);
  }
  return found;
}

function showDifferences(found, name) {
  const title = document.createElement("p"), list = document.createElement("ul");
  title.textContent = found.length ? `${name}: ${found.length} difference${found.length === 1 ? "" : "s"}` : `${name}: the same game`;
  for (const { node, words } of found.slice(0, 200)) {
    const entry = document.createElement("li"), button = document.createElement("button");
    entry.textContent = `${words} `;
    button.type = "button";
    button.textContent = "show";
    button.addEventListener("click", () => select(node));
    entry.append(button);
    list.append(entry);
    reveal(node);
  }
  byId("differences").replaceChildren(title, list);
  for (const { node } of found) items.get(node)?.classList.add("differs");
}

byId("other").addEventListener("change", async (event) => {
  const [file] = event.target.files;
  if (!file) return;
  let other = null;
  try {
    const page = new DOMParser().parseFromString(await file.text(), "text/html");
    other = JSON.parse(page.getElementById("data").textContent);
    showDifferences(differences(other), file.name);
  } catch {
    byId("differences").textContent = `${file.name} is no report of nl2efg`;
  }
});
