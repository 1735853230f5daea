//! Following an invoice: event streams and long polls, few and many, and how they end.

use std::time::Duration;

use futures_util::future::join_all;
use reqwest::{Method, Response, StatusCode, header};
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    contract::{World, path_of},
    harness::{Page, Server, TIMEOUT},
    world::Sandbox,
};

/// One event as it came over the wire.
#[derive(Debug, PartialEq)]
struct Seen {
    id: u64,
    kind: String,
    data: Value,
}

async fn open(server: &Server, invoice: &Value, last: Option<&str>) -> Response {
    let request = server.request(Method::GET, &format!("{}/events", path_of(invoice)));
    let request = match last {
        Some(last) => request.header("last-event-id", last),
        None => request,
    };
    request.send().await.expect("an answer")
}

/// Opens a stream of each invoice, a hundred at once: on a busy machine, the deadline of one does not count what the others take.
async fn open_all(server: &Server, invoices: &[&Value]) -> Vec<Response> {
    let mut streams = Vec::new();
    for some in invoices.chunks(100) {
        streams.extend(join_all(some.iter().map(|invoice| open(server, invoice, None))).await);
    }
    streams
}

/// Reads a stream to its end.
async fn read(response: Response) -> Vec<Seen> {
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "text/event-stream; charset=utf-8"
    );
    let text = timeout(TIMEOUT, response.text())
        .await
        .expect("it ends in time")
        .expect("text");
    // On a busy machine a stream can be open for long enough to have a heartbeat.
    let events = text
        .split("\n\n")
        .filter(|part| part.contains("event:") && !part.contains("event: heartbeat"));
    let field = |part: &str, name: &str| {
        let value = part.lines().find_map(|line| line.strip_prefix(name));
        value
            .unwrap_or_else(|| panic!("{name} in {part}"))
            .trim()
            .to_owned()
    };
    let seen = events.map(|part| Seen {
        id: field(part, "id:").parse().expect("a number"),
        kind: field(part, "event:"),
        data: serde_json::from_str(&field(part, "data:")).expect("JSON"),
    });
    seen.collect()
}

fn kinds(seen: &[Seen]) -> Vec<&str> {
    seen.iter().map(|seen| seen.kind.as_str()).collect()
}

async fn ready(sandbox: &Sandbox, settings: &[(&str, &str)]) -> Server {
    let server = sandbox.server(settings).await;
    server
        .json_until("/readyz", |answer| answer["status"] == "ready")
        .await;
    server
}

fn pay(sandbox: &Sandbox, invoice: &Value) {
    sandbox
        .node
        .pay(invoice["bolt11"].as_str().expect("a bolt11"), None)
        .expect("the buyer pays");
}

#[tokio::test]
async fn a_stream_tells_the_payment_and_ends() {
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox, &[]).await;
    let invoice = server.create("12", "stream").await;
    let stream = open(&server, &invoice, None).await;
    assert_eq!(stream.status(), StatusCode::OK);
    assert_eq!(stream.headers()["cache-control"], "no-cache");
    pay(&sandbox, &invoice);
    let seen = read(stream).await;
    assert_eq!(kinds(&seen), ["invoice.created", "invoice.paid"]);
    let paid = &seen[1].data;
    assert_eq!(
        (&paid["type"], &paid["sequence"]),
        (&"invoice.paid".into(), &seen[1].id.into())
    );
    assert_eq!(paid["data"]["invoice"]["amount_received_msat"], 12_000);
    assert_eq!(
        paid["data"]["invoice"],
        server.json(&path_of(&invoice)).await.1,
        "the whole public invoice"
    );
    assert_eq!(
        seen[0].data["data"]["invoice"]["status"], "unpaid",
        "as it was then"
    );
}

#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off() {
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox, &[]).await;
    let invoice = server.create("12", "tunnel").await;
    pay(&sandbox, &invoice);
    let all = read(open(&server, &invoice, None).await).await;
    let created = all[0].id.to_string();
    assert_eq!(
        kinds(&read(open(&server, &invoice, Some(&created)).await).await),
        ["invoice.paid"]
    );
    let paid = all[1].id.to_string();
    let over = open(&server, &invoice, Some(&paid)).await;
    assert_eq!(
        over.status(),
        StatusCode::NO_CONTENT,
        "so that a browser does not come back"
    );
    for other in ["999999", "nonsense", "-1", ""] {
        assert_eq!(
            read(open(&server, &invoice, Some(other)).await).await,
            all,
            "{other:?} is not of this log"
        );
    }
}

#[tokio::test]
async fn a_stream_tells_the_expiry() {
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox, &[("INVOICE__EXPIRY_SECONDS", "60")]).await;
    let invoice = server.create("12", "late").await;
    let stream = open(&server, &invoice, None).await;
    sandbox.node.advance(Duration::from_secs(100));
    assert_eq!(
        kinds(&read(stream).await),
        ["invoice.created", "invoice.expired"]
    );
}

#[tokio::test]
async fn a_long_poll_waits_for_a_change() {
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox, &[]).await;
    let invoice = server.create("12", "poll").await;
    let path = format!("{}/wait", path_of(&invoice));
    let nothing = Page::read(
        server
            .request(Method::GET, &format!("{path}?timeout=1"))
            .send()
            .await,
    )
    .await;
    assert_eq!(
        (nothing.status, nothing.text.as_str()),
        (StatusCode::NO_CONTENT, "")
    );
    let waiting = server.json(&path);
    let paying = async { pay(&sandbox, &invoice) };
    let ((status, paid), ()) = tokio::join!(waiting, paying);
    assert_eq!((status, &paid["status"]), (StatusCode::OK, &"paid".into()));
    assert_eq!(
        server.json(&path).await,
        (StatusCode::OK, paid),
        "at once, when it is over"
    );
    for timeout in ["0", "61", "-1", "1.5", "x", ""] {
        let (status, answer) = server.json(&format!("{path}?timeout={timeout}")).await;
        assert_eq!(
            (status, &answer["error"]["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &"timeout".into())
        );
    }
}

#[tokio::test]
async fn unknown_invoices_have_no_stream() {
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox, &[]).await;
    for label in ["x", "facture_0123456789abcdef0123456789abcdef"] {
        for what in ["events", "wait"] {
            let (status, _) = server.json(&format!("/check_invoice/{label}/{what}")).await;
            assert_eq!(status, StatusCode::NOT_FOUND, "{label}/{what}");
        }
    }
}

#[tokio::test]
async fn streams_and_polls_end_when_the_server_stops() {
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox, &[]).await;
    let invoice = server.create("12", "closing time").await;
    let stream = open(&server, &invoice, None).await;
    let poll = server.request(
        Method::GET,
        &format!("{}/wait?timeout=60", path_of(&invoice)),
    );
    let poll = tokio::spawn(poll.send());
    // Another poll, so that the first is surely under way.
    let sure = server.request(
        Method::GET,
        &format!("{}/wait?timeout=1", path_of(&invoice)),
    );
    sure.send().await.expect("an answer");
    timeout(TIMEOUT, server.stop())
        .await
        .expect("in time")
        .expect("in order");
    assert_eq!(kinds(&read(stream).await), ["invoice.created"]);
    assert_eq!(
        poll.await.expect("no panic").expect("an answer").status(),
        StatusCode::NO_CONTENT
    );
}

#[tokio::test]
async fn an_invoice_under_way_is_made_before_the_server_ends() {
    use facture_sandbox::{Calls, Hold};
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox, &[]).await;
    let hanging = sandbox
        .node
        .faults()
        .hang(Calls::of("invoice"), Hold::Answer);
    let form = server
        .request(Method::POST, "/create_invoice")
        .form(&[("amount", "3")]);
    let form = tokio::spawn(form.send());
    hanging.reached(1).await;
    let stopping = tokio::spawn(server.stop());
    hanging.release();
    let answer = form.await.expect("no panic").expect("an answer");
    assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    timeout(TIMEOUT, stopping)
        .await
        .expect("in time")
        .expect("no panic")
        .expect("in order");
    assert_eq!(sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn two_thousand_waiters_on_one_invoice_are_all_told_once() {
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox, &[]).await;
    let invoice = server.create("12", "crowd").await;
    let streams = open_all(&server, &[&invoice; 2000]).await;
    pay(&sandbox, &invoice);
    for seen in join_all(streams.into_iter().map(read)).await {
        assert_eq!(kinds(&seen), ["invoice.created", "invoice.paid"]);
    }
}

#[tokio::test]
async fn one_waiter_on_each_of_two_thousand_invoices_is_told_its_own_once() {
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox, &[]).await;
    let mut invoices = Vec::new();
    for batch in 0..20 {
        let batch: Vec<_> = (0..100).map(|number| format!("{batch}/{number}")).collect();
        invoices.extend(
            join_all(
                batch
                    .iter()
                    .map(|description| server.create("1", description)),
            )
            .await,
        );
    }
    let streams = open_all(&server, &invoices.iter().collect::<Vec<_>>()).await;
    for invoice in &invoices {
        pay(&sandbox, invoice);
    }
    for (invoice, seen) in invoices
        .iter()
        .zip(join_all(streams.into_iter().map(read)).await)
    {
        assert_eq!(kinds(&seen), ["invoice.created", "invoice.paid"]);
        assert_eq!(seen[1].data["data"]["invoice"]["label"], invoice["label"]);
    }
}

/// A script sees no comment: the buyer's page needs an event to know that the connection lives.
#[tokio::test]
async fn a_silent_stream_has_a_heartbeat_that_scripts_see() {
    let sandbox = Sandbox::start().await;
    let server = ready(&sandbox, &[]).await;
    let invoice = server.create("12", "silence").await;
    let mut stream = open(&server, &invoice, None).await;
    let mut heard = String::new();
    let listening = async {
        while !heard.contains("event: heartbeat") {
            let piece = stream.chunk().await.expect("it goes on");
            heard.push_str(std::str::from_utf8(&piece.expect("it goes on")).expect("text"));
        }
    };
    timeout(TIMEOUT, listening).await.expect("in time");
    let beat = heard.split("\n\n").find(|part| part.contains("heartbeat"));
    // Without an id, so that `Last-Event-ID` stays what it was.
    assert_eq!(beat, Some("event: heartbeat\ndata: {}"));
}
