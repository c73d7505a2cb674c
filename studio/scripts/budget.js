// Fails when what a first visit loads is larger than it may be: the page itself, what its HTML asks for,
// what those modules import, and the type that Latin text is set in.
import { readFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const LIMIT = 120 * 1024;

const out = process.env["PHOTOCHROM_STUDIO_OUT"] ?? "dist";
/** @type {Record<string, {file: string, isEntry?: boolean, imports?: string[], css?: string[]}>} */
const manifest = JSON.parse(readFileSync(join(out, ".vite/manifest.json"), "utf8"));

// Nobody but this script reads it.
rmSync(join(out, ".vite"), { recursive: true });

/** @type {Set<string>} */
const files = new Set(["index.html"]);
/** @param {string} name */
function follow(name) {
  const chunk = manifest[name];
  if (!chunk || files.has(chunk.file)) return;
  files.add(chunk.file);
  chunk.css?.forEach((file) => files.add(file));
  chunk.imports?.forEach(follow);
}
Object.keys(manifest)
  .filter((name) => manifest[name]?.isEntry)
  .forEach(follow);
readdirSync(join(out, "assets"))
  .filter((name) => /latin-wght-normal.*\.woff2$/.test(name) && !name.includes("latin-ext"))
  .forEach((name) => files.add(`assets/${name}`));

let sum = 0;
for (const file of files) {
  const bytes = readFileSync(join(out, file));
  // Type is compressed already, and served as it is.
  const size = file.endsWith(".woff2") ? bytes.length : gzipSync(bytes, { level: 9 }).length;
  sum += size;
  console.log(`${(size / 1024).toFixed(1).padStart(7)} KB  ${file}`);
}
console.log(`${(sum / 1024).toFixed(1).padStart(7)} KB  in all; at most ${LIMIT / 1024}`);
if (sum > LIMIT) {
  console.error("A first visit loads too much: load what it does not need on demand.");
  process.exit(1);
}
