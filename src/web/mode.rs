//! The kind of money that the pages are about.

use facture_sandbox::Sandbox;

/// The kind of money. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Mode {
    /// A node that holds real money.
    Live,
    /// Our own stand-in: every page mentions it, and invoices are paid with a button.
    Sandbox(Sandbox),
}
