// Writes what is in the pages, and by which license, beside them: their licenses ask for it.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import type { Plugin } from "vite";

/** The folder of the package that a module lies in. */
function packageOf(id: string): string | null {
  const found = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id.replaceAll("\\", "/"));
  return found ? found[0] : null;
}

export function licenses(): Plugin {
  const folders = new Set<string>();
  return {
    name: "licenses",
    apply: "build",
    // Styles leave no module behind, so that what is read is noted, not what is written.
    transform(_, id) {
      const folder = packageOf(id.replace(/^\0/, "").split("?")[0] ?? "");
      if (folder) folders.add(folder);
    },
    generateBundle() {
      const texts = [...folders].sort().map((folder) => {
        const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
          name: string;
          version: string;
          license: string;
        };
        const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
        const text = file ? readFileSync(join(folder, file), "utf8").trim() : "";
        return `${about.name} ${about.version} (${about.license})\n\n${text}\n`;
      });
      const source = texts.join(`\n${"-".repeat(72)}\n\n`);
      this.emitFile({ type: "asset", fileName: "licenses.txt", source });
    },
  };
}
