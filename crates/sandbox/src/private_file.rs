//! Files that nobody else may read, and that are never seen half written.

use std::{
    io::{self, Write},
    path::Path,
};

/// Writes a file of mode 0600, in place of what is there. All of it or nothing is there, whenever the process is killed.
pub(crate) fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    let directory = path.parent().unwrap_or(Path::new("."));
    // Its mode is 0600 from the beginning.
    let mut file = tempfile::NamedTempFile::new_in(directory)?;
    file.write_all(content)?;
    file.persist(path)?;
    Ok(())
}
