//! The words for what happens to sales, and sums of them.

use super::frame::Frame;
use facture_domain::{
    Channel, EventKind, Msat, StatusName, hook::DeliveryState, payout::PayoutState,
};

/// Where a sale stands.
pub(super) fn state(state: StatusName, frame: &Frame) -> String {
    match state {
        StatusName::Unpaid => frame.say("desk-open"),
        StatusName::Accepted => frame.say("accepted-title"),
        StatusName::Paid => frame.say("paid-title"),
        StatusName::Expired => frame.say("expired-title"),
        StatusName::Cancelled => frame.say("cancelled-title"),
    }
    .into_owned()
}

/// By which way it was asked for. Names of programs are the same in every language.
pub(super) fn channel(channel: Channel, frame: &Frame) -> String {
    match channel {
        Channel::Form => frame.say("desk-channel-form").into_owned(),
        Channel::Reveal => frame.say("desk-channel-reveal").into_owned(),
        Channel::Lnurl => frame.say("desk-channel-address").into_owned(),
        Channel::Paywall => frame.say("desk-channel-paywall").into_owned(),
        Channel::Link => frame.say("desk-links").into_owned(),
        Channel::Pos => frame.say("counter").into_owned(),
        Channel::Offer => frame.say("offer-text").into_owned(),
        Channel::Api => "API".to_owned(),
        Channel::Charge => "Lightning Charge".to_owned(),
        Channel::Lnbits => "LNbits".to_owned(),
        Channel::Greenfield => "BTCPay".to_owned(),
    }
}

/// What happened.
pub(super) fn event(kind: EventKind, frame: &Frame) -> String {
    match kind {
        EventKind::Created => frame.say("desk-created").into_owned(),
        EventKind::Accepted => state(StatusName::Accepted, frame),
        EventKind::Paid => state(StatusName::Paid, frame),
        EventKind::Expired => state(StatusName::Expired, frame),
        EventKind::Cancelled => state(StatusName::Cancelled, frame),
        EventKind::HoldExpiring => frame.say("desk-hold-expiring").into_owned(),
        EventKind::PaymentProven => frame.say("proven-title").into_owned(),
        EventKind::Renewed => frame.say("renewed-text").into_owned(),
        EventKind::Payout(state) => payout(state, frame),
    }
}

/// Where a delivery stands.
pub(super) fn delivery(state: DeliveryState, frame: &Frame) -> String {
    match state {
        DeliveryState::Pending(_) => frame.say("desk-delivery-pending"),
        DeliveryState::Delivered => frame.say("desk-delivery-delivered"),
        DeliveryState::Failed => frame.say("desk-failed"),
        DeliveryState::Dropped => frame.say("desk-delivery-dropped"),
    }
    .into_owned()
}

/// Where a refund stands.
pub(super) fn payout(state: PayoutState, frame: &Frame) -> String {
    match state {
        PayoutState::Ordered => frame.say("desk-payout-ordered"),
        PayoutState::Approved => frame.say("desk-payout-approved"),
        PayoutState::Paying => frame.say("desk-payout-paying"),
        PayoutState::Paid => frame.say("paid-title"),
        PayoutState::Failed => frame.say("desk-failed"),
        PayoutState::Cancelled => frame.say("cancelled-title"),
        PayoutState::Expired => frame.say("expired-title"),
        PayoutState::Unknown => frame.say("desk-payout-unknown"),
    }
    .into_owned()
}

/// No more can be received than there is.
pub(super) fn msat(sum: i128) -> Msat {
    let sum = u64::try_from(sum).unwrap_or(u64::MAX);
    Msat::from_msat(sum).unwrap_or(Msat::MAX)
}
