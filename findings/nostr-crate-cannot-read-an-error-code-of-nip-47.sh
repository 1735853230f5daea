#!/usr/bin/env bash
# nostr 0.45.6 (a Rust crate) cannot read a wallet's answer with the error UNSUPPORTED_ENCRYPTION, which NIP-47 defines.
#
# NIP-47: a wallet connection that fails answers with a code and a message for people. UNSUPPORTED_ENCRYPTION is among
# the nine codes of its list, and some wallets send further ones. One expects the code, or OTHER, with the message. The
# crate has the other codes of the list and those of the commands, but not this one: Response::from_json() fails with
# "unknown variant", so that a program sees a fault of JSON where the wallet told what was wrong. An unknown method is
# kept as Unknown.
#
# For a checkout that pays out through such a connection: read the code from the text where the crate fails.
#
# Seen on Rust 1.95. Needs cargo with a C compiler. Exits 0 while this is so, 1 when it has changed.
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
nostr = { version = "=0.45.6", default-features = false, features = ["std", "nip47"] }

[profile.dev]
debug = false
TOML
cat >"$folder/src/main.rs" <<'RUST'
use nostr::nips::nip47::Response;

const CODES: [&str; 9] = [
    "RATE_LIMITED",
    "NOT_IMPLEMENTED",
    "INSUFFICIENT_BALANCE",
    "QUOTA_EXCEEDED",
    "RESTRICTED",
    "UNAUTHORIZED",
    "INTERNAL",
    "UNSUPPORTED_ENCRYPTION",
    "OTHER",
];

fn main() {
    for code in CODES {
        let answer = format!(
            r#"{{"result_type":"pay_invoice","error":{{"code":"{code}","message":"use nip44_v2"}},"result":null}}"#
        );
        match Response::from_json(&answer) {
            Ok(read) => println!("{code}: {}", read.error.map(|error| error.message).unwrap_or_default()),
            Err(error) => println!("{code}: {}", error.to_string().split(',').next().unwrap_or_default()),
        }
    }
}
RUST
seen=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml")
printf '%s\n' "$seen"
[[ $seen == 'RATE_LIMITED: use nip44_v2
NOT_IMPLEMENTED: use nip44_v2
INSUFFICIENT_BALANCE: use nip44_v2
QUOTA_EXCEEDED: use nip44_v2
RESTRICTED: use nip44_v2
UNAUTHORIZED: use nip44_v2
INTERNAL: use nip44_v2
UNSUPPORTED_ENCRYPTION: unknown variant `UNSUPPORTED_ENCRYPTION`
OTHER: use nip44_v2' ]] || {
  echo "it has changed"
  exit 1
}
