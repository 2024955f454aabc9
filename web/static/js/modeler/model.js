// Reading and changing what an element says, in the words of docs/bpmn-extensions.md. Every change is a command, so that
// it can be undone.

const PREFIX = "crmflow";

export class Model {
  constructor(modeler, namespace) {
    this.namespace = namespace;
    this.moddle = modeler.get("moddle");
    this.modeling = modeler.get("modeling");
    this.factory = modeler.get("bpmnFactory");
    this.definitions = () => modeler.getDefinitions();
  }

  // The process that a drawing shows, also when it shows a pool of it.
  process(element) {
    const object = element.businessObject;
    if (object.$type === "bpmn:Participant") return object.processRef ?? object;
    if (object.$type === "bpmn:Collaboration") {
      return object.participants?.find((one) => one.processRef)?.processRef ?? object;
    }
    return object;
  }

  // --- attributes

  get(target, name) {
    return target.get(name.includes(":") ? name : `${PREFIX}:${name}`) ?? "";
  }

  // What stands there already is no change, and nothing to undo.
  set(element, target, name, value) {
    const key = name.includes(":") ? name : `${PREFIX}:${name}`;
    if (this.get(target, name) === value) return;
    this.modeling.updateModdleProperties(element, target, { [key]: value === "" ? undefined : value });
  }

  // The standard's own attributes.
  put(element, target, values) {
    this.modeling.updateModdleProperties(element, target, values);
  }

  // --- elements of ours

  all(target, name) {
    return (target.extensionElements?.values ?? []).filter((one) => one.$type === `${PREFIX}:${name}`);
  }

  first(target, name) {
    return this.all(target, name)[0];
  }

  any(name, attributes = {}, children = []) {
    const given = Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== "" && value != null));
    const made = this.moddle.createAny(`${PREFIX}:${name}`, this.namespace, given);
    if (children.length) {
      made.$children = children;
      for (const child of children) child.$parent = made;
    }
    return made;
  }

  // In place of all of that name.
  replace(element, target, name, made) {
    const others = (target.extensionElements?.values ?? []).filter((one) => one.$type !== `${PREFIX}:${name}`);
    const values = [...others, ...made];
    if (!made.length && !this.all(target, name).length) return;
    const holder = this.factory.create("bpmn:ExtensionElements", { values });
    holder.$parent = target;
    for (const one of values) one.$parent = holder;
    this.modeling.updateModdleProperties(element, target, { extensionElements: values.length ? holder : undefined });
  }

  // An expression: an element with FEEL in it, or an attribute.
  expression(target, name) {
    const found = this.first(target, name);
    if (found) return `=${(found.$body ?? "").trim()}`;
    return this.get(target, name);
  }

  setExpression(element, target, name, text) {
    const inside = text.startsWith("=") ? [this.any(name, { $body: text.slice(1).trim() })] : [];
    this.replace(element, target, name, inside);
    this.set(element, target, name, inside.length ? "" : text);
  }

  // Children of an element of ours: ``{ name, ... }`` each.
  children(found, name) {
    return (found?.$children ?? []).filter((one) => one.$type === `${PREFIX}:${name}`);
  }

  // --- names

  text(target, locale) {
    const found = this.all(target, "text").find((one) => one.locale === locale);
    return found ? (found.$body ?? "").trim() : this.get(target, `name-${locale}`);
  }

  setText(element, target, locale, words) {
    const others = this.all(target, "text").filter((one) => one.locale !== locale);
    const mine = words ? [this.any("text", { locale, $body: words })] : [];
    this.set(element, target, `name-${locale}`, "");
    this.replace(element, target, "text", [...others, ...mine]);
  }

  // --- the standard's expressions and what events name

  formal(target, name) {
    return target.get(name)?.body ?? "";
  }

  setFormal(element, target, name, text, language = "feel") {
    const made = text ? this.factory.create("bpmn:FormalExpression", { body: text, language }) : undefined;
    if (made) made.$parent = target;
    this.modeling.updateModdleProperties(element, target, { [name]: made });
  }

  // The declared message, signal, error or escalation of that name; made when there is none.
  declared(kind, name, key = "name") {
    const definitions = this.definitions();
    const known = definitions.rootElements.find((one) => one.$type === `bpmn:${kind}` && one.get(key) === name);
    if (known) return known;
    const made = this.factory.create(`bpmn:${kind}`, { [key]: name, ...(key === "name" ? {} : { name }) });
    made.$parent = definitions;
    definitions.rootElements.push(made);
    return made;
  }
}
