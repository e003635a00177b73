// Open points that the reader answers: the command line that takes the answers.

const quoted = (text) => `'${text.replace(/'/g, "'\\''")}'`;
function answerCommand(folder, answers) {
  return ["nl2efg edit", quoted(folder), ...answers.map(([question, answer]) => `--answer ${quoted(question)} ${quoted(answer)}`)].join(" ");
}
function ownFolder(name) {
  // The page lies in the folder that it tells of; shown from elsewhere, it knows the name alone.
  if (location.protocol !== "file:") return `${name}.nl2efg`;
  return decodeURIComponent(location.pathname).replace(/\/[^/]*$/, "").replace(/^\/(?=[A-Za-z]:)/, "") || "/";
}
const answering = document.getElementById("answering"), fields = [...document.querySelectorAll("input.answer")];
function tellCommand() {
  const line = document.getElementById("command");
  const answers = fields.map((field) => [field.dataset.question, field.value.trim()]).filter((each) => each[1]);
  answering.hidden = !answers.length;
  line.textContent = answerCommand(ownFolder(line.dataset.name), answers);
}
for (const field of fields) field.addEventListener("input", tellCommand);
document.getElementById("copy")?.addEventListener("click", async () => {
  const line = document.getElementById("command");
  getSelection().selectAllChildren(line);
  try { await navigator.clipboard.writeText(line.textContent); } catch { document.execCommand("copy"); }
});
