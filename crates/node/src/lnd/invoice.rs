//! One invoice as LND shows it (`lnrpc.Invoice`).

use std::collections::BTreeMap;

use facture_domain::{Bolt11, Decoded, Msat, PaymentHash, Preimage};
use jiff::Timestamp;
use serde::{Deserialize, Deserializer};

use super::{
    error::{Error, malformed},
    method::Method,
    state::InvoiceState,
    wire::{bytes32, int64, some_bytes32},
};

/// A parsed invoice.
#[derive(Clone, Debug)]
pub struct Invoice {
    /// The hash that LND knows it by.
    pub payment_hash: PaymentHash,
    /// Its description, or another text beside a description hash.
    pub memo: String,
    /// The requested amount; `None` leaves it to the payer.
    pub amount: Option<Msat>,
    /// The BOLT 11 string for the payer. `None` for a payment that came without an invoice.
    pub bolt11: Option<Bolt11>,
    /// Its state.
    pub state: InvoiceState,
    /// When it was created.
    pub created_at: Timestamp,
    /// When it stops being payable. A payment that is held by then stays so.
    pub expires_at: Timestamp,
    /// Its position among all invoices that the node created, from 1.
    pub add_index: u64,
    /// How it was paid; `None` unless it is settled. What was paid for one that was held and then cancelled is not here.
    pub settlement: Option<Settlement>,
}

/// The payment of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settlement {
    /// What arrived: at least what was asked for, without an upper bound.
    pub amount: Msat,
    /// When. For an AMP invoice, the last time.
    pub at: Timestamp,
    /// Its place among all payments of the node, from 1. For an AMP invoice, of its last payment.
    pub settle_index: u64,
}

/// The kind of an invoice in LND.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// An invoice that is paid once.
    Ordinary,
    /// A payment that came without an invoice.
    Keysend,
    /// An invoice that can be paid repeatedly.
    Amp,
}

/// One invoice as the node lists it, ours or another program's, not yet parsed: what we need of it. What is odd in another
/// program's invoice does not matter, unless it is read.
#[derive(Clone, Debug, Deserialize)]
pub struct Listed {
    memo: String,
    #[serde(deserialize_with = "some_preimage")]
    r_preimage: Option<Preimage>,
    #[serde(deserialize_with = "bytes32")]
    r_hash: [u8; 32],
    #[serde(deserialize_with = "int64")]
    value_msat: u64,
    #[serde(deserialize_with = "int64")]
    creation_date: u64,
    #[serde(deserialize_with = "int64")]
    settle_date: u64,
    payment_request: String,
    #[serde(deserialize_with = "int64")]
    expiry: u64,
    #[serde(deserialize_with = "int64")]
    add_index: u64,
    #[serde(deserialize_with = "int64")]
    settle_index: u64,
    #[serde(deserialize_with = "int64")]
    amt_paid_msat: u64,
    state: InvoiceState,
    is_keysend: bool,
    is_amp: bool,
    amp_invoice_state: BTreeMap<String, AmpPayment>,
    /// The parts of its payment.
    #[serde(default)]
    htlcs: Vec<Htlc>,
    /// The node's time when it said so, if it told.
    #[serde(skip)]
    at: Option<Timestamp>,
}

/// A part of a payment (`lnrpc.InvoiceHTLC`).
#[derive(Clone, Debug, Deserialize)]
struct Htlc {
    #[serde(deserialize_with = "int64")]
    amt_msat: u64,
    #[serde(deserialize_with = "int64")]
    accept_time: u64,
    expiry_height: i64,
    state: String,
}

/// A payment of an AMP invoice.
#[derive(Clone, Debug, Deserialize)]
struct AmpPayment {
    #[serde(deserialize_with = "int64")]
    settle_index: u64,
    #[serde(deserialize_with = "int64")]
    settle_time: u64,
}

impl Listed {
    /// The hash that LND knows it by.
    pub fn payment_hash(&self) -> PaymentHash {
        PaymentHash::from_bytes(self.r_hash)
    }

    /// `None` for a hold invoice that is not settled, and for an AMP invoice.
    pub fn preimage(&self) -> Option<&Preimage> {
        self.r_preimage.as_ref()
    }

    /// The same, as it was at this time of the node.
    pub(super) fn at(self, at: Option<Timestamp>) -> Self {
        Self { at, ..self }
    }

    /// Whether it was cancelled while it could be paid. LND has one word for that and for an invoice that expired.
    pub fn is_cancelled(&self) -> bool {
        let now = self.at.unwrap_or_else(Timestamp::now).as_second();
        let expires_at = self.creation_date.saturating_add(self.expiry);
        self.state == InvoiceState::Canceled
            && i64::try_from(expires_at).is_ok_and(|expires_at| now < expires_at)
    }

    /// Its state.
    pub fn state(&self) -> InvoiceState {
        self.state
    }

    /// Its kind in LND.
    pub fn kind(&self) -> Kind {
        match (self.is_keysend, self.is_amp) {
            (true, _) => Kind::Keysend,
            (false, true) => Kind::Amp,
            (false, false) => Kind::Ordinary,
        }
    }

    /// Its position among all invoices that the node created, from 1.
    pub fn add_index(&self) -> u64 {
        self.add_index
    }

    /// The place of its payment among all of the node, from 1; 0 while it is not paid. For an AMP invoice, which has none
    /// of its own, that of its last payment.
    pub fn settle_index(&self) -> u64 {
        let last = self.last_amp_payment();
        last.map_or(self.settle_index, |last| last.settle_index)
    }

    /// Whether this is the place of its payment, or of one of those of an AMP invoice.
    pub(super) fn has_payment(&self, settle_index: u64) -> bool {
        let mut amp = self.amp_invoice_state.values();
        self.settle_index == settle_index || amp.any(|payment| payment.settle_index == settle_index)
    }

    /// What it says.
    ///
    /// # Errors
    /// [`Error::Malformed`] when it makes no sense.
    pub fn read(&self, method: Method) -> Result<Invoice, Error> {
        let payment_hash = self.payment_hash();
        let hash = self.preimage().map(Preimage::payment_hash);
        if hash.is_some_and(|hash| hash != payment_hash) {
            return Err(malformed(method, "the preimage has another payment hash"));
        }
        let bolt11 = match self.payment_request.as_str() {
            "" => None,
            text => Some(decode(method, text, payment_hash)?.bolt11),
        };
        let settled_at = self
            .last_amp_payment()
            .map_or(self.settle_date, |last| last.settle_time);
        let settlement = match self.state {
            InvoiceState::Settled if self.settle_index() == 0 => {
                return Err(malformed(method, "a paid invoice without settle index"));
            }
            InvoiceState::Settled => Some(Settlement {
                amount: amount(method, self.amt_paid_msat)?,
                at: timestamp(method, settled_at)?,
                settle_index: self.settle_index(),
            }),
            _ => None,
        };
        Ok(Invoice {
            payment_hash,
            memo: self.memo.clone(),
            amount: match self.value_msat {
                0 => None,
                asked => Some(amount(method, asked)?),
            },
            bolt11,
            state: self.state,
            created_at: timestamp(method, self.creation_date)?,
            expires_at: timestamp(method, self.creation_date.saturating_add(self.expiry))?,
            add_index: self.add_index,
            settlement,
        })
    }

    /// How much is held, and since when all of it is.
    pub(super) fn held_parts(&self, method: Method) -> Result<(Msat, Timestamp), Error> {
        let held = self.accepted_parts().map(|part| part.amt_msat);
        let held = held.fold(0, u64::saturating_add);
        if held < self.value_msat || held == 0 {
            return Err(malformed(method, "less is held than was asked for"));
        }
        let last = self.accepted_parts().map(|part| part.accept_time).max();
        Ok((
            amount(method, held)?,
            timestamp(method, last.unwrap_or_default())?,
        ))
    }

    /// The height of the block with which the first part of what is held expires.
    pub(super) fn held_until(&self) -> Option<u32> {
        let heights = self.accepted_parts().map(|part| part.expiry_height);
        heights.min().and_then(|height| u32::try_from(height).ok())
    }

    fn accepted_parts(&self) -> impl Iterator<Item = &Htlc> {
        self.htlcs.iter().filter(|part| part.state == "ACCEPTED")
    }

    fn last_amp_payment(&self) -> Option<&AmpPayment> {
        let payments = self.amp_invoice_state.values();
        payments.max_by_key(|payment| payment.settle_index)
    }
}

fn some_preimage<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Preimage>, D::Error> {
    Ok(some_bytes32(deserializer)?.map(Preimage::from_bytes))
}

/// Reads a payment request that has to have this payment hash.
pub(super) fn decode(
    method: Method,
    text: &str,
    payment_hash: PaymentHash,
) -> Result<Decoded, Error> {
    let decoded = Bolt11::decode(text).map_err(|error| malformed(method, error))?;
    if decoded.payment_hash == payment_hash {
        Ok(decoded)
    } else {
        Err(malformed(
            method,
            "the BOLT 11 string has another payment hash",
        ))
    }
}

fn amount(method: Method, msat: u64) -> Result<Msat, Error> {
    Msat::from_msat(msat).ok_or_else(|| malformed(method, "an amount above 21 million bitcoin"))
}

fn timestamp(method: Method, seconds: u64) -> Result<Timestamp, Error> {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok())
        .ok_or_else(|| malformed(method, "a time too far in the future"))
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    const LOOKUPS: &str = include_str!("../../../../tests/fixtures/lnd/lookup.json");
    const HOLDS: &str = include_str!("../../../../tests/fixtures/lnd/hold.json");

    fn recorded(file: &str, name: &str) -> Listed {
        let file: Value = serde_json::from_str(file).unwrap();
        let mut exchanges = file["exchanges"].as_array().unwrap().iter();
        let exchange = exchanges.find(|exchange| exchange["name"] == name).unwrap();
        serde_json::from_str(exchange["response_raw"].as_str().unwrap()).unwrap()
    }

    fn read(file: &str, name: &str) -> (Listed, Invoice) {
        let listed = recorded(file, name);
        let invoice = listed.read(Method::LookupInvoice).unwrap();
        (listed, invoice)
    }

    fn received(invoice: &Invoice) -> Option<u64> {
        invoice
            .settlement
            .map(|settlement| settlement.amount.msat())
    }

    #[test]
    fn invoices_are_read_as_lnd_wrote_them() {
        let (listed, open) = read(LOOKUPS, "open");
        assert_eq!(open.state, InvoiceState::Open);
        assert_eq!(open.memo, "one coffee");
        assert_eq!(open.amount.map(Msat::msat), Some(10_000));
        assert_eq!(
            open.expires_at.as_second() - open.created_at.as_second(),
            3600
        );
        assert_eq!((listed.add_index(), listed.settle_index()), (1, 0));
        assert!(listed.preimage().is_some() && open.settlement.is_none());

        let (_, settled) = read(LOOKUPS, "settled");
        let settlement = settled.settlement.unwrap();
        assert_eq!(
            (settlement.amount.msat(), settlement.settle_index),
            (10_000, 1)
        );
        let (_, any) = read(LOOKUPS, "settled, any amount");
        assert_eq!((any.amount, received(&any)), (None, Some(7_000)));
        let (_, more) = read(LOOKUPS, "settled with five times the amount");
        assert_eq!(received(&more), Some(50_000), "without an upper bound");
        for name in ["cancelled", "expired"] {
            let (_, over) = read(LOOKUPS, name);
            assert_eq!(over.state, InvoiceState::Canceled, "{name}");
        }
    }

    #[test]
    fn a_held_payment_is_none_before_it_is_settled() {
        let (listed, held) = read(HOLDS, "look up, accepted");
        assert_eq!(held.state, InvoiceState::Accepted);
        assert!(listed.preimage().is_none() && held.settlement.is_none());
        let parts = listed.held_parts(Method::LookupInvoice).unwrap();
        assert_eq!(
            (parts.0.msat(), parts.1.as_second()),
            (20_000, 1_795_863_226)
        );
        assert_eq!(listed.held_until(), Some(343));
        // LND also reports how much was held.
        let (_, cancelled) = read(HOLDS, "look up, cancelled");
        assert_eq!(cancelled.state, InvoiceState::Canceled);
        assert_eq!(cancelled.settlement, None);
        let (listed, settled) = read(HOLDS, "look up, settled");
        assert_eq!(received(&settled), Some(20_000));
        assert!(listed.preimage().is_some());
    }

    #[test]
    fn what_others_made_can_be_read_too() {
        let (keysend, invoice) = read(LOOKUPS, "keysend");
        assert_eq!(keysend.kind(), Kind::Keysend);
        assert!(invoice.bolt11.is_none());
        // Paid twice, it has the index of its last payment and the sum of both.
        let (amp, invoice) = read(LOOKUPS, "AMP paid twice");
        assert_eq!((amp.kind(), amp.settle_index()), (Kind::Amp, 6));
        assert_eq!(received(&invoice), Some(10_000));
        assert!(amp.preimage().is_none());
    }

    #[test]
    fn what_makes_no_sense_is_an_error() {
        for (member, value) in [
            ("settle_index", "0"),
            ("amt_paid_msat", "9000000000000000000"),
            ("creation_date", "9000000000000000000"),
            ("payment_request", "lnbcrt1"),
            ("r_hash", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
        ] {
            let file: Value = serde_json::from_str(LOOKUPS).unwrap();
            let mut exchanges = file["exchanges"].as_array().unwrap().iter();
            let settled = exchanges
                .find(|exchange| exchange["name"] == "settled")
                .unwrap();
            let raw = settled["response_raw"].as_str().unwrap();
            let mut changed: Value = serde_json::from_str(raw).unwrap();
            changed[member] = value.into();
            let listed: Listed = serde_json::from_value(changed).unwrap();
            let error = listed.read(Method::LookupInvoice);
            assert!(matches!(error, Err(Error::Malformed { .. })), "{member}");
        }
    }
}
