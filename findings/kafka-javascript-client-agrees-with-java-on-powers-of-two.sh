#!/usr/bin/env bash
# @platformatic/kafka 2.12.1 (npm) picks the Java client's partition for a key with 4 partitions, but not with 3 or 6.
#
# Both hash the key with murmur2, so one expects one partition for one key. The Java client clears the hash's sign bit
# before it divides by the number of partitions; the default of @platformatic/kafka takes the sign bit as a value. The
# remainders are alike only when the number of partitions is a power of two: a test with 1, 2 or 4 partitions tells
# nothing. Its compatibilityPartitioner clears the bit; kafkajs 2.2.4 (npm) does so by default.
#
# For a checkout: hand compatibilityPartitioner to the producer, and try it with three partitions.
#
# kafkajs stands for the Java client here, which it follows. Seen on Node.js 20. Needs node, npm and the npm registry.
# Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts @platformatic/kafka@2.12.1 kafkajs@2.2.4
cat >"$folder/check.mjs" <<'NODE'
import { compatibilityPartitioner, defaultPartitioner } from "@platformatic/kafka";
import kafkajs from "kafkajs";

const java = kafkajs.Partitioners.DefaultPartitioner();
const keys = [...Array(8).keys()].map((number) => `order-${number}`);
for (const count of [4, 3, 6]) {
  const partitionMetadata = [...Array(count).keys()].map((partitionId) => ({ partitionId, leader: 0 }));
  const told = {
    kafkajs: (key) => java({ topic: "orders", partitionMetadata, message: { key } }),
    platformatic: (key) => defaultPartitioner({}, Buffer.from(key)) % count,
    compatibility: (key) => compatibilityPartitioner({}, Buffer.from(key)) % count,
  };
  for (const [name, choose] of Object.entries(told)) console.log(`${count} ${name}: ${keys.map(choose).join(" ")}`);
}
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == '4 kafkajs: 0 2 3 3 2 2 1 1
4 platformatic: 0 2 3 3 2 2 1 1
4 compatibility: 0 2 3 3 2 2 1 1
3 kafkajs: 1 1 0 0 2 2 0 1
3 platformatic: 0 1 2 2 2 2 2 1
3 compatibility: 1 1 0 0 2 2 0 1
6 kafkajs: 4 4 3 3 2 2 3 1
6 platformatic: 0 4 5 5 2 2 5 1
6 compatibility: 4 4 3 3 2 2 3 1' ]] || {
  echo "it has changed"
  exit 1
}
