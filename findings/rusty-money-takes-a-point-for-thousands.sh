#!/usr/bin/env bash
# rusty-money 0.5.1 (a Rust crate) reads the price "0.145" in euros as 145.00, and refuses "19.99".
#
# Prices in an API are text with a decimal point, whatever the currency (the amount in BTCPay's Greenfield API). One
# expects Money::from_str() to read that for euros as for dollars. It reads amounts the way a currency's table writes
# them: for EUR and BRL a point is for thousands and the comma for decimals. So "1.000" is a thousand, a price of three
# decimals becomes a thousand times larger, and two decimals are an error; USD and CHF read all. What amount() gives as
# text, "1234.50", from_str() does not take back.
#
# For a client of a checkout: parse the decimal with rust_decimal and use Money::from_decimal().
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
rusty-money = { version = "=0.5.1", features = ["iso"] }

[profile.dev]
debug = false
TOML
cat >"$folder/src/main.rs" <<'RUST'
use rusty_money::{iso, Money};

fn main() {
    for currency in [iso::EUR, iso::BRL, iso::USD, iso::CHF] {
        let told: Vec<String> = ["0.145", "1.000", "19.99"]
            .iter()
            .map(|text| match Money::from_str(text, currency) {
                Ok(money) => format!("{text} is {}", money.amount()),
                Err(error) => format!("{text}: {error:?}"),
            })
            .collect();
        println!("{}: {}", currency.iso_alpha_code, told.join(", "));
    }
    let money = Money::from_minor(123450, iso::EUR);
    let back = Money::from_str(&money.amount().to_string(), iso::EUR);
    println!("{money} has the amount {}, read back: {:?}", money.amount(), back.map(|money| money.to_string()));
}
RUST
seen=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml")
printf '%s\n' "$seen"
[[ $seen == 'EUR: 0.145 is 145.00, 1.000 is 1000.00, 19.99: InvalidAmount
BRL: 0.145 is 145.00, 1.000 is 1000.00, 19.99: InvalidAmount
USD: 0.145 is 0.145, 1.000 is 1.000, 19.99 is 19.99
CHF: 0.145 is 0.145, 1.000 is 1.000, 19.99 is 19.99
€1.234,50 has the amount 1234.50, read back: Err(InvalidAmount)' ]] || {
  echo "it has changed"
  exit 1
}
