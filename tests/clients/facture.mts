// Is compiled, not run: what the types of clients/typescript allow, and what they refuse.
import { Facture, FactureError, verifyWebhook, type Invoice } from "../../clients/typescript/src/index.js";

const facture = new Facture({ url: "http://127.0.0.1:9112", token: "facture_token" });
const invoice: Invoice = await facture.createInvoice({ amount_sat: 5, description: "" }, { idempotencyKey: "a" });
const listed = await facture.call("listInvoices", { query: { limit: 10 } });
const label: string | undefined = listed.invoices[0]?.label;
const nothing: undefined = await facture.call("deleteWebhook", { path: { webhook: "we_1" } });
// @ts-expect-error There is no such operation.
await facture.call("eatInvoice");
// @ts-expect-error The path has another name.
await facture.call("readInvoice", { path: { lable: "" } });
// @ts-expect-error It is a text.
const wrong: number = invoice.status;
for await (const event of facture.events({ after: 1 })) console.log(event.data.invoice?.label);
const explain = (error: unknown) => {
  if (error instanceof FactureError && error.code === "invoice_not_found") console.log(error.field);
};
console.log(verifyWebhook("whsec_", new Headers(), "").type, label, nothing, wrong, explain);
