import type { components, operations } from "./schema.js";

export type Schemas = components["schemas"];
export type Invoice = Schemas["Invoice"];
export type NewInvoice = Schemas["NewInvoice"];
export type Payout = Schemas["Payout"];
export type NewPayout = Schemas["NewPayout"];
export type Event = Schemas["Event"];
export type WebhookEvent = Schemas["WebhookEvent"];
/** The API's codes; others may be added. */
export type ErrorCode = Schemas["Error"]["error"]["code"] | (string & {});

type Json<T> = T extends { content: { "application/json": infer Body } } ? Body : undefined;
type Success<Responses> = {
  [Status in keyof Responses]: Status extends 200 | 201 | 202 | 204 ? Json<Responses[Status]> : never;
}[keyof Responses];
type Body<Operation> = Operation extends { requestBody: { content: { "application/json": infer Sent } } }
  ? { body: Sent }
  : Operation extends { requestBody?: { content: { "application/json": infer Sent } } }
    ? { body?: Sent }
    : { body?: undefined };
type Parameters_<Operation> = Operation extends { parameters: infer Given } ? Given : {};
type Path<Given> = Given extends { path: infer Named } ? { path: Named } : { path?: Record<string, never> };
type Query<Given> = Given extends { query?: infer Named } ? { query?: Named } : {};

export interface CallOptions {
  /** Made up if it is not given, where the operation takes one. */
  idempotencyKey?: string;
  signal?: AbortSignal;
}

export type Input<Name extends keyof operations> = Body<operations[Name]> &
  Path<Parameters_<operations[Name]>> &
  Query<Parameters_<operations[Name]>> &
  CallOptions;
export type Output<Name extends keyof operations> = Success<operations[Name]["responses"]>;

export interface FactureOptions {
  /** Such as `https://shop.example` or `http://127.0.0.1:9112`. */
  url: string;
  /** From `facture token create`. */
  token: string;
  /** How often a call is repeated, where that is harmless. */
  retries?: number;
  /** How long one attempt may take, in milliseconds. */
  timeout?: number;
  fetch?: typeof globalThis.fetch;
}

export class Facture {
  constructor(options: FactureOptions);
  call<Name extends keyof operations>(operation: Name, input?: Input<Name>): Promise<Output<Name>>;
  createInvoice(body: NewInvoice, options?: CallOptions): Promise<Invoice>;
  readInvoice(label: string): Promise<Invoice>;
  waitForInvoice(label: string, options?: { timeout?: number; signal?: AbortSignal }): Promise<Invoice>;
  settleInvoice(label: string, body?: Schemas["Settle"]): Promise<Invoice>;
  cancelInvoice(label: string): Promise<Invoice>;
  orderPayout(body: NewPayout, options?: CallOptions): Promise<Payout>;
  events(from?: { after?: number; types?: string }): AsyncGenerator<Event, void, undefined>;
}

export class FactureError extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  readonly field: string | null;
  readonly requestId: string | null;
}

export class ConnectionError extends Error {}
export class WebhookError extends Error {}

export function verifyWebhook(
  secret: string,
  headers: Headers | Record<string, string | string[] | undefined>,
  body: Uint8Array | string,
  options?: { tolerance?: number; now?: number },
): WebhookEvent;

export const DOCUMENT_SHA256: string;
export const OPERATIONS: Readonly<
  Record<keyof operations, { method: string; path: string; repeat: "key" | "yes" | "no" }>
>;
