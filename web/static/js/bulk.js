// Several tasks at once: how many are chosen is said, and what is pressed waits five seconds in which it can be undone.

const HOLD = 5000;

export function follow(form) {
  const sign = form.querySelector("[data-chosen]");
  const boxes = () => [...document.querySelectorAll(`input[form="${form.id}"][name="ids"]`)];
  const chosen = () => boxes().filter((box) => box.checked).length;
  let waiting = 0;

  const count = () => {
    const many = chosen();
    form.dataset.many = many;
    sign.textContent = many ? `${sign.dataset.chosen} ${many}` : "";
  };
  for (const box of boxes()) box.addEventListener("change", count);
  count();

  form.addEventListener("submit", (event) => {
    const pressed = event.submitter;
    if (form.dataset.sure || !pressed || pressed.value === "open") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!chosen() || waiting) return;
    const bar = hold(form, pressed.textContent.trim(), () => {
      clearTimeout(waiting);
      waiting = 0;
    });
    waiting = setTimeout(() => {
      bar.remove();
      form.dataset.sure = "1";
      form.requestSubmit(pressed);
    }, HOLD);
  }, true);
}

function hold(form, what, undo) {
  const bar = document.createElement("div");
  bar.className = "toast";
  bar.setAttribute("role", "status");
  const words = document.createElement("span");
  words.textContent = `${what} · ${form.dataset.waits}`;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.textContent = form.dataset.undo;
  button.dataset.undo = "";
  button.addEventListener("click", () => {
    undo();
    bar.remove();
  });
  bar.append(words, button);
  document.body.append(bar);
  button.focus();
  return bar;
}
