//! Pages of a node's invoices, and what is known about them.

use facture_domain::{OpenInvoice, StatusName};

use crate::{feed::position::Position, listed::Listed};

/// Whether a node is the one that was followed before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuity {
    /// It went on from where it was.
    Same,
    /// Nothing that is remembered of it is listed any more.
    Unknown,
    /// It was put back to an older state, such as a backup.
    Restored,
}

/// A page of what changed.
#[derive(Debug)]
pub struct Changes {
    /// The invoices, in the order of their last changes.
    pub listed: Vec<Listed>,
    /// What follows it.
    pub rest: Continuation,
    /// Whether something is missing in it.
    pub gaps: Gaps,
    pub(crate) end: Position,
}

impl Changes {
    /// None after this.
    #[cfg(feature = "lnd")]
    pub(crate) fn none(position: Position) -> Self {
        Self {
            listed: Vec::new(),
            rest: Continuation::End,
            gaps: Gaps::None,
            end: position,
        }
    }
}

/// A page of what was created.
#[derive(Debug)]
pub struct Created {
    /// The invoices, in the order of their creation.
    pub listed: Vec<Listed>,
    /// What follows it.
    pub rest: Continuation,
    pub(crate) end: u64,
}

/// Open invoices, compared with what the node lists.
#[derive(Debug, Default)]
pub struct Compared {
    /// How many of them were compared, from the first one on.
    pub count: usize,
    /// Those of them that the node does not list: each has to be looked up.
    pub missing: Vec<OpenInvoice>,
    /// What the node lists near them, which may be other invoices too.
    pub listed: Vec<Listed>,
}

/// What follows a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Continuation {
    /// There may be more.
    More,
    /// Nothing.
    End,
}

/// Whether a page of changes lists all that it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gaps {
    /// It does, or what is missing was deleted.
    None,
    /// So many changes are missing without a reason: every open invoice has to be looked up.
    Unexplained(u64),
}

/// How many invoices were ever deleted from the node. It can be compared for being the same, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deletions(pub(crate) u64);

/// What a deletion reported by the node means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Deletion {
    /// It was known before.
    Known,
    /// One invoice was deleted, which may be another program's.
    One {
        /// Its label.
        label: String,
        /// Where it stood when it was deleted.
        status: StatusName,
        /// How many there were after it, for [`Feed::acknowledge_deletions`](crate::Feed::acknowledge_deletions).
        deletions: Deletions,
    },
    /// One or several; the node does not tell which.
    Several,
}
