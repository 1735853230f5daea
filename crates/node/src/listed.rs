//! An invoice as a node lists it.

use facture_domain::{Invoice, Label};

use crate::{cln::listed::Listed as ClnListed, error::NodeError, feed::position::Position};

/// One invoice of the node as it lists it, not yet parsed. It may be another program's.
#[derive(Debug)]
pub struct Listed(pub(crate) ClnListed);

impl Listed {
    /// Its label, which may be another program's.
    pub fn label(&self) -> &str {
        self.0.label()
    }

    /// Its number in the order in which the node created its invoices, from 1.
    pub fn number(&self) -> u64 {
        self.0.created_index()
    }

    /// Where its last change is in the order of changes; `None` while it is as it was created.
    pub fn changed_at(&self) -> Option<Position> {
        self.0.updated_index().map(Position::new)
    }

    /// Parses it, when the label is ours.
    ///
    /// # Errors
    /// [`NodeError`] of the kind [`Malformed`](crate::NodeErrorKind::Malformed) when it is not about this label, or makes
    /// no sense.
    pub fn read(&self, label: &Label) -> Result<Invoice, NodeError> {
        Ok(self.0.read(label)?)
    }
}
