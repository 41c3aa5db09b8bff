// One file on its way: sends it piece by piece, goes on after failures, and
// learns what became of it.

import { alone, forget, recall, remember } from "./memory.js";
import { PieceSize, pauseAfter, rest } from "./patience.js";
import * as tus from "./tus.js";

const active = ["sending", "waiting", "offline", "checking"];
const offlineCheck = 60_000;
const longestCheck = 5000;
const checks = 20;
const unreadable = "This file can no longer be read: it was moved, changed, or is a folder. Choose it again.";
const unexpected = "Something went wrong in this page. Load it and choose the file again; what has arrived is safe.";

/**
 * A file on its way to a child.
 *
 * `state` is one of queued, sending, waiting (for the next attempt, at the time
 * `until`), offline, paused, checking, done, refused, failed (a person may try
 * again) and cancelled. Says "state" when that changes and "progress" when
 * bytes move.
 */
export class Sending extends EventTarget {
  state = "queued";
  /** Why it is in this state, for people, where there is something to say. */
  message = "";
  until = 0;
  /** Bytes of the file that are safe or on their way. */
  sent = 0;
  /** Bytes that moved in all, those that were sent twice twice. */
  transferred = 0;
  /** What the server says of the finished upload. */
  outcome = null;
  /** Whether it goes on with words that were given with it before. */
  keepsFormerWords = false;

  #attempt = new AbortController();
  #rest = new AbortController();
  #failures = 0;
  #piece = new PieceSize();

  /**
   * @param {File} file
   * @param {string} key  its fingerprint
   * @param {Record<string, string> | null} metadata  null: only go on with what has begun
   */
  constructor(file, key, metadata) {
    super();
    Object.assign(this, { file, key, metadata });
  }

  get isActive() { return active.includes(this.state); }

  get hasEnded() { return ["done", "refused", "failed", "cancelled"].includes(this.state); }

  /** Sends until the file is there, or somebody has to decide something. */
  async run() {
    this.#become("sending");
    const isAlone = await alone(this.key, () => this.#untilEnd());
    if (!isAlone && this.isActive) this.#become("failed", "This file is being sent in another tab already.");
  }

  pause() {
    this.#become("paused");
    this.interrupt();
  }

  /** Asks for another turn: after a pause or a failure. */
  resume() { this.#become("queued"); }

  /** Ends the waiting for the next attempt. */
  tryNow() { this.#rest.abort(); }

  /** Ends the request that is running; the next attempt goes on after it. */
  interrupt() {
    this.#attempt.abort();
    this.#rest.abort();
  }

  /** Ends the upload, and has the server forget the bytes. */
  async cancel() {
    const url = recall(this.key)?.url;
    this.#become("cancelled", "Nothing of it is kept.");
    this.interrupt();
    forget(this.key);
    if (!url) return;
    const signal = new AbortController().signal;
    try {
      await tus.remove(url, signal);
    } catch {
      await this.#afterLateCancel(url, signal);
    }
  }

  async #afterLateCancel(url, signal) {
    const outcome = await tus.outcome(url, signal).catch(() => null);
    if (outcome?.artefact) this.#end(outcome);
    else this.#become("cancelled", "What had arrived is removed by itself later.");
  }

  async #untilEnd() {
    this.#failures = 0;
    while (this.isActive) {
      this.#attempt = new AbortController();
      try {
        this.#become("sending");
        const url = await this.#send();
        this.#become("checking");
        return this.#end(await this.#settled(url));
      } catch (error) {
        if (this.isActive) await this.#recover(error);
      }
    }
  }

  /** Sends what is missing; answers the upload's path once every byte is there. */
  async #send() {
    const place = await this.#place();
    let offset = this.#confirm(place.url, place.offset);
    while (offset < this.file.size) {
      const end = Math.min(this.file.size, offset + this.#piece.bytes);
      const began = performance.now();
      offset = await tus.append(place.url, this.file, offset, end, (sent) => this.#move(sent), this.#attempt.signal);
      this.#piece.arrived(performance.now() - began);
      this.#failures = 0;
      this.#confirm(place.url, offset);
    }
    return place.url;
  }

  /** Where the upload is and how far it has come; begins one where there is none. */
  async #place() {
    const signal = this.#attempt.signal;
    const url = recall(this.key)?.url;
    if (url) {
      const there = await tus.position(url, signal);
      if (there) {
        this.keepsFormerWords = this.metadata === null || there.metadata !== tus.written(this.metadata);
        return { url, offset: there.offset };
      }
      await this.#expectNotRefused(url);
      forget(this.key);
    }
    if (this.metadata === null) {
      throw new tus.Failure("refused", "Keepsake no longer has the part that had arrived. Add the file again below.");
    }
    this.keepsFormerWords = false;
    return { url: await tus.begin(this.file.size, this.metadata, signal), offset: 0 };
  }

  async #expectNotRefused(url) {
    const outcome = await tus.outcome(url, this.#attempt.signal);
    if (outcome?.state === "refused") throw new tus.Failure("refused", outcome.problem.detail);
  }

  /** What the server made of the bytes; waits a while for its inspection. */
  async #settled(url) {
    const signal = this.#attempt.signal;
    let upload = null;
    for (let check = 0; check < checks; check += 1) {
      upload = await tus.outcome(url, signal);
      if (upload === null) throw new tus.Failure("blocked", "Keepsake does not say what became of this file.");
      if (!["receiving", "inspecting"].includes(upload.state)) return upload;
      // All bytes are there, but the server stopped before it was done: it goes on when asked.
      if (!upload.artefact) await tus.append(url, this.file, this.file.size, this.file.size, () => {}, signal);
      await rest(Math.min(longestCheck, 250 * 1.5 ** check), signal);
      signal.throwIfAborted();
    }
    return upload;
  }

  async #recover(error) {
    const canBeRead = await isReadable(this.file);
    if (!this.isActive) return;
    if (!canBeRead) return this.#become("failed", unreadable);
    if (error.kind === "refused") return this.#refuse(error.message);
    if (error.kind === "blocked") return this.#become("failed", error.message);
    if (error.kind === undefined && error.name !== "AbortError") {
      reportError(error);
      return this.#become("failed", unexpected);
    }
    this.#failures += 1;
    this.#piece.failed();
    if (error.kind !== "stale" || this.#failures > 1) await this.#wait(error);
  }

  async #wait(error) {
    this.#rest = new AbortController();
    if (!navigator.onLine) {
      this.#become("offline");
      return rest(offlineCheck, this.#rest.signal);
    }
    const pause = pauseAfter(this.#failures, error.retryAfter ?? null);
    this.until = Date.now() + pause;
    this.#become("waiting", error.kind ? error.message : "The connection broke.");
    return rest(pause, this.#rest.signal);
  }

  #end(upload) {
    this.outcome = upload;
    if (upload.state === "refused") return this.#refuse(upload.problem.detail);
    forget(this.key);
    this.sent = this.file.size;
    this.#become("done", upload.problem?.detail ?? "");
  }

  #refuse(reason) {
    forget(this.key);
    this.#become("refused", reason);
  }

  #move(sent) {
    this.transferred += Math.max(0, sent - this.sent);
    this.sent = sent;
    this.dispatchEvent(new Event("progress"));
  }

  #confirm(url, offset) {
    this.sent = offset;
    if (this.isActive) remember(this.key, { url, name: this.file.name, size: this.file.size, sent: offset });
    this.dispatchEvent(new Event("progress"));
    return offset;
  }

  #become(state, message = "") {
    this.state = state;
    this.message = message;
    this.dispatchEvent(new Event("state"));
  }
}

/** Whether the browser may still read the file; a request alone does not tell that from a broken line. */
async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}
