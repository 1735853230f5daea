//! A stand-in for the API on its private socket.

use std::{
    collections::HashMap,
    convert::Infallible,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use axum::{
    Json, Router,
    body::Body,
    extract::{RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use futures_util::stream;
use hyper::server::conn::http1;
use hyper_util::{rt::TokioIo, service::TowerToHyperService};
use nostr::types::Timestamp;
use serde_json::{Value, json};
use tokio::{net::UnixListener, sync::watch, task::JoinSet};
use tokio_util::task::AbortOnDropHandle;

/// The API. Without a task of its own it is away.
pub(crate) struct Shop {
    pub(crate) socket: PathBuf,
    records: Arc<Records>,
    task: Option<AbortOnDropHandle<()>>,
}

struct Records {
    invoices: Mutex<Vec<Value>>,
    keys: Mutex<HashMap<String, usize>>,
    events: watch::Sender<Vec<Value>>,
    /// The node does not answer.
    stale: Mutex<bool>,
}

impl Shop {
    pub(crate) fn open(directory: &Path) -> Self {
        let records = Records {
            invoices: Mutex::default(),
            keys: Mutex::default(),
            events: watch::Sender::default(),
            stale: Mutex::default(),
        };
        let mut shop = Self {
            socket: directory.join("api.sock"),
            records: Arc::new(records),
            task: None,
        };
        shop.reopen();
        shop
    }

    /// From now on it is away.
    pub(crate) fn close(&mut self) {
        self.task = None;
        std::fs::remove_file(&self.socket).unwrap();
    }

    /// It is back.
    pub(crate) fn reopen(&mut self) {
        let listener = UnixListener::bind(&self.socket).unwrap();
        let router = Router::new()
            .route("/api/v1/invoices", get(list).post(create))
            .route("/api/v1/node", get(node))
            .route("/api/v1/events/stream", get(events))
            .with_state(Arc::clone(&self.records));
        // Connections end with it: axum's own server would leave them.
        let serving = async move {
            let mut connections = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let service = TowerToHyperService::new(router.clone());
                let connection =
                    http1::Builder::new().serve_connection(TokioIo::new(stream), service);
                connections.spawn(connection);
            }
        };
        self.task = Some(AbortOnDropHandle::new(tokio::spawn(serving)));
    }

    /// How many invoices were made.
    pub(crate) fn count(&self) -> usize {
        self.records.invoices.lock().unwrap().len()
    }

    /// An invoice that the shop made by itself.
    pub(crate) fn make(&self, description: &str) -> Value {
        let new = json!({ "amount_msat": 7000, "description": description });
        self.records.make(&new)
    }

    /// The node does not answer, or does again.
    pub(crate) fn set_stale(&self, is_stale: bool) {
        *self.records.stale.lock().unwrap() = is_stale;
    }

    /// The buyer pays.
    pub(crate) fn pay(&self, payment_hash: &str) {
        let mut invoices = self.records.invoices.lock().unwrap();
        let mut found = invoices.iter_mut();
        let invoice = found
            .find(|invoice| invoice["payment_hash"] == payment_hash)
            .unwrap();
        invoice["status"] = "paid".into();
        invoice["amount_received_msat"] = invoice["amount_msat"].clone();
        invoice["paid_at"] = Timestamp::now().as_secs().into();
        let whole_second =
            jiff::Timestamp::from_second(jiff::Timestamp::now().as_second()).unwrap();
        let event = json!({ "type": "invoice.paid", "timestamp": whole_second,
            "data": { "invoice": invoice, "payout": null } });
        self.records.events.send_modify(|events| {
            let mut event = event;
            event["sequence"] = (events.len() + 1).into();
            events.push(event);
        });
    }
}

impl Records {
    fn make(&self, new: &Value) -> Value {
        let mut invoices = self.invoices.lock().unwrap();
        let (number, now) = (invoices.len() + 1, Timestamp::now().as_secs());
        let invoice = json!({
            "label": format!("facture_{number:032x}"), "status": "unpaid", "amount_msat": new["amount_msat"],
            "description": new["description"], "bolt11": format!("lnbcrt1{number}"),
            "payment_hash": format!("{number:064x}"), "created_at": now, "expires_at": now + 3600,
            "amount_received_msat": null, "paid_at": null, "payment_proven_at": null,
            "stale_since": null, "metadata": new["metadata"],
        });
        invoices.push(invoice.clone());
        invoice
    }
}

async fn create(
    State(records): State<Arc<Records>>,
    headers: HeaderMap,
    Json(new): Json<Value>,
) -> Response {
    let text = new["description"].as_str().unwrap();
    if text.contains('\n') {
        let error = json!({ "error": { "code": "description_invalid", "message": "The description is wrong.",
            "field": "description" } });
        return (StatusCode::UNPROCESSABLE_ENTITY, Json(error)).into_response();
    }
    let key = headers["idempotency-key"].to_str().unwrap().to_owned();
    let mut keys = records.keys.lock().unwrap();
    let invoice = match keys.get(&key) {
        Some(index) => records.invoices.lock().unwrap()[*index].clone(),
        None => {
            keys.insert(key, records.invoices.lock().unwrap().len());
            records.make(&new)
        }
    };
    (StatusCode::CREATED, Json(invoice)).into_response()
}

async fn list(State(records): State<Arc<Records>>, RawQuery(query): RawQuery) -> Json<Value> {
    let query: HashMap<String, String> = query
        .iter()
        .flat_map(|query| query.split('&'))
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let fits = |invoice: &&Value| {
        query.iter().all(|(name, value)| match name.as_str() {
            "payment_hash" => invoice["payment_hash"] == **value,
            "status" => invoice["status"] == **value,
            "text" => invoice["metadata"].to_string().contains(value),
            "created_after" => invoice["created_at"].as_u64().unwrap() >= value.parse().unwrap(),
            "created_before" => invoice["created_at"].as_u64().unwrap() < value.parse().unwrap(),
            _ => true,
        })
    };
    let invoices = records.invoices.lock().unwrap();
    // Small pages, so that there are several.
    let skip: usize = query
        .get("cursor")
        .map_or(0, |cursor| cursor.parse().unwrap());
    let all: Vec<_> = invoices.iter().rev().filter(fits).collect();
    let page: Vec<_> = all.iter().skip(skip).take(2).collect();
    let next = (skip + page.len() < all.len()).then(|| (skip + page.len()).to_string());
    let stale_since = records.stale.lock().unwrap().then_some(1);
    Json(json!({ "invoices": page, "next_cursor": next, "stale_since": stale_since }))
}

async fn node() -> Json<Value> {
    Json(
        json!({ "reachable": true, "id": "02".repeat(33), "alias": "shop", "network": "bitcoin",
        "version": "26.06", "block_height": 5, "receivable_msat": 1 }),
    )
}

async fn events(State(records): State<Arc<Records>>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap();
    assert!(query.contains("types=invoice.paid"), "{query}");
    let after = query
        .split('&')
        .find_map(|pair| pair.strip_prefix("after="));
    let told: usize = after.unwrap().parse().unwrap();
    let log = records.events.subscribe();
    let events = stream::unfold((log, told), |(mut log, told)| async move {
        let next = log
            .wait_for(|events| events.len() > told)
            .await
            .ok()?
            .get(told)
            .map(|event| format!("id: {}\ndata: {event}\n\n", told + 1))?;
        Some((Ok::<_, Infallible>(next), (log, told + 1)))
    });
    let body = Body::from_stream(events);
    ([("content-type", "text/event-stream")], body).into_response()
}
