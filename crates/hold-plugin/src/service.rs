//! What the calls do: making, taking and sending back hold invoices, with lightningd.

use std::{sync::Arc, time::Duration};

use facture_domain::Preimage;
use serde_json::{Value, json};

use crate::{
    bytes::Bytes32,
    error::{CallError, DUPLICATE_LABEL, DUPLICATE_PREIMAGE},
    faults::{Faults, Point},
    hold::{Hold, State},
    holds::Holds,
    lightningd::{Error, Lightningd, Listed, Made},
    machine::{Left, Refusal, Settle},
    params::{Create, List},
};

/// lightningd gives up a payment that is not whole after 70 seconds; then it will not be paid any more.
const PATIENCE: Duration = Duration::from_secs(90);

/// The plugin at work.
#[derive(Debug)]
pub(crate) struct Service {
    pub(crate) holds: Holds,
    pub(crate) lightningd: Lightningd,
    pub(crate) faults: Faults,
}

impl Service {
    /// `facture-hold-create`: lightningd makes an ordinary invoice with the preimage under a temporary label, and forgets it.
    pub(crate) async fn create(&self, new: Create) -> Result<Value, CallError> {
        let hash = hash_of(&new.preimage);
        let temporary = format!("facture-hold-{hash}");
        self.holds.begin(&new.label, hash, &temporary).await?;
        match self.make(&new, hash, &temporary).await {
            Ok((hold, made)) => {
                let mut record = self.holds.create(hold, &temporary).await?.record();
                for (name, warning) in made.warnings {
                    record[name] = warning;
                }
                Ok(record)
            }
            Err(error) => {
                let nothing_left = matches!(error, Error::Refused(_)).then_some(temporary.as_str());
                self.holds.abandon(&hash, nothing_left).await;
                Err(error.into())
            }
        }
    }

    async fn make(
        &self,
        new: &Create,
        hash: Bytes32,
        temporary: &str,
    ) -> Result<(Hold, Made), Error> {
        if self.lightningd.find(&new.label, &hash).await?.is_some() {
            let message = format!("Duplicate label '{}'", new.label);
            return Err(Error::Refused(CallError::new(DUPLICATE_LABEL, message)));
        }
        let made = match self.lightningd.invoice(temporary, new).await {
            // An attempt that broke off has left it there, if it is not somebody else's.
            Err(Error::Refused(error))
                if [DUPLICATE_LABEL, DUPLICATE_PREIMAGE].contains(&error.code) =>
            {
                self.lightningd.delete_unpaid(temporary).await?;
                self.lightningd.invoice(temporary, new).await?
            }
            made => made?,
        };
        self.faults.reached(Point::InvoiceMade);
        if !self.lightningd.delete_unpaid(temporary).await? || made.payment_hash != hash {
            let reason = "it made another invoice than it was asked for";
            return Err(Error::Lost(reason.to_owned()));
        }
        self.faults.reached(Point::InvoiceDeleted);
        let hold = Hold {
            label: new.label.clone(),
            bolt11: made.bolt11.clone(),
            payment_hash: hash,
            payment_secret: made.payment_secret,
            amount_msat: new.amount_msat,
            description: new.description.clone(),
            cltv: new.cltv,
            expires_at: made.expires_at,
            change: 0,
            state: State::Unpaid,
        };
        Ok((hold, made))
    }

    /// `facture-hold-settle`: the payment is taken, and is among lightningd's own when this returns.
    pub(crate) async fn settle(
        self: &Arc<Self>,
        label: &str,
        preimage: Preimage,
    ) -> Result<Value, CallError> {
        loop {
            match self.holds.settle(label, hash_of(&preimage)).await? {
                Settle::Done(hold) => return Ok(hold.record()),
                Settle::Later => self.holds.pause().await,
                Settle::Capture(hold) => {
                    let (service, taken) = (Arc::clone(self), hold.label.clone());
                    let capture = async move { service.capture(hold, &preimage).await };
                    return match tokio::spawn(capture).await {
                        Ok(settled) => settled.map(|hold| hold.record()),
                        Err(error) => {
                            self.holds.leave(&taken).await;
                            Err(CallError::failed(format!("the call broke off: {error}")))
                        }
                    };
                }
            }
        }
    }

    async fn capture(&self, hold: Hold, preimage: &Preimage) -> Result<Hold, CallError> {
        let (label, lightningd) = (&hold.label, &self.lightningd);
        let digits = preimage.to_hex();
        if let Err(refusal) = lightningd.createinvoice(&hold.bolt11, label, &digits).await {
            let found = match &refusal {
                Error::Refused(_) => lightningd.find(label, &hold.payment_hash).await,
                Error::Lost(reason) => Err(Error::Lost(reason.clone())),
            };
            match found {
                // An earlier call had got so far.
                Ok(Some(Listed::Unpaid | Listed::Paid | Listed::Expired)) => {}
                Ok(None | Some(Listed::Other)) => {
                    self.holds.not_captured(label).await;
                    return Err(refusal.into());
                }
                Err(error) => {
                    self.holds.leave(label).await;
                    return Err(error.into());
                }
            }
        }
        self.faults.reached(Point::InvoiceCreated);
        self.finish(&hold).await
    }

    /// lightningd has the preimage: the parts go on, and it takes the payment.
    async fn finish(&self, hold: &Hold) -> Result<Hold, CallError> {
        let label = &hold.label;
        self.holds.captured(label).await;
        self.faults.reached(Point::PartsReleased);
        self.lightningd.wait_for_end(label, PATIENCE).await;
        self.conclude(hold).await
    }

    /// All parts went on, or are gone: how it ended.
    async fn conclude(&self, hold: &Hold) -> Result<Hold, CallError> {
        let label = &hold.label;
        match self.ended(hold).await {
            Ok(true) => self.holds.paid(label).await,
            Ok(false) => {
                tracing::warn!(
                    "the payment {} could not be taken: lightningd returned it",
                    hold.payment_hash
                );
                self.holds.failed(label).await;
                Err(Refusal::State(State::Cancelled { at: 0 }.name()).into())
            }
            Err(error) => {
                self.holds.leave(label).await;
                Err(error.into())
            }
        }
    }

    /// Whether lightningd took the payment. If not, it forgets the invoice, so that nobody can pay it any more.
    async fn ended(&self, hold: &Hold) -> Result<bool, Error> {
        let (label, hash) = (&hold.label, &hold.payment_hash);
        loop {
            match self.lightningd.find(label, hash).await? {
                Some(Listed::Paid) => return Ok(true),
                None | Some(Listed::Other) => return Ok(false),
                Some(Listed::Unpaid) if self.lightningd.delete_unpaid(label).await? => {
                    return Ok(false);
                }
                Some(Listed::Expired) if self.lightningd.delete_expired(label).await? => {
                    return Ok(false);
                }
                // It has changed meanwhile.
                Some(Listed::Unpaid | Listed::Expired) => self.holds.pause().await,
            }
        }
    }

    /// Goes on with what an earlier start, or a call that broke off, has left.
    pub(crate) async fn resume(&self, left: Left) {
        let Left { hold, whole } = left;
        let label = &hold.label;
        let payment = hold.payment_hash;
        tracing::info!("the payment {payment} was being taken: going on with that");
        let outcome = match self.lightningd.find(label, &hold.payment_hash).await {
            Err(error) => {
                self.holds.leave(label).await;
                Err(error.into())
            }
            Ok(None | Some(Listed::Other)) => {
                // Who has the preimage has to ask again.
                self.holds.not_captured(label).await;
                Ok(())
            }
            Ok(Some(Listed::Unpaid)) if whole => self.finish(&hold).await.map(drop),
            // lightningd would refuse the payment; a new call makes it anew.
            Ok(Some(Listed::Expired)) if whole => match self.lightningd.delete_expired(label).await
            {
                Ok(_) => {
                    self.holds.not_captured(label).await;
                    Ok(())
                }
                Err(error) => {
                    self.holds.leave(label).await;
                    Err(error.into())
                }
            },
            Ok(Some(_)) => self.conclude(&hold).await.map(drop),
        };
        if let Err(error) = outcome {
            let error: CallError = error;
            tracing::warn!("the taking of the payment {payment}: {error}");
        }
    }

    /// `facture-hold-cancel`.
    pub(crate) async fn cancel(&self, label: &str) -> Result<Value, CallError> {
        loop {
            match self.holds.cancel(label).await? {
                Some(hold) => return Ok(hold.record()),
                None => self.holds.pause().await,
            }
        }
    }

    /// `facture-hold-list`.
    pub(crate) async fn list(&self, wanted: &List) -> Value {
        let (holds, change) = match wanted {
            List::All => self.holds.list(false).await,
            List::Open => self.holds.list(true).await,
            List::Label(label) => {
                let change = self.holds.changes().await;
                (self.holds.find(label).await.into_iter().collect(), change)
            }
        };
        let records: Vec<_> = holds.iter().map(Hold::record).collect();
        json!({ "holds": records, "change": change })
    }

    /// `facture-hold-wait`. It may take for ever.
    pub(crate) async fn wait(&self, next: u64) -> Value {
        if next == 0 {
            return json!({ "change": self.holds.changes().await });
        }
        let hold = self.holds.changed_since(next).await;
        json!({ "change": hold.change, "hold": hold.record() })
    }
}

fn hash_of(preimage: &Preimage) -> Bytes32 {
    Bytes32(preimage.payment_hash().to_bytes())
}
