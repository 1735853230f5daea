#!/usr/bin/env bash
# cln-rpc 0.7.0 (a Rust crate) reads the amount "0.5btc" as 0 and "1.5sat" as 1000 millisatoshis.
#
# Core Lightning takes amounts as a number with the unit msat, sat or btc, and with sat and btc as a decimal fraction
# down to the millisatoshi; cln-rpc is its own crate and has the three units. One expects Amount::try_from() to read the
# fraction or to refuse it. It takes the digits before the point and then looks at the end of the text, so the fraction
# is dropped without an error. pyln-client 26.6.9 (PyPI), from the same project, reads both.
#
# For a checkout: give the crate whole millisatoshis (Amount::from_msat) and read other units with code of one's own.
#
# Seen on Rust 1.95 and Python 3.11. Needs cargo, python3 with venv and PyPI. Exits 0 while this is so, 1
# when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check pyln-client==26.6.9
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "check"
version = "0.1.0"
edition = "2021"

[dependencies]
cln-rpc = "=0.7.0"

[profile.dev]
debug = false
TOML
cat >"$folder/src/main.rs" <<'RUST'
use cln_rpc::primitives::Amount;

fn main() {
    for text in ["0.5btc", "0.00000250001btc", "1.5sat", "1sat", "1btc"] {
        match Amount::try_from(text) {
            Ok(amount) => println!("cln-rpc: {text} is {} msat", amount.msat()),
            Err(error) => println!("cln-rpc: {text}: {error}"),
        }
    }
}
RUST
cat >"$folder/check.py" <<'PYTHON'
from pyln.client import Millisatoshi

for text in ("0.5btc", "0.00000250001btc", "1.5sat", "1sat", "1btc"):
    print(f"pyln-client: {text} is {int(Millisatoshi(text))} msat")
PYTHON
seen=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml"
  "$folder/venv/bin/python" "$folder/check.py")
printf '%s\n' "$seen"
[[ $seen == 'cln-rpc: 0.5btc is 0 msat
cln-rpc: 0.00000250001btc is 0 msat
cln-rpc: 1.5sat is 1000 msat
cln-rpc: 1sat is 1000 msat
cln-rpc: 1btc is 100000000000 msat
pyln-client: 0.5btc is 50000000000 msat
pyln-client: 0.00000250001btc is 250001 msat
pyln-client: 1.5sat is 1500 msat
pyln-client: 1sat is 1000 msat
pyln-client: 1btc is 100000000000 msat' ]] || {
  echo "it has changed"
  exit 1
}
