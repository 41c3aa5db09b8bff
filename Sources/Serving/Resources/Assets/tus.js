// What a browser says to Keepsake about one upload, by tus 1.0.0. Each function
// is one request; what to do after a failure is decided by who called it.

const version = { "Tus-Resumable": "1.0.0" };
const answerTime = 60_000;
const stallTime = 120_000;

/**
 * Why a request did not do what it was for. Its message is for people.
 *
 * `kind` is "passing" if the same may work later by itself, "stale" if the
 * upload does not stand where it was thought to, "refused" if the file is not
 * taken, and "blocked" if a person has to do something first.
 */
export class Failure extends Error {
  /**
   * @param {"passing" | "stale" | "refused" | "blocked"} kind
   * @param {string} message
   * @param {{status?: number, retryAfter?: number | null}} [facts]  milliseconds; status 0 is no answer
   */
  constructor(kind, message, { status = 0, retryAfter = null } = {}) {
    super(message);
    Object.assign(this, { kind, status, retryAfter });
  }
}

/**
 * Begins an upload.
 *
 * @returns {Promise<string>} its path
 */
export async function begin(size, metadata, signal) {
  const answer = await ask("POST", "/uploads", signal, {
    "Upload-Length": String(size),
    "Upload-Metadata": written(metadata),
  });
  await expectOK("POST", answer);
  return new URL(answer.headers.get("Location"), location.href).pathname;
}

/**
 * Where an upload stands.
 *
 * @returns {Promise<{offset: number, metadata: string} | null>} null if it cannot go on
 */
export async function position(url, signal) {
  const answer = await ask("HEAD", url, signal);
  if (answer.status === 404 || answer.status === 410) return null;
  await expectOK("HEAD", answer);
  return {
    offset: Number(answer.headers.get("Upload-Offset")),
    metadata: answer.headers.get("Upload-Metadata") ?? "",
  };
}

/**
 * What became of an upload, as `/v1/uploads` tells it.
 *
 * @returns {Promise<object | null>} null if nothing is known of it
 */
export async function outcome(url, signal) {
  const answer = await ask("GET", `/v1${url}`, signal);
  if (answer.status === 404) return null;
  await expectOK("GET", answer);
  return answer.json();
}

/** Has the server forget an upload and its bytes. */
export async function remove(url, signal) {
  await expectOK("DELETE", await ask("DELETE", url, signal));
}

/**
 * Sends the bytes of `file` from `offset` to `end`. By XMLHttpRequest, because
 * `fetch` does not tell how far an upload has come.
 *
 * @param {(sent: number) => void} onProgress  bytes of the file that are on their way
 * @returns {Promise<number>} the offset that the server confirmed
 */
export function append(url, file, offset, end, onProgress, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const request = new XMLHttpRequest();
    const abort = () => request.abort();
    let watch = setTimeout(abort, stallTime);
    signal.addEventListener("abort", abort);
    request.open("PATCH", url);
    request.setRequestHeader("Tus-Resumable", version["Tus-Resumable"]);
    request.setRequestHeader("Content-Type", "application/offset+octet-stream");
    request.setRequestHeader("Upload-Offset", String(offset));
    request.upload.onprogress = (event) => {
      clearTimeout(watch);
      watch = setTimeout(abort, stallTime);
      onProgress(offset + event.loaded);
    };
    request.onload = () => {
      if (request.status === 204) resolve(Number(request.getResponseHeader("Upload-Offset")));
      else reject(failure("PATCH", request.status, request.responseText, request.getResponseHeader("Retry-After")));
    };
    request.onerror = () => reject(broken());
    request.onabort = () => reject(signal.aborted ? signal.reason : broken());
    request.onloadend = () => {
      clearTimeout(watch);
      signal.removeEventListener("abort", abort);
    };
    request.send(file.slice(offset, end));
  });
}

/** Metadata as the field `Upload-Metadata`; empty values are left out. */
export function written(metadata) {
  return Object.entries(metadata)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key} ${base64(value)}`)
    .join(",");
}

/**
 * How long a `Retry-After` field asks to wait.
 *
 * @returns {number | null} milliseconds
 */
export function retryAfter(field, now = Date.now()) {
  if (!field) return null;
  const pause = /^\d+$/.test(field.trim()) ? Number(field) * 1000 : Date.parse(field) - now;
  return pause > 0 ? pause : null;
}

async function ask(method, url, signal, headers = {}) {
  const limit = new AbortController();
  const abort = () => limit.abort();
  const timer = setTimeout(abort, answerTime);
  signal.throwIfAborted();
  signal.addEventListener("abort", abort);
  try {
    return await fetch(url, { method, headers: { ...version, ...headers }, signal: limit.signal });
  } catch {
    signal.throwIfAborted();
    throw broken();
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", abort);
  }
}

async function expectOK(method, answer) {
  if (!answer.ok) throw failure(method, answer.status, await answer.text(), answer.headers.get("Retry-After"));
}

function failure(method, status, body, retryField) {
  const problem = parsed(body);
  const kind = problem.type?.endsWith("/interrupted") ? "passing" : kindOf(method, status);
  return new Failure(kind, sentence(status, problem), { status, retryAfter: retryAfter(retryField) });
}

function kindOf(method, status) {
  if (method === "PATCH" && [404, 409, 410].includes(status)) return "stale";
  if (status >= 500 || [408, 423, 425, 429].includes(status)) return "passing";
  return [413, 415, 422].includes(status) ? "refused" : "blocked";
}

function sentence(status, problem) {
  if (status === 401) {
    return "You are no longer signed in. Open your sign-in link in another tab, then try again here. "
      + "What has arrived is safe.";
  }
  if (problem.detail) return problem.detail;
  return status >= 500 ? "Keepsake cannot be reached at the moment." : "Keepsake could not take the file.";
}

/** A problem document, or an empty one: what stands between may answer in its own way. */
function parsed(body) {
  try {
    return JSON.parse(body) ?? {};
  } catch {
    return {};
  }
}

function broken() {
  return new Failure("passing", "The connection broke.");
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}
