// How long to wait before trying again.

const first = 1000;
const longest = 60_000;

/**
 * The pause after so many failures in a row: doubling, at most a minute, and
 * by chance up to half shorter, so that not all come back at once.
 *
 * @param {number} failures  at least 1
 * @param {number | null} asked  milliseconds that the server asked for; never less than that
 * @param {() => number} [chance]
 * @returns {number} milliseconds
 */
export function pauseAfter(failures, asked, chance = Math.random) {
  const usual = Math.min(longest, first * 2 ** (failures - 1));
  return asked === null ? usual * (0.5 + chance() / 2) : asked + usual * (chance() / 2);
}

/**
 * Waits; less if the network comes back or `signal` says so.
 *
 * @param {number} milliseconds
 * @param {AbortSignal} signal
 */
export function rest(milliseconds, signal) {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      removeEventListener("online", soon);
      signal.removeEventListener("abort", end);
      resolve();
    };
    const soon = () => setTimeout(end, Math.random() * first);
    const timer = setTimeout(end, milliseconds);
    addEventListener("online", soon);
    signal.addEventListener("abort", end);
    if (signal.aborted) end();
  });
}

/** How many bytes go into one request: more on a good line, fewer on a poor one. */
export class PieceSize {
  static least = 256 * 1024;
  static most = 32 * 1024 * 1024;
  static quick = 5000;

  bytes = 8 * 1024 * 1024;

  /** @param {number} milliseconds  how long a piece took that arrived */
  arrived(milliseconds) {
    if (milliseconds < PieceSize.quick) this.bytes = Math.min(PieceSize.most, this.bytes * 2);
  }

  failed() {
    this.bytes = Math.max(PieceSize.least, this.bytes / 2);
  }
}
