#!/usr/bin/env bash
# @getalby/lightning-tools 9.0.1 (npm) asks a Lightning Address on an onion domain over https.
#
# LUD-16: the address user@domain is asked at https://<domain>/.well-known/lnurlp/<user> when the domain is clearnet,
# and at http://<domain>/... when it is an onion one. LightningAddress builds https:// for both. lnurl 2.0.2 (PyPI) and
# lnurl-pay 5.0.2 (npm) build http:// for the onion domain.
#
# For a checkout with an onion service: listen for TLS there too, or such a client finds nothing even with Tor.
#
# Seen on Node.js 20 and Python 3.11. Needs node, npm, python3 with venv, the npm registry and PyPI. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  @getalby/lightning-tools@9.0.1 lnurl-pay@5.0.2
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check lnurl==2.0.2 bolt11==2.2.0 bitstring==4.4.0
onion=$(printf 'abcdefgh%.0s' 1 2 3 4 5 6 7).onion
cat >"$folder/check.mjs" <<'NODE'
import { LightningAddress } from "@getalby/lightning-tools";
import { utils } from "lnurl-pay";
const address = `shop@${process.argv[2]}`;
console.log(new LightningAddress(address, { proxy: false }).lnurlpUrl());
console.log(utils.decodeUrlOrAddress(address));
NODE
{
  read -r alby
  read -r lnurl_pay
} < <(node "$folder/check.mjs" "$onion")
python_seen=$("$folder/venv/bin/python" - "$onion" <<'PYTHON'
import sys

import lnurl

print(lnurl.LnAddress("shop@" + sys.argv[1]).url)
PYTHON
)
printf '%-26s %s\n' '@getalby/lightning-tools:' "$alby" 'lnurl-pay:' "$lnurl_pay" 'lnurl (PyPI):' "$python_seen"
rest=://$onion/.well-known/lnurlp/shop
[[ $alby == "https$rest" && $lnurl_pay == "http$rest" && $python_seen == "http$rest" ]] || {
  echo "it has changed"
  exit 1
}
