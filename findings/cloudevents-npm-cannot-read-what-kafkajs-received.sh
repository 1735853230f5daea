#!/usr/bin/env bash
# cloudevents 10.0.0 (npm) throws a TypeError on a Kafka message as kafkajs 2.2.4 receives it.
#
# The CloudEvents Kafka binding puts attributes into headers, whose values are bytes in Kafka; kafkajs hands them over
# as Buffers. Kafka.toEvent() of the SDK takes them for strings and throws "contentType.startsWith is not a function".
# It does not mind a Buffer as the value. With every header turned into a string it reads the event.
#
# Here a message goes through the record encoder and decoder of kafkajs, which needs no broker. For a checkout that
# consumes order events: turn header values into strings (UTF-8) before Kafka.toEvent().
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0 kafkajs@2.2.4
cat >"$folder/check.cjs" <<'NODE'
const { Kafka } = require("cloudevents");
const Decoder = require("kafkajs/src/protocol/decoder");
const encodeRecord = require("kafkajs/src/protocol/recordBatch/record/v0");
const decodeRecord = require("kafkajs/src/protocol/recordBatch/record/v0/decoder");

const headers = {
  ce_specversion: "1.0", ce_id: "7", ce_source: "/shop/1", ce_type: "order.paid", ce_time: "2026-01-02T03:04:05Z",
  "content-type": "application/json",
};
const sent = encodeRecord({ offsetDelta: 0, timestampDelta: 0, key: "7", value: '{"msat":250000}', headers });
const decoder = new Decoder(sent.buffer);
decoder.readVarInt();
const received = decodeRecord(decoder, { firstOffset: "0", firstTimestamp: "0", magicByte: 2 });
const told = (message) => {
  try {
    return `msat ${Kafka.toEvent(message).data.msat}`;
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};
const text = Object.fromEntries(Object.entries(received.headers).map(([name, value]) => [name, value.toString()]));
console.log("as received:", told(received));
console.log("headers as strings:", told({ ...received, headers: text }));
NODE
seen=$(node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'as received: TypeError: contentType.startsWith is not a function
headers as strings: msat 250000' ]] || {
  echo "it has changed"
  exit 1
}
