//! The kinds of failure of a call to a node.

/// What kind of failure it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NodeErrorKind {
    /// There is no connection: the call was not sent.
    Unreachable,
    /// Another node answers than the one our invoices are on: the call was not sent.
    OtherNode,
    /// Our credential does not allow the call: it was not carried out.
    Forbidden,
    /// Too many calls wait already: the call was not sent.
    Busy,
    /// No answer within the deadline: the call may have been carried out.
    TimedOut,
    /// The answer was lost or cut off: the call may have been carried out.
    AnswerLost,
    /// The answer is complete but is not what it should be, or contradicts an earlier one.
    Malformed,
    /// The node refused the call.
    Rejected,
    /// The node has no such call: it is too old or lacks a plugin.
    Unsupported,
}
