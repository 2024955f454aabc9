// Fields that are asked only while another field has one of some values. A hidden field is not sent.

export function follow(form) {
  const dependents = [...form.querySelectorAll("[data-when]")];
  if (!dependents.length) return;

  const value = (name) => {
    const boxes = [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
    const box = boxes.find((one) => one.type !== "radio" || one.checked) ?? boxes[0];
    if (!box) return "";
    if (box.type === "checkbox") return box.checked ? "True" : "False";
    return box.type === "radio" && !box.checked ? "" : box.value;
  };

  const apply = () => {
    for (const dependent of dependents) {
      const wanted = dependent.dataset.whenIn.split("\n");
      const name = dependent.dataset.when;
      // What a button decides is known only when it is pressed: such a field stays in sight.
      const byButton = form.querySelector(`button[name="${CSS.escape(name)}"]`);
      const on = byButton ? true : wanted.includes(value(name));
      dependent.hidden = !on;
      for (const box of dependent.querySelectorAll("input, select, textarea")) box.disabled = !on;
    }
  };

  form.addEventListener("input", apply);
  form.addEventListener("change", apply);
  apply();
}
