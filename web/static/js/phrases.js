// A chosen phrase goes into the box that its list belongs to, where the cursor stands. With the mouse at once; with keys,
// which walk through the list, when Enter is pressed or the list is left.

export function follow(list) {
  let walking = false;

  const insert = (back) => {
    const words = list.value;
    list.value = "";
    if (words === "/") location.href = list.dataset.manage;
    const box = document.getElementById(list.dataset.phrases);
    if (!box || !words || words === "/") return;
    const start = box.selectionStart ?? box.value.length;
    const before = box.value.slice(0, start);
    const gap = before && !/[\s，。；]$/.test(before) ? " " : "";
    box.setRangeText(gap + words, start, box.selectionEnd ?? start, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    if (back) box.focus();
  };

  list.addEventListener("pointerdown", () => { walking = false; });
  list.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && list.value) {
      event.preventDefault();
      insert(true);
    } else {
      walking = true;
    }
  });
  list.addEventListener("change", () => { if (!walking) insert(true); });
  list.addEventListener("blur", () => { if (walking) insert(false); });
}
