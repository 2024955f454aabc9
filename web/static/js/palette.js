// Ctrl+K or Command+K: every command by a few letters of its words, or by the initials of its pinyin.

const dialog = document.querySelector("[data-palette]");
const ask = dialog?.querySelector("[data-palette-ask]");
const none = dialog?.querySelector("[data-palette-none]");
const all = dialog ? [...dialog.querySelectorAll("[role=option]")] : [];
let chosen = 0;

const shown = () => all.filter((one) => !one.hidden);

function narrow() {
  const asked = ask.value.trim().toLowerCase();
  for (const one of all) {
    const words = one.textContent.toLowerCase();
    one.hidden = asked !== "" && !words.includes(asked) && !one.dataset.initials.includes(asked);
  }
  // What begins so comes first.
  const list = all[0]?.parentElement;
  list?.append(...[...all].sort((one, other) => begins(other, asked) - begins(one, asked)));
  choose(0);
}

function begins(one, asked) {
  if (!asked) return 0;
  return one.dataset.initials.startsWith(asked) || one.textContent.toLowerCase().startsWith(asked) ? 1 : 0;
}

function choose(place) {
  const listed = [...(all[0]?.parentElement.children ?? [])].filter((one) => !one.hidden);
  chosen = Math.max(0, Math.min(listed.length - 1, place));
  for (const one of all) one.setAttribute("aria-selected", "false");
  none.hidden = listed.length > 0;
  if (!listed.length) return ask.removeAttribute("aria-activedescendant");
  listed[chosen].setAttribute("aria-selected", "true");
  listed[chosen].scrollIntoView({ block: "nearest" });
  ask.setAttribute("aria-activedescendant", listed[chosen].id);
}

function run(one) {
  dialog.close();
  if (!one) return;
  if (one.dataset.address) location.assign(one.dataset.address);
  else document.dispatchEvent(new CustomEvent("crm:verb", { detail: one.dataset.verb }));
}

if (dialog) {
  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (dialog.open) return dialog.close();
      ask.value = "";
      narrow();
      dialog.showModal();
      ask.focus();
    }
  });
  ask.addEventListener("input", (event) => event.isComposing || narrow());
  ask.addEventListener("compositionend", narrow);
  ask.addEventListener("keydown", (event) => {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "ArrowDown") choose(chosen + 1);
    else if (event.key === "ArrowUp") choose(chosen - 1);
    else if (event.key === "Enter") run(dialog.querySelector("[aria-selected=true]:not([hidden])"));
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => {
    const one = event.target.closest("[role=option]");
    if (one) run(one);
    else if (event.target === dialog) dialog.close();
  });
}
