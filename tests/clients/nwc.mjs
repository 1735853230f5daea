// An app that speaks Nostr Wallet Connect by @getalby/sdk, and a relay by @nostr-relay/core, both from npm:
// node --experimental-websocket nwc.mjs <node_modules>. Writes the relay's URL; reads the URI of a connection from standard input; writes
// the invoice that is to be paid, and "done" when it was told of the payment and refused to pay one.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [modules] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { NWCClient } = require("@getalby/sdk");
const { EventRepository } = require("@nostr-relay/common");
const { NostrRelay } = require("@nostr-relay/core");
const { matchFilter } = require("nostr-tools");
const { WebSocketServer } = require("ws");
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const NOTIFICATION = 23197;
let listening;
const isListenedFor = new Promise((resolve) => {
  listening = resolve;
});

// What the relay keeps: the info event is one that replaces the one before.
class Memory extends EventRepository {
  events = new Map();
  isSearchSupported() {
    return false;
  }
  upsert(event) {
    this.events.set(`${event.pubkey} ${event.kind}`, event);
    return { isDuplicate: false };
  }
  find(filter) {
    return [...this.events.values()].filter((event) => matchFilter(filter, event));
  }
  async destroy() {}
}

async function openRelay() {
  // An answer that is kept for a second would miss the info event.
  const relay = new NostrRelay(new Memory(), { filterResultCacheTtl: 0 });
  const server = new WebSocketServer({ host: "127.0.0.1", port: 0 });
  server.on("connection", (socket) => {
    relay.handleConnection(socket);
    socket.on("message", async (data) => {
      const message = JSON.parse(data.toString());
      await relay.handleMessage(socket, message);
      // It passes events on from here, not from when it was asked.
      if (message[0] === "REQ" && message[2].kinds?.includes(NOTIFICATION)) listening();
    });
    socket.on("close", () => relay.handleDisconnect(socket));
  });
  await new Promise((listening) => server.once("listening", listening));
  return `ws://127.0.0.1:${server.address().port}`;
}

// Asks until the service has said what it can do.
async function serviceInfo(client) {
  for (const end = Date.now() + 15_000; ; ) {
    try {
      return await client.getWalletServiceInfo();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}

async function app(uri) {
  const client = new NWCClient({ nostrWalletConnectUrl: uri });
  const service = await serviceInfo(client);
  assert.deepEqual(service.encryptions, ["nip44_v2", "nip04"]);
  assert.deepEqual(service.notifications, ["payment_received"]);
  assert(!service.capabilities.includes("pay_invoice"));

  const info = await client.getInfo();
  assert.equal(info.network, "regtest");
  assert(info.methods.includes("make_invoice") && !info.methods.includes("pay_invoice"));

  const made = await client.makeInvoice({ amount: 21_000, description: "Tea ☕", metadata: { table: 7 } });
  assert.equal(made.state, "pending");
  assert.equal(made.description, "Tea ☕");
  assert.deepEqual(await client.lookupInvoice({ invoice: made.invoice }), made);
  assert.deepEqual(await client.listTransactions({}), { transactions: [] });
  assert.equal((await client.listTransactions({ unpaid: true })).transactions.length, 1);

  const told = new Promise((tell) => client.subscribeNotifications(tell, ["payment_received"]));
  await isListenedFor;
  console.log(made.invoice);
  const { notification } = await told;
  assert.equal(notification.payment_hash, made.payment_hash);
  assert.equal(notification.amount, 21_000);

  const paid = await client.lookupInvoice({ payment_hash: made.payment_hash });
  assert.equal(paid.state, "settled");
  assert(paid.settled_at >= paid.created_at);
  assert.deepEqual((await client.listTransactions({})).transactions, [paid]);
  assert.deepEqual(paid.metadata, { table: 7 });

  await assert.rejects(client.payInvoice({ invoice: made.invoice }), { code: "RESTRICTED" });
  await assert.rejects(client.getBalance(), { code: "RESTRICTED" });
  await assert.rejects(client.settleHoldInvoice({ preimage: "00" }), { code: "NOT_IMPLEMENTED" });
  await assert.rejects(client.lookupInvoice({ payment_hash: "f".repeat(64) }), { code: "NOT_FOUND" });
}

console.log(await openRelay());
await app((await lines.next()).value);
console.log("done");
process.exit();
