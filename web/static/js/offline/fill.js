// What was entered goes back into a form, and what a form holds is put in words.

const boxes = (form) => [...form.querySelectorAll("input, select, textarea")].filter((box) => box.name.startsWith("f/"));

export function label(box) {
  const field = box.closest(".field");
  const own = field?.querySelector("label, legend, .label")?.cloneNode(true);
  for (const sign of own?.querySelectorAll(".needed, .unseen, input") ?? []) sign.remove();
  return box.closest("td")?.dataset.label ?? (own?.textContent.trim() || box.getAttribute("aria-label") || "");
}

// [label, words] of all that is filled in.
export function words(form) {
  const found = [];
  for (const box of form.querySelectorAll("input, select, textarea")) {
    if (box.disabled || box.type === "hidden" || box.closest(".phrase") || !box.name) continue;
    if (box.type === "file") for (const file of box.files) found.push([label(box), file.name]);
    else if (box.type === "checkbox" || box.type === "radio") {
      if (box.checked) found.push([label(box), box.parentElement.textContent.trim()]);
    } else if (box.value) found.push([label(box), box.tagName === "SELECT" ? box.selectedOptions[0].text : box.value]);
  }
  return found;
}

// Labels of what has to be filled in and is not, as far as a page alone can tell.
export function missing(form) {
  const empty = (box) => !box.disabled && !box.value && !box.closest(".kept-files")?.querySelector("input[type=hidden]");
  return [...form.querySelectorAll("[aria-required=true]")].filter(empty).map(label);
}

export function chosen(box, files) {
  const carried = new DataTransfer();
  for (const file of files) carried.items.add(file);
  box.files = carried.files;
}

// Names of what has no place in the form any more.
export function fill(form, data) {
  for (const box of form.querySelectorAll("[data-rows]")) rows(box, data);
  const left = new Map([...new Set(data.keys())].map((name) => [name, data.getAll(name)]));
  const placed = new Set([...form.querySelectorAll("button[name]")].map((button) => button.name));
  for (const box of boxes(form)) {
    placed.add(box.name);
    const values = left.get(box.name) ?? [];
    if (box.type === "file") chosen(box, values.filter((file) => file instanceof File && file.name));
    else if (box.type === "checkbox" || box.type === "radio") box.checked = values.includes(box.value);
    else if (box.type !== "hidden" && values.length) box.value = values.shift();
  }
  form.dispatchEvent(new Event("change", { bubbles: true }));
  const entered = (name) => name.startsWith("f/") && !/[?!+-]$/.test(name) && data.getAll(name).some((one) => one !== "");
  return [...left.keys()].filter((name) => entered(name) && !placed.has(name));
}

// As many rows as were entered, under their numbers.
function rows(box, data) {
  const prefix = `${box.dataset.rows}/`;
  const number = (name) => Number(name.slice(prefix.length).split("/")[0]);
  const wanted = new Set([...data.keys()].filter((name) => name.startsWith(prefix)).map(number));
  if (!wanted.size) return;
  const there = () => [...box.querySelectorAll("tbody tr")].map((row) => [row, row.querySelector("[name]")?.name ?? ""]);
  const most = Math.max(...wanted);
  const add = box.querySelector("[data-add]");
  for (let tries = 0; add && tries < 500 && !there().some(([, name]) => number(name) >= most); tries += 1) add.click();
  for (const [row, name] of there()) if (name && !wanted.has(number(name))) row.querySelector("[data-remove]")?.click();
}
