// The panel beside the canvas: what can be said of the chosen element, and what is wrong with it.
import { sections } from "./entries.js";
import { make } from "./parts.js";
import { pick, t } from "./words.js";

export class Panel {
  constructor(box, modeler, model, choices) {
    Object.assign(this, { box, modeler, model, choices });
    this.problems = new Map();
    this.open = new Set(["general", "performer", "work", "flow", "timer", "message", "decision", "script", "call", "form", "process"]);
    this.chosen = null;
    modeler.on("selection.changed", ({ newSelection }) => this.show(newSelection));
    modeler.on("elements.changed", ({ elements }) => {
      if (elements.some((one) => this.shows(one))) this.soon();
    });
    modeler.on(["root.set", "import.done"], () => this.show([]));
  }

  shows(element) {
    return element === this.chosen || element.labelTarget === this.chosen;
  }

  // Not at once: whoever tabs from box to box has not arrived at the next one yet.
  soon() {
    cancelAnimationFrame(this.waiting);
    this.waiting = requestAnimationFrame(() => this.draw());
  }

  show(selection) {
    const root = this.modeler.get("canvas").getRootElement();
    const one = selection.length === 1 ? selection[0] : null;
    this.many = selection.length > 1;
    this.chosen = one ? one.labelTarget ?? one : root;
    this.draw();
  }

  found(problems) {
    this.problems = problems;
    if (this.chosen) this.told();
  }

  draw() {
    if (!this.chosen?.businessObject) return;
    const before = document.activeElement;
    const place = this.box.contains(before) ? this.places().indexOf(before) : -1;
    if (this.many) {
      this.box.replaceChildren(make("p", { class: "quiet pad" }, t("many_chosen")));
      return;
    }
    const kept = new Set([...this.box.querySelectorAll("details[data-keep][open]")].map((one) => one.dataset.keep));
    const object = this.chosen.businessObject;
    const type = object.$type.replace("bpmn:", "");
    const title = make("h2", {}, this.title(object), " ", make("span", { class: "quiet small" }, t(`type_${type}`)));
    this.say = make("div", { class: "panel-problems", "aria-live": "polite" });
    const context = { element: this.chosen, object, model: this.model, choices: this.choices };
    const parts = sections(context).map(([name, fields]) => this.section(name, fields));
    this.box.replaceChildren(make("header", {}, title), this.say, ...parts);
    for (const one of this.box.querySelectorAll("details[data-keep]")) one.open = kept.has(one.dataset.keep);
    this.told();
    if (place >= 0) this.places()[place]?.focus();
  }

  title(object) {
    const process = this.model.process(this.chosen);
    return object.name || process.name || t("no_name");
  }

  places() {
    return [...this.box.querySelectorAll("input, select, textarea, button, summary")];
  }

  section(name, fields) {
    const details = make("details", { class: "panel-part", open: this.open.has(name) },
      make("summary", {}, t(`part_${name}`)), make("div", { class: "fields" }, ...fields));
    details.addEventListener("toggle", () => (details.open ? this.open.add(name) : this.open.delete(name)));
    return details;
  }

  told() {
    const mine = this.problems.get(this.model.process(this.chosen).id) ?? this.problems.get(this.chosen.id) ?? [];
    this.say?.replaceChildren(...mine.map(problem));
  }
}

export function problem(found) {
  return make("div", { class: `problem ${found.severity}` },
    make("div", {}, make("span", { class: "unseen" }, `${t(found.severity)}: `), pick(found.text)),
    found.mend && pick(found.mend) ? make("div", { class: "mend" }, pick(found.mend)) : null);
}
