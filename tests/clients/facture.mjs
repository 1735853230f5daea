// Drives a sandbox with the client of clients/typescript. Arguments: URL, token, a folder with node_modules.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [url, token, modules, library] = process.argv.slice(2);
const { ConnectionError, Facture, FactureError, OPERATIONS, WebhookError, verifyWebhook } = await import(
  pathToFileURL(library).href
);

const facture = new Facture({ url, token });
const control = async (path, body = {}) => {
  const answer = await fetch(`${url}/sandbox/v1${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token}`, "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, await answer.text());
};

// The same key is the same invoice.
const order = { amount_sat: 21, description: "Zwei Brötchen ☕", order_id: "2026-7" };
const [one, two] = await Promise.all(
  [1, 2].map(() => facture.createInvoice(order, { idempotencyKey: "node-1" })),
);
assert.equal(one.label, two.label);
await control(`/invoices/${one.label}/pay`);
assert.equal((await facture.waitForInvoice(one.label, { timeout: 20 })).status, "paid");
const kinds = [];
for await (const event of facture.events()) {
  if (event.data.invoice?.label === one.label) kinds.push(event.type);
}
assert.deepEqual(kinds, ["invoice.created", "invoice.paid"]);
assert.equal((await facture.call("listInvoices", { query: { limit: 1 } })).invoices.length, 1);

// Errors have the API's codes.
const refused = (promise) => promise.then(assert.fail, (error) => error);
let error = await refused(facture.createInvoice({ ...order, amount_sat: 0 }));
assert.ok(error instanceof FactureError);
assert.deepEqual([error.status, error.field], [422, "amount_sat"]);
assert.ok(error.requestId);
error = await refused(facture.readInvoice("no/such label"));
assert.deepEqual([error.status, error.code], [404, "invoice_not_found"]);
error = await refused(new Facture({ url, token: "wrong" }).call("readNode"));
assert.deepEqual([error.status, error.code], [401, "unauthorized"]);

// A lost answer is asked for again with the same key; what is not safe to repeat is not repeated.
const keys = [];
const flaky = async (address, request) => {
  keys.push(request.headers["Idempotency-Key"]);
  if (keys.length === 1) throw new TypeError("fetch failed");
  if (keys.length === 2) return new Response("busy", { status: 503, headers: { "Retry-After": "0" } });
  return fetch(address, request);
};
const made = await new Facture({ url, token, fetch: flaky }).createInvoice(order);
assert.equal(made.status, "unpaid");
assert.equal(keys.length, 3);
assert.equal(new Set(keys).size, 1);
let calls = 0;
const dead = async () => {
  calls += 1;
  throw new TypeError("fetch failed");
};
const lost = new Facture({ url, token, fetch: dead, retries: 1 });
assert.ok((await refused(lost.call("createWebhook", { body: {} }))) instanceof ConnectionError);
assert.equal(calls, 1);
assert.ok((await refused(lost.call("readNode"))) instanceof ConnectionError);
assert.equal(calls, 3);
assert.equal(OPERATIONS.createWebhook.repeat, "no");

// What the reference library signs is verified, and nothing else.
const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const { Webhook } = createRequire(`${modules}/`)("standardwebhooks");
const body = JSON.stringify({ type: "invoice.paid", data: { invoice: null } });
const now = new Date();
const headers = {
  "webhook-id": "msg_1",
  "webhook-timestamp": String(Math.floor(now.getTime() / 1000)),
  "webhook-signature": `v1,AAAA ${new Webhook(secret).sign("msg_1", now, body)}`,
};
assert.equal(verifyWebhook(secret, headers, body).type, "invoice.paid");
assert.equal(verifyWebhook(secret, new Headers(headers), Buffer.from(body)).type, "invoice.paid");
assert.throws(() => verifyWebhook(secret, headers, `${body} `), WebhookError);
assert.throws(() => verifyWebhook(secret, headers, body, { now: Date.now() + 301_000 }), WebhookError);
assert.throws(() => verifyWebhook(secret, { ...headers, "webhook-id": "" }, body), WebhookError);
console.log("done");
