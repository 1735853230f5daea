#!/usr/bin/env bash
# btcpay 0.2.5 (npm) refuses an invoice in SATS with "Currency is invalid", and takes one in XXX.
#
# BTCPay Server takes prices in any currency that it has a rate for, and SATS is one of those it knows. One expects the
# client to hand the currency over. create_invoice() wants exactly three capital letters, so SATS (and USDT) never get
# to the server, while a currency that does not exist does.
#
# For a checkout that stands in for BTCPay: such a shop prices in BTC; take prices with eight decimals.
#
# The server is one of the script's own at 127.0.0.1. Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0
# while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts btcpay@0.2.5
cat >"$folder/check.cjs" <<'NODE'
const { createServer } = require("node:http");
const { BTCPayClient, crypto } = require("btcpay");

const server = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => (body += part));
  request.on("end", () => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ data: { asked: JSON.parse(body).currency } }));
  });
});
server.listen(0, "127.0.0.1", async () => {
  const { port } = server.address();
  const client = new BTCPayClient(`http://127.0.0.1:${port}`, crypto.generate_keypair(), { merchant: "token" });
  for (const [currency, price] of [["BTC", 0.0000025], ["XXX", 1], ["SATS", 250], ["USDT", 1]]) {
    const answer = client.create_invoice({ currency, price });
    const told = await answer.then(({ asked }) => `server asked for ${asked}`, String);
    console.log(`${currency}: ${told}`);
  }
  server.close();
});
NODE
seen=$(node "$folder/check.cjs" 2>/dev/null)
printf '%s\n' "$seen"
[[ $seen == 'BTC: server asked for BTC
XXX: server asked for XXX
SATS: Error: Currency is invalid
USDT: Error: Currency is invalid' ]] || {
  echo "it has changed"
  exit 1
}
