#!/usr/bin/env bash
# bitcoin-payment-instructions 0.8.0 (a Rust crate) refuses a link whole for an amount of 250.001 satoshis.
#
# BIP 321 has the amount of a link in decimal BTC, digits with one period and any number behind it, and its links hold
# Lightning instructions, which are paid in millisatoshis. One expects amount=0.00000250001 next to an offer to be read,
# or left out. The crate, which the BIP names its reference implementation, answers that the amount is invalid, so the
# offer in the link is not paid either. @getalby/lightning-tools 9.0.1 and bip21 3.0.0 (npm) read the link.
#
# For a checkout: round the amount of a link to whole satoshis, or leave it out where the invoice has it.
#
# The offer is one of BOLT 12's examples. Seen with bitcoin 0.32.8 on Rust 1.95 and on Node.js 20. Needs cargo with a C
# compiler, node, npm and the npm registry. Exits 0 while this is so, 1 when it has changed.
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

fn main() {
    for link in std::env::args().skip(1) {
        let read = pin!(PaymentInstructions::parse(&link, Network::Bitcoin, &DummyHrnResolver, true));
        let amount = link.rsplit('=').next().unwrap_or_default();
        match read.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(_)) => println!("crate, {amount}: read"),
            Poll::Ready(Err(error)) => println!("crate, {amount}: {error:?}"),
            Poll::Pending => println!("crate, {amount}: not yet"),
        }
    }
}
RUST
npm install --prefix "$folder" --silent --no-audit --no-fund --ignore-scripts \
  @getalby/lightning-tools@9.0.1 bip21@3.0.0
cat >"$folder/check.mjs" <<'NODE'
import { parseBip21 } from "@getalby/lightning-tools";
import { decode } from "bip21";

for (const link of process.argv.slice(2)) {
  const written = link.split("=").pop();
  console.log(`lightning-tools, ${written}: ${parseBip21(link).amount}`);
  console.log(`bip21, ${written}: ${decode(link).options.amount}`);
}
NODE
offer=lno1pgx9getnwss8vetrw3hhyuckyypwa3eyt44h6txtxquqh7lz5djge4afgfjn7k4rgrkuag0jsd5xvxg
links=("bitcoin:?lno=$offer&amount=0.00000250" "bitcoin:?lno=$offer&amount=0.00000250001")
seen=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml" -- "${links[@]}"
  node "$folder/check.mjs" "${links[@]}")
printf '%s\n' "$seen"
[[ $seen == 'crate, 0.00000250: read
crate, 0.00000250001: InvalidInstructions("The amount parameter in a BIP 321 bitcoin: URI was invalid")
lightning-tools, 0.00000250: 0.0000025
bip21, 0.00000250: 0.0000025
lightning-tools, 0.00000250001: 0.00000250001
bip21, 0.00000250001: 0.00000250001' ]] || {
  echo "it has changed"
  exit 1
}
