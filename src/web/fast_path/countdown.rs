//! Pages with a countdown: rendered and compressed once. The time left is filled in for each second in which somebody
//! reads the page.

use std::{
    io::{self, Write},
    ops::Range,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use axum::body::Bytes;
use flate2::{Compression, Crc, write::DeflateEncoder};
use jiff::Timestamp;

use crate::locale::Language;
use crate::web::{
    compression::{ContentCoding, EncodedBody},
    time_left::seconds_until,
};

/// The placeholders of a template: the seconds left, and the same in words. No text from others can look like this in a
/// page: `<` is escaped there.
pub(crate) const SECONDS: &str = "<seconds left>";
pub(crate) const WORDS: &str = "<time left>";

/// A page that changes every second, until the end.
pub(crate) struct CountdownPage {
    end: Timestamp,
    language: Language,
    /// The latest rendering. The next one reuses its segments, so there is only one copy of them.
    latest: Mutex<Arc<Rendering>>,
    /// The segments as blocks of DEFLATE (RFC 1951).
    deflated: OnceLock<io::Result<Vec<Vec<u8>>>>,
    size: usize,
}

/// The page with this many seconds left.
struct Rendering {
    left: i64,
    page: Bytes,
    segments: Vec<Segment>,
    gzip: OnceLock<Bytes>,
}

/// A fixed part of the page, and the placeholder that follows it.
struct Segment {
    at: Range<usize>,
    placeholder: Placeholder,
}

#[derive(Clone, Copy)]
enum Placeholder {
    Seconds,
    Words,
    /// The end of the page.
    End,
}

/// The header of a gzip file without metadata (RFC 1952 §2.3).
const GZIP_HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// The last DEFLATE block, empty.
const LAST_BLOCK: [u8; 2] = [3, 0];

impl CountdownPage {
    /// Creates a page that contains [`SECONDS`] and [`WORDS`].
    pub(crate) fn new(page: &str, end: Timestamp, language: Language) -> Self {
        let now = Rendering::new(&split(page), seconds_until(end), language);
        Self {
            end,
            language,
            size: now.page.len() / 2 * 3,
            latest: Mutex::new(Arc::new(now)),
            deflated: OnceLock::new(),
        }
    }

    /// The current page, for a client that accepts this coding.
    pub(crate) fn encoded(&self, coding: ContentCoding) -> EncodedBody {
        let now = self.at(seconds_until(self.end));
        let deflated = match coding {
            ContentCoding::Gzip => self.deflated.get_or_init(|| now.deflate()).as_ref().ok(),
            ContentCoding::Identity => None,
        };
        match deflated {
            Some(deflated) => EncodedBody::Gzip(
                now.gzip
                    .get_or_init(|| now.gzip(deflated, self.language))
                    .clone(),
            ),
            None => EncodedBody::Identity(now.page.clone()),
        }
    }

    /// Its size in bytes, including an estimate for the compressed segments. It is constant, even if the clock loses a
    /// digit: the weight of a cached value must not change.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    fn at(&self, left: i64) -> Arc<Rendering> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.left != left {
            *latest = Arc::new(Rendering::new(&latest.segments(), left, self.language));
        }
        Arc::clone(&latest)
    }
}

/// The segments of a page that contains [`SECONDS`] and [`WORDS`].
fn split(mut page: &str) -> Vec<(&[u8], Placeholder)> {
    let next = |page: &str| {
        let placeholders = [(SECONDS, Placeholder::Seconds), (WORDS, Placeholder::Words)];
        let found =
            placeholders.map(|(mark, placeholder)| Some((page.find(mark)?, mark, placeholder)));
        found.into_iter().flatten().min_by_key(|(at, ..)| *at)
    };
    let mut segments = Vec::new();
    while let Some((at, mark, placeholder)) = next(page) {
        segments.push((&page.as_bytes()[..at], placeholder));
        page = &page[at + mark.len()..];
    }
    segments.push((page.as_bytes(), Placeholder::End));
    segments
}

impl Rendering {
    fn new(segments: &[(&[u8], Placeholder)], left: i64, language: Language) -> Self {
        let fixed = segments.iter().map(|(segment, _)| segment.len());
        // A placeholder is replaced by a handful of digits and words.
        let mut page = Vec::with_capacity(fixed.sum::<usize>() + 32 * segments.len());
        let mut placed = Vec::with_capacity(segments.len());
        for (segment, placeholder) in segments {
            let start = page.len();
            page.extend_from_slice(segment);
            placed.push(Segment {
                at: start..page.len(),
                placeholder: *placeholder,
            });
            page.extend_from_slice(placeholder.fill(left, language).as_bytes());
        }
        Self {
            left,
            page: page.into(),
            segments: placed,
            gzip: OnceLock::new(),
        }
    }

    fn segments(&self) -> Vec<(&[u8], Placeholder)> {
        let segments = self.segments.iter();
        segments
            .map(|Segment { at, placeholder }| (&self.page[at.clone()], *placeholder))
            .collect()
    }

    /// Filled-in text is stored uncompressed between the compressed segments.
    fn gzip(&self, deflated: &[Vec<u8>], language: Language) -> Bytes {
        let mut file = Vec::with_capacity(self.page.len() / 2);
        file.extend_from_slice(&GZIP_HEAD);
        for (Segment { placeholder, .. }, deflated) in self.segments.iter().zip(deflated) {
            file.extend_from_slice(deflated);
            file.extend_from_slice(&stored(&placeholder.fill(self.left, language)));
        }
        file.extend_from_slice(&LAST_BLOCK);
        let mut check = Crc::new();
        check.update(&self.page);
        file.extend_from_slice(&check.sum().to_le_bytes());
        file.extend_from_slice(&check.amount().to_le_bytes());
        file.shrink_to_fit();
        file.into()
    }

    /// Compresses each segment separately: back-references to an earlier one would span the filled-in text. A flush
    /// ends it on a whole byte.
    fn deflate(&self) -> io::Result<Vec<Vec<u8>>> {
        let deflated = self.segments().into_iter().map(|(segment, _)| {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(segment)?;
            encoder.flush()?;
            Ok(encoder.get_ref().clone())
        });
        deflated.collect()
    }
}

/// An uncompressed block (RFC 1951 §3.2.4).
fn stored(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    let lengths = [length.to_le_bytes(), (!length).to_le_bytes()].concat();
    [&[0], lengths.as_slice(), text.as_bytes()].concat()
}

impl Placeholder {
    fn fill(self, left: i64, language: Language) -> String {
        match self {
            Self::Seconds => left.to_string(),
            Self::Words => language.time_left(left),
            Self::End => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn every_placeholder_is_filled_in_both_forms() {
        let long = "Tea and cake for two ".repeat(3000);
        for (page, filled) in [
            (
                format!("a{SECONDS}b{WORDS}{SECONDS}c<"),
                "a3547b59:073547c<".to_owned(),
            ),
            (format!("{long}{WORDS}{long}"), format!("{long}59:07{long}")),
            (SECONDS.to_owned(), "3547".to_owned()),
            ("abc".to_owned(), "abc".to_owned()),
            (String::new(), String::new()),
        ] {
            let page = CountdownPage::new(&page, Timestamp::UNIX_EPOCH, Language::English);
            let size = page.size();
            // A page that previously had more or fewer digits is no different.
            for before in [0, 3547, 360_000] {
                let deflated = page.at(before).deflate().unwrap();
                let rendering = page.at(3547);
                assert_eq!(rendering.page, filled.as_bytes());
                assert_eq!(page.size(), size);
                let gzip = rendering.gzip(&deflated, Language::English);
                let mut read = String::new();
                let mut file = GzDecoder::new(gzip.as_ref());
                file.read_to_string(&mut read).unwrap();
                assert_eq!(read, filled);
            }
        }
    }
}
