//! The shop's notes on sales.

use std::collections::HashMap;

use crate::{
    audit,
    columns::row,
    error::Error,
    rows::{json, timestamp},
    sql::{OptionalExtension, all},
    store::Store,
};
use facture_domain::{
    Label,
    desk::{NewAudit, Note, NoteText},
};

row! {
    /// A note.
    Row of "notes" {
        label: String,
        text: String,
        author: String,
        written_at: i64,
    }
}

/// As many at once as there are labels in an array.
const ON: &str = "WHERE label IN (SELECT value FROM json_each(?1))";

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

    /// The notes on these sales, by their labels.
    ///
    /// # Errors
    /// [`Error`] when the database cannot be read.
    pub async fn notes_on(&self, labels: &[Label]) -> Result<HashMap<String, Note>, Error> {
        let labels = json(&labels.iter().map(Label::as_str).collect::<Vec<_>>())?;
        self.query(move |connection| {
            let sql = format!("{} {ON}", Row::SELECT);
            let read = |row: Row| Ok((row.label.clone(), row.read()?));
            let notes = all(connection, &sql, [&labels], Row::from_row, read)?;
            Ok(notes.into_iter().collect())
        })
        .await
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
                    "INSERT INTO notes (label, text, author, written_at) VALUES (?1, ?2, ?3, ?4) \
                     ON CONFLICT (label) DO UPDATE SET text = ?2, author = ?3, written_at = ?4",
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::{opened, plan};

    #[tokio::test]
    async fn notes_of_a_page_are_looked_up_one_by_one() {
        let (_directory, store, _) = opened().await;
        let plan = plan(&store, &format!("{} {ON}", Row::SELECT));
        assert!(plan.contains("SEARCH notes USING"), "{plan}");
        assert!(store.notes_on(&[]).await.unwrap().is_empty());
    }
}
