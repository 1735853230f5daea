//! The shop's notes on sales.

use rusqlite::OptionalExtension;

use crate::{audit, columns::row, error::Error, rows::timestamp, store::Store};
use facture_domain::{
    Label,
    desk::{NewAudit, Note, NoteText},
};

row! {
    /// A note.
    Row of "notes" {
        text: String,
        author: String,
        written_at: i64,
    }
}

impl Store {
    /// The note on a sale.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn note(&self, label: &Label) -> Result<Option<Note>, Error> {
        let row = self.lookup(|connection| {
            let sql = format!("{} WHERE label = ?1", Row::SELECT);
            let mut statement = connection.prepare_cached(&sql)?;
            Ok(statement
                .query_row([label.as_str()], Row::from_row)
                .optional()?)
        })?;
        row.map(Row::read).transpose()
    }

    /// Writes the note on a sale in place of the one before; an empty text removes it. `false`: there is no such sale.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be written.
    pub async fn write_note(
        &self,
        label: &Label,
        text: NoteText,
        entry: NewAudit,
    ) -> Result<bool, Error> {
        let label = label.clone();
        self.write(move |unit| {
            if unit.invoice(&label)?.is_none() {
                return Ok(false);
            }
            let author = entry.actor.name().unwrap_or_default();
            match text.as_str() {
                "" => unit.execute("DELETE FROM notes WHERE label = ?1", [label.as_str()])?,
                text => unit.execute(
                    "INSERT OR REPLACE INTO notes (label, text, author, written_at) VALUES (?1, ?2, ?3, ?4)",
                    (label.as_str(), text, author, unit.now().as_second()),
                )?,
            };
            audit::write(unit, &entry)?;
            Ok(true)
        })
        .await
    }
}

impl Row {
    fn read(self) -> Result<Note, Error> {
        Ok(Note {
            text: NoteText::stored(self.text),
            author: self.author,
            written_at: timestamp(self.written_at)?,
        })
    }
}
