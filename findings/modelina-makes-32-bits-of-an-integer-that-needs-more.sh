#!/usr/bin/env bash
# @asyncapi/modelina 5.10.1 (npm) makes an int of Java and an i32 of Rust of an integer that may be 2100000000000000000.
#
# JSON Schema sets no limit to an integer but what "minimum" and "maximum" say, and an amount in millisatoshis may go up
# to the 2.1 million million million of all bitcoins. One expects a type that holds the maximum that is written down.
# Modelina looks at "format" alone: without it the field is Int in Kotlin and Scala too, and an event of more than
# 2147483647 msat (0.02147483647 BTC) cannot be read. With "format": "int64" these are right; C++ has an int either way.
#
# For a checkout that publishes AsyncAPI or JSON Schema: write "format": "int64" beside the maximum.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @asyncapi/modelina@5.10.1
cat >"$folder/check.mjs" <<'NODE'
import * as modelina from "@asyncapi/modelina";

const limits = { type: "integer", minimum: 0, maximum: 2100000000000000000 };
const schema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "Paid",
  type: "object",
  additionalProperties: false,
  required: ["plain", "wide"],
  properties: { plain: limits, wide: { ...limits, format: "int64" } },
};
const fields = {
  Java: /private (\w+) (?:plain|wide);/g,
  Kotlin: /val (?:plain|wide): (\w+)/g,
  Scala: /^ +(?:plain|wide): (\w+)/gm,
  CSharp: /private (\w+) (?:plain|wide);/g,
  Rust: /pub (?:plain|wide): (\w+)/g,
  Cplusplus: /(\w+) (?:plain|wide);/g,
};
for (const [language, field] of Object.entries(fields)) {
  const models = await new modelina[`${language}Generator`]().generate(schema);
  const code = models.map(({ result }) => result).join("\n");
  console.log(`${language}: ${[...code.matchAll(field)].map(([, type]) => type).join(", with int64 ")}`);
}
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'Java: int, with int64 long
Kotlin: Int, with int64 Long
Scala: Int, with int64 Long
CSharp: int, with int64 long
Rust: i32, with int64 i64
Cplusplus: int, with int64 int' ]] || {
  echo "it has changed"
  exit 1
}
