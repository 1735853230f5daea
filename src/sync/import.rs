//! Taking over the invoices of Lightning Charge: their labels become ours, so they are found and followed like those we
//! make. Every other label of another program stays "not found". What the node says of an invoice counts, not what the file
//! says: the file alone knows the shop's side of it, and all of those that the node has no more.

use std::{fmt, path::Path};

use jiff::Timestamp;

use crate::sync::{error::Error, follower::Follower};
use facture_domain::{
    Amount, Bolt11, Description, Hook, Invoice, InvoiceKind, Label, LabelOwner, Metadata, NodeId,
    Order, RedirectUrl, Settlement, Status, StatusName,
};
use facture_node::NodeErrorKind;
use facture_store::{ChargeInvoice, SkippedItem, SkippedPart, read_charge_file};

/// The result of an import. Shown with a line for each thing that is left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// How many invoices are ours now.
    pub taken: u64,
    /// How many were ours before.
    pub known: u64,
    /// How many of those taken the node has no more.
    pub gone: u64,
    /// What is not taken over, and why.
    pub left_out: Vec<SkippedItem>,
}

impl Imported {
    /// How many things of this kind are left out.
    pub fn count(&self, what: SkippedPart) -> usize {
        let of_kind = self.left_out.iter().filter(|left| left.what == what);
        of_kind.count()
    }
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let refused = self.count(SkippedPart::Invoice);
        let webhooks = self.count(SkippedPart::Webhook);
        let Self {
            taken,
            known,
            gone,
            left_out,
        } = self;
        let else_left = left_out.len() - refused - webhooks;
        write!(
            f,
            "{taken} invoices imported, {gone} of them no longer on the node; {known} already known, {refused} refused; \
             {webhooks} webhooks and {else_left} other items not imported"
        )?;
        for SkippedItem { id, what, reason } in left_out {
            write!(f, "\n{id}: {what}: {reason}")?;
        }
        Ok(())
    }
}

impl Follower {
    /// Takes over all invoices in a database of Lightning Charge that was on this node. Those that were paid since it
    /// looked last are settled, and their webhooks sent. A second time changes nothing.
    ///
    /// # Errors
    /// [`Error`]; what was taken until then stays taken.
    pub async fn import_charge(&self, file: &Path) -> Result<Imported, Error> {
        let node = self.node.info().await?.id;
        self.decide_ownership(&node).await?;
        self.store.bind(&node).await?;
        let mut imported = Imported::default();
        for row in read_charge_file(file).await? {
            match row {
                Ok(row) => self.take(&node, row, &mut imported).await?,
                Err(left_out) => imported.left_out.push(left_out),
            }
        }
        Ok(imported)
    }

    async fn take(
        &self,
        node: &NodeId,
        mut row: ChargeInvoice,
        imported: &mut Imported,
    ) -> Result<(), Error> {
        let label = row.label.clone();
        if self.store.is_charge_label(&label).await? {
            imported.known += 1;
            return Ok(());
        }
        let mut left_out = std::mem::take(&mut row.left_out);
        let known_there = known_there(&row);
        let on_node = match self.find_charge(&label).await? {
            Ok(on_node) => on_node,
            Err(reason) => {
                imported.refuse(&label, &reason);
                return Ok(());
            }
        };
        let is_gone = on_node.is_none();
        let mut hooks = std::mem::take(&mut row.untold);
        let invoice = match on_node {
            Some(on_node) => of_node(row, on_node, &mut left_out),
            None => {
                let hooks = std::mem::take(&mut hooks);
                match self.of_file(row, &hooks, &mut left_out).await? {
                    Ok(gone) => gone,
                    Err(reason) => {
                        imported.refuse(&label, &reason);
                        return Ok(());
                    }
                }
            }
        };
        let now = invoice.status.clone();
        let before = match (known_there, &now) {
            (_, now) if is_gone => now.clone(),
            // Nobody waits for the event.
            (StatusName::Paid, Status::Paid(_)) if hooks.is_empty() => now.clone(),
            (StatusName::Expired, Status::Expired) => now.clone(),
            _ => Status::Unpaid,
        };
        let invoice = Invoice {
            status: before,
            ..invoice
        };
        self.store
            .import_charge(node, invoice, &now, &hooks)
            .await?;
        imported.taken += 1;
        imported.gone += u64::from(is_gone);
        imported.left_out.append(&mut left_out);
        Ok(())
    }

    /// The node's invoice with this label; why it cannot be imported.
    async fn find_charge(&self, label: &Label) -> Result<Result<Option<Invoice>, String>, Error> {
        let ours = self.labels.owner(label.as_str()) != LabelOwner::Foreign
            || !self.store.known(&[label.as_str()]).await?.is_empty();
        if ours {
            return Ok(Err("its id is a label of facture's own".to_owned()));
        }
        match self.node.lookup(&label.clone().into()).await {
            Ok(on_node) => Ok(Ok(on_node)),
            // It is there, but for another protocol, or makes no sense.
            Err(error) if error.kind() == NodeErrorKind::Malformed => Ok(Err(error.to_string())),
            Err(error) => Err(error.into()),
        }
    }

    /// An invoice that the node has no more, as the file has it; why it cannot be imported. Nobody can say any more whether
    /// what the file says is so: these webhooks are not called.
    async fn of_file(
        &self,
        row: ChargeInvoice,
        hooks: &[Hook],
        left_out: &mut Vec<SkippedItem>,
    ) -> Result<Result<Invoice, String>, Error> {
        let label = row.label.clone();
        let gone = match gone(row, left_out) {
            Ok(gone) => gone,
            Err(reason) => return Ok(Err(reason)),
        };
        let hash = gone.payment_hash.to_string();
        if self.store.has_payment_hash(&hash, label.as_str()).await? {
            return Ok(Err("its BOLT 11 string is another invoice's".to_owned()));
        }
        // Of what was not paid nobody would be told.
        if matches!(gone.status, Status::Paid(_)) {
            left_out.extend(hooks.iter().map(|hook| {
                let receiver = hook.url.receiver();
                let reason =
                    format!("the node no longer has the invoice: nothing is sent to {receiver}");
                skipped(&label, SkippedPart::Webhook, &reason)
            }));
        }
        Ok(Ok(gone))
    }
}

impl Imported {
    fn refuse(&mut self, label: &Label, reason: &str) {
        let refused = skipped(label, SkippedPart::Invoice, reason);
        self.left_out.push(refused);
    }
}

fn skipped(label: &Label, part: SkippedPart, reason: &str) -> SkippedItem {
    SkippedItem::new(label.as_str().as_bytes(), part, reason)
}

/// The node's invoice, with the shop's side of it from the file.
fn of_node(mut row: ChargeInvoice, on_node: Invoice, left_out: &mut Vec<SkippedItem>) -> Invoice {
    let label = on_node.label.clone();
    if on_node.bolt11().map(Bolt11::as_str) != Some(&*row.bolt11) {
        let reason = "the file and the node differ, and the node is right";
        left_out.push(skipped(&label, SkippedPart::Bolt11, reason));
    }
    let is_paid = matches!(on_node.status, Status::Paid(_));
    if row.payment.is_some() && !is_paid {
        let reason = "the file has one and the node does not, and the node is right";
        left_out.push(skipped(&label, SkippedPart::Payment, reason));
    }
    // lightningd may have been told a hash of it only; a text without end it was not told.
    let description = description(&mut row, left_out);
    Invoice {
        description: description.unwrap_or_else(|| on_node.description.clone()),
        order: order(row),
        ..on_node
    }
}

/// Where it stood for Lightning Charge: what has happened since is news.
fn known_there(row: &ChargeInvoice) -> StatusName {
    match (row.payment, row.times) {
        (Some(_), _) => StatusName::Paid,
        (None, Some((_, expires_at))) if expires_at <= Timestamp::now() => StatusName::Expired,
        (None, _) => StatusName::Unpaid,
    }
}

/// The shop's own data.
fn order(row: ChargeInvoice) -> Order {
    Order {
        redirect_url: row
            .metadata
            .as_ref()
            .and_then(Metadata::checkout_redirect)
            .and_then(|url| RedirectUrl::parse(&url).ok()),
        metadata: row.metadata,
        quote: row.quote,
        ..Order::default()
    }
}

/// What it was for, if that is no longer than lightningd takes it.
fn description(row: &mut ChargeInvoice, left_out: &mut Vec<SkippedItem>) -> Option<String> {
    let text = row.description.take()?;
    if text.len() <= Description::MAX_BYTES {
        return Some(text);
    }
    let reason = format!("it has more than {} bytes", Description::MAX_BYTES);
    let id = row.label.as_str().as_bytes();
    left_out.push(SkippedItem::new(id, SkippedPart::Description, &reason));
    None
}

/// One that the node has no more, as the file has it: nobody can pay it.
fn gone(mut row: ChargeInvoice, left_out: &mut Vec<SkippedItem>) -> Result<Invoice, String> {
    let decoded = Bolt11::decode(&row.bolt11).map_err(|error| error.to_string())?;
    let (created_at, expires_at) = row.times.ok_or("its times are invalid")?;
    let status = match row.payment {
        Some(payment) => Status::Paid(Settlement {
            amount_received: match (payment.received, decoded.amount) {
                (Some(received), _) => received,
                // Older ones did not write it down.
                (None, Amount::Exact(asked)) => asked,
                (None, Amount::Any) => {
                    return Err("neither the file nor the node has the amount paid".to_owned());
                }
            },
            paid_at: payment.paid_at,
            pay_index: payment.pay_index,
        }),
        None => Status::Expired,
    };
    let description = description(&mut row, left_out).unwrap_or_default();
    Ok(Invoice {
        label: row.label.clone(),
        amount: decoded.amount,
        description,
        kind: InvoiceKind::Bolt11(decoded.bolt11),
        payment_hash: decoded.payment_hash,
        number: 0,
        created_at,
        expires_at,
        status,
        cancelled_at: None,
        payment_proven_at: None,
        renewed_by: None,
        refunded: None,
        valuation: None,
        receipt: None,
        hold: None,
        order: order(row),
    })
}
