//! Bad input, made up: what no test thought of. Each target goes on for `FACTURE_FUZZ_SECONDS` (default: one second), with
//! new input every time. What it finds, proptest makes smaller and prints; it then belongs into a test of its own.
//!
//! This is proptest on stable Rust, through the real router, client and sandbox: cargo-fuzz needs a nightly compiler, and
//! a rebuild of everything with its own instrumentation.

#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    reason = "a test's helper fails by panicking, as the test does"
)]

#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../harness/mod.rs"]
mod harness;
mod node;
#[allow(dead_code, reason = "other tests use the rest")]
#[path = "../it/rest/tls.rs"]
mod tls;

use std::{
    collections::HashMap,
    env,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use facture::{config::Config, web::Mode};
use facture_domain::{
    Bolt11, Description, HookUrl, LabelKey, LabelPrefix, LabelScheme, Msat, OurLabels,
};
use facture_sandbox::SandboxNode;
use proptest::{
    collection::vec,
    prelude::*,
    string::string_regex,
    test_runner::{Config as Rules, FileFailurePersistence, TestCaseError, TestRunner},
};
use reqwest::Method;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    runtime::Runtime,
    time::timeout,
};

use harness::{Server, TIMEOUT, config_on};

/// Goes on with new input until the time is up.
fn fuzz<S: Strategy>(input: S, test: impl Fn(S::Value) -> Result<(), TestCaseError>) {
    let seconds = env::var("FACTURE_FUZZ_SECONDS").map_or(Ok(1), |seconds| seconds.parse());
    let until = Instant::now() + Duration::from_secs(seconds.expect("a number"));
    let rules = Rules {
        cases: 16,
        max_shrink_iters: 500,
        max_shrink_time: 60_000,
        failure_persistence: Some(Box::new(FileFailurePersistence::Off)),
        ..Rules::default()
    };
    while Instant::now() < until {
        let mut runner = TestRunner::new(rules.clone());
        if let Err(found) = runner.run(&input, &test) {
            panic!("{found}");
        }
    }
}

/// Words that mean something here, and pieces that break words.
fn text() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "amount",
        "description",
        "msatoshi",
        "currency",
        "any",
        "metadata",
        "1",
        "0",
        "-1",
        "1e9",
        "NaN",
        "21000000",
        "9223372036854775808",
        "0.0000001",
        "EUR",
        "true",
        "null",
        "%",
        "%00",
        "%ff",
        "&",
        "=",
        "[",
        "]",
        "[]",
        "[a]",
        "{",
        "}",
        "\"",
        "\\",
        "\u{0}",
        "\u{202e}",
        "\r\n",
        "é",
        "🧾",
        "facture_",
        "<script>",
        "'",
        ";",
        ",",
        ":",
        "/",
        "../",
        "http://",
        "@",
        "#",
        "?",
        " ",
        "+",
        "webhook",
        "expiry",
        "label",
        "redirect_url",
        "lnbc1",
    ]);
    let piece = prop_oneof![
        4 => known.prop_map(str::to_owned),
        1 => string_regex(".{0,12}").expect("a pattern"),
        1 => (1usize..2000).prop_map(|length| "9".repeat(length)),
        1 => (1usize..300).prop_map(|depth| "[".repeat(depth)),
        1 => (1usize..300).prop_map(|depth| "a[".repeat(depth)),
        1 => (1usize..200).prop_map(|times| "a[]=1&".repeat(times)),
    ];
    vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

fn bytes() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        3 => text().prop_map(String::into_bytes),
        1 => vec(any::<u8>(), 0..300),
    ]
}

/// A field's value in JSON, of any kind.
fn value() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_map(Into::into),
        text().prop_map(Into::into),
    ];
    leaf.prop_recursive(6, 40, 6, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..6).prop_map(Into::into),
            vec((text(), inner), 0..6)
                .prop_map(|fields| serde_json::Value::Object(fields.into_iter().collect())),
        ]
    })
}

/// A body as a program may send it: the known fields with unknown values, or anything.
fn json_body() -> impl Strategy<Value = Vec<u8>> {
    let name = prop::sample::select(vec![
        "amount_msat",
        "amount",
        "currency",
        "description",
        "expires_in",
        "metadata",
        "order_id",
        "redirect_url",
        "webhook",
        "webhooks",
        "url",
        "kinds",
        "msatoshi",
        "props",
        "price",
        "expiry",
    ]);
    prop_oneof![
        4 => vec((name, value()), 0..6).prop_map(|fields| {
            let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            serde_json::Value::Object(fields).to_string().into_bytes()
        }),
        1 => value().prop_map(|value| value.to_string().into_bytes()),
        1 => bytes(),
    ]
}

const TOKEN: &str = "a-token-for-the-tests-of-facture";

/// A server on a sandbox's node.
struct Shop {
    runtime: Runtime,
    server: Server,
    address: String,
    _node: SandboxNode,
    _directory: TempDir,
}

impl Shop {
    fn open() -> Self {
        let runtime = Runtime::new().expect("a runtime");
        let directory = tempfile::Builder::new().prefix("facture-").tempdir();
        let directory = directory.expect("a directory");
        let rpc_file = directory.path().join("lightning-rpc");
        let (server, node) = runtime.block_on(async {
            let node = SandboxNode::start(&rpc_file).await.expect("a node");
            let settings = [
                ("API_TOKEN", TOKEN),
                ("SERVER__TRUSTED_PROXIES", "127.0.0.1"),
                ("API__REQUESTS_PER_MINUTE", "1000000"),
                ("WEBHOOKS__ALLOW_PRIVATE", "true"),
            ];
            let server = Server::start(config_on(rpc_file.clone(), &settings), Mode::Live).await;
            server
                .json_until("/readyz", |answer| answer["status"] == "ready")
                .await;
            (server, node)
        });
        let address = server.origin.trim_start_matches("http://").to_owned();
        Self {
            runtime,
            server,
            address,
            _node: node,
            _directory: directory,
        }
    }

    /// Sends a request as it is; there must be an answer, and not that something is wrong with us.
    fn ask(&self, head: &str, body: &[u8]) -> Result<(), TestCaseError> {
        let answer = self.runtime.block_on(async {
            let mut stream = TcpStream::connect(&self.address)
                .await
                .expect("a connection");
            let head = format!(
                "{head}Connection: close\r\nContent-Length: {}\r\n\r\n",
                body.len()
            );
            // It may be refused before it is read to its end.
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(body).await;
            let mut answer = Vec::new();
            let mut start = [0; 4096];
            let read = async {
                // A stream of events has no end.
                while let Ok(count @ 1..) = stream.read(&mut start).await {
                    answer.extend_from_slice(&start[..count]);
                    if answer.len() > 16 {
                        break;
                    }
                }
            };
            timeout(TIMEOUT, read).await.expect("an answer in time");
            String::from_utf8_lossy(&answer).into_owned()
        });
        prop_assert!(answer.starts_with("HTTP/1.1 "), "{head:?}: {answer:?}");
        let status = &answer[9..12];
        // 503 is the node's or the limits' to cause.
        prop_assert!(
            !status.starts_with('5'),
            "{head:?} {:?}: {answer}",
            String::from_utf8_lossy(body)
        );
        Ok(())
    }

    fn is_well(&self) {
        let (status, _) = self.runtime.block_on(self.server.json("/readyz"));
        assert_eq!(status, 200);
    }
}

fn post(path: &str, kind: &str) -> String {
    format!(
        "POST {path} HTTP/1.1\r\nHost: pay.example\r\nAuthorization: Bearer {TOKEN}\r\nContent-Type: {kind}\r\n"
    )
}

#[test]
fn forms() {
    let shop = Shop::open();
    let path = prop::sample::select(vec!["/create_invoice", "/invoice"]);
    let fields = vec((text(), text()), 0..6).prop_map(|fields| {
        serde_urlencoded::to_string(fields)
            .expect("a form")
            .into_bytes()
    });
    let body = prop_oneof![fields, bytes()];
    fuzz((path, body), |(path, body)| {
        let mut head = post(path, "application/x-www-form-urlencoded");
        if path == "/invoice" {
            head = head.replace("Bearer", "Basic");
            // "api-token:" and the token.
            let basic = "YXBpLXRva2VuOmEtdG9rZW4tZm9yLXRoZS10ZXN0cy1vZi1mYWN0dXJl";
            head = head.replace(TOKEN, basic);
        }
        shop.ask(&head, &body)
    });
    shop.is_well();
}

#[test]
fn json_bodies() {
    let shop = Shop::open();
    let path = prop::sample::select(vec!["/api/v1/invoices", "/api/v1/webhooks"]);
    fuzz((path, json_body()), |(path, body)| {
        shop.ask(&post(path, "application/json"), &body)
    });
    shop.is_well();
}

#[test]
fn paths_and_headers() {
    let shop = Shop::open();
    let path = prop_oneof![
        string_regex("/(check_invoice|api/v1|static|checkout|invoice)/[!-~]{0,80}")
            .expect("a pattern"),
        string_regex(
            "/check_invoice/facture_[0-9a-f]{32}(/(events|wait|qr.svg))?(\\?[!-~]{0,40})?"
        )
        .expect("a pattern"),
        string_regex("/api/v1/(invoices|events)\\?[!-~]{0,60}").expect("a pattern"),
        string_regex("/[!-~]{0,40}").expect("a pattern"),
    ];
    let name = prop::sample::select(vec![
        "Last-Event-ID",
        "Forwarded",
        "X-Forwarded-For",
        "X-Forwarded-Host",
        "X-Forwarded-Proto",
        "Accept",
        "Accept-Language",
        "Accept-Encoding",
        "Authorization",
        "Cookie",
        "Idempotency-Key",
        "If-None-Match",
        "Origin",
        "Range",
        "Sec-Fetch-Site",
        "X-Request-Id",
        "Host",
    ]);
    let value = prop_oneof![
        string_regex("[ -~]{0,60}").expect("a pattern"),
        string_regex("[0-9]{0,30}").expect("a pattern"),
        string_regex("(for=|by=|host=|[\"\\[\\];,:.0-9a-f]){0,20}").expect("a pattern"),
        string_regex("[\u{80}-\u{ff}]{0,20}").expect("a pattern"),
    ];
    fuzz((path, vec((name, value), 0..5)), |(path, headers)| {
        let mut head = format!("GET {path} HTTP/1.1\r\nHost: pay.example\r\n");
        for (name, value) in headers {
            if name == "Host" {
                head = head.replacen("pay.example", &value, 1);
            } else {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
        }
        shop.ask(&head, b"")
    });
    shop.is_well();
}

#[test]
fn configuration() {
    let section = prop::sample::select(vec![
        "server", "node", "store", "invoice", "form", "limits", "webhooks", "site", "embed", "api",
        "charge", "metrics", "log",
    ]);
    let default: toml::Table = toml::from_str(&Config::default().to_toml().unwrap()).unwrap();
    let keys: Vec<String> = default
        .values()
        .flat_map(|section| section.as_table().unwrap().keys().cloned())
        .collect();
    let variables = vec((section, prop::sample::select(keys), text()), 0..4);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("facture.toml");
    fuzz((variables, bytes()), |(variables, written)| {
        let environment = variables.into_iter().map(|(section, key, value)| {
            (format!("FACTURE_{section}__{key}").to_uppercase(), value)
        });
        // Whether it is taken does not matter: what is, can be written and read again.
        if let Ok(config) = Config::load(None, environment.collect::<HashMap<_, _>>()) {
            std::fs::write(&file, config.to_toml().unwrap()).unwrap();
            use std::os::unix::fs::PermissionsExt;
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o600)).unwrap();
            let again = Config::load(Some(&file), HashMap::new());
            prop_assert!(again.is_ok_and(|again| again == config));
        }
        std::fs::write(&file, written).unwrap();
        let _ = Config::load(Some(&file), HashMap::new());
        Ok(())
    });
}

#[test]
fn words_of_the_domain() {
    let labels = OurLabels::new(
        LabelPrefix::default(),
        LabelKey::random(),
        LabelScheme::Chosen,
        [],
    );
    fuzz(text(), |text| {
        if let Some(label) = labels.parse_label(&text) {
            prop_assert_eq!(label.as_str(), text.as_str());
        }
        let _ = Description::parse(&text);
        let _ = Bolt11::decode(&text);
        let _ = HookUrl::parse(&text);
        let _ = Msat::parse_sat(&text);
        Ok(())
    });
}

/// A shop's receiver answers a webhook with this. Whatever it is, it is an attempt that is over.
#[test]
fn answers_of_webhook_receivers() {
    let shop = Shop::open();
    let answer: Arc<Mutex<Vec<u8>>> = Arc::default();
    let url = shop.runtime.block_on(receiver(Arc::clone(&answer)));
    let head = (
        prop::sample::select(vec![
            "100", "200", "204", "301", "401", "429", "500", "999", "x",
        ]),
        prop::sample::select(vec![
            "Content-Length",
            "Transfer-Encoding",
            "Content-Encoding",
            "Retry-After",
            "Location",
            "Connection",
        ]),
        prop_oneof![text(), Just("chunked".to_owned()), Just("gzip".to_owned())],
        bytes(),
    );
    let answers = prop_oneof![
        3 => head.prop_map(|(status, name, value, body)| {
            let head = format!("HTTP/1.1 {status} x\r\n{name}: {value}\r\n\r\n");
            [head.into_bytes(), body].concat()
        }),
        1 => bytes(),
    ];
    let hooks = "/api/v1/webhooks".to_owned();
    let call = async |method: Method, path: &str| {
        let request = shop.server.request(method, path).bearer_auth(TOKEN);
        let request = request.json(&json!({ "url": url }));
        request.send().await.expect("an answer")
    };
    fuzz(answers, |bytes| {
        *answer.lock().unwrap() = bytes;
        shop.runtime.block_on(async {
            let made: Value = call(Method::POST, &hooks).await.json().await.unwrap();
            let hook = format!("{hooks}/{}", made["id"].as_str().expect("an id"));
            call(Method::POST, &format!("{hook}/test")).await;
            let over = async {
                loop {
                    let list = call(Method::GET, &format!("{hook}/deliveries")).await;
                    let list: Value = list.json().await.unwrap();
                    if list["deliveries"][0]["attempts"] == 1 {
                        return;
                    }
                    tokio::task::yield_now().await;
                }
            };
            timeout(TIMEOUT, over).await.expect("the attempt is over");
            call(Method::DELETE, &hook).await;
        });
        Ok(())
    });
    shop.is_well();
}

/// Reads what comes and answers what is there then; its address.
async fn receiver(answer: Arc<Mutex<Vec<u8>>>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut start = [0; 4096];
            // The whole request is short.
            let _ = stream.read(&mut start).await;
            let bytes = answer.lock().unwrap().clone();
            let _ = stream.write_all(&bytes).await;
        }
    });
    format!("http://{address}/")
}
