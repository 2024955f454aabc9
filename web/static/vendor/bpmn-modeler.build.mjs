// Makes bpmn-modeler.js, bpmn-modeler.css, bpmn-font.woff2 and bpmn-modeler.strings.json out of npm packages.
//
// One change to what the packages bring: a style attribute in markup becomes data-style, because the pages' policy
// allows no styles in markup; js/modeler/adapt.js sets them through the style object. The strings are all that the
// bundle may say to a reader, for the test of the Chinese dictionary (js/modeler/zh.js).
import { build } from "esbuild";
import { copyFile, readFile, writeFile } from "node:fs/promises";

const FONT = '@font-face{font-family:"bpmn";src:url("./bpmn-font.woff2") format("woff2")}';

const change = {
  name: "change",
  setup(setup) {
    setup.onLoad({ filter: /(token-simulation|bpmn-js|diagram-js).*\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/(?<=[\s`(])style="(?=[^"]*")/g, 'data-style="'),
    }));
    setup.onLoad({ filter: /bpmn-font\/css\/bpmn\.css$/ }, async ({ path }) => ({
      contents: (await readFile(path, "utf8")).replace(/@font-face\s*\{[^}]*\}/g, FONT),
      loader: "css",
    }));
  },
};

// Where a file names what it says: calls of translate, entries of menus, and the titles and texts of the simulation.
const CALLS = /(?:[^\w]|_)translate\(\s*(['"`])((?:\\.|(?!\1).)*)\1/g;
const ENTRIES = /\b(?:label|title)\s*:\s*(['"])([A-Z](?:\\.|(?!\1).)*)\1/g;
const SPOKEN = [
  /\btext:\s*(?:elementName \|\| )?(['"])([A-Z](?:\\.|(?!\1).)*)\1/g,
  /(title=")([A-Z][^"$]*)"/g,
  /(>)\s*([A-Z][a-z]+(?: [A-Za-z]+)*)\s*</g,
  /(`)(Token Simulation) </g,
];

async function strings(files) {
  const found = new Set([
    "Add pause point", "Remove pause point", "Close", "Slow", "Normal", "Fast",
    ...["left", "center", "right", "top", "middle", "bottom"].map((side) => `Align elements ${side}`),
  ]);
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    const text = await readFile(file, "utf8");
    const menus = /features.(replace|popup-menu|popup-provider|append|create|context-pad|palette)/.test(file);
    const patterns = file.includes("token-simulation/lib/features") ? [CALLS, ...SPOKEN] : menus ? [CALLS, ENTRIES] : [CALLS];
    for (const pattern of patterns) {
      for (const [, , words] of text.matchAll(pattern)) if (/[A-Za-z]{2}/.test(words) && !/[+{]/.test(words)) found.add(words.trim());
    }
  }
  return [...found].sort();
}

const options = {
  bundle: true, minify: true, legalComments: "none", plugins: [change], external: ["./bpmn-font.woff2"], metafile: true,
};
const made = await build({
  ...options, format: "esm", entryPoints: ["bpmn-modeler.entry.js"], outfile: "bpmn-modeler.js",
});
await build({ ...options, entryPoints: ["bpmn-modeler.entry.css"], outfile: "bpmn-modeler.css" });
await copyFile("node_modules/bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2", "bpmn-font.woff2");
const said = await strings(Object.keys(made.metafile.inputs));
await writeFile("bpmn-modeler.strings.json", JSON.stringify(said, null, 1) + "\n");
