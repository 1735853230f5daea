//! The form that orders a refund: what it shows, and the order that it becomes. The payer, a process of its own, pays it within its
//! limits; nothing of the desk can.

use sha2::{Digest, Sha256};

use super::{posted::Fields, sale_refunds::SaleRefunds};
use crate::{
    payouts::{Error, OrderRefused, OrderRequest, RequestedAmount},
    users::Staff,
};
use facture_domain::{Label, Msat, RefundRefused, payout::Reason};

/// What is in the form.
pub(super) struct RefundForm {
    /// What the order is known by: sending the form twice is one order.
    pub(super) key: String,
    pub(super) destination: String,
    pub(super) amount: String,
    pub(super) reason: String,
    pub(super) error: Option<RefundError>,
}

/// What is wrong with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RefundError {
    /// Nobody can be paid by this.
    Destination,
    /// It is no amount in satoshis.
    Amount,
    /// More than can be refunded.
    TooMuch(Msat),
    /// It is too long.
    Reason,
    /// There is an order for the same invoice, or this form was sent before with something else in it.
    Ordered,
    /// As many orders wait as may.
    TooMany,
}

impl RefundForm {
    /// As it is at first: for all that is left.
    pub(super) fn new(refunds: Option<&SaleRefunds>) -> Self {
        let key: u128 = rand::random();
        let left = refunds.map_or(0, |refunds| refunds.left.msat() / 1000);
        Self {
            key: format!("{key:032x}"),
            destination: String::new(),
            amount: left.to_string(),
            reason: String::new(),
            error: None,
        }
    }

    /// As it was sent.
    pub(super) fn sent(fields: &Fields) -> Self {
        let text = |name| fields.text(name).trim().to_owned();
        Self {
            key: text("key").chars().take(64).collect(),
            destination: text("destination"),
            amount: text("amount"),
            reason: text("reason"),
            error: None,
        }
    }

    /// The order.
    pub(super) fn order(&self, label: &Label, staff: &Staff) -> Result<OrderRequest, RefundError> {
        let amount = Msat::parse_sat(&self.amount).map_err(|_| RefundError::Amount)?;
        if amount.msat() == 0 {
            return Err(RefundError::Amount);
        }
        if self.destination.is_empty() {
            return Err(RefundError::Destination);
        }
        let reason = match self.reason.as_str() {
            "" => None,
            text => Some(Reason::parse(text.to_owned()).map_err(|_| RefundError::Reason)?),
        };
        let content = [
            label.as_str(),
            &self.destination,
            &self.amount,
            &self.reason,
        ];
        Ok(OrderRequest {
            scope: format!("desk:{}", staff.id.as_str()),
            key: self.key.clone(),
            fingerprint: Sha256::digest(content.join("\n")).to_vec(),
            asked_by: format!("desk: {}", staff.name),
            destination: self.destination.clone(),
            amount: Some(RequestedAmount::Msat(amount)),
            max_fee: None,
            reason,
            invoice: Some(label.clone()),
            expires_in: None,
        })
    }
}

impl RefundError {
    /// Of what cannot be ordered.
    ///
    /// # Errors
    /// The same, when it is not the form's fault.
    pub(super) fn of(error: Error) -> Result<Self, Error> {
        match error {
            Error::Refused(OrderRefused::AmountMissing) => Ok(Self::Amount),
            Error::Refused(_) => Ok(Self::Destination),
            Error::Refund(RefundRefused::TooMuch { left }) => Ok(Self::TooMuch(left)),
            Error::Already(_) | Error::OtherRequest => Ok(Self::Ordered),
            Error::TooMany => Ok(Self::TooMany),
            error => Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(destination: &str, amount: &str, reason: &str) -> RefundForm {
        RefundForm {
            key: "1".to_owned(),
            destination: destination.to_owned(),
            amount: amount.to_owned(),
            reason: reason.to_owned(),
            error: None,
        }
    }

    fn ada() -> Staff {
        let now = jiff::Timestamp::UNIX_EPOCH;
        Staff {
            id: facture_domain::desk::UserId::new("0a".to_owned()),
            name: facture_domain::desk::UserName::stored("ada".to_owned()),
            role: facture_domain::desk::Role::Owner,
            has_second_factor: false,
            session: crate::users::Session {
                id: String::new(),
                created_at: now,
                seen_at: now,
                expires_at: now,
                address: String::new(),
                agent: String::new(),
                device: None,
            },
        }
    }

    #[test]
    fn an_order_names_who_ordered_it_and_the_same_form_is_the_same_order() {
        let label = Label::stored("facture_1".to_owned());
        let order = |form: RefundForm| form.order(&label, &ada());
        let one = order(form("a@b.example", "21", "cold")).unwrap();
        assert_eq!(one.asked_by, "desk: ada");
        assert_eq!(one.scope, "desk:0a");
        let again = order(form("a@b.example", "21", "cold")).unwrap();
        assert_eq!(one.fingerprint, again.fingerprint);
        let other = order(form("a@b.example", "22", "cold")).unwrap();
        assert_ne!(one.fingerprint, other.fingerprint);
        for (refused, error) in [
            (form("", "21", ""), RefundError::Destination),
            (form("a@b.example", "0", ""), RefundError::Amount),
            (form("a@b.example", "1,5", ""), RefundError::Amount),
            (
                form("a@b.example", "1", &"x".repeat(501)),
                RefundError::Reason,
            ),
        ] {
            assert_eq!(order(refused).unwrap_err(), error);
        }
    }
}
