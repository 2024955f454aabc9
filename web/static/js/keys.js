// The desk by keyboard. Never while a word is being composed (IME), never in a box, never with Ctrl, Alt or Command;
// which key does what is the reader's own (page of keys), and where it is switched off nothing does. What needs a reason
// opens its form: no key refuses a task.

const PLACES = {
  to_inbox: "/inbox", to_claim: "/inbox/open", to_done: "/inbox/done", to_started: "/inbox/started",
  to_cases: "/cases", to_processes: "/processes", to_start: "/start",
};
const KEYS = JSON.parse(document.querySelector("[data-shortcuts]")?.dataset.shortcuts ?? "{}");
const COMMANDS = new Map(Object.entries(KEYS).filter(([, key]) => key).map(([command, key]) => [key, command]));
const FIRSTS = new Set([...COMMANDS.keys()].filter((key) => key.includes(" ")).map((key) => key[0]));
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

function go(place) {
  const link = document.querySelector(`a[href="${place}"]`);
  if (link || place.startsWith("/inbox")) location.assign(place);
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

const DOES = {
  down: () => move(1),
  up: () => move(-1),
  more_down: () => move(1, true),
  more_up: () => move(-1, true),
  open: () => document.activeElement?.matches?.("a.row") && document.activeElement.click(),
  pick: () => pick(rows()[here()]),
  pick_all: () => rows().forEach((row) => pick(row, true)),
  claim: () => document.querySelector('form[action$="/claim"] button')?.click(),
  approve: () => focus(".task .bar .button.primary"),
  reject: () => focus(".task .bar .button.primary ~ .button[value]:not([value=draft])"),
  edit: () => focus(".task .body :is(input:not([type=hidden]), select, textarea)"),
  transfer: () => open("transfer"),
  add_sign: () => open("add_sign"),
  send_back: () => open("send_back"),
  urge: () => open("urge"),
  comment: () => focus("#comment"),
  more: () => focus("#verbs summary"),
  search: () => {
    const fold = document.querySelector(".list-head details");
    if (fold) fold.open = true;
    focus(".list-head .filters .input");
  },
  undo: () => document.querySelector("button[data-undo]")?.click(),
  help: () => document.querySelector("[data-keys]")?.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event) || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") return document.querySelector(".opened .crumbs a")?.click();
  if (event.key.length > 1) return; // Shift, Tab, an arrow
  const command = COMMANDS.get(before ? `${before} ${event.key}` : event.key);
  before = !before && FIRSTS.has(event.key) ? event.key : "";
  if (command === undefined) return;
  event.preventDefault();
  if (command in PLACES) go(PLACES[command]);
  else DOES[command]();
});

document.addEventListener("crm:verb", (event) => {
  const verb = event.detail;
  if (open(verb)) return;
  if (verb === "complete") focus(".task .bar .button.primary");
  else if (verb === "save_draft") document.querySelector('.task .bar button[value="draft"]')?.click();
  else if (verb === "comment") focus("#comment");
  else document.querySelector(`form[action$="/${verb}"] button`)?.click();
});

document.querySelector("[data-show-keys]")?.addEventListener("click", () => document.querySelector("[data-keys]")?.showModal());
