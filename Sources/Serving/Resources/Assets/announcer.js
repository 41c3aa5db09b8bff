const pause = 1500;

/** Tells people who cannot see the page what happens on it, and not too often. */
export class Announcer {
  #sentences = new Set();
  #timer = null;

  /** @param {HTMLElement} place  a polite live region */
  constructor(place) { this.place = place; }

  /** Says a sentence soon, together with what else happens meanwhile. */
  say(sentence) {
    this.#sentences.add(sentence);
    this.#timer ??= setTimeout(() => {
      this.place.textContent = [...this.#sentences].join(" ");
      this.#sentences.clear();
      this.#timer = null;
    }, pause);
  }
}
