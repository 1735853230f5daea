//! Memory that strangers' requests take: bounded, and given back.

use std::{fs, time::Duration};

use reqwest::StatusCode;
use serde_json::json;
use tokio::time::{interval, timeout};

use super::Wire;
use crate::{api::Shop, harness::TIMEOUT, program::Running};

/// The beginning of a form of 64 KB, as a slow client sends it.
fn beginning(bytes: usize) -> String {
    format!(
        "POST /create_invoice HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
         Content-Length: 64000\r\n\r\n{}",
        "x".repeat(bytes)
    )
}

#[tokio::test]
async fn bodies_have_so_much_memory_in_all_and_callers_with_a_token_their_own() {
    let settings = [
        ("LIMITS__BODY_MEMORY_MIB", "1"),
        ("SERVER__BODY_PATIENCE_SECONDS", "300"),
    ];
    let shop = Shop::with(&settings).await;
    let long = "x".repeat(60_000);
    let fields = [("amount", "1"), ("description", long.as_str())];
    // Half a MiB is for strangers: some of those that never end have it.
    let mut slow = Vec::new();
    let full = async {
        loop {
            let mut wire = Wire::to(&shop.server).await;
            wire.send(&beginning(63_000)).await;
            slow.push(wire);
            let page = shop.server.submit(&fields).await;
            if page.status == StatusCode::SERVICE_UNAVAILABLE {
                return page;
            }
            // It is too long for a description, and was read to say so.
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let page = timeout(TIMEOUT, full).await.expect("it is full in time");
    assert_eq!(page.header("retry-after"), "5");
    assert!(slow.len() >= 7, "{} are no flood", slow.len());
    shop.create(&json!({ "amount_sat": 1, "metadata": "x".repeat(10_000) }))
        .await;
    drop(slow);
    let room = async {
        let mut tick = interval(Duration::from_millis(20));
        loop {
            tick.tick().await;
            let page = shop.server.submit(&fields).await;
            if page.status == StatusCode::UNPROCESSABLE_ENTITY {
                return;
            }
        }
    };
    timeout(TIMEOUT, room).await.expect("there is room again");
}

/// What a process has in memory, in MiB.
#[cfg(target_os = "linux")]
fn resident(id: &str) -> u64 {
    let status = fs::read_to_string(format!("/proc/{id}/status")).expect("it runs");
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.and_then(|kib| kib.parse::<u64>().ok())
        .expect("a number")
        / 1024
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn what_a_flood_took_is_given_back() {
    let mut server = Running::start(&["sandbox", "--listen", "127.0.0.1:0"]);
    let line = server.line().await;
    let address = line
        .split("http://")
        .nth(1)
        .expect("an address")
        .trim_end_matches('/');
    let id = server.id();
    let idle = resident(&id);
    let mut flood = Vec::new();
    for _ in 0..900 {
        let mut wire = Wire(
            tokio::net::TcpStream::connect(address)
                .await
                .expect("a connection"),
        );
        wire.send(&beginning(60_000)).await;
        flood.push(wire);
    }
    let until = async |enough: &dyn Fn(u64) -> bool| {
        let mut tick = interval(Duration::from_millis(100));
        let waiting = async {
            while !enough(resident(&id)) {
                tick.tick().await;
            }
        };
        timeout(3 * TIMEOUT, waiting).await
    };
    until(&|now| now > idle + 20)
        .await
        .expect("the flood takes memory");
    drop(flood);
    let back = until(&|now| now < idle + 20).await;
    assert!(back.is_ok(), "{} MiB of {idle} at first", resident(&id));
}
