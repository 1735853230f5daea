//! What lets clients in. A macaroon is some random bytes, and the list of what they allow is kept here.

use std::{collections::HashMap, fs, io, path::Path, sync::Mutex};

use bitcoin::hex::FromHex;

use super::refusal::Refusal;
use crate::mutex::lock;

/// The macaroons, by their bytes, and the URIs that each allows; `None` is all.
#[derive(Debug, Default)]
pub(super) struct Macaroons {
    known: Mutex<HashMap<Vec<u8>, Option<Vec<String>>>>,
}

/// How a macaroon begins, in the second version of its format.
const START: [u8; 2] = [2, 1];

impl Macaroons {
    /// Makes one, unless it is in the file, and keeps it there.
    pub(super) fn bake(&self, file: &Path, uris: Option<Vec<String>>) -> io::Result<()> {
        let bytes = match fs::read(file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let bytes = [&START[..], &rand::random::<[u8; 32]>()].concat();
                fs::write(file, &bytes)?;
                bytes
            }
            Err(error) => return Err(error),
        };
        lock(&self.known).insert(bytes, uris);
        Ok(())
    }

    /// Whether a client that shows this may make the call.
    pub(super) fn check(&self, shown: Option<&[u8]>, uri: &str) -> Result<(), Refusal> {
        let shown = shown.ok_or_else(|| Refusal::unknown("expected 1 macaroon, got 0"))?;
        let text = String::from_utf8_lossy(shown);
        if let Some(odd) = text.chars().find(|digit| !digit.is_ascii_hexdigit()) {
            let code = u32::from(odd);
            let text = format!("encoding/hex: invalid byte: U+{code:04X} '{odd}'");
            return Err(Refusal::unknown(text));
        }
        let bytes = Vec::from_hex(&text)
            .map_err(|_| Refusal::unknown("encoding/hex: odd length hex string"))?;
        if bytes.len() <= START.len() || !bytes.starts_with(&START) {
            let text = "unmarshal v2: varint value extends past end of buffer";
            return Err(Refusal::unknown(text));
        }
        match lock(&self.known).get(&bytes) {
            None => Err(Refusal::unknown(
                "verification failed: signature mismatch after caveat verification",
            )),
            Some(Some(uris)) if !uris.iter().any(|allowed| allowed == uri) => {
                Err(Refusal::unknown("permission denied"))
            }
            Some(_) => Ok(()),
        }
    }
}
