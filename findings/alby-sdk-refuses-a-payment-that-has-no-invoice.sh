#!/usr/bin/env bash
# @getalby/sdk 7.0.0 (npm) throws away the answer of a wallet about a settled payment that came without an invoice.
#
# NIP-47: the result of lookup_invoice has a payment hash, an amount and a state, and the encoded invoice is optional in
# it (a payment sent to the node's key has none). One expects lookupInvoice() by payment hash to tell the state. It
# wants an invoice in the result and fails with "response from NWC failed validation"; the same payment comes out of
# listTransactions().
#
# For a checkout behind a wallet connection: put the invoice into the answer, or look among the transactions.
#
# The relay and the wallet are the script's own at 127.0.0.1. Seen with nostr-tools 2.25.2 on Node.js 20. Needs node,
# npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  @getalby/sdk@7.0.0 nostr-tools@2.25.2 ws@8.23.0
cat >"$folder/check.mjs" <<'NODE'
import { NWCClient } from "@getalby/sdk";
import { once } from "node:events";
import { finalizeEvent, generateSecretKey, getPublicKey, nip44 } from "nostr-tools";
import { WebSocket, WebSocketServer } from "ws";

globalThis.WebSocket = WebSocket;
console.error = () => {};
const [walletKey, clientKey] = [generateSecretKey(), generateSecretKey()];
const [wallet, client] = [getPublicKey(walletKey), getPublicKey(clientKey)];
const shared = nip44.getConversationKey(walletKey, client);
const hash = "07".repeat(32);
const payment = {
  type: "incoming", state: "settled", payment_hash: hash, preimage: "08".repeat(32), amount: 250000, fees_paid: 0,
  created_at: 1767323045, settled_at: 1767323046, metadata: {},
};
let result;
const answer = (request) => {
  const { method } = JSON.parse(nip44.decrypt(request.content, shared));
  const content = nip44.encrypt(JSON.stringify({ result_type: method, error: null, result }), shared);
  const tags = [["p", client], ["e", request.id]];
  return finalizeEvent({ kind: 23195, created_at: request.created_at, tags, content }, walletKey);
};
const relay = new WebSocketServer({ port: 0, host: "127.0.0.1" });
relay.on("connection", (socket) => {
  const send = (...message) => socket.send(JSON.stringify(message));
  let subscription;
  socket.on("message", (data) => {
    const [kind, first, filter] = JSON.parse(data);
    if (kind === "REQ" && filter.kinds.includes(13194)) {
      const tags = [["encryption", "nip44_v2"]];
      send("EVENT", first, finalizeEvent({ kind: 13194, created_at: 1, tags, content: "lookup_invoice" }, walletKey));
      send("EOSE", first);
    } else if (kind === "REQ") {
      subscription = first;
    } else if (kind === "EVENT") {
      send("OK", first.id, true, "");
      send("EVENT", subscription, answer(first));
    }
  });
});
await once(relay, "listening");
const secret = Buffer.from(clientKey).toString("hex");
const address = `ws://127.0.0.1:${relay.address().port}`;
const nostrWalletConnectUrl = `nostr+walletconnect://${wallet}?relay=${address}&secret=${secret}`;
const connection = new NWCClient({ nostrWalletConnectUrl });
const told = async (name, ask) => console.log(`${name}: ${await ask().catch((error) => error.constructor.name)}`);
const look = async () => (await connection.lookupInvoice({ payment_hash: hash })).state;
result = { ...payment, invoice: "lnbc2500n1..." };
await told("lookupInvoice, with an invoice", look);
result = payment;
await told("lookupInvoice, without", look);
result = { transactions: [payment] };
await told("listTransactions, without", async () => (await connection.listTransactions({})).transactions[0].state);
process.exit();
NODE
seen=$(node "$folder/check.mjs")
printf '%s\n' "$seen"
[[ $seen == 'lookupInvoice, with an invoice: settled
lookupInvoice, without: Nip47ResponseValidationError
listTransactions, without: settled' ]] || {
  echo "it has changed"
  exit 1
}
