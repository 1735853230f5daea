//! The freshness barrier of a node that does not count its changes, such as LND: before an invoice is read, it is looked
//! up; before a list is read, all that can be paid is compared with what is pending on the node. What is news is stored
//! then. Readers of one invoice who arrive while it is looked up share the next look-up.

use std::{collections::HashMap, time::Instant};

use futures_util::{StreamExt, stream};
use tokio::time::timeout;

use crate::sync::{
    absence,
    error::Error,
    progress::Progress,
    readers::{Arrivals, DEADLINE, Reader, Scope, answer, stale},
};
use facture_domain::{InvoiceRef, Label, NodeId, Status};
use facture_node::{Node, NodeErrorKind};
use facture_store::Store;
use tokio::sync::watch;

/// The most look-ups at once: the follower's other connection is for news.
const MAX_CONCURRENT: usize = 2;

/// The number of open invoices read from the store at once.
const MAX_PAGE: u32 = 1000;

/// Lets readers pass.
#[derive(Clone, Debug)]
pub(super) struct Lookups {
    pub(super) node: Node,
    pub(super) store: Store,
    pub(super) progress: watch::Receiver<Progress>,
}

impl Lookups {
    /// Serves readers of single invoices, until the last barrier is gone.
    pub(super) async fn serve_invoices(&self, arrivals: &mut Arrivals) {
        while let Some(first) = arrivals.recv().await {
            let began = Instant::now();
            let mut asked: HashMap<Label, (InvoiceRef, Vec<Reader>)> = HashMap::new();
            let mut next = Some(first);
            while let Some((scope, reader)) = next.take() {
                match scope {
                    Scope::Invoice(invoice) => {
                        let entry = asked.entry(invoice.label.clone());
                        entry.or_insert((invoice, Vec::new())).1.push(reader);
                    }
                    // There is nothing to look up.
                    Scope::Unknown | Scope::All => answer(vec![reader], began, Ok(())),
                }
                next = arrivals.try_recv().ok();
            }
            stream::iter(asked.into_values())
                .for_each_concurrent(MAX_CONCURRENT, async |(invoice, readers)| {
                    let looked_up = timeout(DEADLINE, self.look_up(&invoice)).await;
                    let passed = match looked_up {
                        Ok(Ok(())) => Ok(()),
                        Ok(Err(_)) | Err(_) => stale(&self.progress),
                    };
                    answer(readers, began, passed);
                })
                .await;
        }
    }

    /// Serves readers of lists.
    pub(super) async fn serve_lists(&self, arrivals: &mut Arrivals) {
        while let Some((_, first)) = arrivals.recv().await {
            let began = Instant::now();
            let mut readers = vec![first];
            while let Ok((_, next)) = arrivals.try_recv() {
                readers.push(next);
            }
            let passed = match timeout(DEADLINE, self.compare_all()).await {
                Ok(Ok(())) => Ok(()),
                Ok(Err(_)) | Err(_) => stale(&self.progress),
            };
            answer(readers, began, passed);
        }
    }

    /// Looks an invoice up and stores what is news.
    async fn look_up(&self, invoice: &InvoiceRef) -> Result<(), Error> {
        let found = self.node.lookup(invoice).await?;
        let Some(known) = self.store.find(&invoice.label).await? else {
            // It was forgotten meanwhile.
            return Ok(());
        };
        let Some(id) = self.node.id() else {
            return Ok(());
        };
        match found {
            Some(found) if known.status.event(&found.status).is_some() => {
                self.store.merge(id, &[found]).await?;
            }
            None if matches!(known.status, Status::Unpaid | Status::Accepted(_)) => {
                self.resolve(id, invoice).await?;
            }
            Some(_) | None => {}
        }
        Ok(())
    }

    /// Compares all that can be paid with what is pending on the node, and stores what is news.
    async fn compare_all(&self) -> Result<(), Error> {
        let mut after = 0;
        loop {
            let mut open = self.store.open_after(after, MAX_PAGE).await?;
            let compared = self.node.compare_pending(&open).await?;
            open.truncate(compared.count);
            let Some(last) = open.last() else {
                return Ok(());
            };
            after = last.number;
            if let Some(id) = self.node.id() {
                for missing in &compared.missing {
                    self.resolve(id, &missing.into()).await?;
                }
            }
        }
    }

    async fn resolve(&self, id: &NodeId, invoice: &InvoiceRef) -> Result<(), Error> {
        match absence::resolve(&self.node, &self.store, id, invoice).await {
            Ok(_) => Ok(()),
            // The follower marks it as unclear.
            Err(Error::Node(error)) if error.kind() == NodeErrorKind::Malformed => Ok(()),
            Err(error) => Err(error),
        }
    }
}
