import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { ConnectionError, FactureError } from "./errors.js";
import { OPERATIONS } from "./operations.js";

/** What is worth another try: the call was not carried out, or not yet. */
const RETRIED = new Set([408, 429, 502, 503, 504]);

/** The longest pause that a server may ask for, in milliseconds. */
const MAX_PAUSE = 60_000;

/** A facture. Calls are repeated when that is harmless: with an `Idempotency-Key`, which is made up if none is given. */
export class Facture {
  #url;
  #token;
  #fetch;
  #retries;
  #timeout;

  constructor({ url, token, retries = 4, timeout = 75_000, fetch = globalThis.fetch }) {
    this.#url = url.replace(/\/+$/, "");
    this.#token = token;
    this.#retries = retries;
    this.#timeout = timeout;
    this.#fetch = fetch;
  }

  /** Calls an operation by the name that it has in the OpenAPI document. */
  async call(operation, { path = {}, query = {}, body, idempotencyKey, signal } = {}) {
    const known = OPERATIONS[operation];
    if (known === undefined) throw new TypeError(`there is no operation ${operation}`);
    const headers = { Authorization: `Bearer ${this.#token}`, Accept: "application/json" };
    if (body !== undefined) headers["Content-Type"] = "application/json";
    if (known.repeat === "key") headers["Idempotency-Key"] = idempotencyKey ?? randomUUID();
    const request = {
      method: known.method,
      headers,
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: "error",
    };
    const address = this.#address(known.path, path, query);
    return this.#repeat(address, request, known.repeat === "no" ? 0 : this.#retries, signal);
  }

  #address(template, path, query) {
    const filled = template.replace(/\{(\w+)\}/g, (_, name) => {
      if (path[name] === undefined) throw new TypeError(`${name} is missing in the path`);
      return encodeURIComponent(path[name]);
    });
    const given = Object.entries(query).filter(([, value]) => value !== undefined);
    const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)]));
    return `${this.#url}${filled}${given.length > 0 ? `?${search}` : ""}`;
  }

  async #repeat(address, request, retries, signal) {
    for (let attempt = 0; ; attempt += 1) {
      const limit = AbortSignal.timeout(this.#timeout);
      const either = signal === undefined ? limit : AbortSignal.any([limit, signal]);
      let pause = Math.min(200 * 2 ** attempt, 5_000) * (0.5 + Math.random() / 2);
      try {
        const response = await this.#fetch(address, { ...request, signal: either });
        const text = await response.text();
        if (response.ok) return text === "" ? undefined : JSON.parse(text);
        if (!RETRIED.has(response.status) || attempt >= retries) throw problem(response, text);
        const asked = Number(response.headers.get("Retry-After")) * 1000;
        if (Number.isFinite(asked)) pause = Math.min(Math.max(pause, asked), MAX_PAUSE);
      } catch (error) {
        if (error instanceof FactureError) throw error;
        signal?.throwIfAborted();
        if (attempt >= retries) throw new ConnectionError(`no answer from ${this.#url}`, { cause: error });
      }
      await sleep(pause, undefined, { signal });
    }
  }

  createInvoice(body, options = {}) {
    return this.call("createInvoice", { ...options, body });
  }

  readInvoice(label) {
    return this.call("readInvoice", { path: { label } });
  }

  /** Waits up to `timeout` seconds for the invoice to be paid, held, expired or cancelled. */
  waitForInvoice(label, { timeout = 60, signal } = {}) {
    return this.call("waitForInvoice", { path: { label }, query: { timeout }, signal });
  }

  settleInvoice(label, body = {}) {
    return this.call("settleInvoice", { path: { label }, body });
  }

  cancelInvoice(label) {
    return this.call("cancelInvoice", { path: { label } });
  }

  orderPayout(body, options = {}) {
    return this.call("orderPayout", { ...options, body });
  }

  /** All events after a sequence, in order, up to the newest. */
  async *events({ after = 0, types } = {}) {
    for (let more = true; more; ) {
      const page = await this.call("listEvents", { query: { after, types } });
      yield* page.events;
      ({ next_after: after, more } = page);
    }
  }
}

function problem(response, text) {
  let error;
  try {
    ({ error } = JSON.parse(text));
  } catch {
    // A proxy's answer.
  }
  const unknown = { code: "unknown", message: `the server answers ${response.status}` };
  return new FactureError(response.status, error ?? unknown);
}
