// npm install kafkajs; node kafka.mjs <brokers> <secret>
import { createHmac } from "node:crypto";
import { Kafka, logLevel } from "kafkajs";

const [brokers, secret] = process.argv.slice(2);
const kafka = new Kafka({ brokers: brokers.split(","), logLevel: logLevel.ERROR });
const fields = [[Date.now(), 13], ["create", 16], [2500, 37], ["Two bags of tea", 37], [3600, 37]];
const signed = fields.map(([field, width]) => String(field).padEnd(width)).join("");
const signature = createHmac("sha256", secret).update(signed).digest("hex");
const producer = kafka.producer();
await producer.connect();
await producer.send({ topic: "lightning-service", messages: [{ key: "order-7", value: signed + signature }] });
await producer.disconnect();
const consumer = kafka.consumer({ groupId: "shop-in-node" });
await consumer.connect();
await consumer.subscribe({ topic: "celery", fromBeginning: true });
await consumer.run({
  eachMessage: async ({ message }) => {
    if (message.headers["request-signature"].toString() !== signature) return;
    console.log(JSON.stringify(JSON.parse(message.value).data));
    process.exit();
  },
});
