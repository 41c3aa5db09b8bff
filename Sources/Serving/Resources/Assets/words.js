// The sentences that people read while their files are on their way.

/** @param {number} bytes */
export function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, name] = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]].find(([least]) => bytes >= least);
  return `${(bytes / unit).toFixed(bytes / unit < 10 ? 1 : 0)} ${name}`;
}

/** @param {number} number @param {string} noun  in the singular */
export function count(number, noun) {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** @param {number} seconds */
export function duration(seconds) {
  if (seconds < 60) return "less than a minute";
  if (seconds < 5400) return `about ${count(Math.round(seconds / 60), "minute")}`;
  return `about ${count(Math.round(seconds / 3600), "hour")}`;
}

/** How far something has come, never 100 % before it is there. */
export function percent(part, whole) {
  return part >= whole ? 100 : Math.min(99, Math.floor((100 * part) / whole));
}

/** What a line of the queue says of its file. @param {import("./sending.js").Sending} sending */
export function status(sending) {
  const { file, message, sent } = sending;
  const progress = `${percent(sent, file.size)} % of ${size(file.size)}`;
  switch (sending.state) {
    case "queued": return "Waiting for its turn.";
    case "sending":
      return progress + (sending.keepsFormerWords ? ". It keeps the words that you gave it before." : "");
    case "waiting": return `${message} What has arrived is safe. Trying again ${soon(sending.until)}.`;
    case "offline": return "There is no network. What has arrived is safe. It goes on by itself when there is one.";
    case "paused": return `Paused at ${progress}. What has arrived is safe.`;
    case "checking": return "Arrived. Being checked …";
    case "done": return ending(sending.outcome.state, message);
    case "refused": return `Not taken. ${message}`;
    case "failed": return `Stopped. ${message}`;
    case "cancelled": return `Cancelled. ${message}`;
  }
}

function ending(state, reason) {
  if (state === "kept") return "Kept, and safe.";
  if (state === "inspecting") return "Safe. It is still being checked.";
  return `Safe, but a person needs to look at it. ${reason}`;
}

function soon(until) {
  const seconds = Math.ceil((until - Date.now()) / 1000);
  if (seconds < 1) return "now";
  return seconds < 100 ? `in ${count(seconds, "second")}` : `in ${duration(seconds)}`;
}

/** What is said of all files together. @param {import("./queue.js").Queue} queue */
export function summary(queue) {
  const { files, arrived, lost, sent, size: whole, speed, seconds } = queue.totals;
  const parts = [`${arrived} of ${count(files, "file")} arrived`];
  if (lost > 0) parts.push(`${lost} did not`);
  if (whole > 0 && queue.isBusyAtAll) parts.push(`${size(sent)} of ${size(whole)}`);
  if (speed) parts.push(`${size(speed)} a second`, `${duration(seconds)} left`);
  return parts.join(" · ");
}
