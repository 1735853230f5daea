//! What is sold, for the wallet itself (LUD-10): encrypted with AES-256-CBC and the preimage as the key, so that the wallet shows it
//! once it has paid. Nobody else can read it: those who forward the payment learn the preimage, but not this.

use aes::{
    Aes256,
    cipher::{BlockEncryptMut, KeyIvInit, block_padding::Pkcs7},
};
use cbc::Encryptor;
use facture_domain::{Content, Invoice, Item, Preimage, StockRule};

use super::{error::Error, service::Reveals};

/// A text that a preimage opens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedText {
    /// The text, encrypted.
    pub ciphertext: Vec<u8>,
    /// What the encryption begins with.
    pub iv: [u8; 16],
}

/// The most bytes of a text for a wallet: encrypted and in Base64 it has 4096 characters then, the most that LUD-10 allows.
const MAX_BYTES: usize = 3071;

impl Reveals {
    /// Whether a wallet can buy an item without its page. The invoices of held payments are not made with a hash of what the wallet
    /// was shown, which LNURL asks for.
    pub fn is_for_wallets(&self, item: &Item) -> bool {
        item.stock_rule == StockRule::Reserve
    }

    /// What is sold by an invoice, if it is a word or a short text: also before it is paid, since it says nothing without the
    /// preimage.
    ///
    /// # Errors
    /// [`Error::NoDownload`] when nothing is sold by it, [`Error::Store`].
    pub async fn sealed_for_wallet(&self, invoice: &Invoice) -> Result<Option<SealedText>, Error> {
        let sale = self.store.sale(&invoice.label).await?;
        let sale = sale.ok_or(Error::NoDownload)?;
        let content = self.content_of(&sale).await?;
        let text = match &content {
            Content::Word(word) => word.expose(),
            Content::Text(text) => text.as_str(),
            Content::File { .. } => return Ok(None),
        };
        if text.len() > MAX_BYTES {
            return Ok(None);
        }
        let preimage = self.preimage(&sale, &content, invoice)?;
        Ok(Some(seal(&preimage, text, rand::random())))
    }
}

fn seal(preimage: &Preimage, text: &str, iv: [u8; 16]) -> SealedText {
    let cipher = Encryptor::<Aes256>::new(preimage.expose().into(), &iv.into());
    SealedText {
        ciphertext: cipher.encrypt_padded_vec_mut::<Pkcs7>(text.as_bytes()),
        iv,
    }
}

#[cfg(test)]
mod tests {
    use bitcoin::hex::DisplayHex;

    use super::*;

    /// As OpenSSL has it: `openssl enc -aes-256-cbc -K 0707… -iv 0909…`.
    #[test]
    fn it_is_what_others_make_of_it() {
        let preimage = Preimage::from_bytes([7; 32]);
        let sealed = seal(&preimage, "swordfish ☕", [9; 16]);
        assert_eq!(sealed.ciphertext.to_lower_hex_string(), EXPECTED);
    }

    const EXPECTED: &str = "d33772249b50f8ad9d12dc6974455e7b";

    #[test]
    fn the_longest_text_has_4096_characters_in_base64() {
        let preimage = Preimage::from_bytes([7; 32]);
        let sealed = seal(&preimage, &"x".repeat(MAX_BYTES), [9; 16]);
        assert_eq!(sealed.ciphertext.len().div_ceil(3) * 4, 4096);
    }
}
