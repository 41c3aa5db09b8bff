// What the browser remembers of uploads that have begun, so that they go on
// after the page was closed: never the bytes, only where they are on their way to.

const prefix = "upload:";
const longestMemory = 31 * 24 * 3600 * 1000;

/**
 * Names a file on its way to a child, the same today and tomorrow.
 *
 * @param {string} child
 * @param {File} file
 */
export function fingerprint(child, file) {
  return `${prefix}${child}:${file.size}:${file.lastModified}:${file.name}`;
}

/**
 * @typedef {{url: string, name: string, size: number, sent: number, at: number}} Remembered
 */

/** @returns {Remembered | null} */
export function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key));
  } catch {
    return null;
  }
}

/** Remembers; where the browser does not let us, the upload works without. */
export function remember(key, { url, name, size, sent }) {
  try {
    localStorage.setItem(key, JSON.stringify({ url, name, size, sent, at: Date.now() }));
  } catch {
    // Private windows and full stores say no.
  }
}

export function forget(key) {
  try {
    localStorage.removeItem(key);
  } catch {
    // Where nothing is remembered, nothing needs to be forgotten.
  }
}

/**
 * The uploads to a child that did not finish; what is too old is forgotten.
 *
 * @returns {(Remembered & {key: string})[]} the newest first
 */
export function unfinished(child) {
  const found = [];
  for (const key of keys().filter((key) => key.startsWith(`${prefix}${child}:`))) {
    const remembered = recall(key);
    if (remembered?.at > Date.now() - longestMemory) found.push({ key, ...remembered });
    else forget(key);
  }
  return found.sort((a, b) => b.at - a.at);
}

/**
 * Does something that only one tab may do at a time.
 *
 * @param {string} key
 * @param {() => Promise<void>} action
 * @returns {Promise<boolean>} false if another tab is at it, and nothing was done
 */
export async function alone(key, action) {
  if (!navigator.locks) {
    await action();
    return true;
  }
  return navigator.locks.request(key, { ifAvailable: true }, async (lock) => {
    if (lock) await action();
    return lock !== null;
  });
}

/** The keys that some tab is busy with. */
export async function busy() {
  const locks = await navigator.locks?.query();
  return new Set(locks?.held.map((lock) => lock.name));
}

function keys() {
  try {
    return Object.keys(localStorage);
  } catch {
    return [];
  }
}
