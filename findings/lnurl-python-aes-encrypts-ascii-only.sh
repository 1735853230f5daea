#!/usr/bin/env bash
# lnurl 2.0.2 (PyPI) cannot encrypt most messages that are not pure ASCII for the "aes" success action.
#
# LUD-10: the message is a string, encrypted with AES-256 in CBC mode under the payment's preimage, with PKCS padding,
# which counts bytes. aes_encrypt() counts the padding in characters and encodes to UTF-8 afterwards: "café" is four
# characters and five bytes, so the text is no multiple of 16 bytes and ValueError is raised. Only where the extra
# bytes happen to add up to a multiple of 16 does it work. Decrypting is fine: what other code has padded by bytes
# comes out whole.
#
# For a checkout: encode the message oneself and pad its bytes, or a receipt with "€" or "ü" fails after the payment.
#
# Seen with pycryptodomex 3.24.2 on Python 3.11. Needs python3 with venv, and PyPI. Exits 0 while this is so, 1 when it
# has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  lnurl==2.0.2 bolt11==2.2.0 bitstring==4.4.0 pycryptodomex==3.24.2
"$folder/venv/bin/python" - <<'PYTHON'
import base64

import lnurl
from Cryptodome.Cipher import AES
from Cryptodome.Util.Padding import pad

PREIMAGE = bytes(range(32))
VECTOR = bytes(16)
seen = []
for message in ("table 7", "café", "30 €", "ü" * 16):
    try:
        told = lnurl.aes_decrypt(PREIMAGE, *lnurl.aes_encrypt(PREIMAGE, message))
    except ValueError:
        told = "ValueError"
    sealed = AES.new(PREIMAGE, AES.MODE_CBC, VECTOR).encrypt(pad(message.encode(), 16))
    by_bytes = lnurl.aes_decrypt(PREIMAGE, base64.b64encode(sealed).decode(), base64.b64encode(VECTOR).decode())
    seen.append((told, by_bytes == message))
    print(f"{message}: aes_encrypt and back: {told}; padded by bytes, then aes_decrypt: {by_bytes}")
expected = [("table 7", True), ("ValueError", True), ("ValueError", True), ("ü" * 16, True)]
raise SystemExit(0 if seen == expected else "it has changed")
PYTHON
