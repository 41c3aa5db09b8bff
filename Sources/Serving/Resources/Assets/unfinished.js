// Says which files did not finish before the page was closed, and takes them
// up again.

import { busy, fingerprint, forget, recall, unfinished } from "./memory.js";
import { element } from "./row.js";
import * as tus from "./tus.js";
import { percent, size } from "./words.js";

const section = document.getElementById("unfinished");
const list = section.querySelector("ul");
const input = section.querySelector("input");
const note = document.getElementById("unfinished-note");
const unknown = "is not one of these files, or it was changed. To add it, use “Add to the story”.";
const patience = new AbortController().signal;

/**
 * Lists the uploads to a child that wait for their files.
 *
 * @param {string} child
 * @param {import("./announcer.js").Announcer} announcer
 * @param {(file: File) => void} onChosen  called with each of these files that a person chose again
 */
export async function offerUnfinished(child, announcer, onChosen) {
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    const others = files.filter((file) => !recall(fingerprint(child, file)));
    for (const file of files) if (!others.includes(file)) onChosen(file);
    note.textContent = others.map((file) => `${file.name} ${unknown}`).join(" ");
    if (others.length > 0) announcer.say(note.textContent);
  });
  const taken = await busy();
  for (const upload of unfinished(child)) {
    if (!taken.has(upload.key)) await offer(upload);
  }
}

/** Takes a file off the list, because it is on its way again. */
export function takeOff(key) {
  for (const line of list.children) {
    if (line.dataset.key === key) line.remove();
  }
  update();
}

async function offer(remembered) {
  const text = await standing(remembered);
  if (text === null) return;
  const { key, url, name } = remembered;
  const line = element("li");
  line.dataset.key = key;
  const button = element("button", "quiet", "Forget it");
  button.type = "button";
  button.setAttribute("aria-label", `Forget it: ${name}`);
  button.addEventListener("click", () => drop(key, url));
  line.append(element("span", "", text), button);
  list.append(line);
  update();
}

/** What there is to say of an upload; null if nothing. */
async function standing({ key, url, name, size: whole, sent }) {
  const progress = (bytes) => `${name} (${percent(bytes, whole)} % of ${size(whole)} has arrived)`;
  let upload;
  try {
    upload = await tus.outcome(url, patience);
  } catch {
    return progress(sent);
  }
  // What is not there may be somebody else's who uses this browser too: they find it again.
  if (upload === null) return null;
  if (upload.state === "receiving") return progress(upload.offset);
  if (upload.state === "refused") return `${name} was not taken. ${upload.problem.detail}`;
  forget(key);
  return null;
}

async function drop(key, url) {
  forget(key);
  takeOff(key);
  (section.hidden ? document.querySelector(".add summary") : input).focus();
  // A server that cannot be told removes it later by itself.
  await tus.remove(url, patience).catch(() => {});
}

function update() {
  section.hidden = list.children.length === 0;
}
