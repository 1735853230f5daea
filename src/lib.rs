//! facture: a Lightning checkout for Core Lightning and LND. This page is the map. Which crate may use which is in their
//! `Cargo.toml`, so the compiler checks it; the rules inside this package are checked by `tests/it/architecture.rs`.
//!
//! | Crate | Owns | May use |
//! | --- | --- | --- |
//! | `facture-backup` (`crates/backup`, feature `age` for encryption) | backups in one file, and the way back | domain, store |
//! | `facture-bridge` (`crates/bridge`, feature `kafka`) | commands from Apache Kafka, answers and events to it; a client of the API, without a store or a credential that spends | domain, runtime, sidecar |
//! | `facture-domain` (`crates/domain`) | invoice, label, amount, BOLT 11, status and its legal moves, webhook and token types; no I/O | – |
//! | `facture-runtime` (`crates/runtime`) | metrics, supervised tasks, the clock, HTTP connections, TLS roots, secrets in files | – |
//! | `facture-lnd-rest` (`crates/lnd-rest`) | what every client of LND's REST interface needs: the macaroon as a header, what refusals mean; no calls | – |
//! | `facture-node` (`crates/node`) | [`Node`](facture_node::Node): one enum over the back ends, in the domain's terms; lightningd by its socket or clnrest: connections, deadlines, the RPCs we send (`cln/method.rs`), following it (`cln/feed/`); LND by its REST interface (feature `lnd`), the same in `lnd/` | domain, runtime, lnd-rest |
//! | `facture-nwc` (`crates/nwc`, feature `nwc`) | Nostr Wallet Connect, to receive only: connections, relays, requests, notifications; a client of the API, without a store or a credential that spends | domain, runtime, sidecar |
//! | `facture-store` (`crates/store`) | the database: units of work, mirror of our invoices, event log, cursor, outbox, tokens; who is woken by a commit (`hub.rs`) | domain, runtime |
//! | `facture-payer` (`crates/payer`) | what spends: payouts, one after the other through all its steps; its journal, its limits, its own lists of calls to the node (feature `lnd`) | domain, runtime, lnd-rest, sidecar |
//! | `facture-hold` (`crates/hold-plugin`) | the plugin that holds payments in lightningd, which has no hold invoices; its state machine, its journal, the calls of lightningd that it makes | domain, runtime |
//! | `facture-lab` (`crates/lab`) | real nodes on regtest: bitcoind, lightningd, lnd; a channel between two; `facture lab`'s state, its processes and how they end | – |
//! | `facture-sandbox` (`crates/sandbox`) | stand-ins for lightningd and (feature `lnd`) for LND's REST interface, on real sockets; their faults are a feature | – |
//! | `facture-sidecar` (`crates/sidecar`) | what the processes beside the server have in common: a configuration file of their own, requests to the server's API | runtime |
//! | `facture-test-support` (`crates/test-support`) | pairs of real nodes on regtest and a run's reports, for tests and benchmarks | lab |
//! | `facture` (this package) | the program | all but test-support |
//!
//! | Room | Owns | May use |
//! | --- | --- | --- |
//! | `main` | run modes, exit code | `app`, `backup`, `bridge`, `cli`, `config`, `desk`, `devtools`, `dns_record`, `doctor`, `executable`, `lab`, `nwc`, `pay`, `payer`, `plugin`, `reveal`, `setup`, `stopping`, `telemetry`, `tokens`, `web`, node, sandbox |
//! | `executable` | what the name of the executable makes of it: `facture-hold` is the plugin | facture-hold |
//! | `desk` | `facture user`, and what a start says about the desk | `app`, `cli`, `config`, `web` |
//! | `tokens` | `facture token` | `app`, `cli` |
//! | `stopping` | what a run waits for until it stops: a signal, the end of standard input | – |
//! | [`cli`] | the command line | – |
//! | [`app`] | wiring the parts together, running, stopping, the commands | all below |
//! | [`control`] | the private sockets in the data directory: by one, commands and the plugin ask a running server; by the other, programs of the same owner use the API | `auth`, `sync`, `users`, store |
//! | [`web`] | routes, middleware, pages, JSON, streams, errors as visitors see them | `bookkeeping`, `counter`, `invoices`, `links`, `notices`, `offers`, `payouts`, `paywall`, `pricing`, `reveal`, `users`, `auth`, `webhooks`, `config`, `locale`; the streams also `hub.rs` of the store |
//! | [`plugin`] | facture as a plugin of lightningd: the process that has its socket, the web server's process beside it, the gate between them | `cli`, `config`, `control`, `telemetry`, node for its list of methods |
//! | [`backup`] | `facture backup`, `facture restore`: the commands around the crate that does both | `cli`, facture-backup |
//! | [`payer`] | `facture payer`: the commands around the crate that pays. It can spend, so nothing else uses it | `cli`, `config`, `telemetry`, facture-payer |
//! | `bridge` (feature `kafka`) | `facture bridge`: the command around the crate that connects Kafka | `cli`, `config`, `telemetry`, facture-bridge |
//! | `nwc` (feature `nwc`) | `facture nwc`: the commands around the crate for Nostr Wallet Connect | `cli`, `config`, `telemetry`, facture-nwc |
//! | [`pay`] | `facture pay`: orders a payment from a server, and waits | `cli` |
//! | [`checks`] | what can be checked of an installation, changing nothing | `app`, `config`, `control`, facture-backup, node, store |
//! | [`doctor`] | `facture doctor`: runs the checks and shows what they found | `checks`, `cli`, `config` |
//! | [`setup`] | `facture setup`: asks, tries each answer and writes the configuration | `app`, `checks`, `cli`, `config` |
//! | [`dns_record`] | `facture dns-record`: the record of a name that is paid by an offer (BIP 353), and what DNS has of it | `cli`, `control` |
//! | [`devtools`] | `facture listen`, `facture replay`, `facture trigger`: events for those who write what receives them. Clients of the API | `cli`, `webhooks` for signing and sending, facture-sidecar |
//! | `lab` (feature `lab`) | `facture lab`: its commands, the checkout on Bob, Alice's wallet page. It can spend, so nothing else uses it | `cli`, facture-lab; node for LND's stream |
//! | [`invoices`] | the use cases: create, find, list, renew, cancel, settle | `pricing`, `sync`, node, store |
//! | [`pricing`] | what prices in other currencies are in bitcoin: sources of exchange rates, and what they say together | node |
//! | [`links`] | payment links: making, changing and stopping them, orders by them | `invoices`, `pricing`, store |
//! | [`counter`] | the counter: what its buttons sell, sales to somebody who stands there | `invoices`, `pricing`, store |
//! | [`offers`] | offers, by which a shop is paid again and again: making, finding and disabling them | node, store |
//! | [`payouts`] | the use cases of payouts: order, approve, cancel, what a payer begins and reports. It cannot pay | `invoices`, store; node for errors |
//! | [`paywall`] | the paywall: whether a credential lets somebody in, the invoice with what can be bought with it | `invoices`, store |
//! | [`reveal`] | pay to reveal: items, their sales and what a buyer gets; opening that without the shop | `cli`, `invoices`, store; node for errors |
//! | [`webhooks`] | delivery of events: queues, signing, retry with backoff | store |
//! | [`notices`] | what the shop's people are told, by mail, ntfy or Telegram: rules, queues, sending | `config`, `invoices`, `locale`, `pricing`, `webhooks` for addresses, HTTP and retry, store |
//! | [`sync`] | the follower: the node's updates, into the store, in order, once; the freshness barrier, reconcile; decisions about held payments and their deadlines | node, store |
//! | [`bookkeeping`] | what the merchant's desk keeps and asks about sales: notes, deliveries of one sale | store |
//! | [`users`] | users of the merchant's desk: signing in, sessions, passwords, second factors | store |
//! | [`auth`] | API tokens: issuing, revoking, checking | store |
//! | [`config`] | the keys, their defaults and limits | `locale` |
//! | [`locale`] | the languages: texts (`locales/*.ftl`), amounts and times | – |
//! | [`telemetry`] | the log, panics too | `config` |
//!
//! Nothing points upwards, with two exceptions in one file each: `web/error/from.rs` turns the node's errors into what a
//! visitor is told, and `web/mode.rs` holds the sandbox, whose "Pay" button plays the buyer's wallet. The sandbox does not
//! use the client's types, or one misunderstanding of lightningd would cancel the other.
//!
//! A handler or an extractor names the substates that it needs (axum's `FromRef`). `web/state.rs` knows all of them, and
//! only the routers name it.
//!
//! `web/fast_path/` holds what exists only to make answers faster, behind the names in its `mod.rs`. Switched off
//! (`server.fast_path`), every answer is the same but for date, request id and clock.
//!
//! # What must stay true
//!
//! The node is the source of truth; the store mirrors it and can be rebuilt from it. One process has the store open, which
//! locks its directory (`lock.rs` in the store): commands ask that process. A label of ours is unguessable, is made with our
//! label key (`label_key.rs` in the store), and gives access to the page; any other label is "not found". A connection to the node serves one call at a time and is kept
//! only after its answer was read. Nothing is shown to a buyer that is not stored. The mirror, the event log and the
//! cursor move in one unit of work. A read that starts after the payer's wallet got its preimage shows "paid".
//!
//! # One invoice, from the form to "paid"
//!
//! `docs/architecture.md` walks the same way in eight files.
//!
//! *A merchant posts the form.* `web/mod.rs` has the route; `web/middleware/mod.rs` the span, the time limit and the
//! headers around it. `web/extract/body.rs` takes the fields, `web/buyer/form_input.rs` parses them into a
//! [`NewInvoice`](facture_domain::NewInvoice) or `web/buyer/form.rs` shows the form again.
//! [`Invoicing::create`](invoices::Invoicing::create) chooses the label, asks the node and writes the row with its event, in
//! a task of its own. The answer is a 303 to `/check_invoice/<label>`.
//!
//! *The buyer opens that page.* `web/extract/invoice.rs` checks that the label is one of ours,
//! [`Invoicing::find`](invoices::Invoicing::find) passes the freshness barrier (`sync/barrier.rs`) and reads the row,
//! `web/buyer/checkout.rs` shows the state. Its script opens the event stream (`web/streams/sse.rs`), which leaves the HTTP
//! library's buffers (`web/fast_path/detached_stream.rs`). The same request again gets the same answer from
//! `web/fast_path/replay.rs`, which passes the barrier too.
//!
//! *The buyer pays.* The node tells ([`Watch`](facture_node::Watch)) which invoice was paid, or that something changed,
//! which is then read from its [`Feed`](facture_node::Feed), page by page; what the follower takes in becomes one unit of work
//! ([`Store::apply`](facture_store::Store::apply)), whose commit wakes the stream by the
//! [`EventHub`](facture_store::hub::EventHub), which reads the event log and tells the page. The same unit of work wrote a
//! delivery into the outbox for every endpoint of the event; the store wakes the [`Dispatcher`](webhooks::Dispatcher)
//! (`webhooks/dispatcher.rs`), which sends it.
//!
//! *Something is gone, or does not fit.* The node tells that something was deleted; what can still be paid is looked up
//! (`sync/sweep.rs`). What is missing in a page is asked for again (`cln/feed/` in the node crate), and the last
//! changes are compared with the node's at each start, which detects one that was restored from a backup.
//!
//! *The payment is held.* The node tells that a hold invoice changed ([`News::LookUp`](facture_node::News)), and the follower
//! looks it up (`sync/deadlines.rs`). What the shop decides is written first, then the node is asked
//! (`sync/holds.rs`), and the invoice is what the node says; a decision that was not carried out is tried again. Its preimage
//! follows from the label key (`hold.rs` in the domain). On Core Lightning it is held by our plugin (`facture_hold`, a process of
//! lightningd's), which is asked like lightningd itself (`cln/holds.rs` in the node crate).
//!
//! *Something fails.* It becomes a `Problem` (`web/error/problem.rs`), which is a page or JSON, as the visitor wants it. The
//! cause is in the log, under the request id that the visitor sees.

pub mod app;
pub mod auth;
pub mod backup;
pub mod bookkeeping;
#[cfg(feature = "kafka")]
pub mod bridge;
pub mod checks;
pub mod cli;
pub mod config;
pub mod control;
pub mod counter;
pub mod devtools;
pub mod dns_record;
pub mod doctor;
pub mod invoices;
#[cfg(feature = "lab")]
pub mod lab;
pub mod links;
pub mod locale;
pub mod notices;
#[cfg(feature = "nwc")]
pub mod nwc;
pub mod offers;
pub mod pay;
pub mod payer;
pub mod payouts;
pub mod paywall;
pub mod plugin;
pub mod pricing;
pub mod reveal;
pub mod setup;
pub mod sync;
pub mod telemetry;
pub mod users;
pub mod web;
pub mod webhooks;
