// Hands in what waits, in order, each under the name it was given when it was made: the server does it once, however often
// it comes. What is refused or in conflict stays here with everything that was entered.
import * as pack from "./pack.js";
import * as store from "./store.js";

const LONGEST = 120000;

// ``open``: the task whose form stands on the page; its draft waits until it is handed in or left.
// What came of it: "sent", "signed out", or "later". ``told``: id of the entry whose person waits for it on the page.
// ``done``: what the server said to each that it took.
export function round({ told = 0, patient = true, open = "" } = {}) {
  return navigator.locks.request("crmflow-send", { ifAvailable: !patient }, async (lock) => {
    if (!lock) return { outcome: "later", done: new Map() };
    const done = new Map();
    try {
      const hello = await pack.hello();
      if (!hello) return { outcome: "signed out", done };
      await store.secret(hello.secret);
      for (const entry of await store.entries(pack.me)) {
        if (entry.state !== "waiting") continue;
        if (entry.what === "draft" && entry.item === open && entry.id !== told) continue;
        if (!(await store.view(entry))) {
          await store.write({ ...entry, state: "conflict" });
          continue;
        }
        const answer = await handed(entry, hello.csrf, entry.id === told);
        if (answer.status === 401) return { outcome: "signed out", done };
        if (!(await noted(entry, answer, done))) return { outcome: "later", done };
      }
    } catch (error) {
      if (!(error instanceof TypeError || error.name === "TimeoutError" || /answers/.test(error.message))) throw error;
      return { outcome: "later", done };
    }
    return { outcome: "sent", done };
  });
}

async function handed(entry, csrf, waitedFor) {
  const headers = {
    Accept: "application/json",
    "Content-Type": entry.type,
    "Idempotency-Key": entry.key,
    "X-CSRFToken": csrf,
  };
  const body = await store.unseal(entry.body);
  const address = waitedFor ? "/offline/send?told=1" : "/offline/send";
  return fetch(address, { method: "POST", headers, body, signal: AbortSignal.timeout(LONGEST) });
}

// Whether the server has said what becomes of it; a server in trouble is asked again later.
async function noted(entry, answer, done) {
  if (!(answer.headers.get("Content-Type") ?? "").startsWith("application/json")) return false;
  const said = await answer.json();
  if (said.state === "done") {
    await store.erase(entry.id);
    done.set(entry.id, { ...said, entry });
  } else if (said.state === "refused" || said.state === "conflict") {
    await store.told(entry, { state: said.state }, { text: said.text, problems: said.problems ?? [] });
  } else return false;
  return true;
}
