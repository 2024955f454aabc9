// A chosen phrase goes into the box that its list belongs to, where the cursor stands; the box is written in next.

export function follow(list) {
  list.addEventListener("change", () => {
    if (list.value === "/") {
      location.href = list.dataset.manage;
      return;
    }
    const box = document.getElementById(list.dataset.phrases);
    if (!box || !list.value) return;
    const start = box.selectionStart ?? box.value.length;
    const before = box.value.slice(0, start);
    const gap = before && !/[\s，。；]$/.test(before) ? " " : "";
    box.setRangeText(gap + list.value, start, box.selectionEnd ?? start, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
    list.value = "";
    box.focus();
  });
}
