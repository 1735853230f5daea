//! What a buyer gets: shown, downloaded, or encrypted with the preimage.

use std::{sync::Arc, time::Duration};

use facture_domain::{
    Content, ContentKind, FileName, Identity, Invoice, Item, Preimage, Sale, Status,
};
use tokio::{sync::OwnedSemaphorePermit, task::spawn_blocking, time::timeout};

use super::{error::Error, sealed, service::Reveals};
use crate::invoices::Error as InvoicingError;

/// What the buyer of a paid invoice gets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Revealed {
    /// A text that is shown.
    Text(String),
    /// Something to download.
    Download(Download),
}

/// Something to download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Download {
    /// The name of the file.
    pub name: String,
    /// How many bytes it has.
    pub bytes: u64,
}

/// The longest text that is shown on a page, in bytes.
const MAX_SHOWN_BYTES: usize = 4096;

/// The name of a text as a file.
const TEXT_NAME: &str = "text.txt";

/// How long a download waits for those before it.
const DOWNLOAD_TIMEOUT: Duration = Duration::from_secs(5);

impl Reveals {
    /// The item that an invoice is for, if it is offered.
    ///
    /// # Errors
    /// [`Error`].
    pub async fn offered_by(&self, invoice: &Invoice) -> Result<Option<Item>, Error> {
        match self.store.sale(&invoice.label).await? {
            Some(sale) => self.item(&sale.item).await.map(Some),
            None => Ok(None),
        }
    }

    /// What the buyer of an invoice gets; `None` when it is for something else, or not paid.
    ///
    /// # Errors
    /// [`Error::Store`].
    pub async fn revealed(&self, invoice: &Invoice) -> Result<Option<Revealed>, Error> {
        if !is_paid(invoice) {
            return Ok(None);
        }
        let Some(sale) = self.store.sale(&invoice.label).await? else {
            return Ok(None);
        };
        let content = self.content_of(&sale).await?;
        Ok(Some(match content {
            Content::Word(word) => Revealed::Text(word.expose().to_owned()),
            Content::Text(text) if text.len() <= MAX_SHOWN_BYTES => Revealed::Text(text),
            content => Revealed::Download(Download {
                bytes: u64::try_from(content.bytes().len()).unwrap_or(u64::MAX),
                name: download_name(&content).to_owned(),
            }),
        }))
    }

    /// What was sold by an invoice, once it is paid.
    ///
    /// # Errors
    /// [`Error::NotPaid`], [`Error::NoDownload`], [`Error::Busy`], [`Error::Store`].
    pub async fn content(&self, invoice: &Invoice) -> Result<Content, Error> {
        let sale = self.store.sale(&invoice.label).await?;
        let sale = sale.ok_or(Error::NoDownload)?;
        if !is_paid(invoice) {
            return Err(Error::NotPaid);
        }
        let _permit = self.prepare().await?;
        self.content_of(&sale).await
    }

    /// What is sold by an invoice, encrypted with its preimage; also before it is paid: it says nothing without the preimage.
    ///
    /// # Errors
    /// [`Error::NotPaid`] when it cannot be paid any more, [`Error::NoDownload`], [`Error::Busy`], [`Error::Store`].
    pub async fn sealed(&self, invoice: &Invoice) -> Result<Vec<u8>, Error> {
        let sale = self.store.sale(&invoice.label).await?;
        let sale = sale.ok_or(Error::NoDownload)?;
        if invoice.status == Status::Expired {
            return Err(Error::NotPaid);
        }
        let _permit = self.prepare().await?;
        let content = self.content_of(&sale).await?;
        if content.kind() == ContentKind::Word {
            return Err(Error::NoDownload);
        }
        let preimage = self.preimage(&sale, &content, invoice)?;
        let sealing = move || {
            let name = FileName::parse(download_name(&content)).ok()?;
            sealed::seal(&preimage, &name, content.bytes())
        };
        let sealed = spawn_blocking(sealing)
            .await
            .map_err(InvoicingError::from)?;
        sealed.ok_or_else(|| InvoicingError::Mismatch.into())
    }

    pub(super) fn preimage(
        &self,
        sale: &Sale,
        content: &Content,
        invoice: &Invoice,
    ) -> Result<Preimage, Error> {
        match self.labels.sale_identity(&sale.key, content.word()) {
            Some(Identity::Preimage { preimage, .. })
                if preimage.payment_hash() == invoice.payment_hash =>
            {
                Ok(preimage)
            }
            _ => {
                tracing::error!("label.key is not the one that this sale was made with");
                Err(InvoicingError::Mismatch.into())
            }
        }
    }

    async fn prepare(&self) -> Result<OwnedSemaphorePermit, Error> {
        let permit = Arc::clone(&self.downloads).acquire_owned();
        match timeout(DOWNLOAD_TIMEOUT, permit).await {
            Ok(Ok(permit)) => Ok(permit),
            Ok(Err(_)) | Err(_) => Err(Error::Busy),
        }
    }

    pub(super) async fn content_of(&self, sale: &Sale) -> Result<Content, Error> {
        let content = self.store.content(&sale.content).await?;
        content.ok_or_else(|| InvoicingError::Mismatch.into())
    }
}

fn is_paid(invoice: &Invoice) -> bool {
    matches!(invoice.status, Status::Paid(_))
}

/// The name that content has as a file.
fn download_name(content: &Content) -> &str {
    content.file_name().map_or(TEXT_NAME, FileName::as_str)
}
