import { createHmac, timingSafeEqual } from "node:crypto";

/** The request is not a webhook of this facture, or an old one. */
export class WebhookError extends Error {
  constructor(message) {
    super(message);
    this.name = "WebhookError";
  }
}

/**
 * Verifies a webhook (Standard Webhooks 1.0.0) and returns its event. `body`: the bytes as they came, before anything parsed
 * them. `headers`: a `Headers`, or an object with names in lower case, as Node.js has it.
 */
export function verifyWebhook(secret, headers, body, { tolerance = 300, now = Date.now() } = {}) {
  const header = (name) => {
    const value = typeof headers.get === "function" ? headers.get(name) : headers[name];
    if (typeof value !== "string" || value === "") throw new WebhookError(`${name} is missing`);
    return value;
  };
  const [id, sent, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(header);
  if (!/^[0-9]+$/.test(sent) || Math.abs(now / 1000 - Number(sent)) > tolerance) {
    throw new WebhookError("the timestamp is too old or too new");
  }
  if (!secret.startsWith("whsec_")) throw new TypeError("the secret must begin with whsec_");
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${sent}.`).update(body).digest();
  const matches = signatures.split(" ").some((signature) => {
    const given = Buffer.from(signature.replace(/^v1,/, ""), "base64");
    return signature.startsWith("v1,") && given.length === expected.length && timingSafeEqual(given, expected);
  });
  if (!matches) throw new WebhookError("no signature matches");
  return JSON.parse(Buffer.from(body).toString("utf8"));
}
