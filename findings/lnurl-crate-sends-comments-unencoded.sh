#!/usr/bin/env bash
# lnurl-rs 0.10.0 (a Rust crate) sends the comment "Bed & Breakfast" as "Bed " and counts its length in bytes.
#
# LUD-12: a comment goes into the query of the callback, percent-encoded as any value there, and commentAllowed is the
# number of characters. One expects get_invoice() to encode it. It puts the comment behind "&comment=" as it is: "&"
# starts another key, "#" ends the address and "+" is a space for most services. Eight Greek letters are
# "InvalidComment" where ten characters are allowed, for they are sixteen bytes.
#
# For a checkout in Rust: percent-encode the comment before handing it over, and count its characters oneself.
#
# The service is one of the script's own at 127.0.0.1. With "blocking" as its only feature the crate does not compile
# unless something else asks for rand with its default features, hence that dependency. Seen on Rust 1.95. Needs cargo
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
lnurl-rs = { version = "=0.10.0", default-features = false, features = ["blocking"] }
rand = "=0.8.5"

[profile.dev]
debug = false
TOML
cat >"$folder/src/main.rs" <<'RUST'
use lnurl::{decode_ln_url_response, Builder, LnUrlResponse};
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let callback = format!("http://{}/cb", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut line = String::new();
            let _ = BufReader::new(&stream).read_line(&mut line);
            println!("asked: {}", line.trim());
            let body = r#"{"status":"ERROR","reason":"closed"}"#;
            let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
            let _ = (&stream).write_all(format!("{head}{body}").as_bytes());
        }
    });
    let answer = format!(
        r#"{{"tag":"payRequest","callback":"{callback}","minSendable":1,"maxSendable":1000000,
            "metadata":"[[\"text/plain\",\"Shop\"]]","commentAllowed":10}}"#
    );
    let LnUrlResponse::LnUrlPayResponse(mut pay) = decode_ln_url_response(&answer)? else {
        return Err("no pay request".into());
    };
    let client = Builder::default().build_blocking()?;
    println!("Greek: {:?}", client.get_invoice(&pay, 250_000, None, Some("ευχαριστ")).unwrap_err());
    pay.comment_allowed = Some(100);
    for comment in ["Bed & Breakfast", "Table #7", "1+1"] {
        println!("{comment}: {:?}", client.get_invoice(&pay, 250_000, None, Some(comment)).unwrap_err());
    }
    Ok(())
}
RUST
seen=$(CARGO_TARGET_DIR="$folder/target" cargo run --quiet --manifest-path "$folder/Cargo.toml")
printf '%s\n' "$seen"
[[ $seen == 'Greek: InvalidComment
asked: GET /cb?amount=250000&comment=Bed%20&%20Breakfast HTTP/1.1
Bed & Breakfast: Other("closed")
asked: GET /cb?amount=250000&comment=Table%20 HTTP/1.1
Table #7: Other("closed")
asked: GET /cb?amount=250000&comment=1+1 HTTP/1.1
1+1: Other("closed")' ]] || {
  echo "it has changed"
  exit 1
}
