// SPDX-License-Identifier: Apache-2.0
// Reads diagrams with Mermaid's own parser: node check.mjs FILE...
import { readFileSync } from "node:fs";
import { JSDOM } from "jsdom";

// Mermaid cleans texts with DOMPurify, which wants a browser's window to be there when it is loaded.
const { window } = new JSDOM("");
globalThis.window = window;
globalThis.document = window.document;
const { default: mermaid } = await import("mermaid");
mermaid.initialize({ startOnLoad: false });

let failed = 0;
for (const file of process.argv.slice(2)) {
  try {
    const result = await mermaid.parse(readFileSync(file, "utf8"));
    if (result.diagramType !== "flowchart-v2") throw new Error(`read as ${result.diagramType}`);
    console.log(`ok ${file}`);
  } catch (error) {
    failed += 1;
    console.error(`not ok ${file}: ${error.message}`);
  }
}
process.exit(failed === 0 && process.argv.length > 2 ? 0 : 1);
