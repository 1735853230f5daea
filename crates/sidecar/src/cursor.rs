//! How far the event log was read: a small file that is either the old one or the new one, also after a power cut.

use std::{
    fs::{self, File},
    io::{self, Write},
    path::{Path, PathBuf},
};

/// The cursor's file and what it says.
#[derive(Debug)]
pub struct Cursor {
    file: PathBuf,
    sequence: u64,
}

impl Cursor {
    /// Reads it; without a file it is before the first event.
    ///
    /// # Errors
    /// It cannot be read, or does not hold a number.
    pub fn open(file: &Path) -> io::Result<Self> {
        let sequence = match fs::read_to_string(file) {
            Ok(text) => text.trim().parse().map_err(|_| {
                io::Error::other(format!("{} does not hold a number", file.display()))
            })?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => 0,
            Err(error) => return Err(error),
        };
        Ok(Self {
            file: file.to_owned(),
            sequence,
        })
    }

    /// The last event that is done with.
    pub fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Everything up to this event is done with. It is on the disk when this returns.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn move_to(&mut self, sequence: u64) -> io::Result<()> {
        let new = self.file.with_extension("new");
        let mut file = File::create(&new)?;
        writeln!(file, "{sequence}")?;
        file.sync_all()?;
        fs::rename(&new, &self.file)?;
        let directory = self
            .file
            .parent()
            .filter(|path| !path.as_os_str().is_empty());
        File::open(directory.unwrap_or(Path::new(".")))?.sync_all()?;
        self.sequence = sequence;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_found_where_it_was() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("events.cursor");
        let mut cursor = Cursor::open(&file).unwrap();
        assert_eq!(cursor.sequence(), 0);
        cursor.move_to(42).unwrap();
        assert_eq!(Cursor::open(&file).unwrap().sequence(), 42);
        fs::write(&file, "many").unwrap();
        assert!(Cursor::open(&file).is_err());
    }
}
