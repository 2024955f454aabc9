// The inbox by keyboard. Never while a word is being composed (IME), never in a box, never with Ctrl, Alt or Command;
// and not at all where the reader has turned single keys off. What needs a reason opens its form: no key refuses a task.

const PLACES = { i: "/inbox", o: "/inbox/open", d: "/inbox/done", s: "/inbox/started", c: "/cases", p: "/processes", n: "/start" };
const FORMS = { t: "transfer", "+": "add_sign", b: "send_back", u: "urge" };
const OFF = "single-keys-off";
let before = "";

function typing(event) {
  const at = event.target;
  return event.isComposing || event.keyCode === 229 || at.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName);
}

const rows = () => [...document.querySelectorAll("a.row")];
const box = (row) => row?.closest(".pickable")?.querySelector(".pick");

function here() {
  const listed = rows();
  const focused = listed.indexOf(document.activeElement);
  return focused >= 0 ? focused : listed.findIndex((row) => row.getAttribute("aria-current"));
}

function move(step, extend) {
  const listed = rows();
  if (!listed.length) return;
  const at = here();
  const next = at < 0 ? 0 : Math.min(listed.length - 1, Math.max(0, at + step));
  if (extend) for (const row of [listed[Math.max(at, 0)], listed[next]]) pick(row, true);
  listed[next].focus();
}

function pick(row, on) {
  const found = box(row);
  if (!found) return;
  found.checked = on ?? !found.checked;
  found.dispatchEvent(new Event("change", { bubbles: true }));
}

function go(key) {
  const link = document.querySelector(`a[href="${PLACES[key]}"]`);
  if (link || PLACES[key]?.startsWith("/inbox")) location.assign(PLACES[key]);
}

function open(verb) {
  const form = document.querySelector(`form[action*="/actions/${verb}"]`);
  const fold = form?.closest("details");
  if (fold) fold.open = true;
  form?.querySelector("select, textarea, input:not([type=hidden])")?.focus();
  form?.scrollIntoView({ block: "nearest" });
  return Boolean(form);
}

function focus(selector) {
  const found = document.querySelector(selector);
  found?.focus();
  found?.scrollIntoView({ block: "nearest" });
}

const SINGLE = {
  j: () => move(1),
  k: () => move(-1),
  J: () => move(1, true),
  K: () => move(-1, true),
  o: () => document.activeElement?.matches?.("a.row") && document.activeElement.click(),
  x: () => pick(rows()[here()]),
  c: () => document.querySelector('form[action$="/claim"] button')?.click(),
  a: () => focus(".task .bar .button.primary"),
  r: () => focus(".task .bar .button.primary ~ .button[value]:not([value=draft])"),
  e: () => focus(".task .body :is(input:not([type=hidden]), select, textarea)"),
  m: () => focus("#comment"),
  ".": () => focus("#verbs summary"),
  "/": () => {
    const fold = document.querySelector(".list-head details");
    if (fold) fold.open = true;
    focus(".list-head .filters .input");
  },
  z: () => document.querySelector("button[data-undo]")?.click(),
  Escape: () => document.querySelector(".opened .crumbs a")?.click(),
  "?": () => document.querySelector("[data-keys]")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event) || document.querySelector("dialog[open]")) return;
  if (localStorage.getItem(OFF)) return;
  const first = before;
  before = "";
  if (first === "g") go(event.key);
  else if (first === "*" && event.key === "a") for (const row of rows()) pick(row, true);
  else if (event.key === "g" || event.key === "*") before = event.key;
  else if (event.key in FORMS) open(FORMS[event.key]) && event.preventDefault();
  else if (event.key in SINGLE) {
    SINGLE[event.key]();
    if (event.key !== "Escape") event.preventDefault();
  }
});

document.addEventListener("crm:verb", (event) => {
  const verb = event.detail;
  if (open(verb)) return;
  if (verb === "complete") focus(".task .bar .button.primary");
  else if (verb === "save_draft") document.querySelector('.task .bar button[value="draft"]')?.click();
  else if (verb === "comment") focus("#comment");
  else document.querySelector(`form[action$="/${verb}"] button`)?.click();
});

const toggle = document.querySelector("[data-single-keys]");
if (toggle) {
  toggle.checked = !localStorage.getItem(OFF);
  toggle.addEventListener("change", () => {
    if (toggle.checked) localStorage.removeItem(OFF);
    else localStorage.setItem(OFF, "1");
  });
}

document.querySelector("[data-show-keys]")?.addEventListener("click", () => document.querySelector("[data-keys]")?.showModal());
