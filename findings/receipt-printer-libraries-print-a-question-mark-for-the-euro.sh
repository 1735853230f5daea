#!/usr/bin/env bash
# @point-of-sale/receipt-printer-encoder 4.0.1 and escpos-buffer 4.1.0 (npm) print "5 €" as "5 ?" without a word.
#
# A receipt printer knows many code pages, PC858 with the euro sign among them, and "ESC t n" changes between them, also
# within a line. One expects a library that encodes text for it to change the page, or to complain. Both keep to the
# page they start with, which has no euro, and send a question mark. python-escpos 3.1 (PyPI) changes the page by
# itself, and so does node-thermal-printer 4.6.1 (npm). The bitcoin sign is on no code page: all four print "?".
#
# For a checkout: codepage("auto") of the first, setCodepage() of the second, or "EUR"; and write "BTC" or "sat".
#
# Seen on Node.js 20 and Python 3.11. Needs node, npm, python3 with venv, the npm registry and PyPI. Exits 0 while this
# is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-escpos==3.1
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  @point-of-sale/receipt-printer-encoder@4.0.1 escpos-buffer@4.1.0 node-thermal-printer@4.6.1
cat >"$folder/check.cjs" <<'NODE'
const { InMemory, Printer } = require("escpos-buffer");
const { ThermalPrinter, PrinterTypes } = require("node-thermal-printer");
const Encoder = require("@point-of-sale/receipt-printer-encoder");

const shown = (bytes) =>
  Buffer.from(bytes).toString("latin1").replace(/[^ -~]/g, (letter) => `<${letter.charCodeAt().toString(16)}>`);
const run = async () => {
  for (const text of ["5 €", "5 ₿"]) {
    console.log("receipt-printer-encoder:", shown(new (Encoder.default ?? Encoder)().text(text).encode()));
    const memory = new InMemory();
    const printer = await Printer.CONNECT("TM-T20", memory);
    await printer.writeln(text);
    console.log("escpos-buffer:", shown(memory.buffer()));
    const thermal = new ThermalPrinter({ type: PrinterTypes.EPSON, interface: "tcp://127.0.0.1" });
    thermal.print(text);
    console.log("node-thermal-printer:", shown(thermal.getBuffer()));
  }
};
run();
NODE
cat >"$folder/check.py" <<'PYTHON'
from escpos.printer import Dummy

for text in ("5 €", "5 ₿"):
    printer = Dummy()
    printer.text(text)
    print("python-escpos:", "".join(chr(c) if 32 <= c < 127 else f"<{c:x}>" for c in printer.output))
PYTHON
seen=$(node "$folder/check.cjs" 2>/dev/null
  "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'receipt-printer-encoder: <1b>t<0>5 ?<a><d>
escpos-buffer: <1b>t<2>5 ?<d><a>
node-thermal-printer: 5 <1b>t<f><a4>
receipt-printer-encoder: <1b>t<0>5 ?<a><d>
escpos-buffer: <1b>t<2>5 ?<d><a>
node-thermal-printer: 5 ?
python-escpos: <1b>t<0>5 <1b>t<f><a4>
python-escpos: <1b>t<0>5 ?' ]] || {
  echo "it has changed"
  exit 1
}
