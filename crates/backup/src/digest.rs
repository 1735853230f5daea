//! SHA-256 of what is read or written.

use std::{
    fs::File,
    io::{self, Read, Write},
    path::Path,
};

use sha2::{Digest as _, Sha256};

/// The length of some bytes and their SHA-256, in hexadecimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Digest {
    pub(crate) bytes: u64,
    pub(crate) sha256: String,
}

/// Passes on what is read or written.
pub(crate) struct Digesting<T> {
    inner: T,
    bytes: u64,
    sha256: Sha256,
}

impl Digest {
    /// All that can be read.
    pub(crate) fn of(reader: impl Read) -> io::Result<Self> {
        let mut reader = Digesting::new(reader);
        io::copy(&mut reader, &mut io::sink())?;
        Ok(reader.finish().1)
    }

    pub(crate) fn of_file(path: &Path) -> io::Result<Self> {
        Self::of(File::open(path)?)
    }
}

impl<T> Digesting<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self {
            inner,
            bytes: 0,
            sha256: Sha256::new(),
        }
    }

    pub(crate) fn finish(self) -> (T, Digest) {
        let digest = Digest {
            bytes: self.bytes,
            sha256: hex::encode(self.sha256.finalize()),
        };
        (self.inner, digest)
    }

    fn add(&mut self, passed: &[u8]) {
        self.sha256.update(passed);
        self.bytes += u64::try_from(passed.len()).unwrap_or(u64::MAX);
    }
}

impl<R: Read> Read for Digesting<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.inner.read(buffer)?;
        self.add(buffer.get(..length).unwrap_or_default());
        Ok(length)
    }
}

impl<W: Write> Write for Digesting<W> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        let length = self.inner.write(buffer)?;
        self.add(buffer.get(..length).unwrap_or_default());
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}
