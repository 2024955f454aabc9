// Fits the bundle to this house: styles that the policy allows, Chinese for every word, names in the reader's language.
import zh from "./zh.js";

export const untranslated = new Set();

export function translation(locale) {
  function translate(template, values = {}) {
    let words = template;
    if (locale === "zh-CN") {
      if (template in zh) words = zh[template];
      else if (/[A-Za-z]{2}/.test(template)) untranslated.add(template);
    }
    return words.replace(/\{([^}]+)\}/g, (whole, key) => values[key] ?? whole);
  }
  return { translate: ["value", translate] };
}

// Markup of the bundle carries its styles as data; the simulation speaks English only and is translated as it speaks.
export function follow(box, locale) {
  const look = (element) => {
    if (element.dataset?.style) {
      element.style.cssText = element.dataset.style;
      delete element.dataset.style;
    }
    if (locale !== "zh-CN" || !element.closest?.("[class*=bts-], .djs-palette, .djs-minimap")) return;
    for (const name of ["title", "aria-label"]) {
      const words = element.getAttribute(name);
      if (words && said(words) !== words) element.setAttribute(name, said(words));
    }
    for (const child of element.childNodes) {
      if (child.nodeType !== Node.TEXT_NODE || !child.data.trim()) continue;
      const words = said(child.data.trim());
      if (words !== child.data.trim()) child.data = words;
    }
  };
  const visit = (node) => {
    const element = node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement;
    if (!element) return;
    look(element);
    for (const one of element.querySelectorAll("*")) look(one);
  };
  const observer = new MutationObserver((changes) => {
    for (const change of changes) {
      if (change.type === "childList") change.addedNodes.forEach(visit);
      else visit(change.target);
    }
  });
  visit(box);
  observer.observe(box, { subtree: true, childList: true, characterData: true, attributeFilter: ["title", "aria-label"] });
}

const PATTERNS = [
  [/^Set animation speed = (.+)$/, (found) => `动画速度：${said(found[1])}`],
  [/^(?:Process|SubProcess|(.+)) (started|finished|canceled)$/, ([, name, end]) => (name ?? "流程") + ({ started: "开始", finished: "结束", canceled: "取消" })[end]],
  [/^Focus process instance (.+)$/, (found) => `查看办件 ${found[1]}`],
];

function said(words) {
  if (words in zh) return zh[words];
  for (const [pattern, tell] of PATTERNS) {
    const found = pattern.exec(words);
    if (found) return tell(found);
  }
  return words;
}

// The canvas shows names in the reader's language; the file keeps the name it had until somebody writes another one.
export class Names {
  constructor(modeler, model, locale) {
    this.modeler = modeler;
    this.model = model;
    this.locale = locale;
    this.shown = new Map();
    modeler.get("eventBus").on(
      ["commandStack.element.updateLabel.postExecuted", "commandStack.element.updateProperties.postExecuted"],
      ({ context }) => this.renamed(context),
    );
  }

  // Before the file is drawn: ``import.render.start`` knows the objects, nothing is drawn yet.
  localise(definitions) {
    const walk = (object) => {
      const words = object.name === undefined ? "" : this.model.text(object, this.locale);
      if (words && object.name !== words) {
        this.shown.set(object, [object.name, words]);
        object.name = words;
      }
      for (const part of [...(object.flowElements ?? []), ...(object.participants ?? [])]) walk(part);
    };
    for (const root of definitions.rootElements ?? []) walk(root);
  }

  renamed({ element, properties, newLabel }) {
    const object = element.labelTarget?.businessObject ?? element.businessObject;
    const named = newLabel !== undefined || (properties && "name" in properties);
    if (!named || !object.$instanceOf?.("bpmn:FlowElement")) return;
    const words = object.name ?? "";
    if (this.model.text(object, this.locale) !== words) this.model.setText(element, object, this.locale, words);
  }

  // The file as it is kept.
  async written() {
    const changed = [...this.shown].filter(([object, [, shown]]) => object.name === shown);
    for (const [object, [kept]] of changed) object.name = kept;
    try {
      return (await this.modeler.saveXML({ format: true })).xml;
    } finally {
      for (const [object, [, shown]] of changed) object.name = shown;
    }
  }
}
