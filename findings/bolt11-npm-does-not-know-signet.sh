#!/usr/bin/env bash
# bolt11 1.4.1 (npm) cannot read a signet invoice unless it is handed the network; light-bolt11-decoder 3.2.0 can.
#
# An invoice starts with "ln" and the network's prefix of BIP 173 (BOLT 11), and on signet that makes "lntbs". bolt11
# tells mainnet, testnet, regtest and simnet apart by itself, so one expects signet as well; it throws "Unknown coin
# bech32 prefix" until the network's numbers are given as a second argument. light-bolt11-decoder, which was derived
# from it, knows signet.
#
# For a checkout: a service that is tried on signet before it goes live needs its own look at the prefix, before
# decoding.
#
# Seen on Node.js 20. Needs node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts bolt11@1.4.1 light-bolt11-decoder@3.2.0
cat >"$folder/check.cjs" <<'NODE'
const full = require("bolt11");
const light = require("light-bolt11-decoder");
const INVOICE =
  "lntbs2500n1p5ww7qqpp52v5emy74l02myf26r3qazvggnuh744y8tvrh2tx5404464n7fq8ssp5uwmlel6fyfz0ek7ug5truxy0hjtz3kzp56rgn3cmjkflpmxee42qdqvdaexgetjyqmscqzpg9qrsgqg0y2wwh7spelknpd3wv6wtwd87ke7uj54phlappdl70vvza2t7ujnfk2lzen8uw8eksrp2peyn3h39y990clxfrr48hlll2lh2656ysqc3g3aq";
const told = (read) => {
  try {
    return read();
  } catch (error) {
    return error.message;
  }
};
const signet = { bech32: "tbs", pubKeyHash: 0x6f, scriptHash: 0xc4, validWitnessVersions: [0, 1] };
const alone = told(() => full.decode(INVOICE).millisatoshis);
const given = told(() => full.decode(INVOICE, signet).millisatoshis);
const other = told(() => light.decode(INVOICE).sections.find(({ name }) => name === "amount").value);
console.log("bolt11 1.4.1:                  ", alone);
console.log("bolt11 1.4.1, network given:   ", given, "msat");
console.log("light-bolt11-decoder 3.2.0:    ", other, "msat");
if (alone !== "Unknown coin bech32 prefix" || given !== "250000" || other !== "250000") {
  console.log("it has changed");
  process.exit(1);
}
NODE
node "$folder/check.cjs"
