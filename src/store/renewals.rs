//! Which invoice was made in whose place: the columns that the unit of work (`changes.rs`) leaves alone.

use jiff::Timestamp;
use sqlx::SqliteConnection;

use super::Error;
use crate::invoice::Invoice;

/// Inside a unit of work that has the event already: ties a renewal to the invoice in whose place it is.
pub(super) async fn link(work: &mut SqliteConnection, renewal: &Invoice) -> Result<(), Error> {
    let Some(old) = &renewal.order.renewal_of else {
        return Ok(());
    };
    sqlx::query("UPDATE invoices SET renewed_by = $1 WHERE label = $2 AND renewed_by IS NULL")
        .bind(renewal.label.as_str())
        .bind(old.as_str())
        .execute(&mut *work)
        .await?;
    sqlx::query("UPDATE invoices SET first_expired_at = $1 WHERE label = $2")
        .bind(renewal.order.first_expired_at.map(Timestamp::as_second))
        .bind(renewal.label.as_str())
        .execute(work)
        .await?;
    Ok(())
}
