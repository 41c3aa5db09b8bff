// Looks again, less often each time, while something in the story is being
// checked or a preview of it is being made.

import { refresh } from "./story.js";

const first = 2_000;
const longest = 60_000;
const story = document.querySelector(".timeline");
let pause = first;
let timer = null;

async function look() {
  if (!story.querySelector("[data-making]")) return;
  if (!document.hidden) {
    try { await refresh(); } catch { /* There is no network: the next time, perhaps. */ }
    pause = Math.min(pause * 1.5, longest);
  }
  plan();
}

function plan() {
  clearTimeout(timer);
  timer = setTimeout(look, pause);
}

// Where something has just come, more may come soon.
new MutationObserver(() => {
  pause = first;
  plan();
}).observe(story, { childList: true });

plan();
