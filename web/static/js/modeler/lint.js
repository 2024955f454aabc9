// What the engine finds wrong is shown where it is, a moment after the last change: on the canvas, in the panel, in a list.
import { make } from "./parts.js";
import { problem } from "./panel.js";
import { t } from "./words.js";

const PAUSE = 500;
const SIGNS = { error: "!", warning: "?", info: "i" };

export class Lint {
  constructor({ modeler, names, panel, list, count, ask }) {
    Object.assign(this, { modeler, names, panel, list, count, ask });
    this.marked = [];
    this.turn = 0;
    modeler.on(["commandStack.changed", "import.done"], () => this.soon());
  }

  soon() {
    clearTimeout(this.waiting);
    this.list.setAttribute("aria-busy", "true");
    this.waiting = setTimeout(() => this.look(), PAUSE);
  }

  async look() {
    const mine = ++this.turn;
    try {
      const answer = await this.ask(await this.names.written());
      if (mine === this.turn) this.show(answer.problems);
    } catch (error) {
      // The next change asks again; until then the list says that it is not of now.
      if (mine === this.turn) this.list.replaceChildren(make("p", { class: "pad quiet" }, t("check_failed")));
      console.warn(error);
    }
    if (mine === this.turn) this.list.removeAttribute("aria-busy");
  }

  show(problems) {
    const byElement = new Map();
    for (const found of problems) {
      const key = found.element || "";
      byElement.set(key, [...(byElement.get(key) ?? []), found]);
    }
    this.mark(byElement);
    this.panel.found(byElement);
    const errors = problems.filter((one) => one.severity === "error").length;
    this.count.textContent = problems.length ? t("found", { n: errors, all: problems.length }) : t("clean");
    this.count.className = `tag ${errors ? "bad" : problems.length ? "warn" : "good"}`;
    const items = problems.map((found) => make("li", {}, this.line(found)));
    this.list.replaceChildren(items.length ? make("ul", {}, ...items) : make("p", { class: "pad quiet" }, t("clean")));
  }

  line(found) {
    const element = this.modeler.get("elementRegistry").get(found.element);
    const shown = problem(found);
    if (!element) return shown;
    const go = make("button", { type: "button", class: "go", onclick: () => this.go(element) },
      element.businessObject.name || t(`type_${element.businessObject.$type.replace("bpmn:", "")}`));
    shown.prepend(go);
    return shown;
  }

  go(element) {
    this.modeler.get("canvas").scrollToElement(element);
    this.modeler.get("selection").select(element);
  }

  mark(byElement) {
    const canvas = this.modeler.get("canvas");
    const registry = this.modeler.get("elementRegistry");
    const overlays = this.modeler.get("overlays");
    for (const [id, marker] of this.marked) if (registry.get(id)) canvas.removeMarker(id, marker);
    overlays.remove({ type: "lint" });
    this.marked = [];
    const root = canvas.getRootElement();
    for (const [id, found] of byElement) {
      const element = registry.get(id);
      if (!element || element === root) continue;
      const worst = ["error", "warning", "info"].find((level) => found.some((one) => one.severity === level));
      if (worst === "info") continue;
      const marker = `has-${worst}`;
      canvas.addMarker(id, marker);
      this.marked.push([id, marker]);
      const sign = make("span", { class: `lint-sign ${worst}`, title: found.map((one) => problemWords(one)).join("\n") }, SIGNS[worst]);
      const position = element.waypoints ? middle(element) : { top: -9, left: -9 };
      overlays.add(id, "lint", { position, html: sign });
    }
  }
}

function problemWords(found) {
  return found.text[document.documentElement.lang] ?? found.text.en;
}

// Of a connection, relative to its bounding box.
function middle({ waypoints }) {
  const at = waypoints[Math.floor((waypoints.length - 1) / 2)];
  const next = waypoints[Math.floor((waypoints.length - 1) / 2) + 1];
  const left = Math.min(...waypoints.map((one) => one.x));
  const top = Math.min(...waypoints.map((one) => one.y));
  return { left: (at.x + next.x) / 2 - left - 9, top: (at.y + next.y) / 2 - top - 9 };
}
