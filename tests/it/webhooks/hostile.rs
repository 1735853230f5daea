//! Receivers that answer in order to harm: answers without end, in every part of HTTP.

use facture_domain::hook::{Attempt, Failure, Outcome};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::Shop;

/// Sends `start`, then `rest` for as long as anybody listens. The address.
async fn endless(start: &'static str, rest: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        let rest = rest.repeat(1000);
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 1024]).await;
            if stream.write_all(start.as_bytes()).await.is_ok() {
                while stream.write_all(rest.as_bytes()).await.is_ok() {}
            }
        }
    });
    format!("http://{address}/")
}

async fn attempt(start: &'static str, rest: &'static str) -> Attempt {
    let shop = Shop::open_with(&[
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("WEBHOOKS__DEADLINE_SECONDS", "1"),
    ])
    .await;
    let endpoint = shop.endpoint(&endless(start, rest).await).await;
    shop.webhooks.test(&endpoint).await.expect("queued");
    let (_, mut attempts) = shop
        .delivery(&endpoint, |delivery| delivery.attempts == 1)
        .await;
    attempts.remove(0)
}

#[tokio::test]
async fn interim_answers_and_heads_without_end_are_cut() {
    for (start, rest) in [
        ("", "HTTP/1.1 100 Continue\r\n\r\n"),
        ("", "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"),
        ("HTTP/1.1 200 OK\r\n", "X-Header: 1\r\n"),
        ("HTTP/1.1 200 OK\r\nX-Header: ", "xxxxxxxxxxxxxxxx"),
        ("HTTP/1.1 ", "2222222222"),
    ] {
        let attempt = attempt(start, rest).await;
        assert!(
            matches!(
                attempt.outcome,
                Outcome::Failed(Failure::TimedOut | Failure::Broken)
            ),
            "{start}{rest}: {attempt:?}"
        );
    }
}

#[tokio::test]
async fn of_a_body_without_end_little_is_read_and_nothing_unpacked() {
    for (start, rest) in [
        ("HTTP/1.1 200 OK\r\n\r\n", "xxxxxxxxxxxxxxxx"),
        (
            "HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551615\r\n\r\n",
            "x",
        ),
        (
            "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n",
            "\x1f\0\0\0\0\0",
        ),
        (
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
            "1\r\nx\r\n",
        ),
    ] {
        let attempt = attempt(start, rest).await;
        match attempt.outcome {
            Outcome::Answered(200) => {}
            // A length that cannot be.
            Outcome::Failed(Failure::Broken) => assert!(start.contains("Content-Length")),
            outcome => panic!("{start}: {outcome:?}"),
        }
        assert!(attempt.excerpt.len() <= Attempt::EXCERPT_BYTES);
    }
}
