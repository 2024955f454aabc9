// What every page does beyond HTML: no double submits, menus that close, rows that come and go, fields that depend.
import { follow as followRows } from "./rows.js";
import { follow as followWhen } from "./when.js";
import { follow as followDraft } from "./draft.js";
import { follow as followPicks } from "./pick.js";
import { follow as followFiles } from "./files.js";
import { follow as followBulk } from "./bulk.js";
import { follow as followLive } from "./live.js";
import { follow as followPhrases } from "./phrases.js";
import "./keys.js";
import "./palette.js";

// Only where somebody has turned it on, or is about to.
const keeps = Object.keys(localStorage).some((name) => name.startsWith("offline "));
if (keeps || document.querySelector("[data-offline-desk]")) import("./offline/main.js");

function once(form) {
  // The server refuses a second submit anyway; here the button just shows that it was pressed.
  form.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    event.submitter?.setAttribute("aria-busy", "true");
  });
}

function wake(root) {
  for (const form of root.querySelectorAll("form[data-bulk]")) followBulk(form);
  for (const form of root.querySelectorAll("form[method=post]")) once(form);
  for (const form of root.querySelectorAll("form[data-form]")) {
    followRows(form);
    followWhen(form);
    followPicks(form);
    followFiles(form);
    followDraft(form);
  }
  for (const box of root.querySelectorAll("select[data-go]")) {
    box.addEventListener("change", () => box.form.requestSubmit());
  }
  for (const list of root.querySelectorAll("select[data-phrases]")) followPhrases(list);
  root.querySelector("[data-focus]")?.focus();
}

document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll(".tabs-bottom details[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

wake(document);
for (const list of document.querySelectorAll("[data-live]")) followLive(list);
document.addEventListener("htmx:afterSwap", (event) => wake(event.detail.target));
