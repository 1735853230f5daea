//! facture: a Lightning checkout for Core Lightning. This page is the map; the rules on it are checked by
//! `tests/it/architecture.rs`.
//!
//! | Module | Owns | May use |
//! | --- | --- | --- |
//! | `main` | run modes, exit code | all below but `invoicing`, `lightning` |
//! | [`cli`] | the command line | – |
//! | [`app`] | putting the parts together, running, stopping | `http`, `invoicing`, `lightning`, `config` |
//! | [`http`] | routes, layers, pages, JSON, errors as visitors see them | `invoicing`, `invoice`, `config` |
//! | [`invoicing`] | the use cases: create, find | `lightning`, `invoice` |
//! | [`lightning`] | lightningd: connections, deadlines, the RPCs we send (`calls.rs`) | `invoice` |
//! | [`sandbox`] | a lightningd stand-in, on a socket like the real one | – |
//! | [`config`] | the keys, their defaults and limits | `invoice` |
//! | [`telemetry`] | the log | `config` |
//! | [`invoice`] | the domain's words: label, amount, description, BOLT 11, status | – |
//!
//! Nothing points upwards, with two exceptions in one file each: `http/error.rs` turns the node's errors into what a
//! visitor is told, and `http/state.rs` holds the sandbox, whose "Pay" button plays the buyer's wallet.
//!
//! One crate, one home: `cln_rpc` in `lightning`, `axum` and `askama` in `http`, `clap` in `cli`, `anyhow` in `main` and
//! `app`. The sandbox does not use the client's types, or one misunderstanding of lightningd would cancel the other.
//!
//! # One request, from start to end
//!
//! *A merchant posts the form.* `http/mod.rs` has the route; `http/layers.rs` the span, the time limit and the headers
//! around it. `http/extract.rs` takes the fields, `http/pages/form.rs` parses them into a
//! [`NewInvoice`](invoice::NewInvoice) or shows the form again. [`Invoicing::create`](invoicing::Invoicing::create)
//! chooses the label and asks the node, in a task of its own. The answer is a 303 to `/check_invoice/<label>`.
//!
//! *The buyer opens that page.* `http/extract.rs` checks that the label is one of ours,
//! [`Invoicing::find`](invoicing::Invoicing::find) asks the node, `http/pages/checkout.rs` shows the state.
//!
//! *Something fails.* It becomes a `Problem` (`http/error.rs`), which is a page or JSON, as the visitor wants it. The
//! cause is in the log, under the number that the visitor sees.

pub mod app;
pub mod cli;
pub mod config;
pub mod http;
pub mod invoice;
pub mod invoicing;
pub mod lightning;
pub mod sandbox;
pub mod telemetry;
