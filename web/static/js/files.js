// A file is kept as soon as it is chosen: the page comes back with it and with everything that was typed.
// Without scripts the button beside the box does it, or any other button of the form.

export function follow(form) {
  for (const box of form.querySelectorAll("input[type=file][data-keep]")) {
    const button = form.querySelector(`button[data-keeps="${CSS.escape(box.name)}"]`);
    button.hidden = true;
    box.addEventListener("change", () => {
      if (box.files.length) form.requestSubmit(button);
    });
  }
}
