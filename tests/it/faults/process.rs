//! The process asked to end, or without file descriptors.

use std::{net::TcpStream, process::Command};

use facture_sandbox::{Calls, Hold};
use futures_util::future::join_all;
use reqwest::{Method, StatusCode, header};
use tokio::io::AsyncWriteExt;

use super::{Shop, assert_said, create};
use crate::{
    contract::path_of,
    harness::receiver::{Receiver, Reply},
};

const TOKEN: &str = "a-token-for-the-tests-of-faults";

#[tokio::test]
async fn asked_to_end_it_ends_whatever_is_under_way() {
    let shop = Shop::open().await;
    let mut command = shop.command();
    command.env("FACTURE_API_TOKEN", TOKEN);
    command.env("FACTURE_WEBHOOKS__ALLOW_PRIVATE", "true");
    let (running, visitor) = shop.start(command).await;
    let known = create(&visitor, "before").await;
    let (client, origin) = (reqwest::Client::new(), visitor.origin());
    let receiver = Receiver::start().await;
    receiver.answer((0..10).map(|_| Reply::Hang));
    let hook = client
        .post(format!("{origin}/api/v1/webhooks"))
        .bearer_auth(TOKEN)
        .json(&serde_json::json!({ "url": receiver.url("/") }));
    assert_eq!(hook.send().await.expect("an answer").status(), 201);
    let other = create(&visitor, "told to a receiver that hangs").await;
    receiver.wait_for(1).await;

    let follow = |path: &str| client.get(format!("{origin}{}{path}", path_of(&known)));
    let stream = follow("/events").send().await.expect("a stream");
    let polling = tokio::spawn(follow("/wait?timeout=60").send());
    let address = origin.trim_start_matches("http://");
    let mut slow = tokio::net::TcpStream::connect(address).await.expect("open");
    let half = b"POST /create_invoice HTTP/1.1\r\nContent-Length: 100\r\nHost: x\r\n\r\namount=";
    slow.write_all(half).await.expect("sent");
    let hanging = shop
        .node()
        .faults()
        .hang(Calls::of("invoice"), Hold::Answer);
    let form = client.request(Method::POST, format!("{origin}/create_invoice"));
    let form = form.header(header::ACCEPT, "application/json");
    let making = tokio::spawn(form.form(&[("amount", "7")]).send());
    hanging.reached(1).await;

    assert!(running.terminate().await.success());
    drop((stream, slow, polling.await, making.await));
    hanging.release();
    // What was made and not answered is found again, and what was not told is told.
    receiver.forget_replies();
    let (running, _) = shop.start(shop.command()).await;
    let compared = shop.agree(running, &[known, other]).await;
    assert_eq!(compared.invoices, 3);
    assert_said(&shop.log(), "INFO");
}

#[tokio::test]
async fn without_file_descriptors_it_waits_for_some() {
    let shop = Shop::open().await;
    let served = shop.command();
    let mut command = Command::new("/bin/sh");
    command.args(["-c", "ulimit -n 64 && exec \"$@\"", "facture"]);
    command.arg(served.get_program()).args(served.get_args());
    command.env_clear();
    for (key, value) in served.get_envs() {
        command.env(key, value.expect("a value"));
    }
    command.env("FACTURE_API_TOKEN", TOKEN);
    let (running, visitor) = shop.start(command).await;
    let known = create(&visitor, "before").await;
    let client = reqwest::Client::new();
    let stream = client.get(format!("{}{}/events", visitor.origin(), path_of(&known)));
    let stream = stream.send().await.expect("a stream");

    // More than there are readers of the database, each with a connection of its own from before.
    let programs: Vec<_> = (0..8).map(|_| reqwest::Client::new()).collect();
    let ask = async |program: &reqwest::Client, path: &str| {
        let request = program.get(format!("{}{path}", visitor.origin()));
        let answer = request.bearer_auth(TOKEN).send().await.expect("an answer");
        let status = answer.status();
        (status, answer.text().await.expect("to its end"))
    };
    for program in &programs {
        ask(program, "/healthz").await;
    }

    // They all connect: the kernel holds those that are not accepted.
    let address = visitor.origin().trim_start_matches("http://");
    let crowd: Vec<_> = (0..100).map(|_| TcpStream::connect(address)).collect();
    assert!(crowd.iter().all(Result::is_ok));
    let mut log = tokio::time::interval(std::time::Duration::from_millis(20));
    let said = async {
        while !shop.log().contains("cannot accept a connection") {
            log.tick().await;
        }
    };
    let said = tokio::time::timeout(crate::harness::TIMEOUT, said).await;
    said.expect("it says so");
    // All read at once: what they need for that is open since the start.
    for _ in 0..20 {
        let asked = programs
            .iter()
            .map(|program| ask(program, "/api/v1/events"));
        for (status, answer) in join_all(asked).await {
            assert_eq!(status, StatusCode::OK, "{answer}");
        }
    }
    // A client that follows an invoice hears of its payment now, or is cut and hears of it when coming back.
    shop.pay(&known);
    drop(crowd);
    let timeout = tokio::time::timeout(crate::harness::TIMEOUT, stream.text());
    let mut told = timeout.await.expect("in time").unwrap_or_default();
    if !told.contains("invoice.paid") {
        visitor.ready().await;
        let back = client.get(format!("{}{}/events", visitor.origin(), path_of(&known)));
        let timeout = tokio::time::timeout(crate::harness::TIMEOUT, async {
            back.send().await?.text().await
        });
        told = timeout.await.expect("in time").expect("to its end");
    }
    assert!(told.contains("invoice.paid"), "{told}");

    let more = join_all((0..5).map(|_| create(&visitor, "after"))).await;
    visitor.ready().await;
    let compared = shop.agree(running, &more).await;
    assert_eq!((compared.invoices, compared.paid), (6, 1));
    assert_said(&shop.log(), "Too many open files");
    let unread = "unable to open database file";
    assert!(!shop.log().contains(unread), "{}", shop.log());
}
