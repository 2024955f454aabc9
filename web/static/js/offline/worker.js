// Answers for the server while there is none: a page that was kept as it was kept, else the page that says so. What
// stands in the caches is put there by pack.js; here nothing is ever added to them but the house's own scripts and styles.
// BUILD, SHELL and NONE are written above by web/ui/shell.py.

const PACK = `pack-${BUILD}`;
const HOUSE = `shell-${BUILD}`;
const AS_OF = "/offline/as-of";
const PATIENCE = 15000;
const DOWN = [502, 503, 504];

addEventListener("install", (event) => event.waitUntil(install()));
addEventListener("activate", (event) => event.waitUntil(activate()));

async function install() {
  const cache = await caches.open(HOUSE);
  await cache.addAll(SHELL.map((address) => new Request(address, { cache: "reload" })));
  await skipWaiting();
}

// Another build's pages and scripts go together: none is ever shown with the other's.
async function activate() {
  for (const name of await caches.keys()) {
    if (/^(shell|pack)-/.test(name) && name !== PACK && name !== HOUSE) await caches.delete(name);
  }
  await clients.claim();
}

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, pathname));
  else if (pathname.startsWith("/static/")) event.respondWith(part(event));
});

// Windows that show a page as it was kept: their scripts come from beside it, however long the line would take.
const alone = new Set();

async function page({ request, resultingClientId }, path) {
  const asKept = async () => {
    const found = await kept(path);
    if (found) alone.add(resultingClientId);
    return found;
  };
  const slow = new Promise((resolve) => setTimeout(resolve, PATIENCE)).then(asKept);
  try {
    const answer = fetch(request);
    const first = (await Promise.race([answer, slow])) ?? (await answer);
    return DOWN.includes(first.status) ? ((await asKept()) ?? first) : first;
  } catch {
    return (await asKept()) ?? (await (await caches.open(HOUSE)).match(NONE)) ?? Response.error();
  }
}

// Of the pack, unless it is too old: then it is thrown away.
async function kept(path) {
  if (!(await caches.has(PACK))) return undefined;
  const pack = await caches.open(PACK);
  const asOf = await pack.match(AS_OF);
  if (!asOf) return undefined;
  const { at, hours } = await asOf.json();
  if (Date.now() - at > hours * 3600000) {
    await caches.delete(PACK);
    return undefined;
  }
  const found = path === "/" || path === "/inbox/mine" ? "/inbox" : path;
  return (await pack.match(found)) ?? pack.match("/offline");
}

// An address with a hash never changes what it is; all others are asked for first.
async function part({ request, clientId }) {
  const house = await caches.open(HOUSE);
  const known = await house.match(request);
  if (known && (alone.has(clientId) || new URL(request.url).searchParams.has("v"))) return known;
  try {
    return await fetch(request);
  } catch (error) {
    if (known) return known;
    throw error;
  }
}
