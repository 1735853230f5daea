#!/usr/bin/env bash
# cloudevents-kafka 4.0.1 (Maven) sends an event with a partitionkey without a key; PyPI's and npm's SDKs give it one.
#
# The CloudEvents extension "partitionkey" is for keeping related events together, and the Kafka binding has SDKs offer
# a mapping of it to the message's key. One expects the SDKs to agree. cloudevents 2.2.0 (PyPI) and 10.0.0 (npm) map it
# unasked; the Java SDK writes the header ce_partitionkey and leaves the key null, so Kafka spreads one order's events
# over all partitions, until PartitionKeyExtensionInterceptor is put into the producer's interceptor.classes.
#
# For a checkout's events: set the key yourself in every language, and read the order's id from the event, not the key.
#
# Seen on Java 17, Python 3.11 and Node.js 20. Needs java, mvn and Maven Central, python3 with venv, node, npm, PyPI and
# the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check cloudevents==2.2.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts cloudevents@10.0.0
cat >"$folder/pom.xml" <<'XML'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>example</groupId>
  <artifactId>check</artifactId>
  <version>1</version>
  <dependencies>
    <dependency>
      <groupId>io.cloudevents</groupId><artifactId>cloudevents-kafka</artifactId><version>4.0.1</version>
    </dependency>
    <dependency>
      <groupId>org.slf4j</groupId><artifactId>slf4j-nop</artifactId><version>1.7.36</version>
    </dependency>
  </dependencies>
</project>
XML
mvn --quiet --batch-mode --file "$folder/pom.xml" dependency:copy-dependencies -DoutputDirectory="$folder/jars"
cat >"$folder/Check.java" <<'JAVA'
import io.cloudevents.core.builder.CloudEventBuilder;
import io.cloudevents.kafka.KafkaMessageFactory;
import io.cloudevents.kafka.PartitionKeyExtensionInterceptor;
import java.net.URI;
import org.apache.kafka.clients.producer.ProducerRecord;

class Check {
  public static void main(String[] arguments) {
    var event = CloudEventBuilder.v1().withId("1").withSource(URI.create("/shop/1")).withType("order.paid")
        .withExtension("partitionkey", "order-7").build();
    var message = KafkaMessageFactory.createWriter("orders").writeBinary(event);
    var header = new String(message.headers().lastHeader("ce_partitionkey").value());
    System.out.println("Java: key " + message.key() + ", ce_partitionkey " + header);
    var passed = new PartitionKeyExtensionInterceptor().onSend(new ProducerRecord<>("orders", (Object) null, event));
    System.out.println("Java, through the interceptor: key " + passed.key());
  }
}
JAVA
cat >"$folder/check.py" <<'PYTHON'
from cloudevents.core.bindings.kafka import to_binary
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

event = {"specversion": "1.0", "id": "1", "source": "/shop/1", "type": "order.paid", "partitionkey": "order-7"}
print("PyPI: key", to_binary(CloudEvent(event, None), JSONFormat()).key)
PYTHON
cat >"$folder/check.cjs" <<'NODE'
const { CloudEvent, Kafka } = require("cloudevents");
const event = new CloudEvent({ id: "1", source: "/shop/1", type: "order.paid", partitionkey: "order-7" });
console.log("npm: key", Kafka.binary(event).key);
NODE
seen=$(java -cp "$folder/jars/*" "$folder/Check.java"
  "$folder/venv/bin/python" "$folder/check.py"
  node "$folder/check.cjs")
printf '%s\n' "$seen"
[[ $seen == 'Java: key null, ce_partitionkey order-7
Java, through the interceptor: key order-7
PyPI: key order-7
npm: key order-7' ]] || {
  echo "it has changed"
  exit 1
}
