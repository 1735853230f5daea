//! What is wrong with a webhook is said: at once where its address can never work, and by name where an attempt failed.

use facture_domain::hook::DeliveryState;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::{io::AsyncReadExt, net::TcpListener, sync::Notify};

use super::receiver::{Receiver, Reply};
use crate::{
    api::{Shop, TOKEN},
    charge::shop_config,
    harness::{Page, Server, config_on},
    world::Sandbox,
};

/// Waits for the first attempt at a test that is sent to this address, as the API tells it: the delivery and the attempt.
async fn attempted(shop: &Shop, url: &str) -> (Value, Value) {
    let (status, endpoint) = shop.post("/api/v1/webhooks", &json!({ "url": url })).await;
    assert_eq!(status, StatusCode::CREATED, "{endpoint}");
    let id = endpoint["id"].as_str().expect("an id");
    let (status, queued) = shop
        .post(&format!("/api/v1/webhooks/{id}/test"), &Value::Null)
        .await;
    assert_eq!(status, StatusCode::ACCEPTED, "{queued}");
    assert!(queued["failure"].is_null(), "{queued}");
    let path = format!(
        "/api/v1/deliveries/{}",
        queued["id"].as_str().expect("an id")
    );
    let waiting = async {
        loop {
            let (_, mut found) = shop.get(&path).await;
            if found["attempts"]
                .as_array()
                .is_some_and(|all| !all.is_empty())
            {
                return (found["delivery"].take(), found["attempts"][0].take());
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(crate::harness::TIMEOUT, waiting)
        .await
        .expect("an attempt in time")
}

#[tokio::test]
async fn private_addresses_are_refused_at_once_with_the_key_that_allows_them() {
    let sandbox = Sandbox::start().await;
    let directory = tempfile::tempdir().expect("a directory");
    let settings = [
        ("API_TOKEN", TOKEN),
        ("STORE__DATA_DIR", directory.path().to_str().expect("plain")),
    ];
    let config = config_on(sandbox.node.rpc_file().to_owned(), &settings);
    let server = Server::start(config, facture::web::Mode::Live).await;
    let shop = Shop { sandbox, server };
    let invoice = shop.create(&json!({ "amount_sat": 1 })).await;
    let label = invoice["label"].as_str().expect("a label");
    let (_, endpoint) = shop
        .post(
            "/api/v1/webhooks",
            &json!({ "url": "https://shop.example/" }),
        )
        .await;
    let endpoint = format!(
        "/api/v1/webhooks/{}",
        endpoint["id"].as_str().expect("an id")
    );
    let charge = async |path: &str, body: Value| {
        let request = shop.server.request(Method::POST, path);
        let request = request.basic_auth("api-token", Some(TOKEN)).json(&body);
        Page::read(request.send().await).await
    };
    for (url, key) in [
        ("http://127.0.0.1:8080/paid", "webhooks.allow_private"),
        ("http://localhost/paid", "webhooks.allow_private"),
        ("http://shop.localhost./paid", "webhooks.allow_private"),
        ("http://2130706433/", "webhooks.allow_private"),
        ("http://[::1]/", "webhooks.allow_private"),
        ("http://10.0.0.1/", "webhooks.allow_private"),
        ("http://169.254.169.254/latest", "webhooks.allow_private"),
        ("http://abcdefghij.onion/", "webhooks.onion_proxy"),
    ] {
        for (path, field, body) in [
            ("/api/v1/webhooks", "url", json!({ "url": url })),
            (
                "/api/v1/invoices",
                "webhook",
                json!({ "amount_sat": 1, "webhook": url }),
            ),
        ] {
            let (status, error) = shop.post(path, &body).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
            assert_eq!(error["error"]["code"], "webhook_url_refused", "{url}");
            assert_eq!(error["error"]["field"], field, "{url}");
            let message = error["error"]["message"].as_str().expect("a text");
            assert!(message.contains(key), "{message}");
        }
        let change = shop
            .call(Method::PATCH, &endpoint)
            .json(&json!({ "url": url }));
        assert_eq!(
            change.send().await.expect("an answer").status(),
            StatusCode::UNPROCESSABLE_ENTITY
        );
        for (path, body) in [
            (
                "/invoice".to_owned(),
                json!({ "msatoshi": 1000, "webhook": url }),
            ),
            (format!("/invoice/{label}/webhook"), json!({ "url": url })),
        ] {
            let refused = charge(&path, body).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{path} {url}");
            assert!(refused.text.contains(key), "{}", refused.text);
        }
    }
    assert_eq!(shop.sandbox.node.invoice_count(), 1);
}

#[tokio::test]
async fn the_sandbox_sends_to_the_loopback_and_to_no_other_private_address() {
    let shop = Shop::open().await;
    let receiver = Receiver::start().await;
    let port = receiver.address.port();
    for host in ["127.0.0.1", "localhost"] {
        let (delivery, attempt) = attempted(&shop, &format!("http://{host}:{port}/")).await;
        assert_eq!(
            delivery["state"],
            DeliveryState::Delivered.as_str(),
            "{attempt}"
        );
        assert_eq!(attempt["status"], 204);
        assert!(attempt["failure"].is_null() && delivery["failure"].is_null());
    }
    for url in ["http://10.0.0.1/", "http://169.254.169.254/"] {
        let (status, _) = shop.post("/api/v1/webhooks", &json!({ "url": url })).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
    }
}

#[tokio::test]
async fn what_went_wrong_has_a_name() {
    let shop = Shop::with(&[("WEBHOOKS__DEADLINE_SECONDS", "2")]).await;
    let receiver = Receiver::start().await;
    receiver.answer([Reply::Status(500), Reply::Status(404), Reply::Hang]);
    let gone = Receiver::start().await;
    let nobody = gone.url("/");
    gone.stop().await;
    // One that speaks no TLS.
    let plain = receiver.url("/").replace("http://", "https://");
    // One that ends the connection before it is secured.
    let rude = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let cut = format!("https://{}/", rude.local_addr().expect("it is bound"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = rude.accept().await {
            let _ = stream.read_u8().await;
        }
    });
    for (url, failure, status) in [
        (receiver.url("/"), "status_500", json!(500)),
        (receiver.url("/"), "status_404", json!(404)),
        (receiver.url("/"), "timeout", Value::Null),
        (nobody, "connection_refused", Value::Null),
        (plain, "tls", Value::Null),
        (cut, "tls", Value::Null),
        // A name that cannot exist (RFC 6761 §6.4).
        ("http://shop.invalid/".to_owned(), "dns", Value::Null),
    ] {
        let (delivery, attempt) = attempted(&shop, &url).await;
        assert_eq!(attempt["failure"], failure, "{url}: {attempt}");
        assert_eq!(attempt["status"], status, "{url}: {attempt}");
        assert_eq!(delivery["failure"], failure, "{url}: {delivery}");
        assert_eq!(delivery["state"], "pending");
    }
}

#[tokio::test]
async fn too_much_that_waits_keeps_a_token_from_naming_more() {
    let sandbox = Sandbox::start().await;
    let settings = [
        ("WEBHOOKS__WAITING_PER_TOKEN", "3"),
        ("WEBHOOKS__DEADLINE_SECONDS", "60"),
    ];
    let mode = facture::web::Mode::Sandbox(sandbox.node.clone().into());
    let server = Server::start(shop_config(&settings), mode).await;
    let shop = Shop { sandbox, server };
    let slow = Receiver::start().await;
    let told = std::sync::Arc::new(Notify::new());
    slow.answer((0..3).map(|_| Reply::When(told.clone(), 204)));
    let with_hook = json!({ "amount_sat": 1, "webhook": slow.url("/") });
    for _ in 0..3 {
        shop.create(&with_hook).await;
    }
    slow.wait_for(1).await;
    let (status, error) = shop.post("/api/v1/invoices", &with_hook).await;
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS, "{error}");
    assert_eq!(error["error"]["code"], "too_many_deliveries");
    let request = shop.server.request(Method::POST, "/invoice");
    let body = json!({ "msatoshi": 1000, "webhook": slow.url("/") });
    let request = request.basic_auth("api-token", Some(TOKEN)).json(&body);
    let refused = Page::read(request.send().await).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "60");
    assert_eq!(shop.sandbox.node.invoice_count(), 3);
    shop.create(&json!({ "amount_sat": 1 })).await;
    // They take what they are sent: there is room again.
    slow.forget_replies();
    let room = async {
        loop {
            told.notify_waiters();
            let (status, _) = shop.post("/api/v1/invoices", &with_hook).await;
            if status == StatusCode::CREATED {
                return;
            }
        }
    };
    tokio::time::timeout(crate::harness::TIMEOUT, room)
        .await
        .expect("room in time");
}
