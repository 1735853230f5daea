//! What is on disk: a mirror of our invoices, the event log, how far the node's updates are applied, and the webhooks.
//! Each method of [`Store`] is one unit of work or one query. It knows nothing of the node, and no transaction leaves it.
//! The only place that uses `rusqlite`, and in here `sql/` and what is about files.
//!
//! | File | Owns |
//! | --- | --- |
//! | `sql/` | connections, statements, parameters and rows, whichever engine is below |
//! | `store.rs` | [`Store`]: opening and closing it |
//! | `writer.rs` | the thread that writes: the queue and the group commit |
//! | `shared.rs` | what all units of work share |
//! | `unit.rs` | the unit of work: transaction, node check, events, outbox, cache and wake-ups |
//! | `mirror.rs` | what a unit of work does with what the node says |
//! | `readers.rs` | connections that read |
//! | `cache.rs` | invoices in memory |
//! | `ownership.rs` | whether nobody else writes, so that what is in memory is exact |
//! | `columns.rs`, `rows.rs`, `read_rows.rs`, `event_rows.rs`, `hook_rows.rs` | columns, each spelled once, and what they mean |
//! | `sequence.rs`, `receipts.rs` | the numbers of events and of receipts |
//! | `outbox.rs`, `replay.rs` | deliveries of events, when they happen and later |
//! | `queues.rs`, `queue_row.rs` | deliveries that wait: a queue for each receiver, in lanes |
//! | `tombstones.rs` | what was forgotten and must not come back |
//! | `schema.rs`, `applied.rs`, `migrations/` | the tables and older ones |
//! | `before_upgrade.rs` | the copies that are made before older tables are brought up to date |
//! | `snapshot.rs`, `contents.rs`, `backup.rs` | copies of the database, and what is in them |
//! | `holds.rs` | hold invoices: what is held and what was decided |
//! | `payouts.rs`, `payout_rows.rs` | payouts: what was ordered, and what has become of it |
//! | `items.rs`, `item_rows.rs`, `sales.rs` | what is sold by pay to reveal, and its sales |
//! | `payment_links.rs`, `link_sales.rs` | payment links, and what is ordered by them |
//! | `counter_items.rs` | what is sold at the counter |
//! | `stock_counts.rs` | how many pieces of an item or by a link are sold, and how many may still be |
//! | `notice_rules.rs`, `notice_queue.rs` | who of the shop is told what, and notices on their way |
//! | `users.rs`, `sessions.rs`, `devices.rs`, `audit.rs` | the merchant's desk |
//! | `sale_search.rs`, `sale_totals.rs`, `worth.rs`, `notes.rs`, `day_sales.rs`, `paid_sales.rs` | the merchant's desk: sales |
//! | `samples.rs` | sales of a sandbox that never were |
//! | `offers.rs` | offers of ours on the node |
//! | the rest | a topic each: methods of [`Store`] |
//!
//! No two files import each other, not even by way of others: what two of them need is in a third one below both.

mod applied;
mod audit;
mod backlog;
mod backup;
mod before_upgrade;
mod breakdown_json;
mod btcpay_endpoints;
mod cache;
mod charge;
mod charge_file;
mod charge_invoice;
mod checkpoints;
mod columns;
mod connection;
mod contents;
#[cfg(test)]
mod contract;
mod counter_items;
mod cursor;
mod day_sales;
mod deliveries;
mod devices;
mod endpoints;
mod error;
mod event_rows;
mod events;
mod fixed_price;
mod forgetting;
mod history;
mod hold_json;
mod holds;
mod hook_rows;
pub mod hub;
mod inspect;
mod invoices;
mod item_rows;
mod items;
mod key_sweep;
mod keys;
mod known;
mod label_key;
mod like;
mod link_sales;
mod listing;
mod lock;
mod mirror;
mod nodes;
mod notes;
mod notice_queue;
mod notice_rules;
mod offers;
mod open;
mod outbox;
mod outstanding;
mod ownership;
mod paid_sales;
mod payment_links;
mod payout_rows;
mod payouts;
mod paywall;
mod pending;
#[cfg(test)]
mod postgres_fault_tests;
mod private;
mod queue_row;
mod queues;
mod rate_columns;
mod read_rows;
mod readers;
mod receipts;
mod refund_totals;
mod refunds;
mod replay;
mod rows;
mod sale_search;
mod sale_totals;
mod sales;
mod samples;
mod schema;
mod secrets;
mod sending;
mod sequence;
mod sessions;
mod shared;
mod snapshot;
mod sql;
mod stock_counts;
mod store;
#[cfg(test)]
mod tests;
mod tokens;
mod tombstones;
mod unit;
#[cfg(test)]
mod upgrade;
mod users;
mod valuations;
mod voucher_rows;
mod vouchers;
mod worth;
mod writer;

pub use self::{
    applied::Inspected,
    backup::{check_records, copy_records},
    charge_file::read as read_charge_file,
    charge_invoice::{ChargeInvoice, ChargePayment, SkippedItem, SkippedPart},
    contents::RecordsContents,
    counter_items::{CounterItemSaved, MAX_COUNTER_ITEMS},
    devices::{DeviceTry, NewDevice},
    error::Error,
    forgetting::{ForgetPosition, Forgettable, Forgotten},
    holds::Decided,
    items::{MAX_ITEMS, Offered, Withdrawn},
    keys::{RENEWALS, Reserved},
    label_key::LabelKeyFile,
    link_sales::{LinkReserved, NewLinkSale},
    lock::Lock,
    mirror::Merged,
    notice_queue::{NoticeAttempt, NoticeResult},
    notice_rules::{MAX_NOTICE_RULES, NoticeRuleAdded},
    offers::{MAX_OFFERS, OfferAdded},
    payment_links::{LinkAdded, MAX_LINKS},
    payouts::{Moved, Ordered, PayoutPage},
    paywall::PaymentUse,
    queues::{Audience, DueDelivery, Lane, ReceiverHealth},
    refunds::Refunds,
    sales::{NewSale, SaleClaimed, SaleReserved},
    sending::{AttemptRecord, AttemptTarget, Disposition, Outgoing, Replay},
    sessions::SessionRow,
    snapshot::check_room,
    sql::Error as DatabaseError,
    sql::postgres::url::{PostgresUrl, PostgresUrlError},
    store::Store,
    tokens::TokenRow,
    users::UserRow,
    vouchers::{Claimed, Issued, NewVouchers, VoucherCancelled, VoucherPage},
    writer::Coming,
};
