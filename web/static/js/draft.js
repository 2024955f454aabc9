// Keeps what was typed: a moment after the last key the form goes to the server as a draft, in silence.

const PAUSE = 1200;

export function follow(form) {
  const address = form.dataset.draft;
  if (!address) return;
  const sign = form.querySelector("[data-draft-sign]");
  let waiting = 0;
  let sent = "";

  const save = async () => {
    const body = new URLSearchParams([...new FormData(form)].filter(([, value]) => typeof value === "string"));
    if (body.toString() === sent || form.dataset.sent) return;
    sent = body.toString();
    try {
      const answer = await fetch(address, { method: "POST", body, headers: { "X-Requested-With": "draft" } });
      if (sign) sign.textContent = answer.ok ? sign.dataset.saved : sign.dataset.lost;
      form.dispatchEvent(new Event(answer.ok && !answer.redirected ? "crm:saved" : "crm:unsaved", { bubbles: true }));
    } catch {
      if (sign) sign.textContent = sign.dataset.lost;
      sent = "";
      form.dispatchEvent(new Event("crm:unsaved", { bubbles: true }));
    }
  };

  form.addEventListener("input", (event) => {
    if (event.isComposing) return;
    clearTimeout(waiting);
    waiting = setTimeout(save, PAUSE);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}
