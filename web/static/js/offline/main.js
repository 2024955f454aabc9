// Work without a connection, for who has turned it on for this device: the line at the head of the page, the rounds that
// send what waits, the pack that is kept fresh, and that nothing stays behind when somebody leaves.
import * as desk from "./desk.js";
import * as forms from "./forms.js";
import * as pack from "./pack.js";
import * as send from "./send.js";
import * as store from "./store.js";

const AGAIN = 20000;
const LEAVING = "offline leaving";
const strip = document.querySelector("[data-strip]");
const kept = Boolean(document.documentElement.dataset.kept);
let words = {};
let back = false;
let signedOut = false;

const said = (key, values) =>
  Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), words[key] ?? "");

async function tell() {
  const mine = await store.entries(pack.me);
  const waiting = mine.filter((entry) => entry.state === "waiting");
  const trouble = mine.filter((entry) => ["conflict", "refused"].includes(entry.state)).length;
  const parts = [];
  if (kept) parts.push(back ? said("strip_back", {}) : said("strip_kept", { when: forms.when((await store.known("pack")).at) }));
  if (waiting.length) parts.push(said("strip_waiting", { n: waiting.length }));
  if (waiting.length && signedOut) parts.push(said("strip_signed_out", {}));
  if (trouble) parts.push(said("strip_trouble", { n: trouble }));
  strip.textContent = parts.join(" · ");
  strip.hidden = !parts.length;
  strip.href = back && !waiting.length ? location.pathname : "/offline";
  for (const row of document.querySelectorAll("a.row")) {
    const item = new URL(row.href).pathname.split("/").pop();
    const waits = waiting.some((entry) => entry.item === item && entry.what === "complete");
    row.querySelector(".waits")?.remove();
    if (waits) row.querySelector(".tags")?.append(Object.assign(document.createElement("span"), { className: "tag info waits", textContent: said("state_waiting", {}) }));
  }
  await desk.draw();
}

async function look() {
  const mine = await store.entries(pack.me);
  const waits = mine.some((entry) => entry.state === "waiting");
  if (waits || kept) {
    const open = document.querySelector('form[data-offline="task"]');
    const { outcome, done } = await send.round({ patient: false, open: open?.dataset.item });
    signedOut = outcome === "signed out";
    back = kept && outcome === "sent";
    const here = [...done.values()].map(({ entry }) => entry).filter((entry) => entry.item === open?.dataset.item);
    if (here.length) {
      await forms.rescue();
      return location.reload();
    }
    if (done.size) words = (await pack.refresh())?.words ?? words;
    if (back && !open && location.pathname !== "/offline") return location.reload();
  } else if (await pack.stale()) {
    words = (await pack.refresh())?.words ?? words;
  }
  await tell();
}

async function quietly() {
  try {
    await look();
  } catch (error) {
    if (!(error instanceof TypeError || error.name === "TimeoutError" || /answers/.test(error.message))) throw error;
  }
}

// Who signs out is asked when something still waits; else nothing of anybody's stays.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!pack.on() || !form.action.endsWith("/logout") || form.dataset.cleared) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  leave(form);
}, true);

async function leave(form) {
  const mine = await store.entries(pack.me);
  if (mine.length && !form.dataset.anyway) return location.assign("/offline#leave");
  await pack.wipe();
  localStorage.setItem(LEAVING, pack.me);
  form.dataset.cleared = "1";
  if (!kept) return form.requestSubmit();
  alert(said("leave_offline", {}));
  location.assign("/no-connection");
}

async function begin() {
  const last = await store.known("pack");
  if (last && last.person !== pack.me) await pack.wipe();
  const leaving = localStorage.getItem(LEAVING);
  localStorage.removeItem(LEAVING);
  const out = document.querySelector('form[action$="/logout"]');
  if (leaving === pack.me && pack.me && out) {
    out.dataset.cleared = "1";
    return out.requestSubmit();
  }
  if (!pack.on() || !strip) return;
  words = last?.words ?? (await pack.refresh().catch(() => null))?.words ?? {};
  await forms.begin(words, tell);
  await tell();
  addEventListener("online", quietly);
  // Another build's worker: once it has put away the old pack, its own is fetched.
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    const { controller } = navigator.serviceWorker;
    if (controller?.state === "activated") quietly();
    else controller?.addEventListener("statechange", quietly);
  });
  document.addEventListener("visibilitychange", () => document.hidden || quietly());
  document.addEventListener("crm:sent", quietly);
  document.addEventListener("crm:refused", ({ detail }) => {
    strip.textContent = detail;
    strip.scrollIntoView({ block: "center" });
  });
  setInterval(quietly, AGAIN);
  await quietly();
}

if (pack.possible) begin();
