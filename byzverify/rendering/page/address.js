// @ts-check
// The page begins here: its attacks, the state in its address, and the keys that are heard everywhere.
"use strict";

/** @type {Page[]} */
const pages = [...document.querySelectorAll("article.attack")].map((one) => new Page(/** @type {HTMLElement} */ (one)));

/** Put the state of all attacks into the address, so that it can be shared. */
function writeFragment() {
  const states = pages.map((page) => page.written());
  const fragment = states.some(Boolean) ? `#${states.join("~")}` : "";
  history.replaceState(null, "", fragment || location.pathname + location.search);
}

/** Take the state from the address. What makes no sense is ignored, and said. */
function readFragment() {
  const states = location.hash.slice(1).split("~");
  const understood =
    !location.hash || (states.length === pages.length && pages.every((page, i) => !states[i] || page.read(states[i])));
  find(document.body, "notice").hidden = understood;
}

addEventListener("hashchange", readFragment);
addEventListener("keydown", (event) => {
  const target = /** @type {Element} */ (event.target);
  if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
  if (event.altKey || event.ctrlKey || event.metaKey || target.closest("input, select, textarea")) return;
  const page = pages.find((one) => one.article.contains(target)) ?? pages[0];
  page.step(event.key === "ArrowRight" ? 1 : -1);
  event.preventDefault();
});
readFragment();
