//! Calls to LND, except streams (`subscription.rs`). The list of all calls is in `method.rs`.

use facture_domain::{Amount, Bolt11, Expiry, Msat, PaymentHash, Preimage};
use serde::{Deserialize, de::IgnoredAny};
use serde_json::{Value, json};

use super::{
    client::Client,
    error::{Error, malformed},
    hints::Hints,
    info::{Info, NodeInfo},
    invoice::{Listed, decode},
    method::Method,
    request::Request,
    texts::{ALREADY_CANCELLED, ALREADY_SETTLED, STILL_OPEN},
    wire::{base64, int64},
};

/// The description in an invoice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Description<'a> {
    /// This text, of at most 639 bytes: BOLT 11 has no room for more.
    Text(&'a str),
    /// The SHA-256 of a text that the payer has already. The memo, of at most 1,024 bytes, stays on the node.
    Hash {
        /// The hash.
        sha256: [u8; 32],
        /// What the node keeps beside it.
        memo: &'a str,
    },
}

/// An invoice to create.
#[derive(Clone, Debug)]
pub struct AddInvoice<'a> {
    /// What the payer gets for the payment. Its hash is what makes the call safe to repeat.
    pub preimage: &'a Preimage,
    /// The requested amount: at most 100,000 bitcoin.
    pub amount: Amount,
    /// The description of what is sold.
    pub description: Description<'a>,
    /// How long it stays payable.
    pub expiry: Expiry,
    /// The channels it names.
    pub hints: Hints,
}

/// A hold invoice to create: its payment is held until settled.
#[derive(Clone, Debug)]
pub struct AddHoldInvoice<'a> {
    /// Of a preimage that LND does not get before the payment is to be taken.
    pub payment_hash: PaymentHash,
    /// The requested amount.
    pub amount: Amount,
    /// The description of what is sold.
    pub description: Description<'a>,
    /// How long it stays payable. What is held by then stays so.
    pub expiry: Expiry,
    /// How many blocks a payment has left when it arrives, at least; 24 or more. LND sends back what is held 18 blocks
    /// before its end (`invoices.holdexpirydelta`).
    pub cltv_expiry: u16,
    /// The channels it names.
    pub hints: Hints,
}

/// An invoice that LND has just created.
#[derive(Clone, Debug)]
pub struct Added {
    /// The hash that LND knows it by.
    pub payment_hash: PaymentHash,
    /// The BOLT 11 string for the payer.
    pub bolt11: Bolt11,
    /// When it was created.
    pub created_at: jiff::Timestamp,
    /// Its position among all invoices that the node created, from 1.
    pub add_index: u64,
}

/// The result of cancelling an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cancelled {
    /// It is cancelled, now or before, or its time was over. What was held was sent back.
    Yes,
    /// It is paid.
    Settled,
    /// LND has no such invoice. It may have deleted a cancelled one (`gc-canceled-invoices-on-the-fly`).
    Unknown,
}

/// The result of settling a held payment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It is taken, now or before.
    Yes,
    /// Nothing, or not all, was paid yet.
    Open,
    /// It was cancelled.
    Cancelled,
    /// LND has no such invoice.
    Unknown,
}

/// Which invoices to list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// The oldest after this add index; 0 is before all.
    After(u64),
    /// The oldest after this add index that are not over: open, or held.
    PendingAfter(u64),
    /// The newest ones.
    Newest,
}

#[derive(Deserialize)]
struct AddedWire {
    payment_request: String,
    #[serde(deserialize_with = "int64")]
    add_index: u64,
}

#[derive(Deserialize)]
struct ListWire {
    invoices: Vec<Listed>,
}

#[derive(Deserialize)]
struct BalanceWire {
    remote_balance: AmountWire,
}

#[derive(Deserialize)]
struct AmountWire {
    #[serde(deserialize_with = "int64")]
    msat: u64,
}

impl Client {
    /// Fetches the node's identity (`GetInfo`).
    ///
    /// # Errors
    /// [`Error`] when there is no answer.
    pub async fn getinfo(&self) -> Result<NodeInfo, Error> {
        let info: Info = self.call(&Request::plain(Method::GetInfo)).await?;
        info.into_node_info()
    }

    /// Makes an invoice (`AddInvoice`). A payment hash that exists is refused, so it is safe to repeat: look it up then.
    ///
    /// # Errors
    /// [`Error::is_duplicate_hash`] when the node has the payment hash, in whatever state; [`Error::Malformed`] when the
    /// BOLT 11 string is not for what was asked.
    pub async fn add_invoice(&self, new: &AddInvoice<'_>) -> Result<Added, Error> {
        let mut body = terms(new.amount, &new.description, new.expiry, new.hints);
        body["r_preimage"] = base64(new.preimage.expose()).into();
        let payment_hash = new.preimage.payment_hash();
        self.add(Method::AddInvoice, &body, payment_hash, new.amount)
            .await
    }

    /// Creates a hold invoice (`AddHoldInvoice`).
    ///
    /// # Errors
    /// As [`Client::add_invoice`].
    pub async fn add_hold_invoice(&self, new: &AddHoldInvoice<'_>) -> Result<Added, Error> {
        let mut body = terms(new.amount, &new.description, new.expiry, new.hints);
        body["hash"] = base64(&new.payment_hash.to_bytes()).into();
        body["cltv_expiry"] = new.cltv_expiry.to_string().into();
        let hash = new.payment_hash;
        self.add(Method::AddHoldInvoice, &body, hash, new.amount)
            .await
    }

    async fn add(
        &self,
        method: Method,
        body: &Value,
        payment_hash: PaymentHash,
        amount: Amount,
    ) -> Result<Added, Error> {
        let added: AddedWire = self.call(&Request::with_body(method, body)).await?;
        let decoded = decode(method, &added.payment_request, payment_hash)?;
        if decoded.amount != amount {
            return Err(malformed(
                method,
                "the BOLT 11 string is for another amount",
            ));
        }
        Ok(Added {
            payment_hash,
            bolt11: decoded.bolt11,
            created_at: decoded.created_at,
            add_index: added.add_index,
        })
    }

    /// Looks an invoice up (`LookupInvoice`). `None` when the node has none of that hash.
    ///
    /// # Errors
    /// [`Error`] when no answer comes, or one about another invoice.
    pub async fn lookup(&self, payment_hash: PaymentHash) -> Result<Option<Listed>, Error> {
        match self.call_at::<Listed>(&Request::lookup(payment_hash)).await {
            Ok((found, at)) if found.payment_hash() == payment_hash => Ok(Some(found.at(at))),
            Ok(_) => Err(malformed(
                Method::LookupInvoice,
                "it is about another invoice",
            )),
            Err(error) if error.is_unknown_invoice() => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Cancels an invoice, unless it is paid (`CancelInvoice`). It is safe to repeat. What is held is sent back.
    ///
    /// # Errors
    /// [`Error`] when there is no answer.
    pub async fn cancel(&self, payment_hash: PaymentHash) -> Result<Cancelled, Error> {
        let body = json!({ "payment_hash": base64(&payment_hash.to_bytes()) });
        let request = Request::with_body(Method::CancelInvoice, &body);
        match self.call::<IgnoredAny>(&request).await {
            Ok(_) => Ok(Cancelled::Yes),
            Err(error) if error.refusal() == Some(ALREADY_SETTLED) => Ok(Cancelled::Settled),
            Err(error) if error.is_unknown_invoice() => Ok(Cancelled::Unknown),
            Err(error) => Err(error),
        }
    }

    /// Settles a held payment (`SettleInvoice`). Safe to repeat.
    ///
    /// # Errors
    /// [`Error`] when there is no answer.
    pub async fn settle(&self, preimage: &Preimage) -> Result<Settled, Error> {
        let body = json!({ "preimage": base64(preimage.expose()) });
        let request = Request::with_body(Method::SettleInvoice, &body);
        match self.call::<IgnoredAny>(&request).await {
            Ok(_) => Ok(Settled::Yes),
            Err(error) if error.refusal() == Some(STILL_OPEN) => Ok(Settled::Open),
            Err(error) if error.refusal() == Some(ALREADY_CANCELLED) => Ok(Settled::Cancelled),
            Err(error) if error.is_unknown_invoice() => Ok(Settled::Unknown),
            Err(error) => Err(error),
        }
    }

    /// Lists invoices (`ListInvoices`), the oldest of the page first, at most so many. The next page begins after the last
    /// one's add index; an empty page is the end.
    ///
    /// # Errors
    /// [`Error`] when there is no answer.
    pub async fn list(&self, page: Page, limit: u32) -> Result<Vec<Listed>, Error> {
        let limit = ("num_max_invoices", limit.to_string());
        let offset = |after: u64| ("index_offset", after.to_string());
        let yes = |name| (name, "true".to_owned());
        let query = match page {
            Page::After(after) => vec![offset(after), limit],
            Page::PendingAfter(after) => vec![offset(after), limit, yes("pending_only")],
            Page::Newest => vec![limit, yes("reversed")],
        };
        let request = Request::with_query(Method::ListInvoices, &query);
        let (ListWire { invoices }, at) = self.call_at(&request).await?;
        Ok(invoices.into_iter().map(|listed| listed.at(at)).collect())
    }

    /// How much the other sides of all channels have (`ChannelBalance`): the node can receive no more than that, and less
    /// by reserves and fees. `None` where the macaroon does not allow to ask.
    ///
    /// # Errors
    /// [`Error`] when there is no answer.
    pub async fn receivable(&self) -> Result<Option<Msat>, Error> {
        match self.call(&Request::plain(Method::ChannelBalance)).await {
            Ok(BalanceWire { remote_balance }) => Ok(Msat::from_msat(remote_balance.msat)),
            Err(Error::Forbidden { .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// What both kinds of invoices have. LND takes 0 for "any amount".
fn terms(amount: Amount, description: &Description<'_>, expiry: Expiry, hints: Hints) -> Value {
    let msat = match amount {
        Amount::Exact(amount) => amount.msat(),
        Amount::Any => 0,
    };
    let mut body = json!({
        "value_msat": msat.to_string(),
        "expiry": expiry.seconds().to_string(),
        "private": hints == Hints::Private,
    });
    match description {
        Description::Text(text) => body["memo"] = (*text).into(),
        Description::Hash { sha256, memo } => {
            body["memo"] = (*memo).into();
            body["description_hash"] = base64(sha256).into();
        }
    }
    body
}
