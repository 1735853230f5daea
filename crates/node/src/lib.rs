//! The Lightning node. [`Node`] is what the program sees of it, in the words of the domain; each back end is a module with
//! its own client, its own list of calls that may be sent, and its own errors.
//!
//! A node is followed by its [`Feed`]: pages of what changed and of what was created, and the [`Watch`] that tells when
//! there is something to read. What a back end counts by, and what it remembers of a node's past, is inside the feed.

pub mod cln;
mod error;
mod error_kind;
mod feed;
mod hold;
mod hold_info;
mod info;
mod listed;
#[cfg(feature = "lnd")]
pub mod lnd;
mod node;
mod offers;
mod rights;
mod time;

pub use self::{
    error::NodeError,
    error_kind::NodeErrorKind,
    feed::{
        Changes, Compared, Continuation, Continuity, Created, Deletion, DeletionNews, Deletions,
        Feed, Gaps, News, Position, Watch,
    },
    hold::ListedHold,
    hold_info::{HoldHashes, HoldKey, HoldOutcome},
    info::{
        Confirmation, CreatedInvoice, CurrencyError, DeleteOutcome, NodeInfo, Retention, SourceRate,
    },
    listed::Listed,
    node::Node,
    offers::{Disabled, ListedOffer, MadeOffer, Offering},
    rights::{CallNeed, RefusalReason, RefusedCall},
    time::NodeTime,
};
