//! The kind of money that the pages are about.

use facture_sandbox::{PayError, SandboxNode};

/// The kind of money. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Mode {
    /// A node that holds real money.
    Live,
    /// Our own stand-in: every page mentions it, and invoices are paid with a button.
    Sandbox(SandboxNode),
}

/// Whether the sandbox's payment is held: of a hold invoice, the shop decides.
pub(crate) fn is_held(error: &PayError) -> bool {
    *error == PayError::Held
}
