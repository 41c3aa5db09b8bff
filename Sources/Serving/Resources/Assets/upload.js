// Makes the form of a story send files resumably, each with its own progress.
// Without this script the browser sends the form as it is.

import { Announcer } from "./announcer.js";
import { fingerprint } from "./memory.js";
import { Queue } from "./queue.js";
import { Row } from "./row.js";
import { Sending } from "./sending.js";
import { offerUnfinished, takeOff } from "./unfinished.js";
import { count, size, status, summary } from "./words.js";

const form = document.getElementById("upload");
const details = form.closest("details");
const input = document.getElementById("file");
const drop = form.querySelector(".drop");
const chosen = document.getElementById("chosen");
const section = document.getElementById("sending");
const child = form.dataset.child;

const queue = new Queue();
const rows = [];
const announcer = new Announcer(document.getElementById("spoken"));
const spokenStates = ["done", "refused", "failed", "offline", "cancelled"];
const spokenEvery = 30_000;
const showEvery = 250;
let spokenAt = 0;
let timer = null;

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const words = fields();
  const files = [...input.files];
  form.reset();
  showChosen();
  details.open = false;
  details.querySelector("summary").focus();
  for (const file of files) add(file, words);
});

input.addEventListener("change", showChosen);

for (const name of ["dragover", "dragleave", "drop"]) {
  document.addEventListener(name, (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    details.open = true;
    if (name === "drop") choose(event.dataTransfer.files);
  });
}

if (matchMedia("(any-pointer: fine)").matches) {
  drop.querySelector("span").textContent += "; you can drop or paste them here too";
}

document.addEventListener("paste", (event) => {
  const { files, types } = event.clipboardData ?? {};
  // Text that was copied in an office program comes with a picture of itself.
  if (files?.length > 0 && !types.includes("text/plain")) choose(files);
});

addEventListener("beforeunload", (event) => {
  if (queue.isBusyAtAll) event.preventDefault();
});

queue.addEventListener("change", show);
queue.addEventListener("progress", () => { timer ??= setTimeout(show, showEvery); });
setInterval(() => { if (queue.isBusyAtAll) show(); }, 1000);

offerUnfinished(child, announcer, (file) => add(file, null));

/** Adds files to those that are chosen, and shows the form. */
function choose(files) {
  const all = new DataTransfer();
  for (const file of [...input.files, ...files]) all.items.add(file);
  input.files = all.files;
  details.open = true;
  showChosen();
  announcer.say(chosen.textContent);
}

function showChosen() {
  const files = [...input.files];
  chosen.hidden = files.length === 0;
  const bytes = files.reduce((sum, file) => sum + file.size, 0);
  const names = files.map((file) => file.name).join(", ");
  chosen.textContent = `${count(files.length, "file")} chosen (${size(bytes)}): ${names}`;
}

/** The form's fields, as they go with every file. */
function fields() {
  const data = new FormData(form);
  const when = data.get("happenedAt");
  return {
    child,
    caption: data.get("caption").trim(),
    happenedAt: when ? new Date(when).toISOString() : "",
    voice: data.get("voice"),
    lens: data.getAll("lens").join(","),
    visibility: data.get("visibility"),
  };
}

/** @param {Record<string, string> | null} words  null: go on with those that the file was given before */
function add(file, words) {
  const key = fingerprint(child, file);
  if (queue.isBusy(key)) return announcer.say(`${file.name} is on its way already.`);
  takeOff(key);
  send(new Sending(file, key, words && { ...words, filename: file.name, filetype: file.type, ...times(file) }));
}

/** What this device knows of the file's time. @param {File} file */
function times(file) {
  return {
    lastModified: new Date(file.lastModified).toISOString(),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone ?? "",
  };
}

function send(sending) {
  const row = new Row(sending, child);
  rows.push(row);
  document.getElementById("queue").append(row.line);
  sending.addEventListener("state", () => {
    if (spokenStates.includes(sending.state)) announcer.say(`${sending.file.name}: ${status(sending)}`);
  });
  queue.add(sending);
}

function show() {
  clearTimeout(timer);
  timer = null;
  section.hidden = rows.length === 0;
  for (const row of rows) row.update();
  const { sent, size: whole } = queue.totals;
  const bar = document.getElementById("sending-progress");
  bar.max = Math.max(1, whole);
  bar.value = sent;
  bar.hidden = !queue.isBusyAtAll;
  const text = summary(queue);
  document.getElementById("sending-summary").textContent = text;
  if (queue.isBusyAtAll && Date.now() - spokenAt > spokenEvery) {
    spokenAt = Date.now();
    announcer.say(text);
  }
}
