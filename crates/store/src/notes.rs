//! Notes of the shop on its sales.

use jiff::Timestamp;
use rusqlite::OptionalExtension;

use crate::{audit, error::Error, rows::timestamp, store::Store};
use facture_domain::{Label, desk::NewAudit};

/// A note on a sale.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it says.
    pub text: String,
    /// The name of the user who wrote it.
    pub author: String,
    /// When.
    pub written_at: Timestamp,
}

impl Store {
    /// The note on a sale.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn note(&self, label: &Label) -> Result<Option<Note>, Error> {
        let row: Option<(String, String, i64)> = self.lookup(|connection| {
            let sql = "SELECT text, author, written_at FROM notes WHERE label = ?1";
            let mut statement = connection.prepare_cached(sql)?;
            let row = statement.query_row([label.as_str()], |row| {
                Ok((row.get(0)?, row.get(1)?, row.get(2)?))
            });
            Ok(row.optional()?)
        })?;
        row.map(|(text, author, written_at)| {
            Ok(Note {
                text,
                author,
                written_at: timestamp(written_at)?,
            })
        })
        .transpose()
    }

    /// Writes the note on a sale in place of the one before; an empty text removes it.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn write_note(
        &self,
        label: &Label,
        text: String,
        author: String,
        entry: NewAudit,
    ) -> Result<(), Error> {
        let label = label.clone();
        self.write(move |unit| {
            match text.is_empty() {
                true => unit.execute("DELETE FROM notes WHERE label = ?1", [label.as_str()])?,
                false => unit.execute(
                    "INSERT OR REPLACE INTO notes (label, text, author, written_at) VALUES (?1, ?2, ?3, ?4)",
                    (label.as_str(), &text, &author, unit.now().as_second()),
                )?,
            };
            audit::write(unit, &entry)
        })
        .await
    }
}
