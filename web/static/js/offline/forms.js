// Forms that work without a connection: what is handed in is written down here first and sent then, so that a lift door
// between the two costs nothing. A task's form, a comment beside it, files for its case: data-offline says which.
import * as fills from "./fill.js";
import * as pack from "./pack.js";
import * as send from "./send.js";
import * as store from "./store.js";

const MOST_MEGABYTES = 50;
const task = document.querySelector('form[data-offline="task"]');
let words = {};
let changed = () => {};
let began = "";

const said = (key, values = {}) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key] ?? "");

export const when = (at) =>
  new Date(at).toLocaleString(document.documentElement.lang === "en" ? "en-GB" : "zh-CN", {
    month: "short", day: "numeric", hour: "2-digit", minute: "2-digit",
  });

function notice(form, text, tone, lines = []) {
  form.querySelector(":scope > .notice.device, .body > .notice.device")?.remove();
  const box = document.createElement("div");
  box.className = `notice device ${tone}`;
  box.setAttribute("role", tone === "bad" ? "alert" : "status");
  box.tabIndex = -1;
  const inner = document.createElement("div");
  inner.append(text);
  if (lines.length) {
    const list = document.createElement("ul");
    list.append(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
    inner.append(list);
  }
  box.append(inner);
  (form.querySelector(":scope > .body") ?? form).prepend(box);
  if (tone === "bad") box.focus();
  return inner;
}

function ready(form) {
  delete form.dataset.sent;
  for (const button of form.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
}

const moment = async () => new Date(Date.now() + ((await store.known("skew")) ?? 0)).toISOString();

async function entry(form, what, submitter) {
  const data = new FormData(form, submitter);
  for (const name of ["csrf_token", "do", "task"]) data.delete(name);
  const files = [...data.values()].filter((value) => value instanceof File);
  if (files.reduce((sum, file) => sum + file.size, 0) > MOST_MEGABYTES * 2 ** 20) {
    notice(form, said("too_large", { megabytes: MOST_MEGABYTES }), "bad");
    return null;
  }
  const { item, seen = "" } = form.dataset;
  const about = { person: pack.me, item, what, seen, done_at: await moment() };
  for (const [name, value] of Object.entries(about)) data.set(name, value);
  const title = form.dataset.title;
  return store.made({ person: pack.me, item, what, form: data, view: { title, shown: fills.words(form) } });
}

async function drafts(item) {
  const mine = await store.entries(pack.me);
  return mine.filter((one) => one.item === item && one.what === "draft");
}

// Written down, one after another; what was a draft of the same task is in it. Null where it could not be, or where the
// task is done here already.
const written = (...what) => navigator.locks.request("crmflow-write", () => writing(...what));

async function writing(form, what, submitter) {
  try {
    const all = await store.entries(pack.me);
    const over = ({ item, what: deed, state }) => item === form.dataset.item && deed === "complete" && state === "waiting";
    const made = what === "draft" && all.some(over) ? null : await entry(form, what, submitter);
    if (!made) return null;
    const before = form === task ? await drafts(made.item) : [];
    const id = await store.write(made);
    for (const one of before) await store.erase(one.id);
    await changed();
    return id;
  } catch (error) {
    console.error(error);
    notice(form, said("not_kept"), "bad");
    return null;
  }
}

// A chosen photo is on the device at once; it goes with what its form hands in, or when the page is left.
async function taken(form, submitter) {
  if ((await written(form, "draft", submitter)) !== null) notice(form, said("kept_here"), "good");
}

async function handed(form, submitter) {
  const draft = submitter?.name === "do" && submitter.value === "draft";
  const what = form !== task ? form.dataset.offline : draft ? "draft" : "complete";
  const missing = what === "complete" && document.documentElement.dataset.kept ? fills.missing(form) : [];
  if (missing.length) {
    ready(form);
    return notice(form, said("needed"), "bad", missing);
  }
  submitter?.setAttribute("aria-busy", "true");
  const id = await written(form, what, submitter);
  if (id === null) return ready(form);
  const { outcome, done } = await send.round({ told: id, open: task?.dataset.item });
  await changed();
  if (done.has(id)) {
    if (form !== task) await rescue();
    return what === "complete" ? location.assign(done.get(id).next) : location.reload();
  }
  const [left] = (await store.entries(pack.me)).filter((one) => one.id === id);
  ready(form);
  if (left?.state === "refused") return refused(form, left);
  if (left?.state === "conflict") return location.assign(`/offline#entry-${id}`);
  if (what === "complete") return location.assign("/inbox");
  notice(form, said("kept_here"), outcome === "signed out" ? "warn" : "good");
  if (form !== task) form.reset();
}

// At the fields, as the server would have said it; what was entered stays as it stands, and here as a draft.
async function refused(form, left) {
  const { text, problems } = await store.view(left);
  await store.write({ ...left, what: form === task ? "draft" : left.what });
  const lines = problems.map((one) => {
    const box = form.querySelector(`[name="f${CSS.escape(one.pointer)}"], [name="f${CSS.escape(one.pointer)}+"]`);
    box?.setAttribute("aria-invalid", "true");
    return box ? `${fills.label(box)}: ${one.text}` : one.text;
  });
  notice(form, text, "bad", lines);
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!pack.on() || !words.kept_here) return;
  if (form.dataset.offline) {
    event.preventDefault();
    event.stopImmediatePropagation();
    if (event.submitter?.dataset.keeps) return void taken(form, event.submitter);
    if (form.dataset.sent) return;
    form.dataset.sent = "1";
    handed(form, event.submitter);
  } else if (document.documentElement.dataset.kept && form.method === "post" && !form.action.endsWith("/logout")) {
    event.preventDefault();
    event.stopImmediatePropagation();
    document.dispatchEvent(new CustomEvent("crm:refused", { detail: said("online_only") }));
  }
}, true);

// Photos one after another: a box that takes several keeps those it has.
const held = new WeakMap();
document.addEventListener("change", (event) => {
  const box = event.target;
  if (!pack.on() || !event.isTrusted || box.type !== "file" || !task?.contains(box)) return;
  const files = box.multiple ? [...(held.get(box) ?? []), ...box.files] : [...box.files];
  held.set(box, files);
  fills.chosen(box, files);
}, true);

// What the server did not take as a draft is kept here; what it took is not needed here any more.
document.addEventListener("crm:unsaved", async (event) => {
  if (pack.on() && event.target === task) await written(task, "draft");
});
document.addEventListener("crm:saved", async (event) => {
  if (!pack.on() || event.target !== task) return;
  const mine = await drafts(task.dataset.item);
  if (mine.some((one) => one.files)) await written(task, "draft");
  else {
    for (const one of mine) await store.erase(one.id);
    await changed();
  }
});

// Before the page is read again: what is entered here and not sent.
export async function rescue() {
  if (task && new URLSearchParams(new FormData(task)).toString() !== began) await written(task, "draft");
}

async function restore(form) {
  const mine = (await store.entries(pack.me)).filter((one) => one.item === form.dataset.item);
  const done = mine.find((one) => one.what === "complete" && one.state === "waiting");
  const [draft] = mine.filter((one) => one.what === "draft").slice(-1);
  if (done && (await store.view(done))) {
    fills.fill(form, await store.form(done));
    form.inert = true;
    notice(form.parentElement, said("done_here", { when: when(done.at) }), "info");
  } else if (draft) {
    const found = await store.view(draft);
    if (!found) return;
    const { text, shown } = found;
    const lost = fills.fill(form, await store.form(draft));
    for (const box of form.querySelectorAll("input[type=file]")) held.set(box, [...box.files]);
    const lines = lost.length ? [said("lost"), ...shown.map(([name, value]) => `${name}: ${value}`)] : [];
    notice(form, [said("draft_here", { when: when(draft.at) }), text].filter(Boolean).join(" "), "info", lines);
  }
}

export async function begin(told, again) {
  words = told;
  changed = again;
  if (!task) return;
  await restore(task);
  began = new URLSearchParams(new FormData(task)).toString();
  task.dataset.ready = "1";
}
