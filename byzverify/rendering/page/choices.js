// @ts-check
// A choice between options: radio buttons, of which the keyboard knows how to move between them.
"use strict";

/**
 * @param {Words} words
 * @param {{legend: string, name: string, group: string}} called for people, the page, and the browser
 * @param {Option[]} options
 * @param {(option: Option) => void} act
 */
function choices(words, { legend, name, group }, options, act) {
  const fieldset = element("fieldset", { className: "choices" }, element("legend", {}, legend));
  fieldset.dataset.name = name;
  options.forEach((option, i) => {
    const input = element("input", { type: "radio", name: group, value: String(i) });
    input.addEventListener("change", () => act(option));
    const says = option.says === null ? "what his program says" : words.value(option.says);
    fieldset.append(element("label", {}, input, element("span", {}, says)));
  });
  return fieldset;
}

/**
 * Check the option that is chosen.
 * @param {Element} within
 * @param {string} name
 * @param {number} option
 */
function check(within, name, option) {
  const inputs = within.querySelectorAll(`[data-name="${name}"] input`);
  inputs.forEach((input, i) => {
    /** @type {HTMLInputElement} */ (input).checked = i === option;
  });
}
