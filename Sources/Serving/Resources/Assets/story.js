// Brings the story below the form up to date, without disturbing what is read
// or played there.

let running = null;
let isAskedAgain = false;

/**
 * Finds where an artefact stands in the story.
 *
 * @returns {Promise<string | null>} the address of its entry
 */
export async function findEntry(artefact, child) {
  try {
    const answer = await fetch(`/v1/artefacts/${artefact}`);
    if (!answer.ok) return null;
    const { entries } = await answer.json();
    const entry = entries.find((entry) => entry.child === child);
    if (!entry) return null;
    await refresh();
    return document.getElementById(entry.id) ? `#${entry.id}` : `/children/${child}?added=1#${entry.id}`;
  } catch {
    return null;
  }
}

/** Adds what is new to the story; many calls at once become two. */
export function refresh() {
  if (running) {
    isAskedAgain = true;
    return running;
  }
  running = (async () => {
    do {
      isAskedAgain = false;
      await load();
    } while (isAskedAgain);
  })().finally(() => { running = null; });
  return running;
}

async function load() {
  const answer = await fetch(location.pathname + location.search, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const story = document.querySelector(".timeline");
  let following = null;
  for (const entry of [...page.querySelectorAll(".timeline > li")].reverse()) {
    following = place(document.importNode(entry, true), following, story);
  }
  if (story.children.length > 0) document.querySelector(".empty")?.remove();
}

/** Whether somebody listens to it, watches it, reads or writes in it, or stands on it with the keyboard. */
function isUsed(entry) {
  const recordings = [...entry.querySelectorAll("audio, video")];
  return entry.querySelector("details[open]") || entry.contains(document.activeElement) || recordings.some((recording) => recording.currentTime > 0);
}

/** Puts an entry before the one that follows it, unless it is there as it should be. */
function place(entry, following, story) {
  const former = document.getElementById(entry.id);
  if (former && (former.isEqualNode(entry) || isUsed(former))) return former;
  if (former) former.replaceWith(entry);
  else story.insertBefore(entry, following);
  return entry;
}
