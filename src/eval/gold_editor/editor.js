// The gold editor: blocks are check boxes, Save sends what is chosen.
"use strict";
const blocks = [...document.querySelectorAll("[data-block]")];
const form = document.querySelector("form");
const said = document.querySelector("#said");
const count = document.querySelector("#count");
let last = 0;

const isOn = (block) => block.getAttribute("aria-checked") === "true";

function set(block, on) {
  block.setAttribute("aria-checked", String(on));
  said.textContent = "Not saved yet";
  tell();
}

function tell() {
  const words = blocks.filter(isOn).map((block) => block.dataset.words * 1);
  count.textContent = `${words.length} blocks, ${words.reduce((sum, n) => sum + n, 0)} words`;
}

// With Shift, everything from the block touched last becomes as this block becomes.
function toggle(place, range) {
  const on = !isOn(blocks[place]);
  const [from, to] = range ? [Math.min(last, place), Math.max(last, place)] : [place, place];
  for (const block of blocks.slice(from, to + 1)) set(block, on);
  last = place;
}

function go(place) {
  const block = blocks[Math.max(0, Math.min(blocks.length - 1, place))];
  if (block) block.focus();
}

blocks.forEach((block, place) => {
  block.addEventListener("click", (event) => toggle(place, event.shiftKey));
  block.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const moves = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10 };
    if (event.key === " " || event.key === "Enter") toggle(place, event.shiftKey);
    else if (event.key in moves) go(place + moves[event.key]);
    else return;
    event.preventDefault();
  });
});

document.querySelector("#extracted").addEventListener("click", () => {
  for (const block of blocks) set(block, block.dataset.extracted === "true");
});

async function save() {
  const value = (name) => form.elements[name].value;
  const choice = {
    fields: {
      title: value("title"),
      description: value("description"),
      authors: value("authors").split("\n"),
      published: value("published"),
      language: value("language"),
    },
    blocks: blocks.flatMap((block, place) => (isOn(block) ? [place] : [])),
  };
  said.textContent = "Saving …";
  try {
    const answer = await fetch(location.pathname, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(choice),
    });
    said.textContent = (answer.ok ? "Saved to " : "Not saved: ") + (await answer.text());
  } catch (error) {
    said.textContent = `Not saved: ${error.message}; is gleaner gold still running?`;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});
form.addEventListener("input", () => { said.textContent = "Not saved yet"; });
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    event.preventDefault();
    save();
  }
});
window.addEventListener("beforeunload", (event) => {
  if (said.textContent === "Not saved yet") event.preventDefault();
});
tell();
