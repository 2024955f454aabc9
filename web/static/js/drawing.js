// Draws processes with bpmn-js: marks where a case went and stands, or what a variant changed.
import Viewer from "../vendor/bpmn-viewer.js";

const SIGNS = { now: "▸", failed: "!", done: "✓", inserted: "+", changed: "✎", moved: "⇄", deleted: "−" };
// Viewers by their box: some are moved together, and on some a path is shown.
const viewers = new Map();
// Below this the names in the boxes (12 px) can no longer be read.
const LEGIBLE = 0.4;
const STRENGTH = ["done", "moved", "changed", "inserted", "now", "failed"];

async function draw(box) {
  const tools = box.querySelector(".drawing-tools");
  try {
    const answer = await fetch(box.dataset.drawing, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const { xml, marks, signs = {} } = await answer.json();
    const viewer = new Viewer({ container: box });
    await viewer.importXML(xml);
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    const overlays = viewer.get("overlays");
    for (const [id, state] of Object.entries(marks)) {
      const element = registry.get(id);
      if (!element) continue;
      canvas.addMarker(id, `is-${state}`);
      if (element.waypoints || state === "done") continue;
      const sign = document.createElement("span");
      sign.className = `mark ${state}`;
      sign.textContent = signs[id] ?? SIGNS[state] ?? "";
      overlays.add(id, { position: { top: -12, right: 12 }, html: sign });
      ink(registry.getGraphics(id), sign.textContent, element.width);
    }
    fit(canvas, marks, registry);
    tools.hidden = false;
    tools.addEventListener("click", (event) => {
      const button = event.target.closest("[data-zoom]");
      if (!button) return;
      if (button.dataset.zoom === "fit") canvas.zoom("fit-viewport", "auto");
      else viewer.get("zoomScroll").stepZoom(button.dataset.zoom === "in" ? 1 : -1);
    });
    viewers.set(box, viewer);
    if ("pair" in box.dataset) together(box, viewer);
    box.dataset.drawn = "1";
  } catch (error) {
    const words = document.createElement("p");
    words.className = "failed-to-draw";
    words.textContent = box.dataset.failed;
    box.append(words);
    box.dataset.drawn = "failed";
    console.error(error);
  }
}

// Two panes show the same part: whoever is moved or zoomed moves the other.
function together(box, viewer) {
  const canvas = viewer.get("canvas");
  viewer.on("canvas.viewbox.changed", () => {
    const { x, y, width, height } = canvas.viewbox();
    for (const [other, twin] of viewers) {
      if (other === box || !("pair" in other.dataset)) continue;
      const there = twin.get("canvas").viewbox();
      const same = [there.x - x, there.y - y, there.width - width].every((gap) => Math.abs(gap) < 0.5);
      if (!same) twin.get("canvas").viewbox({ x, y, width, height });
    }
  });
  begin();
}

// The last pane shows what is new: the others begin with the same part.
function begin() {
  const drawn = [...document.querySelectorAll("[data-pair]")].map((box) => viewers.get(box));
  if (drawn.length < 2 || drawn.includes(undefined)) return;
  const { x, y, width, height } = drawn.at(-1).get("canvas").viewbox();
  for (const viewer of drawn.slice(0, -1)) viewer.get("canvas").viewbox({ x, y, width, height });
}

// A proof's path, move by move, on the first drawing of the page.
const PACE = 700;
let playing = 0;

function replay(button) {
  const [box, viewer] = viewers.entries().next().value ?? [];
  if (!viewer) return;
  const frames = JSON.parse(button.dataset.replay);
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const told = button.nextElementSibling;
  const mine = ++playing;
  for (const one of registry.getAll()) for (const mark of ["is-trace", "is-trace-now"]) canvas.removeMarker(one.id, mark);
  box.scrollIntoView({ block: "nearest" });
  const show = (number) => {
    if (mine !== playing) return;
    for (const id of frames[number - 1] ?? []) if (registry.get(id)) canvas.removeMarker(id, "is-trace-now");
    for (const id of frames[number]) {
      if (!registry.get(id)) continue;
      canvas.addMarker(id, "is-trace");
      canvas.addMarker(id, "is-trace-now");
    }
    told.textContent = button.dataset.says.replace("{n}", number + 1).replace("{all}", frames.length);
    if (number + 1 < frames.length) setTimeout(show, PACE, number + 1);
    else button.dataset.played = "1";
  };
  show(0);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-replay]");
  if (button) replay(button);
});

// The whole drawing where it stays readable; on small screens what is on now, at a size that can be read.
function fit(canvas, marks, registry) {
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() >= LEGIBLE) return;
  const ids = Object.keys(marks).filter((id) => registry.get(id) && !registry.get(id).waypoints);
  const strength = (id) => STRENGTH.indexOf(marks[id]);
  const strongest = ids.sort((a, b) => strength(b) - strength(a) || registry.get(a).x - registry.get(b).x)[0];
  const target = strongest ? registry.get(strongest) : registry.filter((one) => one.type === "bpmn:StartEvent")[0];
  if (!target) return;
  canvas.zoom(0.75, { x: target.x + (target.width ?? 0) / 2, y: target.y + (target.height ?? 0) / 2 });
  const view = canvas.viewbox();
  const { x, y, width, height } = view.inner;
  canvas.viewbox({
    x: within(target.x + (target.width ?? 0) / 2, view.width, x, width),
    y: within(target.y + (target.height ?? 0) / 2, view.height, y, height),
    width: view.width,
    height: view.height,
  });
}

// Where a part of this length begins that shows the place in its middle and nothing beyond the edges of the drawing.
function within(place, length, start, whole) {
  if (whole + 2 * MARGIN <= length) return start + whole / 2 - length / 2;
  return Math.max(start - MARGIN, Math.min(place - length / 2, start + whole + MARGIN - length));
}

// The same sign as a part of the drawing: on paper (print.css) it grows and shrinks with it.
function ink(shape, sign, width) {
  const text = document.createElementNS(shape.namespaceURI, "text");
  text.setAttribute("class", "inked");
  text.setAttribute("x", width);
  text.setAttribute("y", -6);
  text.textContent = sign;
  shape.append(text);
}

// On paper the whole drawing stands, as wide as the page, whatever part of it the screen shows.
// One that is long and low has a page of its own, turned.
const MARGIN = 30;
const LONG = 1400;

window.addEventListener("beforeprint", () => {
  for (const [box, viewer] of viewers) {
    const { x, y, width, height } = viewer.get("canvas").viewbox().inner;
    const whole = [x - MARGIN, y - MARGIN, width + 2 * MARGIN, height + 2 * MARGIN];
    box.querySelector(".djs-container > svg").setAttribute("viewBox", whole.join(" "));
    box.classList.toggle("long", width > LONG && width > 2 * height);
  }
});

window.addEventListener("afterprint", () => {
  for (const box of viewers.keys()) box.querySelector(".djs-container > svg").removeAttribute("viewBox");
});

for (const box of document.querySelectorAll("[data-drawing]")) draw(box);
