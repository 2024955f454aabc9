// Makes bpmn-modeler.js, bpmn-modeler.css and bpmn-font.woff2 out of npm packages: node bpmn-modeler.build.mjs
//
// One change to what the packages bring: a style attribute in markup becomes data-style, because the pages' policy
// allows no styles in markup; js/modeler/adapt.js sets them through the style object.
import { build } from "esbuild";
import { copyFile, readFile } from "node:fs/promises";

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

const options = { bundle: true, minify: true, legalComments: "none", plugins: [change], external: ["./bpmn-font.woff2"] };
await build({ ...options, format: "esm", entryPoints: ["bpmn-modeler.entry.js"], outfile: "bpmn-modeler.js" });
await build({ ...options, entryPoints: ["bpmn-modeler.entry.css"], outfile: "bpmn-modeler.css" });
await copyFile("node_modules/bpmn-js/dist/assets/bpmn-font/font/bpmn.woff2", "bpmn-font.woff2");
