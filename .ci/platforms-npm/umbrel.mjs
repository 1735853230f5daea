// Whether an umbrel-app.yml has what Umbrel's app store shows and needs: node umbrel.mjs <file>. Umbrel publishes no schema of it as a
// package; these are the fields of its own manifests.
import { readFileSync } from "node:fs";
import { parse } from "yaml";

const text = (value) => typeof value === "string";
const filled = (value) => text(value) && value !== "";
const texts = (value) => Array.isArray(value) && value.every(filled);
const needed = {
  manifestVersion: (value) => [1, 1.1].includes(value),
  id: (value) => /^[a-z]+(-[a-z]+)*$/.test(value),
  category: filled,
  name: filled,
  version: filled,
  tagline: (value) => filled(value) && value.length <= 50 && !value.endsWith("."),
  description: filled,
  releaseNotes: text,
  developer: filled,
  website: URL.canParse,
  repo: URL.canParse,
  support: URL.canParse,
  submitter: filled,
  submission: URL.canParse,
  dependencies: texts,
  port: (value) => Number.isInteger(value) && value > 0 && value < 65536,
  gallery: texts,
  path: text,
  defaultUsername: text,
  defaultPassword: text,
};

const manifest = parse(readFileSync(process.argv[2], "utf8"));
const wrong = [
  ...Object.keys(needed).filter((key) => !needed[key](manifest[key])),
  ...Object.keys(manifest).filter((key) => !(key in needed)),
];
if (wrong.length > 0) {
  console.error(`${process.argv[2]}: ${wrong.join(", ")}: missing, unknown or not as Umbrel wants it`);
  process.exit(1);
}
