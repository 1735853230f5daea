#!/usr/bin/env bash
# bitcoin-payment-instructions 0.8.0 (a Rust crate) refuses the links with "pop" that BIP 321 gives as examples.
#
# BIP 321 names the crate its reference implementation. A link may name an address to be opened after the payment in
# "pop", percent-encoded: "initiatingapp%3a" in its examples. One expects ":" to come out, in either case of the digit.
# The crate takes only 0 to 9 behind "%", so "%3a" and "%3A" are "not properly %-encoded" and nothing of the link can be
# paid; with a bare ":" it can. For a "pop" that would open a browser the BIP has the wallet pay as usual and not open
# it. The crate refuses that link as well.
#
# For a checkout: leave "pop" out, or leave its ":" as it is, which a query may hold (RFC 3986).
#
# The address is one of BIP 173, as those of BIP 321 are invalid on purpose. Seen with bitcoin 0.32.8 on Rust 1.95.
# Needs cargo with a C compiler. Exits 0 while this is so, 1 when it has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir "$folder/src"
cat >"$folder/Cargo.toml" <<'TOML'
[package]
name = "check"
version = "0.1.0"
edition = "2021"

[dependencies]
bitcoin = "=0.32.8"
bitcoin-payment-instructions = "=0.8.0"

[profile.dev]
debug = false
TOML
cat >"$folder/src/main.rs" <<'RUST'
use bitcoin::Network;
use bitcoin_payment_instructions::hrn_resolution::DummyHrnResolver;
use bitcoin_payment_instructions::PaymentInstructions;
use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

const QUERIES: [&str; 5] = [
    "pop=initiatingapp%3a",
    "pop=callbackuri%3Abody%3fpop=",
    "pop=initiatingapp:",
    "pop=https%3aexample.com",
    "pop=https:example.com",
];

fn main() {
    for query in QUERIES {
        let link = format!("bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4?{query}");
        let read = pin!(PaymentInstructions::parse(&link, Network::Bitcoin, &DummyHrnResolver, true));
        match read.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(_)) => println!("{query}: read"),
            Poll::Ready(Err(error)) => println!("{query}: {error:?}"),
            Poll::Pending => println!("{query}: not yet"),
        }
    }
}
RUST
seen=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml")
printf '%s\n' "$seen"
not_encoded='InvalidInstructions("A Proof of Payment URI was not properly %-encoded in a BIP 321 bitcoin: URI")'
[[ $seen == "pop=initiatingapp%3a: $not_encoded
pop=callbackuri%3Abody%3fpop=: $not_encoded
pop=initiatingapp:: read
pop=https%3aexample.com: $not_encoded
pop=https:example.com: InvalidInstructions(\"Proof of payment callback would not have opened a local app\")" ]] || {
  echo "it has changed"
  exit 1
}
