export { Facture } from "./client.js";
export { ConnectionError, FactureError } from "./errors.js";
export { DOCUMENT_SHA256, OPERATIONS } from "./operations.js";
export { WebhookError, verifyWebhook } from "./webhooks.js";
