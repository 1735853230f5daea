#!/usr/bin/env bash
# bitcoin-payment-instructions 0.8.0 (a Rust crate) never tells the label or the message of a bitcoin: link.
#
# BIP 321: "label" names the recipient and "message" describes the payment to the user. The crate, which the BIP names
# its reference implementation, has recipient_description() and documents that it may be the label or the message of
# such a link, so one expects "Shop" or "Order 7". It is None for both: they are looked at only to refuse a second one.
# The description of an offer in the link is told.
#
# For a checkout: put what the payer is to see into the description of the invoice or offer as well.
#
# The address is one of BIP 173, the offer one of BOLT 12's examples. Seen with bitcoin 0.32.8 on Rust 1.95. Needs cargo
# with a C compiler. Exits 0 while this is so, 1 when it has changed.
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

const ADDRESS: &str = "bitcoin:bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4?";
const OFFER: &str = "lno1pgx9getnwss8vetrw3hhyuckyypwa3eyt44h6txtxquqh7lz5djge4afgfjn7k4rgrkuag0jsd5xvxg";

fn told(link: &str) -> Option<String> {
    let read = pin!(PaymentInstructions::parse(link, Network::Bitcoin, &DummyHrnResolver, true));
    match read.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Ok(PaymentInstructions::FixedAmount(fixed))) => fixed.recipient_description().map(str::to_owned),
        Poll::Ready(Ok(PaymentInstructions::ConfigurableAmount(free))) => {
            free.recipient_description().map(str::to_owned)
        }
        other => Some(format!("not read: {other:?}")),
    }
}

fn main() {
    println!("label: {:?}", told(&format!("{ADDRESS}amount=0.5&label=Shop")));
    println!("message: {:?}", told(&format!("{ADDRESS}amount=0.5&message=Order%207")));
    println!("both, no amount: {:?}", told(&format!("{ADDRESS}label=Shop&message=Order%207")));
    println!("an offer: {:?}", told(&format!("bitcoin:?lno={OFFER}")));
}
RUST
seen=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml")
printf '%s\n' "$seen"
[[ $seen == 'label: None
message: None
both, no amount: None
an offer: Some("Test vectors")' ]] || {
  echo "it has changed"
  exit 1
}
