#!/usr/bin/env bash
# cloudevents 10.0.0 (npm) makes a Kafka message in binary mode whose value kafkajs 2.2.4 cannot send.
#
# CloudEvents Kafka binding, binary mode: the data becomes the message's value as it is, JSON data as JSON text. One
# expects Kafka.binary() to give a message for producer.send(). It leaves an object an object, and kafkajs, which takes
# a string or a Buffer, throws 'The "string" argument must be of type string'. Kafka.structured() gives a string.
#
# For a checkout that emits events: send { ...message, value: JSON.stringify(message.value) } in binary mode.
#
# Here messages go through the record encoder of kafkajs, which needs no broker. Seen on Node.js 20. Needs node, npm and
# the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0 kafkajs@2.2.4
cat >"$folder/check.cjs" <<'NODE'
const { CloudEvent, Kafka } = require("cloudevents");
const encodeRecord = require("kafkajs/src/protocol/recordBatch/record/v0");

const event = new CloudEvent({
  id: "7", source: "/shop/1", type: "order.paid", datacontenttype: "application/json", data: { msat: 250000 },
});
const told = ({ value }) => {
  try {
    encodeRecord({ offsetDelta: 0, timestampDelta: 0, key: "7", value, headers: {} });
    return "is sent";
  } catch (error) {
    return `${error.name}: ${error.message}`;
  }
};
const binary = Kafka.binary(event);
console.log("binary:", told(binary));
console.log("binary, value as JSON:", told({ value: JSON.stringify(binary.value) }));
console.log("structured:", told(Kafka.structured(event)));
NODE
seen=$(node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'binary: TypeError: The "string" argument must be of type string or an instance of Buffer or ArrayBuffer. Received an instance of Object
binary, value as JSON: is sent
structured: is sent' ]] || {
  echo "it has changed"
  exit 1
}
