// Elements of the page, made without markup: what people typed is text and stays text.

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (name === "class") element.className = value;
    else if (value === true) element.setAttribute(name, "");
    else element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

let last = 0;

// A label, a box, and what is said below it.
export function field(label, box, hint = "") {
  box.id ||= `p-${++last}`;
  const below = hint ? make("p", { class: "help", id: `${box.id}-help` }, hint) : null;
  if (below) box.setAttribute("aria-describedby", below.id);
  return make("div", { class: "field" }, make("label", { for: box.id }, label), box, below);
}

// Once what was typed is done: on leaving the box, on Enter in one line, never in the middle of an input method.
export function input(value, done, attributes = {}) {
  const box = make("input", { class: "input", value, autocomplete: "off", ...attributes });
  box.addEventListener("change", () => done(box.value.trim()));
  return box;
}

export function area(value, done, attributes = {}) {
  const box = make("textarea", { class: "input mono", rows: 3, spellcheck: "false", ...attributes });
  box.value = value;
  box.addEventListener("change", () => done(box.value.trim()));
  return box;
}

// ``options``: [value, words]. A value that is not among them is kept and shown as it is.
export function select(value, options, done) {
  const known = options.some(([key]) => key === value);
  const all = known || !value ? options : [...options, [value, value]];
  const box = make("select", { class: "input" }, ...all.map(([key, words]) => make("option", { value: key }, words)));
  box.value = value;
  box.addEventListener("change", () => done(box.value));
  return box;
}

export function check(label, value, done) {
  const box = make("input", { type: "checkbox" });
  box.checked = value;
  box.addEventListener("change", () => done(box.checked));
  return make("label", { class: "tick" }, box, make("span", {}, label));
}
