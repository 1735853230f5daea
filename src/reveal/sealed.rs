//! Content that is encrypted with the preimage of the invoice that sold it: whoever has the preimage, which the wallet keeps
//! as its receipt, can open it, with or without the shop.
//!
//! A sealed file is: the 16 bytes `facture-sealed-1` ‖ a nonce of 12 bytes ‖ the ciphertext ‖ a tag of 16 bytes. It is
//! AES-256-GCM; the key is the preimage, the additional data are the first 16 bytes. The plaintext is the length of the
//! file's name in 2 bytes (big endian) ‖ the name in UTF-8 ‖ the content. The nonce is the first 12 bytes of
//! HMAC-SHA256(key, plaintext): the same content is sealed the same way, and other content never under the same nonce.

use facture_domain::{FileName, Preimage};
use ring::{
    aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey},
    hmac::{self as mac, HMAC_SHA256},
};

const MAGIC: &[u8; 16] = b"facture-sealed-1";

/// What was in a sealed file.
#[derive(Clone, PartialEq, Eq)]
pub struct Opened {
    /// The name of the file.
    pub name: FileName,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Why a sealed file cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// It is another kind of file.
    #[error("it is not a file that was sold by pay to reveal")]
    NotSealed,
    /// It is damaged, or was sold by another invoice.
    #[error("the preimage does not open it: it is another payment's, or the file is damaged")]
    Refused,
}

/// Encrypts content with a preimage; `None` only for more bytes than the cipher takes.
pub(super) fn seal(preimage: &Preimage, name: &FileName, content: &[u8]) -> Option<Vec<u8>> {
    let name = name.as_str().as_bytes();
    let length = u16::try_from(name.len()).ok()?;
    let mut text = Vec::with_capacity(2 + name.len() + content.len());
    text.extend_from_slice(&length.to_be_bytes());
    text.extend_from_slice(name);
    text.extend_from_slice(content);
    let key = mac::Key::new(HMAC_SHA256, preimage.expose());
    let tag = mac::sign(&key, &text);
    let nonce: [u8; NONCE_LEN] = *tag.as_ref().first_chunk()?;
    let tag = cipher(preimage)?
        .seal_in_place_separate_tag(
            Nonce::assume_unique_for_key(nonce),
            Aad::from(MAGIC),
            &mut text,
        )
        .ok()?;
    Some([&MAGIC[..], &nonce, &text, tag.as_ref()].concat())
}

/// Opens what was sealed with this preimage.
///
/// # Errors
/// [`OpenError`].
pub fn open(preimage: &Preimage, sealed: &[u8]) -> Result<Opened, OpenError> {
    let rest = sealed.strip_prefix(MAGIC).ok_or(OpenError::NotSealed)?;
    let (nonce, text) = rest
        .split_first_chunk::<NONCE_LEN>()
        .ok_or(OpenError::Refused)?;
    let mut text = text.to_vec();
    let opened = cipher(preimage)
        .ok_or(OpenError::Refused)?
        .open_in_place(
            Nonce::assume_unique_for_key(*nonce),
            Aad::from(MAGIC),
            &mut text,
        )
        .map_err(|_| OpenError::Refused)?;
    let named = opened
        .split_first_chunk::<2>()
        .and_then(|(length, rest)| rest.split_at_checked(u16::from_be_bytes(*length).into()));
    let (name, bytes) = named.ok_or(OpenError::Refused)?;
    let name = std::str::from_utf8(name).map_err(|_| OpenError::Refused)?;
    Ok(Opened {
        name: FileName::parse(name).map_err(|_| OpenError::Refused)?,
        bytes: bytes.to_vec(),
    })
}

fn cipher(preimage: &Preimage) -> Option<LessSafeKey> {
    let key = UnboundKey::new(&AES_256_GCM, preimage.expose());
    key.ok().map(LessSafeKey::new)
}

#[cfg(test)]
mod tests {
    use bitcoin::hex::DisplayHex;
    use proptest::prelude::*;

    use super::*;

    fn preimage(byte: u8) -> Preimage {
        Preimage::from_bytes([byte; 32])
    }

    fn sealed(content: &[u8]) -> Vec<u8> {
        let name = FileName::parse("book.txt").unwrap();
        seal(&preimage(7), &name, content).unwrap()
    }

    /// What was sold must be opened by every later version: these bytes may never change.
    #[test]
    fn the_format_is_what_it_was() {
        let sealed = sealed(b"once upon a time");
        assert_eq!(sealed.to_lower_hex_string(), EXPECTED);
        let opened = open(&preimage(7), &sealed).map(|opened| opened.bytes);
        assert_eq!(opened, Ok(b"once upon a time".to_vec()));
    }

    const EXPECTED: &str = concat!(
        "666163747572652d7365616c65642d31",
        "382c2d37113677cfe2e20786",
        "56575dbe96241c8e008811d8af0f1ca30273437b5b594c5b80d14d11ace99e6a8ba06ffddf75ea60e698",
    );

    #[test]
    fn only_its_own_preimage_opens_it_and_every_byte_counts() {
        let whole = sealed(b"once upon a time");
        assert_eq!(open(&preimage(8), &whole).err(), Some(OpenError::Refused));
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            assert!(open(&preimage(7), &changed).is_err(), "{at}");
            assert!(open(&preimage(7), &whole[..at]).is_err(), "{at}");
        }
        assert_eq!(
            open(&preimage(7), b"%PDF").err(),
            Some(OpenError::NotSealed)
        );
        let nonce = |sealed: &[u8]| sealed[16..28].to_vec();
        assert_ne!(nonce(&whole), nonce(&sealed(b"once upon a tim")));
    }

    proptest! {
        #[test]
        fn whatever_is_sealed_is_opened(content in any::<Vec<u8>>()) {
            let opened = open(&preimage(7), &sealed(&content)).unwrap();
            prop_assert_eq!((opened.name.as_str(), opened.bytes), ("book.txt", content));
        }

        #[test]
        fn no_file_makes_the_reader_panic(content in any::<Vec<u8>>()) {
            let magic = [&MAGIC[..], &content].concat();
            prop_assert!(open(&preimage(7), &content).is_err());
            prop_assert!(open(&preimage(7), &magic).is_err());
        }
    }
}
