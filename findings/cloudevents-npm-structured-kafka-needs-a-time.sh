#!/usr/bin/env bash
# cloudevents 10.0.0 (npm) throws "Invalid time value" on a structured Kafka event that has no time.
#
# In CloudEvents 1.0 "time" is optional. Kafka.toEvent() converts it before looking whether it is there, so a
# structured event without it is a RangeError. The same event is read over HTTP, and over Kafka in binary mode.
#
# For a checkout: always write "time" into events for Kafka, also where the producer is not written in JavaScript.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >"$folder/check.mjs" <<'NODE'
import { HTTP, Kafka } from "cloudevents";

const attributes = { specversion: "1.0", id: "7", source: "/shop/1", type: "order.paid" };
const data = { msat: 250000 };
const structured = { "content-type": "application/cloudevents+json" };
const binary = { "content-type": "application/json" };
for (const [name, value] of Object.entries(attributes)) binary[`ce_${name}`] = value;
const body = JSON.stringify({ ...attributes, data });
const timed = JSON.stringify({ ...attributes, time: "2026-01-02T03:04:05Z", data });
const ways = {
  "HTTP, structured, no time": () => HTTP.toEvent({ headers: structured, body }),
  "Kafka, binary, no time": () => Kafka.toEvent({ headers: binary, value: JSON.stringify(data) }),
  "Kafka, structured, no time": () => Kafka.toEvent({ headers: structured, value: body }),
  "Kafka, structured, with time": () => Kafka.toEvent({ headers: structured, value: timed }),
};
for (const [name, read] of Object.entries(ways)) {
  try {
    console.log(`${name}: msat ${read().data.msat}`);
  } catch (error) {
    console.log(`${name}: ${error.name}: ${error.message}`);
  }
}
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'HTTP, structured, no time: msat 250000
Kafka, binary, no time: msat 250000
Kafka, structured, no time: RangeError: Invalid time value
Kafka, structured, with time: msat 250000' ]] || {
  echo "it has changed"
  exit 1
}
