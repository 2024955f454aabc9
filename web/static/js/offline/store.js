// What waits on this device, and the few things that are known about it. An entry is sealed with a secret that the server
// gives to its person alone and that leaves the device when that person signs out: to anybody else it is noise.

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    const asked = indexedDB.open("crmflow", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("entries", { keyPath: "id", autoIncrement: true });
      asked.result.createObjectStore("known");
    };
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
  return opened;
}

async function ask(name, mode, deed) {
  const transaction = (await open()).transaction(name, mode, { durability: "strict" });
  const asked = deed(transaction.objectStore(name));
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve(asked.result);
    transaction.onabort = () => reject(transaction.error ?? asked.error);
  });
}

export const known = (name) => ask("known", "readonly", (all) => all.get(name));
export const keep = (name, value) => ask("known", "readwrite", (all) => all.put(value, name));
export const forget = (name) => ask("known", "readwrite", (all) => all.delete(name));
export const erase = (id) => ask("entries", "readwrite", (all) => all.delete(id));
export const write = (entry) => ask("entries", "readwrite", (all) => all.put(entry));

// In the order they were made; nobody is shown another's.
export async function entries(person) {
  const all = await ask("entries", "readonly", (found) => found.getAll());
  return all.filter((entry) => entry.person === person);
}

export async function secret(base64) {
  const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
  await keep("secret", await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]));
}

export async function seal(bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  return { iv, bytes: await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await known("secret"), bytes) };
}

export async function unseal({ iv, bytes }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv }, await known("secret"), bytes);
}

// What is sent, byte for byte the same each time, and what is shown of it here.
export async function made({ person, item, what, form, view }) {
  const files = [...form.values()].filter((value) => value instanceof File && value.name).length;
  const body = new Response(form);
  return {
    person, item, what, files,
    state: "waiting",
    at: Date.now(),
    key: crypto.randomUUID(),
    type: body.headers.get("Content-Type"),
    body: await seal(await body.arrayBuffer()),
    view: await seal(new TextEncoder().encode(JSON.stringify(view))),
  };
}

// Null where the secret is another than it was sealed with: the server's own key was changed.
export async function view(entry) {
  try {
    return JSON.parse(new TextDecoder().decode(await unseal(entry.view)));
  } catch (error) {
    if (error.name === "OperationError") return null;
    throw error;
  }
}

export async function form(entry) {
  return new Response(await unseal(entry.body), { headers: { "Content-Type": entry.type } }).formData();
}

export async function told(entry, changes, more) {
  const shown = new TextEncoder().encode(JSON.stringify({ ...(await view(entry)), ...more }));
  await write({ ...entry, ...changes, view: await seal(shown) });
}
