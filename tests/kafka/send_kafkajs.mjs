// Sends a frame with npm's kafkajs: send_kafkajs.mjs BOOTSTRAP FRAME
import { Kafka, logLevel } from "kafkajs";

const [bootstrap, frame] = process.argv.slice(2);
const producer = new Kafka({ brokers: [bootstrap], logLevel: logLevel.ERROR }).producer();
await producer.connect();
await producer.send({ topic: "lightning-service", messages: [{ key: "order-9", value: frame }] });
await producer.disconnect();
