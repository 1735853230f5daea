// Verifies a webhook with standardwebhooks (npm): here from the environment and standard input, in your shop from the
// request's headers and body, byte for byte as received.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const body = readFileSync(0, "utf8");
const headers = {
  "webhook-id": process.env.WEBHOOK_ID,
  "webhook-timestamp": process.env.WEBHOOK_TIMESTAMP,
  "webhook-signature": process.env.WEBHOOK_SIGNATURE,
};
let event;
try {
  event = new Webhook(process.env.WEBHOOK_SECRET).verify(body, headers);
} catch {
  console.error("not from facture"); // in your shop: respond with 400
  process.exit(1);
}
// It may arrive twice: process each `webhook-id` only once. Then respond with 2xx.
if (event.type === "invoice.paid") {
  console.log("paid", event.data.invoice.order_id);
}
