// @ts-check
// Elements of a page, made and found. Texts are texts: nothing that is put in is ever read as HTML.
"use strict";

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Partial<HTMLElementTagNameMap[Tag]>} properties
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Tag]}
 */
function element(tag, properties, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/**
 * @param {string} text
 * @param {() => void} act
 * @param {string} className
 */
function button(text, act, className = "") {
  const made = element("button", { type: "button", className }, text);
  made.addEventListener("click", act);
  return made;
}

/**
 * The one element of this class within another.
 * @param {Element} within
 * @param {string} className
 */
function find(within, className) {
  return /** @type {HTMLElement} */ (within.querySelector(`.${className}`));
}
