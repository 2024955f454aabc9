// Nothing that was drawn is lost: saves that say what they saw, a copy in this browser, a warning before one leaves.
import { make } from "./parts.js";
import { pick, t } from "./words.js";

const LARGEST_COPY = 2_000_000;

export class Keep {
  // ``send(drawing, seen)`` answers ``{ status, body }``; ``seen`` names what the newest version was when it was opened.
  constructor({ modeler, names, place, seen, state, notice, send, saved }) {
    Object.assign(this, { modeler, names, place, seen, state, notice, send, saved });
    this.changed = false;
    this.busy = false;
    modeler.on("commandStack.changed", () => this.touched());
    addEventListener("beforeunload", (event) => {
      if (this.changed) event.preventDefault();
    });
    addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "s") {
        event.preventDefault();
        document.activeElement?.blur?.();
        this.save();
      }
    });
  }

  touched() {
    this.changed = true;
    this.tell("unsaved", "warn");
    clearTimeout(this.copying);
    this.copying = setTimeout(() => this.copy(), 1000);
  }

  tell(name, tone = "", values = {}) {
    this.state.textContent = t(name, values);
    this.state.className = `tag ${tone}`;
    this.state.dataset.state = name;
  }

  // --- the copy in this browser

  async copy() {
    const drawing = await this.names.written();
    if (!this.changed || drawing.length > LARGEST_COPY) return;
    try {
      localStorage.setItem(this.place, JSON.stringify({ drawing, at: Date.now() }));
    } catch (full) {
      console.warn(full);
    }
  }

  forget() {
    clearTimeout(this.copying);
    localStorage.removeItem(this.place);
  }

  // What was drawn here and never saved.
  left() {
    try {
      const found = JSON.parse(localStorage.getItem(this.place) ?? "null");
      return found && typeof found.drawing === "string" ? found : null;
    } catch {
      return null;
    }
  }

  offer(restore) {
    const found = this.left();
    if (!found) return;
    const when = new Date(found.at).toLocaleString(document.documentElement.lang);
    const again = make("button", { type: "button", class: "button", onclick: async () => {
      this.notice.replaceChildren();
      await restore(found.drawing);
      this.touched();
    } }, t("restore"));
    const drop = make("button", { type: "button", class: "button plain", onclick: () => {
      this.forget();
      this.notice.replaceChildren();
    } }, t("drop_copy"));
    this.say("warn", t("copy_found", { when }), again, drop);
  }

  say(tone, words, ...actions) {
    this.notice.replaceChildren(
      make("div", { class: `notice ${tone}`, role: tone === "bad" ? "alert" : "status" },
        make("div", {}, words, actions.length ? make("div", { class: "actions" }, ...actions) : null)));
  }

  // --- saving

  async save(over = "") {
    if (this.busy) return false;
    this.busy = true;
    this.tell("saving", "info");
    this.changed = false;
    try {
      const { status, body } = await this.send(await this.names.written(), over || this.seen);
      if (status === 200) return this.done(body);
      this.refused(status, body);
    } catch (error) {
      console.warn(error);
      this.refused(0, null);
    } finally {
      this.busy = false;
    }
    return false;
  }

  done(body) {
    this.seen = body.seen;
    this.notice.replaceChildren();
    if (!this.changed) {
      this.forget();
      this.tell("saved", "good", { v: body.n });
    }
    this.saved(body);
    return true;
  }

  refused(status, body) {
    this.changed = true;
    this.tell("not_saved", "bad");
    const actions = [make("button", { type: "button", class: "button", onclick: () => this.download() }, t("download"))];
    if (status === 409 && body?.newest) {
      actions.unshift(make("a", { class: "button", href: body.newest.address, target: "_blank" }, t("open_newest", { v: body.newest.n })));
      actions.push(make("button", { type: "button", class: "button danger", onclick: () => this.save(body.newest.seen) }, t("save_over")));
    } else {
      actions.unshift(make("button", { type: "button", class: "button", onclick: () => this.save() }, t("try_again")));
    }
    const words = body ? [pick(body.text), ...(body.problems ?? []).map((one) => pick(one.text))].join(" ") : t("unreachable");
    this.say("bad", words, ...actions);
  }

  async download() {
    const address = URL.createObjectURL(new Blob([await this.names.written()], { type: "application/xml" }));
    make("a", { href: address, download: "drawing.bpmn" }).click();
    URL.revokeObjectURL(address);
  }
}
