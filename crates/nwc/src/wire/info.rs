//! The info event: what the service of a connection can do.

use nostr::{
    error::Error,
    event::{Event, EventBuilder, FinalizeEvent, Kind, Tag},
};

use super::{notification::PAYMENT_RECEIVED, request::Method};
use crate::{cipher::Cipher, connection::Connection};

/// That of a connection.
pub(crate) fn info_event(connection: &Connection) -> Result<Event, Error> {
    let methods = Method::CARRIED_OUT.join(" ");
    let ciphers = Cipher::ALL.map(Cipher::name).join(" ");
    EventBuilder::new(Kind::WalletConnectInfo, format!("{methods} notifications"))
        .tag(Tag::custom("encryption", [ciphers]))
        .tag(Tag::custom("notifications", [PAYMENT_RECEIVED]))
        .finalize(&connection.service)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connection::{Reach, tests::connection};

    #[test]
    fn it_says_what_can_be_done() {
        let (connection, _) = connection(Reach::Own);
        let event = info_event(&connection).unwrap();
        assert_eq!(event.kind.as_u16(), 13194);
        assert_eq!(
            event.content,
            "make_invoice lookup_invoice list_transactions get_info notifications"
        );
        let tags: Vec<_> = event
            .tags
            .iter()
            .map(|tag| tag.as_slice().join("="))
            .collect();
        assert_eq!(
            tags,
            [
                "encryption=nip44_v2 nip04",
                "notifications=payment_received"
            ]
        );
        event.verify().unwrap();
    }
}
