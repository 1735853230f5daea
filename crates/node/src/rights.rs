//! What the node lets us do: which of the calls of a checkout it does not carry out for us.

/// A call of a checkout that the node does not carry out for us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RefusedCall {
    /// What the node calls it, such as `invoice`.
    pub call: &'static str,
    /// What does not work without it.
    pub need: CallNeed,
    /// Why it is not carried out.
    pub reason: RefusalReason,
}

/// What does not work without a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallNeed {
    /// The checkout.
    Essential,
    /// Hold invoices.
    Holds,
    /// Something less: offers, prices in other currencies, speed.
    Optional,
}

/// Why a call is not carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalReason {
    /// Our credential does not allow it.
    Forbidden,
    /// The node does not have it: it is too old or lacks a plugin.
    Unknown,
}
