const span = 10_000;
const least = 1500;

/** How fast bytes go, over the last seconds. */
export class Speed {
  #samples = [];

  /**
   * @param {number} bytes  that have gone in all
   * @param {boolean} moves  whether any are going now
   * @returns {number | null} bytes in a second, once that can be told
   */
  after(bytes, moves, now = performance.now()) {
    if (!moves) this.#samples = [];
    else if (this.#samples.length === 0 || now - this.#samples.at(-1).now > 200) this.#samples.push({ now, bytes });
    while (this.#samples.length > 0 && now - this.#samples[0].now > span) this.#samples.shift();
    const first = this.#samples[0];
    if (!first || now - first.now < least || bytes === first.bytes) return null;
    return ((bytes - first.bytes) * 1000) / (now - first.now);
  }
}
