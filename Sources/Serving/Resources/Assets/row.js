// The line of the page that shows one file on its way.

import { findEntry } from "./story.js";
import { size, status } from "./words.js";

const troubled = ["waiting", "offline", "refused", "failed"];

/** A line of the queue. */
export class Row {
  /** @param {import("./sending.js").Sending} sending @param {string} child */
  constructor(sending, child) {
    Object.assign(this, { sending, child });
    this.line = element("li");
    this.line.tabIndex = -1;
    this.line.append(element("p", "name", `${sending.file.name} (${size(sending.file.size)})`));
    this.bar = element("progress");
    this.bar.max = Math.max(1, sending.file.size);
    this.bar.setAttribute("aria-label", `How far ${sending.file.name} has come`);
    this.status = element("p", "status");
    this.buttons = element("div", "buttons");
    this.line.append(this.bar, this.status, this.buttons);
    sending.addEventListener("state", () => this.#changed());
    this.#changed();
  }

  /** Shows how far the file has come. */
  update() {
    this.bar.value = this.sending.sent;
    const text = status(this.sending);
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  #changed() {
    const { sending } = this;
    this.update();
    this.status.classList.toggle("good", sending.outcome?.state === "kept");
    this.status.classList.toggle("troubled", troubled.includes(sending.state) || sending.outcome?.state === "held");
    this.bar.hidden = sending.hasEnded;
    this.#offer(this.#actions());
    if (sending.outcome?.artefact) this.#link();
  }

  #actions() {
    const { sending } = this;
    const cancel = ["Cancel", () => sending.cancel()];
    switch (sending.state) {
      case "queued":
      case "sending":
      case "offline": return [["Pause", () => sending.pause()], cancel];
      case "waiting": return [["Try now", () => sending.tryNow()], ["Pause", () => sending.pause()], cancel];
      case "paused": return [["Resume", () => sending.resume()], cancel];
      case "failed": return [["Try again", () => sending.resume()], cancel];
      default: return [];
    }
  }

  /** Offers these buttons; the keyboard stays where it is, as far as there is something there. */
  #offer(actions) {
    const names = actions.map(([name]) => name).join();
    if (this.offered === names) return;
    const focused = [...this.buttons.children].indexOf(document.activeElement);
    this.offered = names;
    this.buttons.replaceChildren(...actions.map(([name, action]) => this.#button(name, action)));
    if (focused >= 0) (this.buttons.children[focused] ?? this.buttons.firstElementChild ?? this.line).focus();
  }

  #button(name, action) {
    const button = element("button", "quiet", name);
    button.type = "button";
    button.setAttribute("aria-label", `${name}: ${this.sending.file.name}`);
    button.addEventListener("click", action);
    return button;
  }

  async #link() {
    if (this.link) return;
    this.link = element("a", "", "See it in the story");
    const href = await findEntry(this.sending.outcome.artefact, this.child);
    if (!href) return;
    this.link.href = href;
    this.link.setAttribute("aria-label", `See it in the story: ${this.sending.file.name}`);
    this.line.append(this.link);
  }
}

/** Makes an element. */
export function element(kind, className = "", text = "") {
  const made = document.createElement(kind);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}
