#!/usr/bin/env bash
# bip21 0.5.0 (a Rust crate) writes the label "Order #7" with a bare "#", where the link ends for other readers.
#
# BIP 21 and BIP 321: characters that a query may not hold are percent-encoded as RFC 3986 says, and "#" is not allowed
# in a query: it starts the fragment. One expects %23. The crate encodes "&", "?" and the space, but not "#", in label
# and message alike, so for a reader the label is "Order " and everything behind it is gone, here the message. bip21
# 3.0.0 (npm) writes %23.
#
# For a checkout in Rust: put no "#" into label or message ("Order 7"), or write the query oneself.
#
# The link is read with the URL class of Node.js. Seen with bitcoin 0.32.8 on Rust 1.95 and Node.js 20. Needs cargo with
# a C compiler, node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts bip21@3.0.0
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "check"
version = "0.1.0"
edition = "2021"

[dependencies]
bip21 = "=0.5.0"
bitcoin = "=0.32.8"

[profile.dev]
debug = false
TOML
cat >"$folder/src/main.rs" <<'RUST'
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let address = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4".parse::<bitcoin::Address<_>>()?.assume_checked();
    let mut link = bip21::Uri::new(address);
    link.label = Some("Order #7".into());
    link.message = Some("Thank you".into());
    println!("{link}");
    Ok(())
}
RUST
cat >"$folder/check.cjs" <<'NODE'
const { encode } = require("bip21");
const options = { label: "Order #7", message: "Thank you" };
const links = { crate: process.argv[2], npm: encode("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4", options) };
for (const [name, link] of Object.entries(links)) {
  const query = new URL(link).searchParams;
  console.log(`${name}: ${link}`);
  const [label, message] = ["label", "message"].map((key) => JSON.stringify(query.get(key)));
  console.log(`${name}, read: label ${label}, message ${message}`);
}
NODE
link=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml")
seen=$(node "$folder/check.cjs" "$link")
printf '%s\n' "$seen"
[[ $seen == 'crate: bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4?label=Order%20#7&message=Thank%20you
crate, read: label "Order ", message null
npm: bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4?label=Order%20%237&message=Thank%20you
npm, read: label "Order #7", message "Thank you"' ]] || {
  echo "it has changed"
  exit 1
}
