// Makes the form of a story send several files resumably, each with its own
// progress. Without this script the browser sends the form as it is.

import { Refused, TusUpload } from "/assets/tus.js";

const atOnce = 2;
const form = document.getElementById("upload");
const queue = document.getElementById("queue");
const input = document.getElementById("file");
const drop = form.querySelector(".drop");
let running = 0;
let failed = 0;
const waiting = [];

form.addEventListener("submit", (event) => {
  event.preventDefault();
  add(input.files);
});

for (const name of ["dragover", "dragleave", "drop"]) {
  drop.addEventListener(name, (event) => {
    event.preventDefault();
    drop.classList.toggle("over", name === "dragover");
    if (name === "drop") input.files = event.dataTransfer.files;
  });
}

document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length > 0) input.files = event.clipboardData.files;
});

addEventListener("beforeunload", (event) => {
  if (running > 0) event.preventDefault();
});

addEventListener("offline", () => {
  for (const status of queue.querySelectorAll(".status:not(.done):not(.failed)")) {
    status.textContent = "There is no connection. It goes on by itself when there is one.";
  }
});

function add(files) {
  const metadata = fields();
  for (const file of files) waiting.push(row(file, metadata));
  input.value = "";
  next();
}

/** The form's fields, as they go with every file. */
function fields() {
  const data = new FormData(form);
  const when = data.get("happenedAt");
  return {
    child: form.dataset.child,
    caption: data.get("caption").trim(),
    happenedAt: when ? new Date(when).toISOString() : "",
    voice: data.get("voice"),
    lens: data.getAll("lens").join(","),
    visibility: data.get("visibility"),
  };
}

function next() {
  while (running < atOnce && waiting.length > 0) {
    running += 1;
    waiting.shift()().finally(() => {
      running -= 1;
      next();
      if (running === 0 && waiting.length === 0 && failed === 0) location.reload();
    });
  }
}

/** A line of the queue; answers what sends its file. */
function row(file, metadata) {
  const line = element("li");
  const name = line.appendChild(element("div", "name", `${file.name} (${size(file.size)})`));
  const bar = line.appendChild(element("progress"));
  bar.max = Math.max(1, file.size);
  bar.value = 0;
  bar.setAttribute("aria-label", `How far ${name.textContent} has come`);
  const status = line.appendChild(element("p", "status", "Waiting for its turn"));
  const buttons = line.appendChild(element("div", "buttons"));
  queue.append(line);

  const key = `upload:${form.dataset.child}:${file.name}:${file.size}:${file.lastModified}`;
  const upload = new TusUpload(
    file,
    { ...metadata, filename: file.name, filetype: file.type },
    key,
    (sent) => {
      bar.value = sent;
      if (!upload.isPaused) status.textContent = `${Math.floor((100 * sent) / file.size)} % of ${size(file.size)}`;
    },
    (seconds) => { status.textContent = `The connection broke. It goes on by itself in ${seconds} s.`; },
  );
  const pause = button("Pause", () => {
    if (upload.isPaused) {
      upload.resume();
      status.textContent = "Going on …";
    } else {
      upload.pause();
      status.textContent = "Paused. What has arrived is safe.";
    }
    pause.textContent = upload.isPaused ? "Resume" : "Pause";
  });
  const cancel = button("Cancel", () => upload.cancel());
  buttons.append(pause, cancel);

  return async () => {
    try {
      if (file.size === 0) throw new Refused("The file is empty, so there is nothing to keep.");
      status.textContent = upload.url ? "Going on where it stood …" : "Beginning …";
      const url = await upload.run();
      bar.value = bar.max;
      status.textContent = "Arrived. Being checked …";
      buttons.replaceChildren();
      finish(status, await outcome(url));
    } catch (error) {
      failed += 1;
      buttons.replaceChildren();
      status.textContent = error.message;
      status.classList.add("failed");
    }
  };
}

/** What became of the upload, once it is checked. */
async function outcome(url) {
  for (let attempt = 0; attempt < 60; attempt += 1) {
    const answer = await fetch(`/v1${url}`);
    if (!answer.ok) break;
    const upload = await answer.json();
    if (upload.state !== "inspecting") return upload;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return { state: "inspecting" };
}

function finish(status, upload) {
  if (upload.state === "kept") status.textContent = "Kept, and safe.";
  else if (upload.state === "inspecting") status.textContent = "Safe. It is still being checked.";
  else if (upload.state === "held") status.textContent = `Safe, but a person needs to look at it: ${upload.problem.detail}`;
  else throw new Refused(upload.problem?.detail ?? "It was not taken.");
  status.classList.add("done");
}

function element(kind, className = "", text = "") {
  const made = document.createElement(kind);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function button(text, action) {
  const made = element("button", "quiet", text);
  made.type = "button";
  made.addEventListener("click", action);
  return made;
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  const [unit, name] = [[1e9, "GB"], [1e6, "MB"], [1e3, "kB"]].find(([least]) => bytes >= least);
  return `${(bytes / unit).toFixed(bytes / unit < 10 ? 1 : 0)} ${name}`;
}
