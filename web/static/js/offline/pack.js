// The pack: pages and files of one person, kept so that the worker can show them without a connection. Whoever is not that
// person any more finds nothing of it.
import * as store from "./store.js";

const AS_OF = "/offline/as-of";
const PATIENCE = 15000;
const FRESH = 5 * 60 * 1000;

export const me = document.querySelector("[data-person]")?.dataset.person ?? "";
export const possible = isSecureContext && "serviceWorker" in navigator && "indexedDB" in window && "caches" in window;
export const on = () => possible && me !== "" && localStorage.getItem(`offline ${me}`) !== null;

// What the server says of the pack; null for who is signed out. Throws without a connection.
export async function hello() {
  const signal = AbortSignal.timeout(PATIENCE);
  const answer = await fetch("/offline/pack", { headers: { Accept: "application/json" }, signal });
  if (answer.status === 401 || answer.status === 403) return null;
  if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
  const found = await answer.json();
  if (found.person === me) await store.keep("skew", Date.parse(found.now) - Date.now());
  return found.person === me ? found : null;
}

export async function turnOn() {
  await navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" });
  await navigator.serviceWorker.ready;
  await navigator.storage.persist?.();
  localStorage.setItem(`offline ${me}`, "1");
  return refresh();
}

export async function turnOff() {
  localStorage.removeItem(`offline ${me}`);
  await wipe();
  for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
}

// Nothing of anybody stays but what still waits, which is sealed.
export async function wipe() {
  for (const name of await caches.keys()) if (name.startsWith("pack-")) await caches.delete(name);
  await store.forget("pack");
  await store.forget("secret");
}

export async function stale() {
  const last = await store.known("pack");
  if (!last || last.person !== me || last.lang !== document.documentElement.lang) return true;
  return Date.now() - last.at > FRESH || !(await caches.has(`pack-${last.build}`));
}

export function refresh() {
  return navigator.locks.request("crmflow-pack", async () => {
    const told = await hello();
    if (!told) return null;
    const last = await store.known("pack");
    if (last && last.person !== me) await wipe();
    await store.secret(told.secret);
    return filled(told);
  });
}

async function filled(told) {
  const cache = await caches.open(`pack-${told.build}`);
  const wanted = [...told.pages, ...told.files.map((file) => ({ ...file, mark: "file" }))];
  let bytes = 0;
  let left = told.large_files + (told.more_tasks ? 1 : 0);
  for (const one of wanted) {
    const size = await taken(cache, one, told.most_bytes - bytes);
    if (size < 0) left += 1;
    else bytes += size;
  }
  const addresses = new Set([AS_OF, ...wanted.map((one) => one.address)]);
  for (const request of await cache.keys()) {
    if (!addresses.has(new URL(request.url).pathname)) await cache.delete(request);
  }
  const at = Date.now();
  await cache.put(AS_OF, new Response(JSON.stringify({ at, hours: told.hours })));
  const last = await store.known("pack");
  if (last && last.build !== told.build) await (await navigator.serviceWorker.getRegistration())?.update();
  const { lang } = document.documentElement;
  const pack = { person: me, lang, at, bytes, left, build: told.build, tasks: told.tasks, words: told.words };
  await store.keep("pack", pack);
  return pack;
}

// How large it is; less than nothing where it does not fit or is not given.
async function taken(cache, { address, mark }, room) {
  const before = await cache.match(address);
  if (before?.headers.get("X-Mark") === mark) return Number(before.headers.get("X-Size"));
  const answer = await fetch(address);
  if (!answer.ok || answer.redirected) return -1;
  const headers = new Headers(answer.headers);
  const page = (headers.get("Content-Type") ?? "").startsWith("text/html");
  const body = page
    ? new TextEncoder().encode((await answer.text()).replace("<html ", '<html data-kept="1" '))
    : await answer.arrayBuffer();
  if (body.byteLength > room) {
    await cache.delete(address);
    return -1;
  }
  headers.delete("Content-Encoding");
  headers.set("Content-Length", body.byteLength);
  headers.set("X-Mark", mark);
  headers.set("X-Size", body.byteLength);
  await cache.put(address, new Response(body, { headers }));
  return body.byteLength;
}
