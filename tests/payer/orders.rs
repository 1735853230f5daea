//! A stand-in for the orders' side on a private socket: the routes that a payer calls, with the rules of the states.

use std::{
    collections::{BTreeMap, HashMap},
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    Json, Router,
    extract::{Path as PathOf, RawQuery, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use facture_domain::payout::{PayoutId, PayoutState};
use serde_json::{Value, json};
use tokio::{
    net::UnixListener,
    sync::watch,
    task::JoinHandle,
    time::{Duration, timeout},
};
use tokio_util::sync::CancellationToken;

pub(crate) const TOKEN: &str = "facture_token_test";

/// A running stand-in. Clones are the same.
#[derive(Clone)]
pub(crate) struct Orders {
    shared: Arc<Shared>,
    _serving: Arc<Serving>,
}

struct Serving(JoinHandle<()>);

#[derive(Default)]
struct Shared {
    payouts: Mutex<BTreeMap<String, Row>>,
    troubles: Mutex<HashMap<Step, Vec<Trouble>>>,
    changes: watch::Sender<u64>,
    work_calls: AtomicU64,
}

/// One payout.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) state: PayoutState,
    pub(crate) destination: String,
    pub(crate) kind: &'static str,
    pub(crate) amount_msat: Option<u64>,
    pub(crate) max_fee_msat: Option<u64>,
    pub(crate) asked_by: String,
    pub(crate) payer: Option<String>,
    pub(crate) payment_hash: Option<String>,
    /// What the payer said last.
    pub(crate) outcome: Option<Value>,
    pub(crate) waits_for_approval: bool,
    /// In seconds since 1970; `None`: it is not told.
    pub(crate) updated_at: Option<i64>,
    /// What came with an approval.
    pub(crate) approval_code: Option<String>,
    /// Why the payer did not take it.
    pub(crate) code_refused: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Step {
    Work,
    Begin,
    Outcome,
}

/// What goes wrong with one request.
pub(crate) enum Trouble {
    /// It is carried out, and the answer is an error of the server.
    LoseAnswer,
    /// It hangs until this is cancelled, and is carried out then.
    Hang(CancellationToken),
    /// It is carried out, and the answer hangs until this is cancelled.
    HangAnswer(CancellationToken),
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Orders {
    pub(crate) fn start(socket: &Path) -> Self {
        let shared = Arc::new(Shared::default());
        let router = Router::new()
            .route("/api/v1/payouts", get(list))
            .route("/api/v1/payouts/work", get(work))
            .route("/api/v1/payouts/{id}/begin", post(begin))
            .route("/api/v1/payouts/{id}/outcome", post(outcome))
            .with_state(Arc::clone(&shared));
        let listener = UnixListener::bind(socket).expect("a socket");
        let serving = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("it serves");
        });
        Self {
            shared,
            _serving: Arc::new(Serving(serving)),
        }
    }

    /// Orders the payment of an invoice.
    pub(crate) fn order(&self, bolt11: &str) -> String {
        self.order_as("shop", bolt11, None)
    }

    pub(crate) fn order_as(
        &self,
        asked_by: &str,
        bolt11: &str,
        amount_msat: Option<u64>,
    ) -> String {
        self.add(Row {
            asked_by: asked_by.to_owned(),
            ..Row::new("bolt11", bolt11, amount_msat)
        })
    }

    /// Orders the payment of another kind of destination.
    pub(crate) fn order_kind(
        &self,
        kind: &'static str,
        destination: &str,
        amount_msat: Option<u64>,
    ) -> String {
        self.add(Row::new(kind, destination, amount_msat))
    }

    /// Somebody approves it with a code.
    pub(crate) fn approve(&self, id: &str, code: &str) {
        let mut payouts = self.shared.payouts();
        let row = payouts.get_mut(id).expect("a payout");
        row.approval_code = Some(code.to_owned());
        row.code_refused = None;
        drop(payouts);
        self.shared.changed();
    }

    pub(crate) fn add(&self, row: Row) -> String {
        let id = PayoutId::random().to_string();
        self.shared.payouts().insert(id.clone(), row);
        self.shared.changed();
        id
    }

    /// From now on it is told that a payout last changed long ago.
    pub(crate) fn grow_old(&self, id: &str) {
        let mut payouts = self.shared.payouts();
        payouts.get_mut(id).expect("a payout").updated_at = Some(1_700_000_000);
        drop(payouts);
        self.shared.changed();
    }

    pub(crate) fn cancel(&self, id: &str) {
        let mut payouts = self.shared.payouts();
        payouts
            .get_mut(id)
            .expect("a payout")
            .become_now(PayoutState::Cancelled);
        drop(payouts);
        self.shared.changed();
    }

    pub(crate) fn row(&self, id: &str) -> Row {
        self.shared.payouts()[id].clone()
    }

    /// Has the payer look at all orders again, so many times.
    pub(crate) async fn have_looked_at(&self, times: u64) {
        let calls = || self.shared.work_calls.load(Ordering::SeqCst);
        let enough = calls() + times;
        let looked = async {
            while calls() < enough {
                self.shared.changed();
                tokio::task::yield_now().await;
            }
        };
        let looked = timeout(crate::harness::TIMEOUT, looked).await;
        looked.expect("it asks for work");
    }

    /// Waits until a payout is as it should be.
    pub(crate) async fn until(&self, id: &str, is: impl Fn(&Row) -> bool) -> Row {
        self.until_within(crate::harness::TIMEOUT, id, is).await
    }

    /// The same, for so long.
    pub(crate) async fn until_within(
        &self,
        time: Duration,
        id: &str,
        is: impl Fn(&Row) -> bool,
    ) -> Row {
        let mut changes = self.shared.changes.subscribe();
        let waiting = async {
            loop {
                changes.borrow_and_update();
                let row = self.row(id);
                if is(&row) {
                    return row;
                }
                changes.changed().await.expect("the sender is here");
            }
        };
        match timeout(time, waiting).await {
            Ok(row) => row,
            Err(_) => panic!("it stays {:?}", self.row(id)),
        }
    }

    pub(crate) async fn state(&self, id: &str, state: PayoutState) -> Row {
        self.until(id, |row| row.state == state).await
    }

    /// Something goes wrong with the next request of this kind.
    pub(crate) fn trouble(&self, step: Step, trouble: Trouble) {
        let mut troubles = self.shared.troubles.lock().expect("no panic");
        troubles.entry(step).or_default().push(trouble);
    }

    /// The next request of this kind hangs, before or after it was carried out.
    pub(crate) fn hang(&self, step: Step) -> CancellationToken {
        let token = CancellationToken::new();
        self.trouble(step, Trouble::Hang(token.clone()));
        token
    }

    pub(crate) fn hang_answer(&self, step: Step) -> CancellationToken {
        let token = CancellationToken::new();
        self.trouble(step, Trouble::HangAnswer(token.clone()));
        token
    }
}

impl Row {
    fn new(kind: &'static str, destination: &str, amount_msat: Option<u64>) -> Self {
        Self {
            state: PayoutState::Ordered,
            destination: destination.to_owned(),
            kind,
            amount_msat,
            max_fee_msat: None,
            asked_by: "shop".to_owned(),
            payer: None,
            payment_hash: None,
            outcome: None,
            waits_for_approval: false,
            updated_at: None,
            approval_code: None,
            code_refused: None,
        }
    }

    fn shown(&self, id: &str) -> Value {
        json!({
            "id": id, "state": self.state.as_str(), "destination": self.destination,
            "kind": self.kind, "amount_msat": self.amount_msat,
            "max_fee_msat": self.max_fee_msat, "asked_by": self.asked_by,
            "payment_hash": self.payment_hash, "reason": null, "preimage": null,
            "approval_code": self.approval_code, "payer": self.payer,
            "updated_at": self.updated_at,
            "waiting_for": self.waits_for_approval.then_some("approval"),
        })
    }

    fn become_now(&mut self, next: PayoutState) {
        assert!(self.state.may_become(next), "{self:?} became {next:?}");
        self.state = next;
    }

    pub(crate) fn code(&self) -> &str {
        let code = self
            .outcome
            .as_ref()
            .and_then(|outcome| outcome["code"].as_str());
        code.unwrap_or_default()
    }
}

impl Shared {
    fn payouts(&self) -> MutexGuard<'_, BTreeMap<String, Row>> {
        self.payouts.lock().expect("no panic")
    }

    fn changed(&self) {
        self.changes.send_modify(|changes| *changes += 1);
    }

    async fn troubled(&self, step: Step, carry_out: impl FnOnce() -> Response) -> Response {
        let trouble = {
            let mut troubles = self.troubles.lock().expect("no panic");
            let queue = troubles.entry(step).or_default();
            (!queue.is_empty()).then(|| queue.remove(0))
        };
        match trouble {
            None => carry_out(),
            Some(Trouble::LoseAnswer) => {
                drop(carry_out());
                StatusCode::BAD_GATEWAY.into_response()
            }
            Some(Trouble::Hang(token)) => {
                token.cancelled().await;
                carry_out()
            }
            Some(Trouble::HangAnswer(token)) => {
                let answer = carry_out();
                token.cancelled().await;
                answer
            }
        }
    }
}

fn allowed(headers: &HeaderMap) -> bool {
    headers
        .get("authorization")
        .is_some_and(|shown| shown == &format!("Bearer {TOKEN}"))
}

fn problem(status: StatusCode, code: &str) -> Response {
    let body = json!({ "error": { "code": code, "message": code } });
    (status, Json(body)).into_response()
}

async fn work(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    if !allowed(&headers) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorized");
    }
    shared.work_calls.fetch_add(1, Ordering::SeqCst);
    let query = query.unwrap_or_default();
    let query: HashMap<String, String> = url::form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect();
    let number = |key: &str| query.get(key).and_then(|text| text.parse::<u64>().ok());
    if let Some(after) = number("after") {
        let wait = Duration::from_secs(number("wait").unwrap_or_default());
        let mut changes = shared.changes.subscribe();
        let _ = timeout(wait, changes.wait_for(|changes| *changes > after)).await;
    }
    let carry_out = || {
        let sequence = *shared.changes.borrow();
        let payouts: Vec<_> = shared
            .payouts()
            .iter()
            .filter(|(_, row)| {
                let own = row.payer.as_ref() == query.get("payer");
                row.state.is_waiting() || (row.state.is_under_way() && own)
            })
            .map(|(id, row)| row.shown(id))
            .collect();
        Json(json!({ "payouts": payouts, "sequence": sequence })).into_response()
    };
    shared.troubled(Step::Work, carry_out).await
}

async fn list(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    if !allowed(&headers) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorized");
    }
    let query = query.unwrap_or_default();
    let payouts = shared.payouts();
    let listed = payouts
        .iter()
        .filter(|(_, row)| query.contains(&format!("state={}&", row.state.as_str())))
        .map(|(id, row)| row.shown(id));
    let listed: Vec<_> = listed.collect();
    Json(json!({ "payouts": listed, "next_cursor": null })).into_response()
}

async fn begin(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    PathOf(id): PathOf<String>,
    Json(body): Json<Value>,
) -> Response {
    if !allowed(&headers) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorized");
    }
    let text = |key: &str| body[key].as_str().map(str::to_owned);
    let carry_out = || {
        let mut payouts = shared.payouts();
        let Some(row) = payouts.get_mut(&id) else {
            return problem(StatusCode::NOT_FOUND, "not_found");
        };
        let (payer, hash) = (text("payer"), text("payment_hash"));
        assert!(payer.is_some() && hash.is_some(), "{body}");
        if row.state.is_waiting() {
            row.become_now(PayoutState::Paying);
            (row.payer, row.payment_hash) = (payer, hash);
        } else if row.payer != payer || row.payment_hash != hash || row.state.is_final() {
            return problem(StatusCode::CONFLICT, "begun_by_another");
        }
        drop(payouts);
        shared.changed();
        Json(json!({})).into_response()
    };
    shared.troubled(Step::Begin, carry_out).await
}

async fn outcome(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    PathOf(id): PathOf<String>,
    Json(body): Json<Value>,
) -> Response {
    if !allowed(&headers) {
        return problem(StatusCode::UNAUTHORIZED, "unauthorized");
    }
    let text = |key: &str| body[key].as_str().map(str::to_owned);
    let carry_out = || {
        let mut payouts = shared.payouts();
        let row = payouts.get_mut(&id).expect("a payout");
        if row.payer.is_some() && row.payer != text("payer") {
            return problem(StatusCode::CONFLICT, "begun_by_another");
        }
        let repeated = row.outcome.as_ref() == Some(&body);
        match body["state"].as_str() {
            Some("approval_required") => row.waits_for_approval = true,
            Some("approval_refused") => {
                row.approval_code = None;
                row.code_refused = text("message");
            }
            Some(state) => {
                let state = PayoutState::parse(state).expect("a state");
                if row.state != state {
                    if row.state.is_final() {
                        return problem(StatusCode::CONFLICT, "already_ended");
                    }
                    row.become_now(state);
                } else if row.state.is_final() {
                    assert!(repeated, "{:?} then {body}", row.outcome);
                }
                row.outcome = Some(body.clone());
            }
            None => return problem(StatusCode::BAD_REQUEST, "invalid"),
        }
        drop(payouts);
        shared.changed();
        Json(json!({})).into_response()
    };
    shared.troubled(Step::Outcome, carry_out).await
}
