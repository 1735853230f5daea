// Drives a server with Lightning Charge's own client: node charge.js <url> <token>. Reads one line from standard input
// for each invoice it has asked to be paid, whose BOLT 11 string it has written.
const assert = require("assert");
const charge = require("lightning-charge-client")(process.argv[2], process.argv[3]);
const lines = require("readline").createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function pay(invoice) {
  console.log(invoice.payreq);
  assert.equal((await lines.next()).value, "paid");
}

(async () => {
  const info = await charge.info();
  assert(info.id && info.version && info.blockheight && info.network);

  const made = await charge.invoice({ msatoshi: 50, description: "a hat", metadata: { order: 123, products: [789] } });
  assert(made.id && made.rhash && made.payreq);
  assert.equal(made.msatoshi, "50");
  assert.deepEqual(made.metadata, { order: 123, products: [789] });
  assert.equal((await charge.fetch(made.id)).rhash, made.rhash);
  assert.equal((await charge.fetch(made.id)).status, "unpaid");

  const priced = await charge.invoice({ currency: "USD", amount: "0.05" });
  assert.equal(priced.quoted_amount, "0.05");
  assert.match(priced.msatoshi, /^\d+$/);
  assert.deepEqual((await charge.fetchAll()).map(({ id }) => id), [made.id, priced.id]);

  assert.equal(await charge.wait(made.id, 0.05), null);
  const short = await charge.invoice({ msatoshi: 50, expiry: 1 });
  assert.equal(await charge.wait(short.id, 100), false);

  assert.equal(await charge.registerHook(made.id, "https://shop.example/paid"), true);

  const stream = charge.stream();
  await new Promise((resolve, reject) => Object.assign(stream, { onopen: resolve, onerror: reject }));
  const streamed = new Promise((resolve) => stream.on("payment", resolve));
  const waited = charge.wait(made.id, 100);
  await pay(made);
  assert.equal((await waited).status, "paid");
  const payment = await streamed;
  assert.deepEqual([payment.id, payment.status, payment.pay_index], [made.id, "paid", 1]);
  stream.close();

  await assert.rejects(charge.fetch("x23456789012345678901"), { status: 404 });
  console.log("done");
  process.exit(0);
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
