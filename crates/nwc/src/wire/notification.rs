//! Notifications.

use nostr::event::Kind;
use serde_json::json;

use super::transaction::Transaction;
use crate::cipher::Cipher;

/// The one type that there is.
pub(crate) const PAYMENT_RECEIVED: &str = "payment_received";

/// The text of the notification that this was paid.
pub(crate) fn payment_received(transaction: &Transaction) -> String {
    json!({ "notification_type": PAYMENT_RECEIVED, "notification": transaction }).to_string()
}

/// The kind of the event of a notification: each cipher has its own, so that clients need to look at one only.
pub(crate) fn kind_of_notification(cipher: Cipher) -> Kind {
    match cipher {
        Cipher::Nip44 => Kind::WalletConnectNotificationNip44V2,
        Cipher::Nip04 => Kind::WalletConnectNotification,
    }
}
