/** What the API says is wrong. Branch on `code`; new codes may be added. */
export class FactureError extends Error {
  constructor(status, { code, message, field, request_id }) {
    super(message);
    this.name = "FactureError";
    this.status = status;
    this.code = code;
    this.field = field ?? null;
    this.requestId = request_id ?? null;
  }
}

/** There was no answer, also after the retries: whether the call was carried out is not known. */
export class ConnectionError extends Error {
  constructor(message, options) {
    super(message, options);
    this.name = "ConnectionError";
  }
}
