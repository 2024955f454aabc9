// Repeating rows without a round trip. Without scripts the same buttons ask the server.

export function follow(form) {
  for (const box of form.querySelectorAll("[data-rows]")) {
    const body = box.querySelector("tbody");
    const most = Number(box.dataset.most);
    let next = body.rows.length;

    box.querySelector("[data-add]")?.addEventListener("click", (event) => {
      event.preventDefault();
      if (body.rows.length >= most) return;
      const row = box.querySelector("template").content.firstElementChild.cloneNode(true);
      number(row, next++);
      body.append(row);
      row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });

    box.addEventListener("click", (event) => {
      const button = event.target.closest("[data-remove]");
      if (!button) return;
      event.preventDefault();
      button.closest("tr").remove();
      form.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
}

function number(row, index) {
  for (const element of row.querySelectorAll("*")) {
    for (const attribute of [...element.attributes]) {
      if (attribute.value.includes("__n__")) {
        element.setAttribute(attribute.name, attribute.value.replaceAll("__n__", index));
      }
    }
  }
}
