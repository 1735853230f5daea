// Wallets written by others, lnurl-pay and @getalby/lightning-tools from npm, pay to https://shop.example, which a server plays:
// node lnurl.mjs <node_modules> <url> <LNURL of a link> <LNURL of an item> <what is sold>. Reads the preimage from standard input of
// each invoice that it has asked to be paid, whose BOLT 11 string it has written.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";

const [modules, origin, link, item, sold] = process.argv.slice(2);
const require = createRequire(`${modules}/`);
const { requestInvoice, requestPayServiceParams, utils } = require("lnurl-pay");
const { LightningAddress } = require("@getalby/lightning-tools");
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

const SHOP = "https://shop.example";
const asked = globalThis.fetch;
const here = (url) => {
  assert(String(url).startsWith(`${SHOP}/`), url);
  return String(url).replace(SHOP, origin);
};
globalThis.fetch = (url) => asked(here(url));

async function pay(bolt11) {
  console.log(bolt11);
  return (await lines.next()).value;
}

// As the library asks itself, by axios.
const fetchGet = ({ url, params }) => utils.getJson({ url: here(url), params });

async function lnurlPay() {
  const address = { lnUrlOrAddress: "shop@shop.example", fetchGet };
  const offered = await requestPayServiceParams(address);
  assert.equal(offered.identifier, "shop@shop.example");
  assert.equal(offered.commentAllowed, 140);
  const paid = await requestInvoice({ ...address, tokens: 21, comment: "Thank you & more +", validateInvoice: true });
  assert(paid.hasValidAmount && paid.hasValidDescriptionHash);
  assert(paid.validatePreimage(await pay(paid.invoice)));
  await assert.rejects(requestInvoice({ ...address, tokens: offered.max + 1, fetchGet }), /Invalid amount/);

  const coffee = await requestPayServiceParams({ lnUrlOrAddress: `lightning:${link}`, fetchGet });
  assert(coffee.fixed);
  assert.equal(coffee.description, "Coffee ☕");
  const by = { lnUrlOrAddress: link, tokens: coffee.min, validateInvoice: true, fetchGet };
  const ordered = await requestInvoice(by);
  assert.equal(ordered.successAction.tag, "url");
  assert(ordered.successAction.url.startsWith(`${SHOP}/check_invoice/`));
  assert(ordered.validatePreimage(await pay(ordered.invoice)));
  // The only one is sold.
  await assert.rejects(requestInvoice(by), /Nothing can be ordered here any more/);

  // The fallback that a poster has: an address with the LNURL in it.
  const poster = await requestPayServiceParams({ lnUrlOrAddress: `${SHOP}/reveal/poem?lightning=${item}`, fetchGet });
  assert(poster.fixed);
  const bought = await requestInvoice({ lnUrlOrAddress: item, tokens: poster.min, validateInvoice: true, fetchGet });
  assert.equal(bought.successAction.tag, "aes");
  const preimage = await pay(bought.invoice);
  assert(bought.validatePreimage(preimage));
  assert.equal(bought.successAction.decipher(preimage), sold);
}

async function lightningTools() {
  const address = new LightningAddress("shop@shop.example", { proxy: false });
  await address.fetch();
  const told = { satoshi: 21, comment: "Grüße", payerdata: { name: "Anna" } };
  const invoice = await address.requestInvoice(told);
  assert.equal(invoice.satoshi, 21);
  assert.equal(await invoice.isPaid(), false);
  const preimage = await pay(invoice.paymentRequest);
  assert(invoice.validatePreimage(preimage));
  assert.equal(await invoice.verifyPayment(), true);
}

await lnurlPay();
await lightningTools();
console.log("done");
process.exit();
