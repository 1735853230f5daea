//! What is counted, as Prometheus reads it: by a program of its own, since it counts for the whole process.

use std::{collections::BTreeSet, fs, path::Path};

use facture_sandbox::SandboxNode;
use reqwest::StatusCode;
use tempfile::TempDir;

use crate::{
    contract::path_of,
    harness::TIMEOUT,
    program::{Running, Visitor, serve},
    world::socket_path,
};

/// A program that counts, with its node and its records.
struct Counting {
    running: Running,
    visitor: Visitor,
    metrics: String,
    node: SandboxNode,
    _directories: (TempDir, TempDir),
}

impl Counting {
    async fn start(settings: &[(&str, &str)]) -> Self {
        let (rpc_file, beside) = socket_path();
        let node = SandboxNode::start(&rpc_file).await.expect("a node");
        let data_dir = tempfile::tempdir().expect("a directory");
        let mut command = serve(&rpc_file, data_dir.path());
        command.env("FACTURE_METRICS__LISTEN", "127.0.0.1:0");
        for (key, value) in settings {
            command.env(format!("FACTURE_{key}"), value);
        }
        let mut running = Running::logged(command, &data_dir.path().join("log"));
        let visitor = running.visitor().await;
        running.line().await;
        let line = running.line().await;
        let metrics = line.strip_prefix("metrics: ").expect("its address");
        visitor.ready().await;
        Self {
            metrics: metrics.to_owned(),
            running,
            visitor,
            node,
            _directories: (beside, data_dir),
        }
    }

    async fn read(&self) -> String {
        let answer = reqwest::get(&self.metrics).await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let kind = answer.headers()["content-type"].to_str().expect("text");
        assert!(kind.starts_with("application/openmetrics-text"), "{kind}");
        answer.text().await.expect("text")
    }

    /// Reads until the number with this name and these labels is what is wanted.
    async fn until(&self, series: &str, enough: impl Fn(f64) -> bool) {
        let mut last = String::new();
        let waiting = async {
            let mut tick = tokio::time::interval(std::time::Duration::from_millis(20));
            loop {
                tick.tick().await;
                last = self.read().await;
                if number(&last, series).is_some_and(&enough) {
                    return;
                }
            }
        };
        let in_time = tokio::time::timeout(TIMEOUT, waiting).await;
        assert!(in_time.is_ok(), "{series} in {last}");
    }
}

fn number(text: &str, series: &str) -> Option<f64> {
    let line = text.lines().find_map(|line| line.strip_prefix(series));
    line.and_then(|rest| rest.strip_prefix(' '))
        .map(|number| number.parse().expect("a number"))
}

#[tokio::test]
async fn a_purchase_a_refusal_a_webhook_and_a_node_that_is_away_are_counted() {
    let counting = Counting::start(&[
        ("LIMITS__INVOICES_PER_CLIENT_PER_MINUTE", "1"),
        ("WEBHOOKS__ALLOW_PRIVATE", "true"),
        ("API_TOKEN", "a-token-for-the-tests-of-facture"),
    ])
    .await;
    let hook = reqwest::Client::new()
        .post(format!(
            "{}/api/v1/webhooks",
            counting.visitor.origin().trim_end_matches('/')
        ))
        .bearer_auth("a-token-for-the-tests-of-facture")
        .json(&serde_json::json!({ "url": "http://127.0.0.1:1/secret-path" }))
        .send()
        .await
        .expect("an answer");
    assert_eq!(hook.status(), StatusCode::CREATED);

    let (status, invoice) = counting
        .visitor
        .submit("5", "coffee")
        .await
        .expect("an answer");
    assert_eq!(status, StatusCode::CREATED, "{invoice}");
    let (status, _) = counting
        .visitor
        .submit("5", "coffee")
        .await
        .expect("an answer");
    assert_eq!(status, StatusCode::TOO_MANY_REQUESTS);
    let bolt11 = invoice["bolt11"].as_str().expect("text");
    let path = path_of(&invoice);
    // While it can change, a reader passes the barrier.
    let unpaid = counting.visitor.json(&path).await.expect("an answer");
    assert_eq!(unpaid.1["status"], "unpaid");
    counting.node.pay(bolt11, None).expect("the buyer pays");
    counting
        .visitor
        .json_until(&path, |invoice| invoice["status"] == "paid")
        .await;
    counting
        .until(
            "facture_webhook_attempts_total{outcome=\"again\"}",
            |tried| tried >= 1.0,
        )
        .await;

    let text = counting.read().await;
    for (series, least) in [
        (
            "facture_http_requests_total{method=\"POST\",route=\"/create_invoice\",status=\"2xx\"}",
            1.0,
        ),
        (
            "facture_http_requests_total{method=\"POST\",route=\"/create_invoice\",status=\"4xx\"}",
            1.0,
        ),
        (
            "facture_http_request_duration_seconds_count{route=\"/check_invoice/{label}\"}",
            1.0,
        ),
        ("facture_refusals_total{reason=\"rate_limited\"}", 1.0),
        (
            "facture_invoice_events_total{kind=\"invoice.created\"}",
            1.0,
        ),
        ("facture_invoice_events_total{kind=\"invoice.paid\"}", 1.0),
        (
            "facture_node_calls_total{method=\"invoice\",outcome=\"answered\"}",
            1.0,
        ),
        (
            "facture_node_call_duration_seconds_count{method=\"invoice\"}",
            1.0,
        ),
        ("facture_follower_following", 1.0),
        ("facture_follower_applied_index", 1.0),
        ("facture_follower_confirmed_timestamp_seconds", 1.0),
        ("facture_follower_lag_seconds_count", 1.0),
        ("facture_barrier_duration_seconds_count", 1.0),
        ("facture_barrier_readers_sum", 1.0),
        ("facture_webhooks_waiting", 1.0),
        ("facture_connections", 1.0),
        ("process_resident_memory_bytes", 1_000_000.0),
        ("process_open_fds", 5.0),
    ] {
        let is = number(&text, series);
        assert!(
            is.is_some_and(|is| is >= least),
            "{series}: {is:?} in {text}"
        );
    }
    for series in [
        "facture_store_errors_total",
        "facture_streams",
        "facture_node_calls_waiting",
    ] {
        assert_eq!(number(&text, series), Some(0.0), "{series}");
    }
    assert!(!text.contains("facture_panics_total{"), "{text}");
    // Keys to pages, secrets of shops and addresses of buyers are in no label.
    for secret in [
        path.rsplit('/').next().expect("a label"),
        "secret-path",
        "127.0.0.1",
        bolt11,
    ] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }

    // Strangers choose paths and methods, and make no series by that.
    for path in ["/check_invoice/x", "/nothing", "/metrics"] {
        let (status, _) = counting.visitor.json(path).await.expect("an answer");
        assert_eq!(status, StatusCode::NOT_FOUND, "{path}");
    }
    let url = format!(
        "{}/invented",
        counting.visitor.origin().trim_end_matches('/')
    );
    let method = reqwest::Method::from_bytes(b"INVENTED").expect("a method");
    let _ = reqwest::Client::new()
        .request(method, url)
        .send()
        .await
        .expect("an answer");
    let text = counting.read().await;
    assert!(
        !text.contains("nothing") && !text.to_lowercase().contains("invented\""),
        "{text}"
    );
    let none = "facture_http_requests_total{method=\"other\",route=\"none\",status=\"4xx\"}";
    assert_eq!(number(&text, none), Some(1.0), "{text}");
    // Nothing else is on that listener.
    let elsewhere = counting.metrics.replace("/metrics", "/");
    let answer = reqwest::get(elsewhere).await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);

    described(&text);

    counting.node.stop().await;
    counting
        .until("facture_follower_following", |following| following == 0.0)
        .await;
    // The first call is lost on a connection that was open, which is the answer of that second; the next finds nobody.
    let away = "facture_node_calls_total{method=\"getinfo\",outcome=\"unreachable\"}";
    let asking = async {
        let mut tick = tokio::time::interval(std::time::Duration::from_millis(20));
        loop {
            tick.tick().await;
            let (status, _) = counting.visitor.json("/readyz").await.expect("an answer");
            assert_eq!(status, StatusCode::SERVICE_UNAVAILABLE);
        }
    };
    tokio::select! {
        () = counting.until(away, |calls| calls >= 1.0) => {}
        () = asking => {}
    }
    assert!(counting.running.terminate().await.success());
}

/// The table in the documentation has what is shown, and nothing else; alerts are about that.
fn described(text: &str) {
    let shown: BTreeSet<_> = text
        .lines()
        .filter_map(|line| line.strip_prefix("# TYPE "))
        .filter_map(|line| line.split_once(' '))
        .map(|(name, kind)| match kind {
            "counter" => format!("{name}_total"),
            _ => name.to_owned(),
        })
        .collect();
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    let read = |name| fs::read_to_string(docs.join(name)).expect("it is there");
    let table: BTreeSet<_> = read("operations.md")
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter_map(|line| line.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .filter(|name| name.starts_with("facture_") || name.starts_with("process_"))
        .collect();
    // What never happened is not shown.
    let absent = [
        "facture_notice_attempts_total",
        "facture_panics_total",
        "facture_payout_events_total",
    ]
    .map(str::to_owned);
    assert_eq!(&shown | &BTreeSet::from(absent), table);
    let alerts = read("alerts.yml");
    // Another process, with a table of its own.
    let bridge = read("kafka.md");
    let word = |character: char| !character.is_ascii_alphanumeric() && character != '_';
    let mut used = 0;
    for name in alerts
        .split(word)
        .filter(|word| word.starts_with("facture_"))
    {
        let base = ["_bucket", "_count", "_sum"]
            .iter()
            .find_map(|end| name.strip_suffix(end))
            .unwrap_or(name);
        let is_described = match name.starts_with("facture_bridge_") {
            true => bridge.contains(&format!("`{name}")),
            false => table.contains(base),
        };
        assert!(is_described, "{name} in alerts.yml");
        used += 1;
    }
    assert!(used > 5, "{alerts}");
}
