//! BTCPay's names for what happens, and which of them an event of ours is told by.

use facture_domain::{EventKind, Invoice, Status, hook::Kinds};

/// What BTCPay tells of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EventName {
    Created,
    ReceivedPayment,
    PaymentSettled,
    Processing,
    Settled,
    PaidAfterExpiration,
    Expired,
    Invalid,
}

impl EventName {
    const ALL: [Self; 8] = [
        Self::Created,
        Self::ReceivedPayment,
        Self::PaymentSettled,
        Self::Processing,
        Self::Settled,
        Self::PaidAfterExpiration,
        Self::Expired,
        Self::Invalid,
    ];

    /// The name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Created => "InvoiceCreated",
            Self::ReceivedPayment => "InvoiceReceivedPayment",
            Self::PaymentSettled => "InvoicePaymentSettled",
            Self::Processing => "InvoiceProcessing",
            Self::Settled => "InvoiceSettled",
            Self::PaidAfterExpiration => "InvoicePaidAfterExpiration",
            Self::Expired => "InvoiceExpired",
            Self::Invalid => "InvoiceInvalid",
        }
    }

    /// Whether its message has the payment.
    pub(crate) fn has_payment(self) -> bool {
        matches!(self, Self::ReceivedPayment | Self::PaymentSettled)
    }

    fn kinds(self) -> &'static [EventKind] {
        match self {
            Self::Created => &[EventKind::Created],
            Self::Processing => &[EventKind::Accepted],
            Self::ReceivedPayment
            | Self::PaymentSettled
            | Self::Settled
            | Self::PaidAfterExpiration => &[EventKind::Paid, EventKind::PaymentProven],
            Self::Expired => &[EventKind::Expired],
            Self::Invalid => &[EventKind::Cancelled],
        }
    }
}

/// The events of ours that a webhook for these names is for; `None`: for all. Names that are not ours to send are ignored.
pub(crate) fn kinds(names: Option<&[String]>) -> Kinds {
    let wanted = |event: &&EventName| {
        names.is_none_or(|names| names.iter().any(|name| name == event.as_str()))
    };
    let events = EventName::ALL.iter().filter(wanted);
    let mut kinds = Vec::new();
    for kind in events.flat_map(|event| event.kinds()) {
        if !kinds.contains(kind) {
            kinds.push(*kind);
        }
    }
    Kinds::Only(kinds)
}

/// What a webhook for these names is told of an event, one message after the other; `None`: it is for all. A webhook that
/// gets an event is told at least the last of its messages.
pub(crate) fn messages(
    kind: EventKind,
    invoice: &Invoice,
    names: Option<&[String]>,
) -> Vec<EventName> {
    let all: &[EventName] = match kind {
        EventKind::Created => &[EventName::Created],
        EventKind::Accepted => &[EventName::Processing],
        EventKind::Paid if is_late(invoice) => &[
            EventName::ReceivedPayment,
            EventName::PaymentSettled,
            EventName::PaidAfterExpiration,
        ],
        EventKind::Paid | EventKind::PaymentProven => &[
            EventName::ReceivedPayment,
            EventName::PaymentSettled,
            EventName::Settled,
        ],
        EventKind::Expired => &[EventName::Expired],
        EventKind::Cancelled => &[EventName::Invalid],
        EventKind::HoldExpiring | EventKind::Renewed | EventKind::Payout(_) => &[],
    };
    let wanted = |event: &&EventName| {
        names.is_none_or(|names| names.iter().any(|name| name == event.as_str()))
    };
    let told: Vec<_> = all.iter().filter(wanted).copied().collect();
    match (told.is_empty(), all.last()) {
        (true, Some(last)) => vec![*last],
        _ => told,
    }
}

/// Whether the payment came after the end.
pub(crate) fn is_late(invoice: &Invoice) -> bool {
    match &invoice.status {
        Status::Paid(paid) => paid.paid_at > invoice.expires_at,
        Status::Unpaid | Status::Accepted(_) | Status::Expired => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_is_for_the_events_that_its_names_stand_for() {
        let names = |names: &[&str]| -> Vec<String> {
            names.iter().map(|name| (*name).to_owned()).collect()
        };
        let some = names(&["InvoiceSettled", "InvoiceExpired", "InvoiceRefund", "x"]);
        let expected = vec![
            EventKind::Paid,
            EventKind::PaymentProven,
            EventKind::Expired,
        ];
        assert_eq!(kinds(Some(&some)), Kinds::Only(expected));
        assert_eq!(kinds(Some(&[])), Kinds::Only(Vec::new()));
        let all = kinds(None);
        assert!(all.contain(EventKind::Created) && all.contain(EventKind::Cancelled));
        assert!(!all.contain(EventKind::Renewed));
    }
}
