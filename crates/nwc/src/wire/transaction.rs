//! An invoice as NIP-47 has it: a transaction.

use serde::Serialize;
use serde_json::value::RawValue;

use super::invoice::{ApiInvoice, Status};

/// One transaction. There is no preimage: facture's records do not have it.
#[derive(Debug, Serialize)]
pub(crate) struct Transaction {
    #[serde(rename = "type")]
    direction: &'static str,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    invoice: Option<String>,
    description: String,
    payment_hash: String,
    /// In millisatoshis: what was received, or what is asked for; 0: the payer chooses.
    amount: u64,
    fees_paid: u64,
    created_at: u64,
    expires_at: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    settled_at: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<Box<RawValue>>,
}

/// Several of them.
#[derive(Debug, Default, Serialize)]
pub(crate) struct TransactionList {
    pub(crate) transactions: Vec<Transaction>,
}

impl Transaction {
    /// That of an invoice.
    pub(crate) fn of(invoice: ApiInvoice) -> Self {
        let asked = invoice.amount_msat.unwrap_or_default();
        Self {
            direction: "incoming",
            state: state(&invoice),
            metadata: invoice.client_metadata(),
            settled_at: invoice.paid_at.or(invoice.payment_proven_at),
            invoice: invoice.bolt11,
            description: invoice.description,
            payment_hash: invoice.payment_hash,
            amount: invoice.amount_received_msat.unwrap_or(asked),
            fees_paid: 0,
            created_at: invoice.created_at,
            expires_at: invoice.expires_at,
        }
    }
}

fn state(invoice: &ApiInvoice) -> &'static str {
    match invoice.status {
        _ if invoice.is_settled() => "settled",
        Status::Unpaid => "pending",
        Status::Accepted => "accepted",
        Status::Paid => "settled",
        // NIP-47 has no other word for an invoice that was taken back.
        Status::Expired | Status::Cancelled => "expired",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::{
        connection::{Reach, tests::connection},
        wire::{Mark, Marked},
    };

    fn invoice(members: &Value) -> ApiInvoice {
        let mut invoice = json!({
            "label": "facture_0", "status": "unpaid", "amount_msat": 5000, "description": "Tea",
            "bolt11": "lnbcrt1", "payment_hash": "00", "created_at": 7, "expires_at": 9,
            "amount_received_msat": null, "paid_at": null, "payment_proven_at": null,
            "stale_since": null, "metadata": null,
        });
        for (name, value) in members.as_object().unwrap() {
            invoice[name] = value.clone();
        }
        serde_json::from_str(&invoice.to_string()).unwrap()
    }

    #[test]
    fn states_and_amounts_are_what_the_invoice_says() {
        let told = |members: Value| json!(Transaction::of(invoice(&members)));
        assert_eq!(
            told(json!({})),
            json!({
                "type": "incoming", "state": "pending", "invoice": "lnbcrt1", "description": "Tea",
                "payment_hash": "00", "amount": 5000, "fees_paid": 0, "created_at": 7, "expires_at": 9,
            })
        );
        let paid = told(json!({ "status": "paid", "amount_received_msat": 6000, "paid_at": 8 }));
        assert_eq!(
            (&paid["state"], &paid["amount"], &paid["settled_at"]),
            (&json!("settled"), &json!(6000), &json!(8))
        );
        let any = told(json!({ "amount_msat": "any", "status": "cancelled" }));
        assert_eq!(
            (&any["state"], &any["amount"]),
            (&json!("expired"), &json!(0))
        );
        let proven = told(json!({ "status": "expired", "payment_proven_at": 8 }));
        assert_eq!(
            (&proven["state"], &proven["settled_at"]),
            (&json!("settled"), &json!(8))
        );
    }

    #[test]
    fn an_invoice_is_seen_by_the_connection_that_made_it() {
        let (one, _) = connection(Reach::Own);
        let (other, _) = connection(Reach::Own);
        let (all, _) = connection(Reach::All);
        let metadata = RawValue::from_string(r#"{"order":1.0}"#.to_owned()).unwrap();
        let nwc = Mark::of(&one, Some(metadata));
        let marked = invoice(&json!({ "metadata": Marked { nwc } }));
        assert!(marked.is_seen_by(&one) && marked.is_seen_by(&all) && !marked.is_seen_by(&other));
        assert_eq!(
            json!(Transaction::of(marked))["metadata"],
            json!({ "order": 1.0 })
        );
        for metadata in [
            json!(null),
            json!({ "cart": [7] }),
            json!({ "nwc": 1 }),
            json!(5),
        ] {
            let shops = invoice(&json!({ "metadata": metadata }));
            assert!(!shops.is_seen_by(&one) && shops.is_seen_by(&all));
            assert_eq!(json!(Transaction::of(shops)).get("metadata"), None);
        }
    }
}
