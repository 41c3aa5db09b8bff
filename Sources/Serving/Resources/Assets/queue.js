// The files of a page on their way: some at once, the others in turn.

import { Awake } from "./awake.js";
import { Speed } from "./speed.js";

/** A browser has six connections to a server for all its tabs, and pages need some too. */
const atOnce = 2;

/** Says "change" when a file was added or changed its state, and "progress" when bytes moved. */
export class Queue extends EventTarget {
  /** @type {import("./sending.js").Sending[]} */
  sendings = [];

  #running = new Set();
  #speed = new Speed();
  #awake = new Awake();

  constructor() {
    super();
    addEventListener("offline", () => {
      for (const sending of this.#running) sending.interrupt();
    });
  }

  /** @param {import("./sending.js").Sending} sending */
  add(sending) {
    this.sendings.push(sending);
    sending.addEventListener("state", () => this.#changed());
    sending.addEventListener("progress", () => this.dispatchEvent(new Event("progress")));
    this.#changed();
  }

  /** Whether that file is here and has not come to an end. */
  isBusy(key) {
    return this.sendings.some((sending) => sending.key === key && !sending.hasEnded);
  }

  /** Whether something would be interrupted if the page were left now. */
  get isBusyAtAll() { return this.sendings.some((sending) => !sending.hasEnded); }

  /**
   * How far all have come together.
   *
   * @returns {{files: number, arrived: number, lost: number, sent: number, size: number,
   *   speed: number | null, seconds: number | null}}  `lost` counts those that failed or were refused
   */
  get totals() {
    const counted = this.sendings.filter((sending) => !["cancelled", "refused"].includes(sending.state));
    const sent = sum(counted, (sending) => sending.sent);
    const size = sum(counted, (sending) => sending.file.size);
    const moves = counted.some((sending) => sending.state === "sending");
    const speed = this.#speed.after(sum(this.sendings, (sending) => sending.transferred), moves);
    return {
      files: this.sendings.filter((sending) => sending.state !== "cancelled").length,
      arrived: counted.filter((sending) => sending.state === "done").length,
      lost: this.sendings.filter((sending) => ["failed", "refused"].includes(sending.state)).length,
      sent, size, speed,
      seconds: speed ? (size - sent) / speed : null,
    };
  }

  #changed() {
    this.#fill();
    this.#awake.keep(this.#running.size > 0);
    this.dispatchEvent(new Event("change"));
  }

  #fill() {
    while (this.#running.size < atOnce) {
      const next = this.sendings.find((sending) => sending.state === "queued" && !this.#running.has(sending));
      if (!next) return;
      this.#running.add(next);
      next.run().finally(() => {
        this.#running.delete(next);
        this.#changed();
      });
    }
  }
}

function sum(list, value) {
  return list.reduce((total, element) => total + value(element), 0);
}
