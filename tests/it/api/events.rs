//! `/api/v1/events`, asked for and streamed.

use futures_util::StreamExt;
use reqwest::{Method, RequestBuilder, StatusCode, header};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::Shop;
use crate::harness::TIMEOUT;

/// Reads a stream until so many events are there, or to its end.
pub(super) async fn read(request: RequestBuilder, count: usize) -> Vec<Value> {
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(
        response.headers()[header::CONTENT_TYPE],
        "text/event-stream; charset=utf-8"
    );
    let mut stream = response.bytes_stream();
    let mut text = String::new();
    let reading = async {
        while text.matches("\ndata:").count() < count || !text.ends_with("\n\n") {
            match stream.next().await {
                Some(part) => text.push_str(std::str::from_utf8(&part.unwrap()).unwrap()),
                None => break,
            }
        }
    };
    timeout(TIMEOUT, reading).await.expect("in time");
    let data = text.lines().filter_map(|line| line.strip_prefix("data:"));
    data.map(|json| serde_json::from_str(json).unwrap())
        .collect()
}

pub(super) fn types(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["type"].as_str().unwrap())
        .collect()
}

async fn two_paid(shop: &Shop) {
    for number in 1..3 {
        let invoice = shop
            .create(&json!({ "amount_sat": number, "order_id": "7" }))
            .await;
        shop.sandbox
            .node
            .pay(invoice["bolt11"].as_str().unwrap(), None)
            .unwrap();
        let wait = format!(
            "/api/v1/invoices/{}/wait",
            invoice["label"].as_str().unwrap()
        );
        assert_eq!(shop.get(&wait).await.1["status"], "paid");
    }
}

#[tokio::test]
async fn who_keeps_the_number_misses_nothing() {
    let shop = Shop::open().await;
    let (_, none) = shop.get("/api/v1/events").await;
    assert_eq!(
        none,
        json!({ "events": [], "next_after": 0, "more": false })
    );
    two_paid(&shop).await;
    let mut seen = Vec::new();
    let mut after = 0;
    loop {
        let (_, page) = shop
            .get(&format!("/api/v1/events?limit=3&after={after}"))
            .await;
        seen.extend(page["events"].as_array().unwrap().clone());
        after = page["next_after"].as_u64().unwrap();
        if page["more"] == false {
            break;
        }
    }
    let all = [
        "invoice.created",
        "invoice.paid",
        "invoice.created",
        "invoice.paid",
    ];
    assert_eq!(types(&seen), all);
    assert_eq!(seen[3]["data"]["invoice"]["order_id"], "7");
    let (_, later) = shop.get(&format!("/api/v1/events?after={after}")).await;
    assert_eq!(
        later,
        json!({ "events": [], "next_after": after, "more": false })
    );
    let (_, paid) = shop
        .get("/api/v1/events?types=invoice.paid,invoice.expired")
        .await;
    assert_eq!(paid["events"], json!([seen[1], seen[3]]));
    // A number from records that were lost.
    let (_, again) = shop.get("/api/v1/events?after=999999").await;
    assert_eq!(again["events"], json!(seen));
    for (query, field) in [
        ("types=", "types"),
        ("types=invoice.paid,", "types"),
        ("types=invoice.eaten", "types"),
        ("after=-1", "after"),
        ("limit=1000", "limit"),
        ("type=invoice.paid", "type"),
    ] {
        for path in ["events", "events/stream"] {
            let (status, error) = shop.get(&format!("/api/v1/{path}?{query}")).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {query}");
            assert_eq!(error["error"]["field"], field, "{path} {query}");
        }
    }
}

#[tokio::test]
async fn a_stream_tells_the_past_then_what_happens() {
    let shop = Shop::open().await;
    two_paid(&shop).await;
    let (_, log) = shop.get("/api/v1/events").await;
    let log = log["events"].as_array().unwrap();
    let stream = |query: &str| {
        let path = format!("/api/v1/events/stream?{query}");
        shop.call(Method::GET, &path)
    };
    assert_eq!(read(stream(""), 4).await, *log);
    let paid = stream("types=invoice.paid");
    assert_eq!(read(paid, 2).await, [log[1].clone(), log[3].clone()]);
    let second = log[1]["sequence"].to_string();
    let resumed = stream("").header("last-event-id", &second);
    assert_eq!(read(resumed, 2).await, log[2..]);
    let after = stream(&format!("after={second}"));
    assert_eq!(read(after, 2).await, log[2..]);
    // Both: the last that was read wins over the address.
    let both = stream("after=0").header("last-event-id", &second);
    assert_eq!(read(both, 2).await, log[2..]);

    let last = log[3]["sequence"].to_string();
    let news = read(stream(&format!("after={last}")), 2);
    let (news, ()) = tokio::join!(news, two_paid(&shop));
    assert_eq!(types(&news), ["invoice.created", "invoice.paid"]);
}

#[tokio::test]
async fn a_stream_ends_when_the_server_stops() {
    let shop = Shop::open().await;
    two_paid(&shop).await;
    let response = shop
        .call(Method::GET, "/api/v1/events/stream")
        .send()
        .await
        .unwrap();
    timeout(TIMEOUT, shop.server.stop())
        .await
        .expect("in time")
        .unwrap();
    let text = timeout(TIMEOUT, response.text()).await.expect("it ends");
    assert!(text.is_ok());
}
