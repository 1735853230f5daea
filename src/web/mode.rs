//! The kind of money that the pages are about.

use std::time::Duration;

use facture_domain::{Invoice, Offer, PaymentHash};
use facture_sandbox::{Payment, Sandbox};

/// The kind of money. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Mode {
    /// A node that holds real money.
    Live,
    /// Our own stand-in: every page mentions it, and invoices are paid with a button.
    Sandbox(Sandbox),
}

/// Why the sandbox did not do something.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SandboxError {
    /// There is none: the node is a real one.
    #[error("this is not a sandbox")]
    Live,
    /// It cannot; the reason.
    #[error("{0}")]
    Refused(String),
}

impl Mode {
    /// Pays an invoice as a buyer's wallet does; held payments are not waited for.
    pub(crate) fn pay(
        &self,
        invoice: &Invoice,
        amount_msat: Option<u64>,
    ) -> Result<(), SandboxError> {
        let paid = self.sandbox()?.pay(bolt11_of(invoice)?, amount_msat);
        paid.map(drop)
            .map_err(|error| SandboxError::Refused(error.to_string()))
    }

    /// Pays an invoice so that the payment is taken this long after the invoice's end.
    pub(crate) fn pay_late(
        &self,
        invoice: &Invoice,
        amount_msat: Option<u64>,
        by: Duration,
    ) -> Result<(), SandboxError> {
        let paid = self
            .sandbox()?
            .pay_late(bolt11_of(invoice)?, amount_msat, by);
        paid.map_err(|error| SandboxError::Refused(error.to_string()))
    }

    /// Pays an offer as a buyer's wallet does, with a note to the shop: the hash of the payment.
    pub(crate) fn pay_offer(
        &self,
        offer: &Offer,
        amount_msat: Option<u64>,
        note: Option<&str>,
    ) -> Result<PaymentHash, SandboxError> {
        let sandbox = self.sandbox()?;
        let paid = sandbox.pay_offer(offer.bolt12.as_str(), amount_msat, note);
        let paid = paid.map_err(|error| SandboxError::Refused(error.to_string()))?;
        let hash = paid.payment_hash.parse();
        hash.map_err(|_| SandboxError::Refused("its payment hash is none".to_owned()))
    }

    /// The buyer's wallet makes an invoice.
    pub(crate) fn buyer_invoice(
        &self,
        amount_msat: Option<u64>,
        description: &str,
    ) -> Result<String, SandboxError> {
        let made = self.sandbox()?.buyer_invoice(amount_msat, description);
        made.map_err(SandboxError::Refused)
    }

    /// Whether this is an invoice of the buyer's wallet.
    pub(crate) fn is_of_buyer(&self, bolt11: &str) -> bool {
        self.sandbox()
            .is_ok_and(|sandbox| sandbox.is_of_buyer(bolt11))
    }

    /// The node pays an invoice of the buyer's wallet.
    pub(crate) async fn pay_buyer(
        &self,
        bolt11: &str,
        amount_msat: Option<u64>,
    ) -> Result<Payment, SandboxError> {
        let paid = self.sandbox()?.pay_buyer(bolt11, amount_msat).await;
        paid.map_err(|error| SandboxError::Refused(error.to_string()))
    }

    /// Moves the node's clock to the end of an invoice, if it is not there yet.
    pub(crate) fn let_expire(&self, invoice: &Invoice) -> Result<(), SandboxError> {
        let sandbox = self.sandbox()?;
        let end = u64::try_from(invoice.expires_at.as_second()).unwrap_or_default();
        sandbox.advance(Duration::from_secs(end).saturating_sub(sandbox.now()));
        Ok(())
    }

    /// Moves the node's clock forward; its time since 1970.
    pub(crate) fn advance(&self, by: Duration) -> Result<Duration, SandboxError> {
        let sandbox = self.sandbox()?;
        sandbox.advance(by);
        Ok(sandbox.now())
    }

    /// Adds blocks to the chain.
    pub(crate) fn mine(&self, blocks: u32) -> Result<(), SandboxError> {
        let mined = self.sandbox()?.mine(blocks);
        mined.map_err(|error| SandboxError::Refused(error.to_string()))
    }

    fn sandbox(&self) -> Result<&Sandbox, SandboxError> {
        match self {
            Self::Live => Err(SandboxError::Live),
            Self::Sandbox(sandbox) => Ok(sandbox),
        }
    }
}

fn bolt11_of(invoice: &Invoice) -> Result<&str, SandboxError> {
    let bolt11 = invoice.bolt11().map(|bolt11| bolt11.as_str());
    bolt11.ok_or_else(|| {
        SandboxError::Refused("it is the payment of an offer: it is paid".to_owned())
    })
}
