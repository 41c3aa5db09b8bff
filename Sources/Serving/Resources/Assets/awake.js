/**
 * Keeps the screen on while files are on their way, because phones that sleep
 * stop sending. Browsers that cannot do this go without.
 */
export class Awake {
  #wanted = false;
  #lock = null;

  constructor() {
    document.addEventListener("visibilitychange", () => this.#update());
  }

  /** @param {boolean} wanted */
  keep(wanted) {
    if (wanted === this.#wanted) return;
    this.#wanted = wanted;
    this.#update();
  }

  /** The browser itself takes the lock away from a page that is hidden. */
  async #update() {
    if (!navigator.wakeLock || document.visibilityState !== "visible") return;
    const former = this.#lock;
    this.#lock = null;
    await former?.release();
    if (!this.#wanted) return;
    const lock = await navigator.wakeLock.request("screen").catch(() => null);
    if (this.#wanted && this.#lock === null) this.#lock = lock;
    else await lock?.release();
  }
}
