// The list follows what happens: the server answers when something has changed, and the list is read again. Not while
// tasks are being chosen, not in a tab that nobody looks at, and never what somebody is typing.

const LATER = 15000;

export function follow(list) {
  const address = list.dataset.live;
  let since = 0;
  let mark = "";

  const look = async () => {
    if (!list.isConnected) return;
    if (document.hidden) {
      document.addEventListener("visibilitychange", look, { once: true });
      return;
    }
    let pause = LATER;
    try {
      const answer = await fetch(`${address}?since=${since}`, { headers: { Accept: "application/json" } });
      if (answer.redirected || answer.status === 401 || answer.status === 403) return;
      if (answer.ok) {
        const news = await answer.json();
        const changed = mark && news.mark !== mark;
        since = news.since;
        mark = news.mark;
        if (changed) await again(list);
        pause = news.again * 1000 || 1000;
      }
    } catch {
      pause = LATER;
    }
    setTimeout(look, pause);
  };
  setTimeout(look, 1000);
}

async function again(list) {
  if (list.querySelector(".pick:checked")) return;
  const answer = await fetch(location.href);
  if (!answer.ok || answer.redirected) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(".list-body");
  if (!fresh) return;
  const tabs = document.querySelector(".list-head .tabs");
  const counts = page.querySelector(".list-head .tabs");
  const here = document.activeElement;
  const kept = list.contains(here) || tabs?.contains(here) ? place(here) : "";
  list.replaceChildren(...fresh.childNodes);
  if (tabs && counts) tabs.replaceWith(counts);
  if (kept) document.querySelector(kept)?.focus();
  document.dispatchEvent(new CustomEvent("htmx:afterSwap", { detail: { target: list } }));
}

// How what has the keyboard's attention is found again after the list was read anew.
function place(element) {
  const of = (name) => `[${name}="${CSS.escape(element.getAttribute(name))}"]`;
  if (element.hasAttribute("href")) return `a${of("href")}`;
  if (element.hasAttribute("value")) return `${of("name")}${of("value")}`;
  return element.id ? `#${CSS.escape(element.id)}` : "";
}
