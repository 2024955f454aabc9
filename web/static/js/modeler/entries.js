// What can be said of each kind of element, in the house's own terms: sections of fields for the panel.
import { area, check, field, input, make, select } from "./parts.js";
import { t } from "./words.js";

const ACTIVITIES = [
  "Task", "UserTask", "ManualTask", "ServiceTask", "SendTask", "ReceiveTask", "ScriptTask", "BusinessRuleTask",
  "CallActivity", "SubProcess", "Transaction", "AdHocSubProcess",
];
const CONDITIONAL = ["ExclusiveGateway", "InclusiveGateway", "ComplexGateway", ...ACTIVITIES];

// A context: { element, object, model, choices } of what is chosen.
export function sections(context) {
  const { object, model, element } = context;
  const type = object.$type.replace("bpmn:", "");
  const found = [];
  const add = (name, made) => made.length && found.push([name, made.filter(Boolean)]);
  if (["Process", "Participant", "Collaboration"].includes(type)) {
    const process = model.process(element);
    add("general", names({ ...context, object: process }));
    add("process", ofProcess({ ...context, object: process }));
    return found;
  }
  if (type === "SequenceFlow") {
    add("general", names(context));
    add("flow", ofFlow(context));
    return found;
  }
  add("general", names(context));
  if (!object.$instanceOf("bpmn:FlowNode")) return found;
  if (type === "UserTask" || type === "ManualTask") add("performer", performer(context));
  if (type === "UserTask") add("form", form(context));
  if (type === "StartEvent") add("form", [formKey(context), attribute(context, "initiator", "initiator")]);
  if (["ServiceTask", "SendTask"].includes(type)) add("work", work(context));
  if (type === "BusinessRuleTask") add("decision", decision(context));
  if (type === "ScriptTask") add("script", script(context));
  if (type === "CallActivity") add("call", call(context));
  if (["SendTask", "ReceiveTask"].includes(type)) add("message", message(context, object));
  for (const definition of object.eventDefinitions ?? []) add(...event(context, definition));
  if (["EndEvent", "IntermediateThrowEvent"].includes(type) && !object.eventDefinitions?.length) add("work", work(context));
  if (ACTIVITIES.includes(type)) {
    add("loop", loop(context));
    if (type !== "Task") add("promise", promise(context));
    add("data", [mappings(context, "input", "inputs"), mappings(context, "output", "outputs")]);
    add("worth", worth(context));
  }
  return found;
}

// --- what several have

function names(context) {
  const { object, model, element } = context;
  const here = document.documentElement.lang;
  const named = (locale) => {
    const words = model.text(object, locale) || (locale === here ? object.name ?? "" : "");
    const done = (text) => {
      if (locale === here && object.$type !== "bpmn:Process") model.modeling.updateProperties(element, { name: text });
      else {
        if (locale === here) model.put(element, object, { name: text });
        model.setText(element, object, locale, text);
      }
    };
    return field(t(locale === "en" ? "name_en" : "name_zh"), input(words, done, { lang: locale, maxlength: 200 }));
  };
  const told = object.documentation?.[0]?.text ?? "";
  const note = area(told, (text) => {
    const made = text ? [model.factory.create("bpmn:Documentation", { text })] : [];
    for (const one of made) one.$parent = object;
    model.put(element, object, { documentation: made });
  });
  note.classList.remove("mono");
  note.rows = 2;
  const id = make("p", { class: "quiet small" }, t("id"), " ", make("code", {}, object.id));
  return [id, named("zh-CN"), named("en"), field(t("documentation"), note)];
}

function attribute({ object, model, element }, name, label, { hint, list, target = object, ...rest } = {}) {
  const done = (text) => model.set(element, target, name, text);
  return field(t(label), input(model.get(target, name), done, { list, maxlength: 1000, ...rest }), hint && t(hint));
}

function pick({ object, model, element }, name, label, options, target = object) {
  return field(t(label), select(model.get(target, name), options, (value) => model.set(element, target, name, value)));
}

function feel({ object, model, element }, name, label, { target = object, hint = "feel_or_value" } = {}) {
  const done = (text) => model.setExpression(element, target, name, text);
  return field(t(label), input(model.expression(target, name), done, { class: "input mono", maxlength: 4000 }), t(hint));
}

const choice = (options, empty) => [["", empty ?? t("none")], ...options];

// Rows of a name and an expression; an empty last one adds.
function pairs(label, rows, done, keys = ["target_variable", "expression"]) {
  const kept = [...rows, ["", ""]];
  const read = () => done(kept.filter(([name]) => name));
  const line = ([name, value], at) =>
    make("div", { class: "pair" },
      input(name, (text) => { kept[at][0] = text; read(); }, { "aria-label": `${label}: ${t(keys[0])}`, placeholder: t(keys[0]) }),
      input(value, (text) => { kept[at][1] = text; if (kept[at][0]) read(); },
        { class: "input mono", "aria-label": `${label}: ${t(keys[1])}`, placeholder: t(keys[1]) }));
  return make("fieldset", { class: "rows" }, make("legend", {}, label), ...kept.map(line));
}

function mappings({ object, model, element }, name, label) {
  const rows = model.all(object, name).map((one) => [one.target ?? "", (one.$body ?? "").trim()]);
  const done = (kept) =>
    model.replace(element, object, name, kept.map(([target, $body]) => model.any(name, { target, $body })));
  return pairs(t(label), rows, done);
}

// --- process and flows

function ofProcess(context) {
  const { object, model, element, choices } = context;
  return [
    attribute(context, "versionTag", "version_tag"),
    many(context, "starterGroups", "starter_groups", choices.groups, object),
    check(t("executable"), object.isExecutable !== false, (on) => model.put(element, object, { isExecutable: on })),
  ];
}

function ofFlow({ element, object, model }) {
  const source = element.source?.businessObject;
  if (!source || !CONDITIONAL.includes(source.$type.replace("bpmn:", ""))) return [];
  const isDefault = source.default === object;
  const box = area(model.formal(object, "conditionExpression"), (text) =>
    model.modeling.updateProperties(element, {
      conditionExpression: text ? model.factory.create("bpmn:FormalExpression", { body: text, language: "feel" }) : undefined,
    }));
  box.disabled = isDefault;
  return [
    field(t("condition"), box, t(isDefault ? "condition_default" : "condition_hint")),
    check(t("default_flow"), isDefault, (on) =>
      model.modeling.updateProperties(element.source, { default: on ? object : undefined })),
  ];
}

// --- people

function many({ object, model, element }, name, label, known, target = object) {
  const chosen = model.get(target, name).split(",").map((one) => one.trim()).filter(Boolean);
  const all = [...known, ...chosen.filter((key) => !known.some(([one]) => one === key)).map((key) => [key, key])];
  const ticks = all.map(([key, words]) =>
    check(words, chosen.includes(key), (on) => {
      const left = chosen.filter((one) => one !== key);
      model.set(element, target, name, (on ? [...left, key] : left).join(","));
    }));
  const told = chosen.map((key) => all.find(([one]) => one === key)[1]).join(t("comma")) || t("none");
  return make("details", { class: "many", "data-keep": `${target.id}-${name}` },
    make("summary", {}, make("span", { class: "strong" }, t(label)), " ", told), make("div", { class: "ticks" }, ...ticks));
}

function performer(context) {
  const { choices } = context;
  const modes = ["all", "ratio", "sequence"].map((key) => [key, t(`sign_${key}`)]);
  return [
    many(context, "candidateGroups", "groups", choices.groups),
    feel(context, "assignee", "assignee", { hint: "assignee_hint" }),
    pick(context, "rule", "rule", choice(choices.rules, t("rule_none"))),
    pick(context, "signMode", "sign_mode", choice(modes, t("sign_any"))),
    attribute(context, "skill", "skill"),
    attribute(context, "excludePerformersOf", "exclude", { hint: "exclude_hint" }),
  ];
}

function formKey(context) {
  const { choices } = context;
  return pick(context, "form", "form_key", choice(choices.forms));
}

function form(context) {
  return [
    formKey(context),
    attribute(context, "actions", "actions", { hint: "actions_hint" }),
    feel(context, "priority", "priority"),
    feel(context, "due", "due"),
  ];
}

// --- work of the house

function work(context) {
  const { object, model, element } = context;
  const found = model.first(object, "work");
  const now = () => ({
    handler: found?.handler ?? model.get(object, "handler"),
    style: found?.style, result: found?.result ?? model.get(object, "result"), retries: found?.retries,
    kept: found?.$children ?? [],
  });
  const put = (changes) => {
    const { kept, ...values } = { ...now(), ...changes };
    if (model.get(object, "handler")) model.set(element, object, "handler", "");
    if (model.get(object, "result")) model.set(element, object, "result", "");
    const said = values.handler || kept.length;
    model.replace(element, object, "work", said ? [model.any("work", values, kept)] : []);
  };
  const rows = model.children(found, "parameter").map((one) => [one.target ?? "", (one.$body ?? "").trim()]);
  const others = now().kept.filter((one) => one.$type !== "crmflow:parameter");
  const parameters = (kept) =>
    put({ kept: [...kept.map(([target, $body]) => model.any("parameter", { target, $body })), ...others] });
  return [
    field(t("handler"), input(now().handler, (handler) => put({ handler }), { list: "known-handlers" }), t("handler_hint")),
    pairs(t("parameters"), rows, parameters, ["parameter", "expression"]),
    field(t("result"), input(now().result ?? "", (result) => put({ result }))),
    field(t("retries"), input(now().retries ?? "3", (retries) => put({ retries }), { type: "number", min: 0, max: 100 })),
  ];
}

function decision(context) {
  const { choices } = context;
  const shapes = ["singleEntry", "singleResult", "collectEntries", "resultList"].map((key) => [key, t(`shape_${key}`)]);
  return [
    pick(context, "decision", "decision_key", choice(choices.decisions)),
    attribute(context, "result", "result"),
    pick(context, "resultShape", "result_shape", choice(shapes, t("shape_own"))),
  ];
}

function script(context) {
  const { object, model, element } = context;
  const languages = [["feel", "FEEL"], ["python", "Python"]];
  return [
    field(t("language"), select(object.scriptFormat ?? "feel", languages, (scriptFormat) => model.put(element, object, { scriptFormat }))),
    field(t("script"), area(object.script ?? "", (text) =>
      model.put(element, object, { script: text || undefined, scriptFormat: object.scriptFormat ?? "feel" }), { rows: 8 }), t("script_hint")),
    attribute(context, "result", "result"),
  ];
}

function call(context) {
  const { object, model, element, choices } = context;
  const put = (key) => {
    model.replace(element, object, "called", []);
    model.put(element, object, { calledElement: key || undefined });
  };
  const pass = (name, label) =>
    check(t(label), model.get(object, name) !== "false", (on) => model.set(element, object, name, on ? "" : "false"));
  return [
    field(t("called"), select(object.calledElement ?? "", choice(choices.processes), put)),
    pass("passAllIn", "pass_all_in"),
    pass("passAllOut", "pass_all_out"),
  ];
}

// --- events

function event(context, definition) {
  const kind = definition.$type.replace("bpmn:", "").replace("EventDefinition", "").toLowerCase();
  const make = { timer, message, signal, error: coded, escalation: coded, conditional, link }[kind];
  return [kind, make ? make(context, definition) : []];
}

function timer(context, definition) {
  const { model, element, choices } = context;
  const kinds = ["timeDuration", "timeDate", "timeCycle"];
  const kind = kinds.find((one) => definition.get(one)) ?? kinds[0];
  const text = model.formal(definition, kind);
  const literal = definition.get(kind)?.language !== "feel";
  const put = (name, words) => {
    const isFeel = words.startsWith("=");
    const body = isFeel ? words.slice(1).trim() : words;
    const made = body ? model.factory.create("bpmn:FormalExpression", { body, language: isFeel ? "feel" : "literal" }) : undefined;
    if (made) made.$parent = definition;
    model.put(element, definition, { timeDuration: undefined, timeDate: undefined, timeCycle: undefined, [name]: made });
  };
  const shown = text && !literal ? `=${text}` : text;
  return [
    field(t("timer_kind"), select(kind, kinds.map((one) => [one, t(`timer_${one}`)]), (name) => put(name, shown))),
    field(t("timer_text"), input(shown, (words) => put(kind, words), { class: "input mono" }), t("timer_hint")),
    pick(context, "calendar", "calendar", choice(choices.calendars, t("calendar_none")), definition),
  ];
}

function message(context, target) {
  const { model, element } = context;
  const throws = ["bpmn:EndEvent", "bpmn:IntermediateThrowEvent", "bpmn:SendTask"].includes(context.object.$type);
  const put = (name) => model.put(element, target, { messageRef: name ? model.declared("Message", name) : undefined });
  const rows = model.all(target, "data").map((one) => [one.name ?? "", (one.$body ?? "").trim()]);
  const data = (kept) =>
    model.replace(element, target, "data", kept.map(([name, $body]) => model.any("data", { name, $body })));
  return [
    field(t("message_name"), input(target.messageRef?.name ?? "", put, { list: "known-messages" })),
    feel(context, "key", "message_key", { target, hint: "message_key_hint" }),
    throws ? null : attribute(context, "payload", "payload", { target, hint: "payload_hint" }),
    pairs(t(throws ? "message_data_sent" : "message_data"), rows, data, ["variable", "expression"]),
  ];
}

function signal(context, definition) {
  const { model, element } = context;
  const put = (name) => model.put(element, definition, { signalRef: name ? model.declared("Signal", name) : undefined });
  return [
    field(t("signal_name"), input(definition.signalRef?.name ?? "", put)),
    attribute(context, "payload", "payload", { target: definition, hint: "payload_hint" }),
  ];
}

function coded(context, definition) {
  const { model, element } = context;
  const isError = definition.$type === "bpmn:ErrorEventDefinition";
  const [kind, ref, key] = isError ? ["Error", "errorRef", "errorCode"] : ["Escalation", "escalationRef", "escalationCode"];
  const put = (code) => model.put(element, definition, { [ref]: code ? model.declared(kind, code, key) : undefined });
  return [
    field(t("code"), input(definition.get(ref)?.get(key) ?? "", put), t("code_hint")),
    attribute(context, "codeVariable", "code_variable", { target: definition }),
  ];
}

function conditional(context, definition) {
  const { model, element } = context;
  const put = (text) => model.setFormal(element, definition, "condition", text);
  return [
    field(t("condition"), area(model.formal(definition, "condition"), put), t("condition_hint")),
    attribute(context, "variable", "variable_watched", { target: definition }),
  ];
}

function link({ model, element }, definition) {
  return [field(t("link_name"), input(definition.name ?? "", (name) => model.put(element, definition, { name })))];
}

// --- repetition, promise, worth

function loop(context) {
  const { object, model, element } = context;
  const found = object.loopCharacteristics;
  if (!found) return [];
  if (found.$type === "bpmn:StandardLoopCharacteristics") {
    return [field(t("loop_while"), area(model.formal(found, "loopCondition"), (text) =>
      model.setFormal(element, found, "loopCondition", text)), t("condition_hint"))];
  }
  return [
    feel(context, "collection", "collection", { target: found, hint: "collection_hint" }),
    attribute(context, "element", "loop_element", { target: found }),
    field(t("cardinality"), input(model.formal(found, "loopCardinality"), (text) =>
      model.setFormal(element, found, "loopCardinality", text), { class: "input mono" })),
    field(t("completion"), area(model.formal(found, "completionCondition"), (text) =>
      model.setFormal(element, found, "completionCondition", text)), t("completion_hint")),
    attribute(context, "outputCollection", "output_collection", { target: found }),
    feel(context, "output", "loop_output", { target: found, hint: "feel_or_value" }),
  ];
}

function promise(context) {
  const { object, model, element, choices } = context;
  const found = model.first(object, "promise");
  const rungs = model.children(found, "escalation").map(({ atPercent, action, to, of }) => ({ atPercent, action, to, of }));
  const put = (changes) => {
    const { ladder, ...values } = { duration: found?.duration, goal: found?.goal, calendar: found?.calendar, ladder: rungs, ...changes };
    const children = ladder.map((rung) => model.any("escalation", rung));
    model.replace(element, object, "promise", values.duration ? [model.any("promise", values, children)] : []);
  };
  const actions = choices.escalations;
  const line = (rung, at) => {
    const change = (values) => put({ ladder: rungs.map((one, number) => (number === at ? { ...one, ...values } : one)) });
    const said = t("ladder_line", { n: at + 1 });
    const percent = input(rung.atPercent ?? "", (atPercent) => change({ atPercent }), { type: "number", min: 1, max: 1000, "aria-label": `${said}: ${t("at_percent")}` });
    const action = select(rung.action, actions, (value) => change({ action: value }));
    action.setAttribute("aria-label", `${said}: ${t("action")}`);
    const of = select(rung.of || "deadline", ["deadline", "goal"].map((key) => [key, t(`of_${key}`)]), (value) => change({ of: value === "goal" ? value : "" }));
    of.setAttribute("aria-label", `${said}: ${t("of")}`);
    of.classList.add("of");
    const drop = make("button", { type: "button", class: "button plain small", "aria-label": `${said}: ${t("remove")}`,
      onclick: () => put({ ladder: rungs.filter((_, number) => number !== at) }) }, "×");
    return make("div", { class: "rung" }, percent, make("span", {}, "%"), action, drop, found?.goal || rung.of ? of : null);
  };
  const more = make("button", { type: "button", class: "button plain small",
    onclick: () => put({ ladder: [...rungs, { atPercent: rungs.length ? "100" : "75", action: rungs.length ? "breach" : "warn" }] }) }, t("ladder_add"));
  return [
    field(t("duration"), input(found?.duration ?? "", (duration) => put({ duration }), { class: "input mono", placeholder: "PT4H" }), t("duration_hint")),
    field(t("goal"), input(found?.goal ?? "", (goal) => put({ goal }), { class: "input mono", placeholder: "PT2H" }), t("goal_hint")),
    field(t("calendar"), select(found?.calendar ?? "", choice(choices.calendars, t("calendar_none")), (calendar) => put({ calendar }))),
    found ? make("fieldset", { class: "rows" }, make("legend", {}, t("ladder")), ...rungs.map(line), more) : null,
  ];
}

function worth(context) {
  const { object, model, element } = context;
  const found = model.first(object, "worth");
  const texts = Object.fromEntries(model.children(found, "text").map((one) => [one.locale, (one.$body ?? "").trim()]));
  const figures = ["touchMinutes", "costRatePerHour", "fixedCost"];
  const now = { tag: found?.tag ?? "", texts, ...Object.fromEntries(figures.map((name) => [name, found?.[name] ?? ""])) };
  const put = (changes) => {
    const { texts: words, ...values } = { ...now, ...changes };
    const children = Object.entries(words).filter(([, text]) => text).map(([locale, $body]) => model.any("text", { locale, $body }));
    const says = children.length || Object.values(values).some(Boolean);
    model.replace(element, object, "worth", says ? [model.any("worth", values, children)] : []);
  };
  const value = (locale, label) =>
    field(t(label), input(texts[locale] ?? "", (text) => put({ texts: { ...texts, [locale]: text } }), { lang: locale }));
  const figure = (name) => field(t(name), input(now[name], (number) => put({ [name]: number }), { type: "number", min: 0, step: "any" }));
  return [
    value("zh-CN", "value_zh"),
    value("en", "value_en"),
    field(t("value_tag"), select(now.tag, choice(["VA", "BVA", "NVA"].map((key) => [key, t(`tag_${key}`)])), (tag) => put({ tag }))),
    ...figures.map(figure),
  ];
}
