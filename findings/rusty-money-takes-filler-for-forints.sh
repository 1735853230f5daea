#!/usr/bin/env bash
# rusty-money 0.5.1 (a Rust crate) reads 500 minor units of forint as 500 forints instead of 5.00.
#
# ISO 4217 gives the forint two decimals, as it does the ariary of Madagascar and the ouguiya of Mauritania; a payment
# API in minor units sends 500 for 5.00, and BOLT 12 has an offer's amount in the minor unit that ISO 4217 names. The
# crate calls the table ISO currencies, so one expects from_minor() to divide by 100. It has no decimals for HUF and
# one for MGA and MRU: the price is a hundred or ten times what was meant. The other currencies agree with iso_currency
# 0.7.1 (a Rust crate), which has two decimals for these three.
#
# For a checkout's client: take the decimals from a table of ISO 4217 and hand over a decimal (Money::from_decimal()).
#
# Seen on Rust 1.95. Needs cargo. Exits 0 while this is so, 1 when it has changed.
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
iso_currency = { version = "=0.7.1", features = ["iterator"] }
rusty-money = { version = "=0.5.1", features = ["iso"] }

[profile.dev]
debug = false
TOML
cat >"$folder/src/main.rs" <<'RUST'
use iso_currency::{Currency, IntoEnumIterator};
use rusty_money::{iso, Money};

fn main() {
    let mut alike = 0;
    for currency in Currency::iter() {
        let (Some(decimals), Some(other)) = (currency.exponent(), iso::find(currency.code())) else {
            continue;
        };
        if u32::from(decimals) == other.exponent {
            alike += 1;
        } else {
            let money = Money::from_minor(500, other);
            println!("500 of {}, decimals {decimals}: rusty-money has {}", currency.code(), money.amount());
        }
    }
    println!("currencies with the same decimals: {alike}");
}
RUST
seen=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml")
printf '%s\n' "$seen"
[[ $seen == '500 of HUF, decimals 2: rusty-money has 500
500 of MGA, decimals 2: rusty-money has 50.0
500 of MRU, decimals 2: rusty-money has 50.0
currencies with the same decimals: 167' ]] || {
  echo "it has changed"
  exit 1
}
