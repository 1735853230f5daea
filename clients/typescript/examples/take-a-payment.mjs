// FACTURE=http://127.0.0.1:9112 TOKEN=facture_token_… node examples/take-a-payment.mjs
import { Facture, FactureError } from "facture-client";

const facture = new Facture({ url: process.env.FACTURE, token: process.env.TOKEN });
const order = "order-2026-7";
try {
  const invoice = await facture.createInvoice(
    { amount_sat: 2500, description: "Two bags of tea", order_id: order },
    { idempotencyKey: order },
  );
  console.log(`pay at ${invoice.status_url}`);
  let { status } = invoice;
  while (status === "unpaid") {
    ({ status } = await facture.waitForInvoice(invoice.label, { timeout: 30 }));
  }
  console.log(status);
} catch (error) {
  if (!(error instanceof FactureError)) throw error;
  console.error(`${error.code}: ${error.message} (${error.field ?? "no field"})`);
}
