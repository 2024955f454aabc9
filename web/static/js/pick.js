// Several of many in a cell: the closed list says what is chosen. Without scripts it says what was chosen when sent.

export function follow(form) {
  form.addEventListener("change", (event) => {
    const list = event.target.closest?.(".pick");
    if (!list) return;
    const names = [...list.querySelectorAll("input:checked")].map((box) => box.parentElement.textContent.trim());
    const summary = list.querySelector("summary");
    const join = document.documentElement.lang === "en" ? ", " : "、";
    summary.querySelector("[data-picked]").textContent = names.join(join) || summary.dataset.none;
  });
}
