//! The audit log: who did what at the desk.

use jiff::Timestamp;

use super::user::{UserId, UserName};

/// Who did something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A user at the desk, and the address that they came from.
    User {
        /// Their id.
        id: UserId,
        /// Their name at that time.
        name: UserName,
        /// Their address.
        address: String,
    },
    /// Nobody who is known, from this address.
    Stranger(String),
    /// The command line.
    Console,
}

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuditAction {
    /// Signed in.
    SignedIn,
    /// A sign-in as a known user failed.
    SignInRefused,
    /// Signed out, or a session was ended.
    SessionEnded,
    /// A user was added.
    UserAdded,
    /// A user's password and second factor were reset: a new one-time link.
    UserReset,
    /// A user has another role.
    RoleChanged,
    /// A user was removed.
    UserRemoved,
    /// A password was set.
    PasswordSet,
    /// The second factor was turned on.
    TotpOn,
    /// The second factor was turned off.
    TotpOff,
    /// A recovery code was used in place of the second factor.
    RecoveryCodeUsed,
    /// The note on a sale was written or removed.
    NoteWritten,
    /// An invoice was cancelled, or its held payment sent back.
    SaleCancelled,
    /// A held payment was taken.
    SaleCaptured,
    /// A delivery to a webhook is sent again.
    DeliveryRepeated,
    /// A refund was ordered.
    RefundOrdered,
    /// An API token was made.
    TokenMade,
    /// An API token was revoked.
    TokenRevoked,
    /// A shop's plug-in got a key.
    ShopPaired,
    /// Something is sold by pay to reveal.
    ItemOffered,
    /// What is sold by pay to reveal was changed.
    ItemChanged,
    /// Something is not sold any more.
    ItemWithdrawn,
    /// A payment link was made or changed.
    LinkSaved,
    /// A payment link was stopped.
    LinkStopped,
    /// A payment link was opened again.
    LinkReopened,
    /// A rule for notices was made.
    NoticeRuleMade,
    /// A rule for notices was removed.
    NoticeRuleRemoved,
    /// Something is sold at the counter, or was changed.
    CounterItemSaved,
    /// Something is not sold at the counter any more.
    CounterItemRemoved,
    /// A cashier may pair a device, by a code on the owner's screen.
    DeviceInvited,
    /// A device was paired: its cashier signs in there by a PIN.
    DevicePaired,
    /// A device was revoked.
    DeviceRevoked,
    /// A device was forgotten after too many wrong PINs.
    DeviceForgotten,
}

/// Something to write down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAudit {
    /// Who.
    pub actor: Actor,
    /// What.
    pub action: AuditAction,
    /// What it was done to: a user's name, a session's id.
    pub subject: String,
    /// More about it. Never a secret.
    pub detail: String,
}

/// What was written down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditEntry {
    /// Its number; later ones are higher.
    pub number: u64,
    /// When.
    pub at: Timestamp,
    /// Who, by the name at that time; `None`: nobody who is known.
    pub actor: Option<String>,
    /// The address, if there was one.
    pub address: String,
    /// What, as [`AuditAction::as_str`] names it.
    pub action: String,
    /// What it was done to.
    pub subject: String,
    /// More about it.
    pub detail: String,
}

impl Actor {
    /// The name by which the command line stands in the log.
    pub const CONSOLE: &'static str = "(console)";

    /// Their id, if they are a user.
    pub fn id(&self) -> Option<&UserId> {
        match self {
            Self::User { id, .. } => Some(id),
            Self::Stranger(_) | Self::Console => None,
        }
    }

    /// Their name; `None`: nobody who is known.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::User { name, .. } => Some(name.as_str()),
            Self::Stranger(_) => None,
            Self::Console => Some(Self::CONSOLE),
        }
    }

    /// Their address; empty for the command line.
    pub fn address(&self) -> &str {
        match self {
            Self::User { address, .. } | Self::Stranger(address) => address,
            Self::Console => "",
        }
    }

    /// That they did this to `subject`.
    pub fn did(&self, action: AuditAction, subject: impl Into<String>) -> NewAudit {
        NewAudit {
            actor: self.clone(),
            action,
            subject: subject.into(),
            detail: String::new(),
        }
    }
}

impl NewAudit {
    /// The same with more about it.
    pub fn with(self, detail: impl Into<String>) -> Self {
        Self {
            detail: detail.into(),
            ..self
        }
    }
}

impl AuditAction {
    /// Its name in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignedIn => "session.started",
            Self::SignInRefused => "session.refused",
            Self::SessionEnded => "session.ended",
            Self::UserAdded => "user.added",
            Self::UserReset => "user.reset",
            Self::RoleChanged => "user.role_changed",
            Self::UserRemoved => "user.removed",
            Self::PasswordSet => "password.set",
            Self::TotpOn => "second_factor.on",
            Self::TotpOff => "second_factor.off",
            Self::RecoveryCodeUsed => "recovery_code.used",
            Self::NoteWritten => "sale.note_written",
            Self::SaleCancelled => "sale.cancelled",
            Self::SaleCaptured => "sale.captured",
            Self::DeliveryRepeated => "delivery.repeated",
            Self::RefundOrdered => "refund.ordered",
            Self::TokenMade => "token.made",
            Self::TokenRevoked => "token.revoked",
            Self::ShopPaired => "shop.paired",
            Self::ItemOffered => "item.offered",
            Self::ItemChanged => "item.changed",
            Self::ItemWithdrawn => "item.withdrawn",
            Self::LinkSaved => "link.saved",
            Self::LinkStopped => "link.stopped",
            Self::LinkReopened => "link.reopened",
            Self::NoticeRuleMade => "notice.rule_made",
            Self::NoticeRuleRemoved => "notice.rule_removed",
            Self::CounterItemSaved => "counter_item.saved",
            Self::CounterItemRemoved => "counter_item.removed",
            Self::DeviceInvited => "device.invited",
            Self::DevicePaired => "device.paired",
            Self::DeviceRevoked => "device.revoked",
            Self::DeviceForgotten => "device.forgotten",
        }
    }
}
