//! Writes, signs and reads BOLT 11 invoices of the regtest network with the node's key. What the ledger does with
//! them is not its business.

use std::fmt::Display;
use std::time::Duration;

use bitcoin::hashes::{Hash, sha256};
use bitcoin::secp256k1::{All, Message, PublicKey, Secp256k1, SecretKey};
use lightning_invoice::{
    Bolt11InvoiceDescription, Currency, Description, Fallback, InvoiceBuilder, PaymentSecret,
    RawHrp, RawTaggedField, RouteHint, Sha256, SiPrefix, SignedRawBolt11Invoice, TaggedField,
};

/// The key that the node signs its invoices with.
#[derive(Debug)]
pub(super) struct NodeKey {
    secp: Secp256k1<All>,
    secret: SecretKey,
    id: PublicKey,
}

/// What an invoice says.
#[derive(Debug)]
pub(super) struct Terms {
    /// `None` leaves it to the payer.
    pub(super) amount_msat: Option<u64>,
    /// SHA-256 of the preimage.
    pub(super) payment_hash: [u8; 32],
    /// Proves that the payer has seen the invoice.
    pub(super) payment_secret: [u8; 32],
    /// What it is for, as text or as hash.
    pub(super) description: Bolt11InvoiceDescription,
    /// Seconds since 1970.
    pub(super) created_at: u64,
    /// Seconds.
    pub(super) expiry: u64,
    /// Blocks.
    pub(super) min_final_cltv_expiry: u32,
    /// On-chain addresses.
    pub(super) fallbacks: Vec<Fallback>,
    /// Ways to the node that are not public.
    pub(super) hints: Vec<RouteHint>,
    /// How it may be paid.
    pub(super) features: Features,
}

/// How an invoice may be paid, as its feature bits say.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Features {
    /// Once, in several parts: lightningd's invoices.
    #[default]
    Parts,
    /// The same; LND's also say that blinded paths are understood.
    PartsAndBlindedPaths,
    /// Any number of times: LND's AMP.
    Repeatedly,
}

/// Feature bits of BOLT 9.
const BLINDED_PATHS: usize = 25;
const AMP: usize = 30;

/// Why a string is no invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("Bad bech32 string")]
pub(super) struct Unreadable;

impl NodeKey {
    /// A new random key.
    pub(super) fn random() -> Self {
        let secp = Secp256k1::new();
        // Nearly every 32 bytes are a key; the few that are not are tried again.
        let secret = loop {
            if let Ok(secret) = SecretKey::from_slice(&rand::random::<[u8; 32]>()) {
                break secret;
            }
        };
        Self::new(secp, secret)
    }

    /// The key that `to_hex` wrote.
    ///
    /// # Errors
    /// When the text is no secret key.
    pub(super) fn from_hex(text: &str) -> Result<Self, impl Display + use<>> {
        text.parse::<SecretKey>()
            .map(|secret| Self::new(Secp256k1::new(), secret))
    }

    /// The secret in hexadecimal.
    pub(super) fn to_hex(&self) -> String {
        self.secret.display_secret().to_string()
    }

    fn new(secp: Secp256k1<All>, secret: SecretKey) -> Self {
        let id = secret.public_key(&secp);
        Self { secp, secret, id }
    }

    /// The node's id.
    pub(super) fn id(&self) -> PublicKey {
        self.id
    }

    /// Signs an invoice of BOLT 12.
    pub(super) fn sign_bolt12(&self, digest: [u8; 32]) -> [u8; 64] {
        let keys = self.secret.keypair(&self.secp);
        let message = Message::from_digest(digest);
        self.secp
            .sign_schnorr_no_aux_rand(&message, &keys)
            .serialize()
    }

    /// Writes and signs an invoice.
    ///
    /// # Errors
    /// When the terms do not fit BOLT 11.
    pub(super) fn sign(&self, terms: Terms) -> Result<String, impl Display + use<>> {
        let mut builder = InvoiceBuilder::new(Currency::Regtest)
            .payment_secret(PaymentSecret(terms.payment_secret))
            .payment_hash(sha256::Hash::from_byte_array(terms.payment_hash))
            .invoice_description(terms.description)
            .duration_since_epoch(Duration::from_secs(terms.created_at))
            .expiry_time(Duration::from_secs(terms.expiry))
            .min_final_cltv_expiry_delta(u64::from(terms.min_final_cltv_expiry));
        if terms.features != Features::Repeatedly {
            builder = builder.basic_mpp();
        }
        for fallback in terms.fallbacks {
            builder = builder.fallback(fallback);
        }
        for hint in terms.hints {
            builder = builder.private_route(hint);
        }
        let mut raw = builder.build_raw()?;
        raw.hrp = hrp(terms.amount_msat);
        for field in &mut raw.data.tagged_fields {
            if let RawTaggedField::KnownSemantics(TaggedField::Features(bits)) = field {
                // It would fail for a bit that no feature can have.
                let _ = match terms.features {
                    Features::Parts => Ok(()),
                    Features::PartsAndBlindedPaths => bits.set_optional_feature_bit(BLINDED_PATHS),
                    Features::Repeatedly => bits.set_required_feature_bit(AMP),
                };
            }
        }
        let signed = raw.sign(|hash| {
            Ok::<_, lightning_invoice::CreationError>(
                self.secp.sign_ecdsa_recoverable(hash, &self.secret),
            )
        })?;
        Ok::<_, lightning_invoice::CreationError>(signed.to_string())
    }
}

/// A description of at most 639 bytes.
///
/// # Errors
/// When it is longer.
pub(super) fn described(text: String) -> Result<Bolt11InvoiceDescription, impl Display> {
    Description::new(text).map(Bolt11InvoiceDescription::Direct)
}

/// The hash of a description.
pub(super) fn hashed(text: &str) -> Bolt11InvoiceDescription {
    Bolt11InvoiceDescription::Hash(Sha256(sha256::Hash::hash(text.as_bytes())))
}

/// SHA-256 of the preimage.
pub(super) fn payment_hash(preimage: &[u8; 32]) -> [u8; 32] {
    sha256::Hash::hash(preimage).to_byte_array()
}

/// lightningd's payment secret: another hash of the preimage.
pub(super) fn payment_secret(preimage: &[u8; 32]) -> [u8; 32] {
    let mut other = *preimage;
    other[0] ^= 1;
    sha256::Hash::hash(&other).to_byte_array()
}

/// Reads an invoice of any network, in small or capital letters, with or without `lightning:`.
pub(super) fn read(text: &str) -> Result<SignedRawBolt11Invoice, Unreadable> {
    canonical(text).parse().map_err(|_| Unreadable)
}

/// The string without `lightning:`.
pub(super) fn canonical(text: &str) -> &str {
    const SCHEME: &str = "lightning:";
    match text.get(..SCHEME.len()) {
        Some(start) if start.eq_ignore_ascii_case(SCHEME) => &text[SCHEME.len()..],
        _ => text,
    }
}

/// The network's name within an invoice.
pub(super) fn prefix(invoice: &SignedRawBolt11Invoice) -> &'static str {
    match invoice.raw_invoice().hrp.currency {
        Currency::Bitcoin => "bc",
        Currency::BitcoinTestnet => "tb",
        Currency::Regtest => "bcrt",
        Currency::Simnet => "sb",
        Currency::Signet => "tbs",
    }
}

/// The amount in millisatoshi.
pub(super) fn amount_msat(invoice: &SignedRawBolt11Invoice) -> Option<u64> {
    invoice
        .raw_invoice()
        .amount_pico_btc()
        .map(|pico| pico / 10)
}

/// The part with the amount. lightningd multiplies without a look at overflows, so amounts above 1.8 * 10^18
/// millisatoshi that are no whole bitcoins become invoices that nobody can read; so do they here.
fn hrp(amount_msat: Option<u64>) -> RawHrp {
    const UNITS: [(u64, Option<SiPrefix>); 4] = [
        (100_000_000_000, None),
        (100_000_000, Some(SiPrefix::Milli)),
        (100_000, Some(SiPrefix::Micro)),
        (100, Some(SiPrefix::Nano)),
    ];
    let (raw_amount, si_prefix) = match amount_msat {
        None => (None, None),
        Some(msat) => match UNITS.iter().find(|(unit, _)| msat.is_multiple_of(*unit)) {
            Some((unit, prefix)) => (Some(msat / unit), *prefix),
            None => (Some(msat.wrapping_mul(10)), Some(SiPrefix::Pico)),
        },
    };
    RawHrp {
        currency: Currency::Regtest,
        raw_amount,
        si_prefix,
    }
}

#[cfg(test)]
mod tests {
    use lightning_invoice::Bolt11Invoice;

    use super::*;

    fn terms(amount_msat: Option<u64>) -> Terms {
        Terms {
            amount_msat,
            payment_hash: payment_hash(&[7; 32]),
            payment_secret: payment_secret(&[7; 32]),
            description: described("one coffee".to_owned()).map_err(|_| ()).unwrap(),
            created_at: 1_795_195_153,
            expiry: 604_800,
            min_final_cltv_expiry: 10,
            fallbacks: Vec::new(),
            hints: Vec::new(),
            features: Features::default(),
        }
    }

    #[test]
    fn an_invoice_can_be_read_again() {
        let key = NodeKey::random();
        let text = key.sign(terms(Some(12_345))).map_err(|_| ()).unwrap();
        assert!(text.starts_with("lnbcrt123450p1"), "{text}");
        let invoice: Bolt11Invoice = text.parse().unwrap();
        assert_eq!(invoice.amount_milli_satoshis(), Some(12_345));
        assert_eq!(
            invoice.payment_hash().to_byte_array(),
            payment_hash(&[7; 32])
        );
        assert_eq!(invoice.recover_payee_pub_key(), key.id());
        assert_eq!(invoice.min_final_cltv_expiry_delta(), 10);
        assert!(invoice.features().unwrap().supports_basic_mpp());
        assert_eq!(prefix(&read(&text.to_uppercase()).unwrap()), "bcrt");
        assert!(read(&format!("LIGHTNING:{text}")).is_ok());
        assert!(read("garbage").is_err());
    }

    #[test]
    fn amounts_are_written_as_lightningd_writes_them() {
        let cases = [
            (None, "lnbcrt1"),
            (Some(1), "lnbcrt10p1"),
            (Some(1_000), "lnbcrt10n1"),
            (Some(10_000), "lnbcrt100n1"),
            (Some(44_440), "lnbcrt444400p1"),
            (Some(100_000_000_000), "lnbcrt11"),
            (Some(2_100_000_000_000_000_000), "lnbcrt210000001"),
            (
                Some(2_100_000_000_000_000_001),
                "lnbcrt2553255926290448394p1",
            ),
        ];
        let key = NodeKey::random();
        for (amount, start) in cases {
            let text = key.sign(terms(amount)).map_err(|_| ()).unwrap();
            assert!(text.starts_with(start), "{amount:?}: {text}");
        }
    }
}
