//! The clock of facture's machine jumping by an hour, forwards and back. The node's stays: what it says counts.

use reqwest::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{ShimSettings, Shop, assert_said, create};
use crate::{contract::path_of, harness::TIMEOUT, program::run_beside};

const HOUR: i64 = 60 * 60;

/// So far back it is before 1970 until the year 2070.
const CENTURY: i64 = 100 * 365 * 24 * HOUR;

#[tokio::test]
async fn whatever_the_clock_says_payments_are_seen() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.start_with_shim().await;
    let old = create(&visitor, "before all").await;
    let mut shown = vec![old.clone()];
    for clock_seconds in [2 * HOUR, -2 * HOUR, 0] {
        shop.wish(ShimSettings {
            clock_seconds,
            ..ShimSettings::default()
        });
        let (status, read) = visitor.json(&path_of(&old)).await.expect("an answer");
        assert_eq!(
            (status, &read["status"]),
            (StatusCode::OK, &"unpaid".into())
        );
        let made = create(&visitor, "at that time").await;
        shop.pay(&made);
        let (status, read) = visitor.json(&path_of(&made)).await.expect("an answer");
        assert_eq!((status, &read["status"]), (StatusCode::OK, &"paid".into()));
        assert!(read["stale_since"].is_null(), "{read}");
        visitor.ready().await;
        shown.push(made);
    }
    shop.pay(&old);
    visitor
        .json_until(&path_of(&old), |read| read["status"] == "paid")
        .await;
    let compared = shop.agree(running, &shown).await;
    assert_eq!((compared.invoices, compared.paid), (4, 4));
}

/// A request on a connection of its own: the whole answer, which may come before the request.
async fn ask(origin: &str, path: &str) -> String {
    let asking = async {
        let address = origin.trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        // A server that has answered already may be gone.
        let _ = stream.write_all(request.as_bytes()).await;
        let mut answer = String::new();
        let _ = stream.read_to_string(&mut answer).await;
        answer
    };
    timeout(TIMEOUT, asking).await.expect("in time")
}

#[tokio::test]
async fn a_time_that_the_web_does_not_know_is_said_and_nothing_panics() {
    let shop = Shop::open().await;
    let (running, visitor) = shop.start_with_shim().await;
    let made = create(&visitor, "in our days").await;
    // The kernel has no time after 2262, but who knows.
    for (clock_seconds, works) in [
        (-CENTURY, false),
        (2 * CENTURY, true),
        (100 * CENTURY, false),
    ] {
        shop.wish(ShimSettings {
            clock_seconds,
            ..ShimSettings::default()
        });
        let expected = match works {
            true => "HTTP/1.1 200 ",
            false => "HTTP/1.1 503 ",
        };
        let answer = ask(visitor.origin(), &path_of(&made)).await;
        assert!(answer.starts_with(expected), "{clock_seconds}: {answer}");
    }
    shop.wish(ShimSettings::default());
    shop.pay(&made);
    visitor
        .json_until(&path_of(&made), |read| read["status"] == "paid")
        .await;
    // Begun at such a time it says so.
    shop.wish(ShimSettings {
        clock_seconds: -CENTURY,
        ..ShimSettings::default()
    });
    let other = shop.path("other");
    let mut command = crate::program::serve(shop.node().rpc_file(), &other);
    command.env("LD_PRELOAD", shop.path("shim.so"));
    command.env("FAULTS", shop.path("settings"));
    let (output, _, complaint) = run_beside(command).await;
    assert!(!output.status.success());
    assert!(complaint.contains("1970"), "{complaint}");
    shop.wish(ShimSettings::default());
    shop.agree(running, &[made]).await;
    assert_said(&shop.log(), "INFO");
}
