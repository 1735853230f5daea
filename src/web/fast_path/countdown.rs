//! Pages with a clock: written and compressed once. In each second in which somebody reads one, the time that is left is
//! filled in.

use std::{
    io::{self, Write},
    ops::Range,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use axum::body::Bytes;
use flate2::{Compression, Crc, write::DeflateEncoder};
use jiff::Timestamp;

use crate::locale::Language;
use crate::web::fast_path::precompressed::{Sent, Takes};

/// Where a template has the seconds that are left, and where the same as people read them. Nothing that others wrote
/// looks like this in a page: there `<` is escaped.
pub(crate) const SECONDS: &str = "<seconds left>";
pub(crate) const WORDS: &str = "<time left>";

/// A page that is another one each second, until the end.
pub(crate) struct Ticking {
    end: Timestamp,
    language: Language,
    /// As it was read last. The next one is made of its pieces, so there is one copy of them.
    latest: Mutex<Arc<Moment>>,
    /// The pieces as blocks of DEFLATE (RFC 1951).
    deflated: OnceLock<io::Result<Vec<Vec<u8>>>>,
    size: usize,
}

/// The page as it is while so many seconds are left.
struct Moment {
    left: i64,
    page: Bytes,
    pieces: Vec<Piece>,
    gzip: OnceLock<Bytes>,
}

/// Where something is that stays as it is, and what is filled in after it.
struct Piece {
    at: Range<usize>,
    gap: Gap,
}

#[derive(Clone, Copy)]
enum Gap {
    Seconds,
    Words,
    /// At the end of the page.
    Nothing,
}

/// The head of a gzip file that says nothing about itself (RFC 1952 §2.3).
const HEAD: [u8; 10] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];

/// The last block of DEFLATE, empty.
const LAST: [u8; 2] = [3, 0];

impl Ticking {
    /// A page with [`SECONDS`] and [`WORDS`] in it.
    pub(crate) fn new(page: &str, end: Timestamp, language: Language) -> Self {
        let now = Moment::new(&split(page), seconds_until(end), language);
        Self {
            end,
            language,
            size: now.page.len() / 2 * 3,
            latest: Mutex::new(Arc::new(now)),
            deflated: OnceLock::new(),
        }
    }

    /// For a client that takes this, as the page is now.
    pub(crate) fn sent(&self, takes: Takes) -> Sent {
        let now = self.at(seconds_until(self.end));
        let deflated = match takes {
            Takes::Gzip => self.deflated.get_or_init(|| now.deflate()).as_ref().ok(),
            Takes::Plain => None,
        };
        match deflated {
            Some(deflated) => Sent::Gzip(
                now.gzip
                    .get_or_init(|| now.gzip(deflated, self.language))
                    .clone(),
            ),
            None => Sent::Plain(now.page.clone()),
        }
    }

    /// How many bytes it takes, some of them for what is compressed. Always the same, though a clock may lose a digit:
    /// what is kept must not change its weight.
    pub(crate) fn size(&self) -> usize {
        self.size
    }

    fn at(&self, left: i64) -> Arc<Moment> {
        let mut latest = self.latest.lock().unwrap_or_else(PoisonError::into_inner);
        if latest.left != left {
            *latest = Arc::new(Moment::new(&latest.pieces(), left, self.language));
        }
        Arc::clone(&latest)
    }
}

/// The pieces of a page with [`SECONDS`] and [`WORDS`] in it.
fn split(mut page: &str) -> Vec<(&[u8], Gap)> {
    let next = |page: &str| {
        let gaps = [(SECONDS, Gap::Seconds), (WORDS, Gap::Words)];
        let found = gaps.map(|(mark, gap)| Some((page.find(mark)?, mark, gap)));
        found.into_iter().flatten().min_by_key(|(at, ..)| *at)
    };
    let mut pieces = Vec::new();
    while let Some((at, mark, gap)) = next(page) {
        pieces.push((&page.as_bytes()[..at], gap));
        page = &page[at + mark.len()..];
    }
    pieces.push((page.as_bytes(), Gap::Nothing));
    pieces
}

impl Moment {
    fn new(pieces: &[(&[u8], Gap)], left: i64, language: Language) -> Self {
        let stay = pieces.iter().map(|(piece, _)| piece.len());
        // A gap is filled with a handful of digits and words.
        let mut page = Vec::with_capacity(stay.sum::<usize>() + 32 * pieces.len());
        let mut placed = Vec::with_capacity(pieces.len());
        for (piece, gap) in pieces {
            let start = page.len();
            page.extend_from_slice(piece);
            placed.push(Piece {
                at: start..page.len(),
                gap: *gap,
            });
            page.extend_from_slice(gap.filled(left, language).as_bytes());
        }
        Self {
            left,
            page: page.into(),
            pieces: placed,
            gzip: OnceLock::new(),
        }
    }

    fn pieces(&self) -> Vec<(&[u8], Gap)> {
        let pieces = self.pieces.iter();
        pieces
            .map(|Piece { at, gap }| (&self.page[at.clone()], *gap))
            .collect()
    }

    /// What is filled in is stored as it is between what was compressed before.
    fn gzip(&self, deflated: &[Vec<u8>], language: Language) -> Bytes {
        let mut file = Vec::with_capacity(self.page.len() / 2);
        file.extend_from_slice(&HEAD);
        for (Piece { gap, .. }, deflated) in self.pieces.iter().zip(deflated) {
            file.extend_from_slice(deflated);
            file.extend_from_slice(&stored(&gap.filled(self.left, language)));
        }
        file.extend_from_slice(&LAST);
        let mut check = Crc::new();
        check.update(&self.page);
        file.extend_from_slice(&check.sum().to_le_bytes());
        file.extend_from_slice(&check.amount().to_le_bytes());
        file.shrink_to_fit();
        file.into()
    }

    /// Each piece for itself: what refers to an earlier one would count what is filled in between. A flush ends it on a
    /// whole byte.
    fn deflate(&self) -> io::Result<Vec<Vec<u8>>> {
        let deflated = self.pieces().into_iter().map(|(piece, _)| {
            let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
            encoder.write_all(piece)?;
            encoder.flush()?;
            Ok(encoder.get_ref().clone())
        });
        deflated.collect()
    }
}

/// A block that is not compressed (RFC 1951 §3.2.4).
fn stored(text: &str) -> Vec<u8> {
    let length = u16::try_from(text.len()).unwrap_or(u16::MAX);
    let lengths = [length.to_le_bytes(), (!length).to_le_bytes()].concat();
    [&[0], lengths.as_slice(), text.as_bytes()].concat()
}

impl Gap {
    fn filled(self, left: i64, language: Language) -> String {
        match self {
            Self::Seconds => left.to_string(),
            Self::Words => language.time_left(left),
            Self::Nothing => String::new(),
        }
    }
}

/// Whole seconds from now on.
pub(crate) fn seconds_until(end: Timestamp) -> i64 {
    (end.as_second() - Timestamp::now().as_second()).max(0)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::GzDecoder;

    use super::*;

    #[test]
    fn every_gap_is_filled_in_both_forms() {
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
            let page = Ticking::new(&page, Timestamp::UNIX_EPOCH, Language::English);
            let size = page.size();
            // One that was another with more or fewer digits before is no different.
            for before in [0, 3547, 360_000] {
                let deflated = page.at(before).deflate().unwrap();
                let moment = page.at(3547);
                assert_eq!(moment.page, filled.as_bytes());
                assert_eq!(page.size(), size);
                let gzip = moment.gzip(&deflated, Language::English);
                let mut read = String::new();
                let mut file = GzDecoder::new(gzip.as_ref());
                file.read_to_string(&mut read).unwrap();
                assert_eq!(read, filled);
            }
        }
    }
}
