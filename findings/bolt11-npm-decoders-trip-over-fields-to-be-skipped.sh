#!/usr/bin/env bash
# bolt11 1.4.1, light-bolt11-decoder 3.2.0 and invoices 5.0.2 (npm) refuse invoices for a field that readers must skip.
#
# BOLT 11: a reader must skip a field "p", "h", "s" or "n" whose length is not the usual one (52, 52, 52, 53), which
# keeps the letter free for another meaning later on; the BOLT's own examples have such an invoice. One expects it to be
# read without that field. An "n" of 52 makes bolt11 say that the signature does not match, "h" of 51 makes invoices
# speak of the description hash, and light-bolt11-decoder throws an error about "radix2.encode" for either. bolt11 2.2.0
# (PyPI) reads both.
#
# For a checkout: an invoice that a wallet's library refuses may still be payable; leave the reading to the node.
#
# Both invoices are made up, for 250000 satoshis. Seen on Node.js 20 and Python 3.11. Needs python3 with venv, node,
# npm, PyPI and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check bolt11==2.2.0 bitstring==4.4.0
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  bolt11@1.4.1 light-bolt11-decoder@3.2.0 invoices@5.0.2
h=lnbc2500u1pvjluezpp57czq04s2647d35409r2v43wnq4k0ztmf7ry8alsqv0yysdfdga6ssp5ukcjvr6snvtklzu4fx58zggnp8h2pmde6yw9dw7pmk57p6r88hlsdqvdaexgetjyqms9qrsgqhpnpppppppppppppppppppppppppppppppppppppppppppppppppppa2z5e9yxhgylxetvt68ag0zz7nljccatw7q6esk7d3c02zw2wgtzhuray2dgf6thh3kf48maek9zft0nekqlfpymsu299f9kx8gcvksqj22yxq
n=lnbc2500u1pvjluezpp57czq04s2647d35409r2v43wnq4k0ztmf7ry8alsqv0yysdfdga6ssp5ukcjvr6snvtklzu4fx58zggnp8h2pmde6yw9dw7pmk57p6r88hlsdqvdaexgetjyqms9qrsgqnp5ppppppppppppppppppppppppppppppppppppppppppppppppppppa6rm00rgl0h00axexvrt64260x585m5lvr6pmedw50g05a4pcve86tv8fschttx2gmd83v7fjdzr7zuxvg8u3ugfcjf9ts8v6gya00qq9cevv0
export h n
cat >"$folder/check.cjs" <<'NODE'
const readers = {
  bolt11: (text) => require("bolt11").decode(text).millisatoshis,
  "light-bolt11-decoder": (text) =>
    require("light-bolt11-decoder").decode(text).sections.find(({ name }) => name === "amount").value,
  invoices: (text) => require("invoices").parsePaymentRequest({ request: text }).mtokens,
};
for (const [name, read] of Object.entries(readers))
  for (const field of ["h", "n"]) {
    let told;
    try {
      told = `${read(process.env[field])} msat`;
    } catch (error) {
      told = error.message;
    }
    console.log(`${name}, ${field}: ${told}`);
  }
NODE
cat >"$folder/check.py" <<'PYTHON'
import os

import bolt11

for field in ("h", "n"):
    print(f"bolt11 of PyPI, {field}: {bolt11.decode(os.environ[field]).amount_msat} msat")
PYTHON
seen=$(node "$folder/check.cjs" && "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'bolt11, h: 250000000 msat
bolt11, n: Lightning Payment Request signature pubkey does not match payee pubkey
light-bolt11-decoder, h: radix2.encode input should be Uint8Array
light-bolt11-decoder, n: radix2.encode input should be Uint8Array
invoices, h: UnexpectedByteLengthOfDescriptionHash
invoices, n: 250000000 msat
bolt11 of PyPI, h: 250000000 msat
bolt11 of PyPI, n: 250000000 msat' ]] || {
  echo "it has changed"
  exit 1
}
