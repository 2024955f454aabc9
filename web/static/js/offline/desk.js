// The page of what is kept on this device and what waits to be sent.
import { when } from "./forms.js";
import * as pack from "./pack.js";
import * as send from "./send.js";
import * as store from "./store.js";

const page = document.querySelector("[data-offline-desk]");
const find = (name) => page.querySelector(`[data-part="${name}"]`);
const show = (name, on) => { find(name).hidden = !on; };
let drawn = "[]";
const size = (bytes) => (bytes < 1048576 ? `${Math.ceil(bytes / 1024)} KB` : `${(bytes / 1048576).toFixed(1)} MB`);

async function status() {
  const on = pack.on();
  const kept = on ? await store.known("pack") : null;
  show("impossible", !pack.possible);
  show("off", pack.possible && !on);
  show("on", on);
  show("left", Boolean(kept?.left));
  const line = find("ready");
  const values = kept ? { tasks: kept.tasks, size: size(kept.bytes), when: when(kept.at) } : {};
  line.textContent = Object.entries(values).reduce((text, [name, value]) => text.replace(`{${name}}`, value), line.dataset.words);
  line.hidden = !kept;
}

async function card(entry) {
  const made = page.querySelector("template").content.firstElementChild.cloneNode(true);
  const part = (name) => made.querySelector(`[data-is="${name}"]`);
  const unreadable = { title: made.dataset[entry.what] ?? "", shown: [], text: made.dataset.unreadable };
  const found = await store.view(entry);
  const { title, shown, text, problems = [] } = found ?? unreadable;
  made.id = `entry-${entry.id}`;
  part("title").textContent = title;
  part("about").textContent = `${made.dataset[entry.what === "add_file" ? "addFile" : entry.what]} · ${when(entry.at)}`;
  for (const sign of made.querySelectorAll("[data-state]")) sign.hidden = sign.dataset.state !== entry.state;
  part("why").textContent = [text, ...problems.map((one) => one.text)].filter(Boolean).join(" ");
  part("why").hidden = !text;
  for (const [name, value] of shown) {
    part("shown").append(
      Object.assign(document.createElement("dt"), { textContent: name }),
      Object.assign(document.createElement("dd"), { textContent: value }),
    );
  }
  made.querySelector("details").open = entry.state !== "waiting";
  part("reopen").hidden = !found || !["complete", "draft"].includes(entry.what);
  part("reopen").addEventListener("click", () => reopen(entry));
  part("discard").addEventListener("click", () => discard(entry, part("discard")));
  return made;
}

// It is a draft again: its task's form is filled with it.
async function reopen(entry) {
  await store.write({ ...entry, what: "draft", state: entry.state === "waiting" ? "open" : entry.state });
  location.assign(`/tasks/${entry.item}`);
}

async function discard(entry, button) {
  if (!confirm(button.dataset.sure)) return;
  await store.erase(entry.id);
  await draw();
}

export async function draw() {
  if (!page) return;
  await status();
  const mine = pack.on() ? await store.entries(pack.me) : [];
  const now = JSON.stringify(mine.map(({ id, state, what }) => [id, state, what]));
  if (now !== drawn) {
    drawn = now;
    find("waiting").replaceChildren(...(await Promise.all(mine.map(card))));
    if (location.hash.startsWith("#entry-")) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }
  show("nothing", !mine.length);
  show("some", mine.some((entry) => entry.state === "waiting"));
  show("leave", location.hash === "#leave" && mine.length > 0);
  show("elsewhere", location.pathname !== "/offline");
  page.dataset.drawn = "1";
}

async function busy(button, deed) {
  button.setAttribute("aria-busy", "true");
  button.disabled = true;
  show("filling", true);
  try {
    await deed();
  } finally {
    show("filling", false);
    button.disabled = false;
    button.removeAttribute("aria-busy");
    await draw();
  }
}

function press(name, deed) {
  const button = find(name);
  button.addEventListener("click", () => busy(button, deed));
}

if (page) {
  press("turn-on", pack.turnOn);
  press("turn-off", pack.turnOff);
  press("refresh", pack.refresh);
  press("send", async () => { await send.round(); document.dispatchEvent(new Event("crm:sent")); });
  addEventListener("hashchange", draw);
  draw();
}
