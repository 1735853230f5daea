//! Which kind of money the pages are about.

use facture_sandbox::SandboxNode;

/// Which kind of money this is about. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Mode {
    /// A node that holds real money.
    Live,
    /// Our own stand-in: every page says so, and invoices are paid by a button.
    Sandbox(SandboxNode),
}
