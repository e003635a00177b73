// The game is played on this page, by people and equilibria. While it is, nothing else can be seen.

const rules = data.playing, panel = byId("playing");
let play = null;  // {node, people, equilibrium, last}, while one is on

const toldAt = (index) => rules.told[index] || data.sets[index];
const toldMove = (node) => toldAt(data.set[data.parent[node]]).actions[position[node]];
const mover = (node) => data.sets[data.set[node]].player;
const paidAt = (end) => rules.paid[end] || data.payoffs[data.outcome[end]];
const toldPlayer = (player) => (player < 0 ? "Chance" : rules.players[player]);

function stepsTo(node) {
  const found = [];
  for (; node > 0; node = data.parent[node]) found.push(node);
  return found.reverse();
}

/** The moves so far as the player of a set sees them: "?" for what he cannot know. */
function seenAt(index) {
  const paths = memberLists[index].map((node) => stepsTo(node).map(toldMove));
  if (paths.some((path) => path.length !== paths[0].length)) return [];
  return paths[0].map((move, i) => (paths.every((path) => path[i] === move) ? move : "?"));
}

/** An action by chance: of a number that one, of weights one in their proportions. */
function drawn(row) {
  if (typeof row === "number") return row;
  let left = Math.random() * row.reduce((sum, weight) => sum + weight, 0);
  for (let i = 0; i < row.length; i++) {
    if (left < row[i]) return i;
    left -= row[i];
  }
  return row.findLastIndex((weight) => weight > 0);  // floats may not quite add up
}

// ---- The panel --------------------------------------------------------------------------------

function part(name, words, ...inside) {
  const element = document.createElement(name);
  if (words) element.textContent = words;
  element.append(...inside);
  return element;
}
function pushed(words, act) {
  const button = part("button", words);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}
function bar(...buttons) {
  const line = part("p", "", ...buttons);
  line.className = "bar";
  return line;
}
function soft(words) {
  const line = part("p", words);
  line.className = "soft";
  return line;
}
function show(title, ...parts) {
  byId("play-title").textContent = title;
  byId("play-body").replaceChildren(...parts);
  panel.scrollTop = 0;
  byId("play-title").focus();
}
const letters = () => (rules.letters ? [soft(`The letters have their values to work with: ${rules.letters}.`)] : []);
const leave = () => { play = null; panel.close(); byId("play").focus(); };

// ---- Who plays --------------------------------------------------------------------------------

let seating = { people: rules.players?.map((_, i) => i === 0), equilibrium: -1 };

function choice(words, options, value, changed) {
  const field = part("select", "", ...options.map((each) => part("option", each)));
  field.selectedIndex = value;
  field.addEventListener("change", () => changed(field.selectedIndex));
  return part("label", words, field);
}
function showSeats() {
  play = null;
  const known = data.equilibria.length, parts = [];
  if (known) {
    rules.players.forEach((name, i) => parts.push(choice(name, ["a person", "the equilibrium"], seating.people[i] ? 0 : 1, (at) => { seating.people[i] = at === 0; })));
    if (known > 1) parts.push(choice("Equilibrium", [...chooser.options].slice(0, known).map((each) => each.text), seating.equilibrium, (at) => { seating.equilibrium = at; }));
  } else {
    seating.people.fill(true);
    parts.push(part("p", "No equilibrium of this game is known here, so that people play everybody."));
  }
  parts.push(soft("You see what your player knows, and nothing else; the page is covered. If several people play, they pass the screen on."), ...letters());
  show("Play", ...parts, bar(pushed("Start", start), pushed("Close", leave)));
}
function start() {
  play = { node: 0, people: [...seating.people], equilibrium: seating.equilibrium, last: -1 };
  advance();
}

// ---- A play -----------------------------------------------------------------------------------

/** Goes on until a person has to act, or the game has ended. */
function advance() {
  while (!isEnd(play.node) && !play.people[mover(play.node)]) {
    const index = data.set[play.node];
    play.node = childLists[play.node][drawn(mover(play.node) < 0 ? rules.draws[index] : rules.profiles[play.equilibrium][index])];
  }
  if (isEnd(play.node)) showEnd();
  else if (play.people.filter(Boolean).length > 1 && play.last !== mover(play.node)) showPass(mover(play.node));
  else showTurn();
}
const stopping = () => bar(pushed("Stop", showSeats));

function showPass(player) {
  const name = toldPlayer(player);
  show(`${name}, it is your turn`, part("p", `Pass the screen to ${name}. Nobody else may look.`), bar(pushed(`I am ${name}`, showTurn)), stopping());
}
function showTurn() {
  const index = data.set[play.node], own = toldAt(index), player = mover(play.node);
  play.last = player;
  const seen = seenAt(index).join(", ") || (memberLists[index].length > 1 ? "you cannot tell" : "nothing yet");
  const parts = [part("p", `So far: ${seen}`)];
  if (rules.known[index]) parts.push(part("p", `Where you are: ${rules.known[index]}`));
  const actions = part("div", "", ...own.actions.map((action, i) => {
    const button = pushed("", () => { play.node = childLists[play.node][i]; advance(); }), number = part("span", String(i + 1));
    number.className = "count";
    button.dataset.action = i;
    button.append(number, action);
    return button;
  }));
  actions.className = "actions";
  show(`${toldPlayer(player)}${own.label ? ` (${own.label})` : ""}`, ...parts, actions, ...letters(), stopping());
}

// ---- Afterwards -------------------------------------------------------------------------------

const everybody = (values) => rules.players.map((name, i) => `${name} ${values[i]}`).join(", ");

function payoffTable(end, eq) {
  const heads = ["player", "gets", ...(eq ? ["expected in equilibrium"] : [])];
  const rows = rules.players.map((name, i) => {
    const head = part("th", name);
    head.scope = "row";
    head.className = `p${i % COLOURS}`;
    return part("tr", "", head, part("td", paidAt(end)[i]), ...(eq ? [part("td", eq.nodeValues[0][i])] : []));
  });
  const titles = heads.map((words) => { const head = part("th", words); head.scope = "col"; return head; });
  return part("table", "", part("thead", "", part("tr", "", ...titles)), part("tbody", "", ...rows));
}

/** One move of the play: with which probability, what its player expected, what all could then. */
function moveWords(node, eq) {
  const before = data.parent[node], index = data.set[before], own = data.sets[index], name = toldPlayer(own.player);
  const chance = own.player < 0 ? own.exact[position[node]] : eq?.text[index][position[node]];
  const entry = part("li", `${name}: ${toldMove(node)}`);
  if (own.player < 0) entry.append(`, with probability ${chance}.`);
  else if (eq) entry.append(`, in equilibrium with probability ${chance}.${eq.value[index] ? ` Given what ${name} knew, the expected payoff was ${eq.value[index]}.` : ""}`);
  if (eq && !isEnd(node)) {
    const then = part("span", ` Then, all being known: ${everybody(eq.nodeValues[node])}.`);
    then.className = "soft";
    entry.append(then);
  }
  return entry;
}
function showEnd() {
  const end = play.node, eq = data.equilibria[play.equilibrium], path = stepsTo(end);
  play = null;
  show("The end",
    part("p", `The play: ${path.map(toldMove).join(", ") || "nothing was to be done"}.`), payoffTable(end, eq),
    ...(eq && data.equilibria.length > 1 ? [soft(chooser.options[seating.equilibrium].text)] : []), ...letters(),
    part("h3", eq ? "Move by move, with expected payoffs" : "Move by move"), part("ol", "", ...path.map((node) => moveWords(node, eq))),
    bar(pushed("Play again", start), pushed("Other seats", showSeats), pushed("Show in the tree", () => { leave(); select(end); canvas.scrollIntoView({ block: "nearest" }); }), pushed("Close", leave)));
}

byId("play")?.addEventListener("click", () => {
  seating.equilibrium = data.equilibria.length ? Math.max(0, state.equilibrium) : -1;
  panel.showModal();
  showSeats();
});
panel?.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {  // not while one plays: it would uncover the tree
    event.preventDefault();
    if (!play) leave();
  }
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.matches("select")) return;
  if (/^[1-9]$/.test(event.key)) panel.querySelector(`[data-action="${event.key - 1}"]`)?.click();
});
panel?.addEventListener("cancel", (event) => event.preventDefault());
panel?.addEventListener("close", () => { play = null; });
