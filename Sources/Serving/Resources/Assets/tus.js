// Sends one file by tus 1.0.0: in pieces, through broken connections, and on
// from where it stood after the page was closed.

const pieceSize = 8 * 1024 * 1024;
const version = { "Tus-Resumable": "1.0.0" };
const longestPause = 30_000;

/** What a server said no to; trying again would not help. */
export class Refused extends Error {}

/** Thrown inside an upload that was told to pause. */
class Paused extends Error {}

export class TusUpload {
  /**
   * @param {File} file
   * @param {Record<string, string>} metadata
   * @param {string} key  names this file on its way to this child, also tomorrow
   * @param {(sent: number) => void} onProgress  bytes that are safe or on their way
   * @param {(seconds: number) => void} onWaiting  the connection failed; it goes on by itself
   */
  constructor(file, metadata, key, onProgress, onWaiting) {
    Object.assign(this, { file, metadata, key, onProgress, onWaiting });
    this.isPaused = false;
    this.isCancelled = false;
    this.stop = () => {};
  }

  /** Where the upload is on the server, if it has begun. */
  get url() { return localStorage.getItem(this.key); }

  set url(value) {
    if (value === null) localStorage.removeItem(this.key);
    else localStorage.setItem(this.key, value);
  }

  /** Resolves with the upload's URL once every byte is safe. */
  async run() {
    let failures = 0;
    for (;;) {
      try {
        await this.resumed();
        const url = this.url ?? (this.url = await this.begin());
        const offset = await this.offset(url);
        if (offset === null) {
          this.url = null;
          continue;
        }
        if (offset >= this.file.size) {
          this.url = null;
          return url;
        }
        const before = offset;
        const after = await this.append(url, offset);
        if (after > before) failures = 0;
      } catch (error) {
        if (this.isCancelled) throw new Refused("Cancelled.");
        if (error instanceof Paused) continue;
        if (error instanceof Refused) {
          this.url = null;
          throw error;
        }
        const pause = error.retryAfter ?? Math.min(longestPause, 1000 * 2 ** failures) * (0.75 + Math.random() / 2);
        failures += 1;
        this.onWaiting(Math.ceil(pause / 1000));
        await this.wait(pause);
      }
    }
  }

  pause() {
    this.isPaused = true;
    this.stop();
  }

  resume() {
    this.isPaused = false;
    this.wake?.();
  }

  /** Stops, and has the server forget the bytes. */
  async cancel() {
    this.isCancelled = true;
    this.isPaused = false;
    this.stop();
    this.wake?.();
    const url = this.url;
    this.url = null;
    if (url) await fetch(url, { method: "DELETE", headers: version }).catch(() => {});
  }

  async resumed() {
    while (this.isPaused) await new Promise((resolve) => { this.wake = resolve; });
    if (this.isCancelled) throw new Refused("Cancelled.");
  }

  /** Waits, but not when the network comes back or the person goes on. */
  wait(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.wake = () => { clearTimeout(timer); resolve(); };
      addEventListener("online", this.wake, { once: true });
    });
  }

  async begin() {
    const pairs = Object.entries(this.metadata)
      .filter(([, value]) => value !== "")
      .map(([key, value]) => `${key} ${base64(value)}`);
    const answer = await fetch("/uploads", {
      method: "POST",
      headers: { ...version, "Upload-Length": String(this.file.size), "Upload-Metadata": pairs.join(",") },
    });
    if (answer.status !== 201) throw await failure(answer.status, await answer.text(), answer.headers.get("Retry-After"));
    return new URL(answer.headers.get("Location"), location.href).pathname;
  }

  /** Bytes that are safe, or null if the server no longer knows the upload. */
  async offset(url) {
    const answer = await fetch(url, { method: "HEAD", headers: version });
    if (answer.status === 404 || answer.status === 410) return null;
    if (!answer.ok) throw await failure(answer.status, "", answer.headers.get("Retry-After"));
    return Number(answer.headers.get("Upload-Offset"));
  }

  /** Sends one piece; only XMLHttpRequest tells how far it has come. */
  append(url, offset) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      this.stop = () => request.abort();
      request.open("PATCH", url);
      request.setRequestHeader("Tus-Resumable", version["Tus-Resumable"]);
      request.setRequestHeader("Content-Type", "application/offset+octet-stream");
      request.setRequestHeader("Upload-Offset", String(offset));
      request.upload.onprogress = (event) => this.onProgress(offset + event.loaded);
      request.onload = async () => {
        if (request.status === 204) resolve(Number(request.getResponseHeader("Upload-Offset")));
        else reject(await failure(request.status, request.responseText, request.getResponseHeader("Retry-After")));
      };
      request.onerror = () => reject(new Error("The connection broke."));
      request.onabort = () => reject(new Paused());
      request.send(this.file.slice(offset, offset + pieceSize));
    });
  }
}

/** What a status means for an upload: to be tried again, or the end of it. */
async function failure(status, body, retryAfter) {
  let detail = "The file could not be taken.";
  try {
    detail = JSON.parse(body).detail ?? detail;
  } catch {
    // Not a problem document: the plain sentence has to do.
  }
  if (status >= 500 || [409, 423, 429].includes(status)) {
    const error = new Error(detail);
    if (Number(retryAfter) > 0) error.retryAfter = Number(retryAfter) * 1000;
    return error;
  }
  return new Refused(detail);
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
