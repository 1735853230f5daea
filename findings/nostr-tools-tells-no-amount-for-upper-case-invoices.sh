#!/usr/bin/env bash
# nostr-tools 2.25.2 (npm) tells 0 satoshis for an invoice in upper case, 0 on testnet and NaN on regtest.
#
# BOLT 11 writes an invoice in bech32, which may be all upper case (as in QR codes) or all lower case. One expects
# getSatoshisAmountFromBolt11(), which NIP-57 zaps are counted with, to tell the same for both. It compares the prefix
# with "lnbc" as it stands and tells 0 for LNBC..., as it does for lntb..., so that a paid zap counts as nothing; lnbcrt
# of regtest passes for lnbc and gives NaN. light-bolt11-decoder 3.2.0 (npm) tells 250000 millisatoshis for all three.
#
# For a checkout: hand out invoices in lower case and write only the QR code in upper case.
#
# The invoices are made up. Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when
# it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  nostr-tools@2.25.2 light-bolt11-decoder@3.2.0
mainnet=lnbc2500n1pvjluezpp57czq04s2647d35409r2v43wnq4k0ztmf7ry8alsqv0yysdfdga6ssp5ukcjvr6snvtklzu4fx58zggnp8h2pmde6yw9dw7pmk57p6r88hlsdqvdaexgetjyqmsxqrrss9qrsgq9yphegqwzyfqnctpgc207l755kxegyfq5n00prvc5lh005k8ccn8vf5geeatrw5lhpm9xjnus60a8knql8ej23km337sgjpl9x8az8qpqymyn8
testnet=lntb2500n1pvjluezpp57czq04s2647d35409r2v43wnq4k0ztmf7ry8alsqv0yysdfdga6ssp5ukcjvr6snvtklzu4fx58zggnp8h2pmde6yw9dw7pmk57p6r88hlsdqvdaexgetjyqmsxqrrss9qrsgqucs9yps45x6fu8vwl02h4kpwp37xdyzd74gxulr8hn066vxcc4fr6yj3kau3m6klxhrqv5ayaskqkh6zhucq5j039jqx7q3urycgddgp5jegwa
regtest=lnbcrt2500n1pvjluezpp57czq04s2647d35409r2v43wnq4k0ztmf7ry8alsqv0yysdfdga6ssp5ukcjvr6snvtklzu4fx58zggnp8h2pmde6yw9dw7pmk57p6r88hlsdqvdaexgetjyqmsxqrrss9qrsgq7z2njqavcz3u84l99aez8py3a2f6sdnmx7yet0qyrgelkrz53f99rsyu00s94jdhp249tnwvdw50e4eq2zvxjzwgmtggc4lgn7jt86sqd3jmvh
cat >"$folder/check.mjs" <<'NODE'
import decoder from "light-bolt11-decoder";
import { getSatoshisAmountFromBolt11 } from "nostr-tools/nip57";
for (const text of process.argv.slice(2)) {
  const { value } = decoder.decode(text).sections.find(({ name }) => name === "amount");
  console.log(`${text.slice(0, 11)}: ${getSatoshisAmountFromBolt11(text)} satoshis, ${value} millisatoshis`);
}
NODE
seen=$(node "$folder/check.mjs" "$mainnet" "${mainnet^^}" "$testnet" "$regtest")
printf '%s\n' "$seen"
[[ $seen == 'lnbc2500n1p: 250 satoshis, 250000 millisatoshis
LNBC2500N1P: 0 satoshis, 250000 millisatoshis
lntb2500n1p: 0 satoshis, 250000 millisatoshis
lnbcrt2500n: NaN satoshis, 250000 millisatoshis' ]] || {
  echo "it has changed"
  exit 1
}
