// Draws a process: bpmn-js with the house's own panel, the engine's problems as one draws, simulation and an overview.
import { Modeler, minimap, tokenSimulation } from "../../vendor/bpmn-modeler.js";
import { Names, follow, translation, untranslated } from "./adapt.js";
import { Keep } from "./keep.js";
import { Lint } from "./lint.js";
import { Model } from "./model.js";
import { make } from "./parts.js";
import { Panel } from "./panel.js";
import { t } from "./words.js";

const page = document.querySelector("[data-modeler]");
const locale = document.documentElement.lang;
const part = (name) => page.querySelector(`[data-part="${name}"]`);

async function ask(address, body) {
  const answer = await fetch(address, {
    method: body ? "POST" : "GET",
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": page.dataset.token },
    body: body && JSON.stringify(body),
  });
  const told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
  return { status: answer.status, body: told };
}

async function begin() {
  const modeler = new Modeler({
    container: part("canvas"),
    additionalModules: [translation(locale), minimap, tokenSimulation],
  });
  const model = new Model(modeler, page.dataset.namespace);
  const names = new Names(modeler, model, locale);
  const panel = new Panel(part("panel"), modeler, model, JSON.parse(page.dataset.choices));
  const { status, body } = await ask(page.dataset.drawing);
  if (status !== 200) throw new Error(`${status}`);
  const keep = new Keep({
    modeler,
    names,
    place: `drawing ${page.dataset.place}`,
    seen: body.seen,
    state: part("state"),
    notice: part("notice"),
    send: (drawing, seen) => ask(page.dataset.save, { drawing, seen }),
    saved: ({ address, n }) => {
      const link = part("version");
      link.href = address;
      link.textContent = t("to_version", { v: n });
      link.hidden = false;
    },
  });
  new Lint({
    modeler,
    names,
    panel,
    list: part("problems"),
    count: part("count"),
    ask: async (drawing) => {
      const answer = await ask(page.dataset.check, { drawing });
      if (answer.status !== 200) throw new Error(`${answer.status}`);
      return answer.body;
    },
  });
  modeler.on("import.render.start", ({ definitions }) => {
    definitions.$attrs["xmlns:crmflow"] ??= page.dataset.namespace;
    names.localise(definitions);
  });
  follow(part("canvas"), locale);
  const draw = async (drawing) => {
    await modeler.importXML(drawing);
    fit(modeler.get("canvas"));
  };
  await draw(body.xml);
  keep.offer(draw);
  part("save").addEventListener("click", () => keep.save());
  part("undo").addEventListener("click", () => modeler.get("commandStack").undo());
  part("redo").addEventListener("click", () => modeler.get("commandStack").redo());
  modeler.on("commandStack.changed", () => {
    part("undo").disabled = !modeler.get("commandStack").canUndo();
    part("redo").disabled = !modeler.get("commandStack").canRedo();
  });
  simulating(modeler);
  // For the tests that walk every menu: what was said in English to a Chinese reader.
  page.modeler = modeler;
  page.untranslated = untranslated;
  page.dataset.drawn = "1";
}

// The whole drawing where it stays readable, else its beginning.
function fit(canvas) {
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() < 0.45) canvas.zoom(0.7, { x: 0, y: 0 });
  if (canvas.zoom() > 1) canvas.zoom(1, "auto");
}

// While tokens run nothing is changed: the panel says so instead of taking words that go nowhere.
function simulating(modeler) {
  modeler.on("tokenSimulation.toggleMode", ({ active }) => {
    part("panel").inert = active;
    page.classList.toggle("simulates", active);
  });
}

begin().catch((error) => {
  console.error(error);
  part("notice").replaceChildren(make("div", { class: "notice bad", role: "alert" }, make("div", {}, t("failed"))));
  page.dataset.drawn = "failed";
});
