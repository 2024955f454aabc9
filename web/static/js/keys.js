// The inbox by keyboard: j and k move, Enter opens, c claims, g then i, d, s or p goes, ? helps.
// Never while a word is being composed (IME), never in a box, never with Ctrl, Alt or Command.

const PLACES = { i: "/inbox", o: "/inbox/open", d: "/inbox/done", s: "/start", c: "/cases", p: "/processes" };
let going = false;

function typing(event) {
  const at = event.target;
  return event.isComposing || event.keyCode === 229 || at.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(at.tagName);
}

function move(step) {
  const rows = [...document.querySelectorAll("a.row")];
  if (!rows.length) return;
  const focused = rows.indexOf(document.activeElement);
  const here = focused >= 0 ? focused : rows.findIndex((row) => row.getAttribute("aria-current"));
  const next = here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + step));
  rows[next].focus();
}

function go(key) {
  const link = document.querySelector(`a[href="${PLACES[key]}"]`);
  if (link || PLACES[key]?.startsWith("/inbox")) location.assign(PLACES[key]);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || typing(event)) return;
  if (going) {
    going = false;
    go(event.key);
    return;
  }
  const help = document.querySelector("[data-keys]");
  if (event.key === "j") move(1);
  else if (event.key === "k") move(-1);
  else if (event.key === "g") going = true;
  else if (event.key === "c") document.querySelector('form[action$="/claim"] button')?.click();
  else if (event.key === "?" && help) help.showModal();
});
