//! facture: a Lightning checkout for Core Lightning. This page is the map; the rules on it are checked by
//! `tests/it/architecture.rs`.
//!
//! | Module | Owns | May use |
//! | --- | --- | --- |
//! | `main` | run modes, exit code | `app`, `cli`, `clock`, `config`, `http`, `lightning`, `sandbox`, `telemetry`, `token` |
//! | [`cli`] | the command line | `token` |
//! | [`app`] | putting the parts together, running, stopping | all below |
//! | [`control`] | the private socket by which commands ask a running server | `access`, `follower`, `store`, `token` |
//! | [`http`] | routes, layers, pages, JSON, streams, errors as visitors see them | `invoicing`, `access`, `clock`, `webhook`, `events`, `invoice`, `token`, `config`, `locale`, `metrics`, `tasks` |
//! | [`invoicing`] | the use cases: create, find, follow, renew | `follower`, `lightning`, `store`, `events`, `invoice` |
//! | [`webhook`] | endpoints that are told what happens: sending, signing, trying again | `store`, `invoice`, `clock`, `tls`, `metrics`, `tasks` |
//! | [`follower`] | the node's updates, into the store, in order, once; the freshness barrier | `lightning`, `store`, `invoice`, `metrics`, `tasks` |
//! | [`lightning`] | lightningd, by its socket or clnrest: connections, deadlines, the RPCs we send (listed in `method.rs`) | `invoice`, `tls`, `metrics` |
//! | [`store`] | the database: mirror of our invoices, event log, cursor, tokens, endpoints and deliveries; who is woken by a commit | `events`, `invoice`, `token`, `metrics` |
//! | [`events`] | waking whoever follows an invoice, or all | `invoice` |
//! | [`sandbox`] | a lightningd stand-in, on a socket like the real one and behind clnrest's HTTP | – |
//! | [`access`] | API tokens: making, revoking, checking | `store`, `token` |
//! | [`config`] | the keys, their defaults and limits | `invoice`, `locale`, `token` |
//! | [`locale`] | the languages: texts (`locales/*.ftl`), amounts and times | `invoice` |
//! | [`clock`] | what time it is | – |
//! | [`telemetry`] | the log, panics too | `config` |
//! | [`tasks`] | tasks that outlive a panic | `metrics` |
//! | [`metrics`] | what is counted and measured; whoever it happens to counts it | – |
//! | [`tls`] | whom an outgoing connection trusts | – |
//! | [`token`] | an API token and its scopes | – |
//! | [`invoice`] | the domain's words: label, amount, BOLT 11, status and its legal moves | – |
//!
//! Nothing points upwards, with two exceptions in one file each: `http/error.rs` turns the node's errors into what a
//! visitor is told, and `http/state.rs` holds the sandbox, whose "Pay" button plays the buyer's wallet.
//!
//! One crate, one home: `cln_rpc` in `lightning`, `rusqlite` in `store`, `prometheus_client` in `metrics`, `axum`
//! in `http` and `control` (`app` holds the router), `askama` in `http`, `hyper` in `http`, `control`, `webhook`, `lightning` and `sandbox` (and its `Uri` in `config`),
//! `rustls` in `tls`, `hmac` in `webhook` and `invoice`,
//! `fluent_bundle` and the `icu` crates in `locale`, `clap` in `cli` (and its call in `main`), `anyhow` in `main` and `app`. The sandbox does not use
//! the client's types, or one misunderstanding of lightningd would cancel the other.
//!
//! # What must stay true
//!
//! lightningd is the source of truth; the store mirrors it and can be rebuilt from it. One process has the store open: commands
//! ask it. A label of ours is unguessable, is made with our label key (`store/label_key.rs`), and
//! is the key to the page; any other label is "not found". A connection to the node serves one call at a time and is kept
//! only after its answer was read. Nothing is shown to a buyer that is not stored. The mirror, the event log and the
//! cursor move in one unit of work. A read that starts after the payer's wallet got its preimage shows "paid".
//!
//! # One invoice, from the form to "paid"
//!
//! *A merchant posts the form.* `http/mod.rs` has the route; `http/layers.rs` the span, the time limit and the headers
//! around it. `http/extract.rs` takes the fields, `http/pages/form.rs` parses them into a
//! [`NewInvoice`](invoice::NewInvoice) or shows the form again. [`Invoicing::create`](invoicing::Invoicing::create)
//! chooses the label, asks the node and writes the row with its event, in a task of its own. The answer is a 303 to
//! `/check_invoice/<label>`.
//!
//! *The buyer opens that page.* `http/extract.rs` checks that the label is one of ours,
//! [`Invoicing::find`](invoicing::Invoicing::find) passes the freshness barrier (`follower/barrier.rs`) and reads the row,
//! `http/pages/checkout.rs` shows the state. Its script opens the event stream (`http/streams/sse.rs`), which goes on without
//! hyper (`http/handover.rs`). Who asks in the very same words again gets the same answer from `http/again.rs`, which passes
//! the barrier too.
//!
//! *The buyer pays.* The node tells (`follower/news.rs`) which invoice was paid, or that something changed, which is then
//! asked for, page by page; what the follower takes in becomes one unit of work
//! ([`Store::apply`](store::Store::apply)), whose commit wakes the stream by the [`EventHub`](events::EventHub), which reads the event
//! log and tells the page. The same unit of work wrote a delivery for every endpoint that is to be told; the store wakes the
//! [`Dispatcher`](webhook::Dispatcher) (`webhook/dispatcher.rs`), which sends it.
//!
//! *Something is gone, or does not fit.* The node tells that something was deleted; what can still be paid is looked up
//! (`follower/sweep.rs`). What is missing in an answer is asked for again (`follower/apply.rs`), and the last updates are
//! compared with the node's at each start, which tells one that was put back (`follower/history.rs`).
//!
//! *Something fails.* It becomes a `Problem` (`http/error.rs`), which is a page or JSON, as the visitor wants it. The
//! cause is in the log, under the number that the visitor sees.

pub mod access;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod control;
pub mod events;
pub mod follower;
pub mod http;
pub mod invoice;
pub mod invoicing;
pub mod lightning;
pub mod locale;
pub mod metrics;
pub mod sandbox;
pub mod store;
pub mod tasks;
pub mod telemetry;
pub mod tls;
pub mod token;
pub mod webhook;
