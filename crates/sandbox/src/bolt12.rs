//! BOLT 12 strings: bech32 without a checksum around a TLV stream. What paths, recurrences and signatures say is skipped.

use std::collections::BTreeMap;

use bitcoin::bech32::Fe32;
use bitcoin::bech32::primitives::iter::{ByteIterExt, Fe32IterExt};
use bitcoin::hashes::{Hash, HashEngine, sha256};

/// A BOLT 12 string.
#[derive(Debug)]
pub(super) struct Bolt12 {
    /// The letters before its `1`.
    pub(super) kind: Kind,
    pub(super) fields: Fields,
}

/// A kind of BOLT 12 string.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `lno`
    Offer,
    /// `lnr`
    InvoiceRequest,
    /// `lni`
    Invoice,
}

/// Reads a string in small or capital letters; `None` when it is none.
pub(super) fn read(text: &str) -> Option<Bolt12> {
    let text = text.to_ascii_lowercase();
    let (prefix, data) = text.split_once('1')?;
    let kind = match prefix {
        "lno" => Kind::Offer,
        "lnr" => Kind::InvoiceRequest,
        "lni" => Kind::Invoice,
        _ => return None,
    };
    let symbols: Result<Vec<Fe32>, _> = data.chars().map(Fe32::from_char).collect();
    let bytes: Vec<u8> = symbols.ok()?.into_iter().fes_to_bytes().collect();
    let mut rest = &bytes[..];
    let mut fields = BTreeMap::new();
    while !rest.is_empty() {
        let number = big_size(&mut rest)?;
        let length = usize::try_from(big_size(&mut rest)?).ok()?;
        let value = rest.get(..length)?;
        rest = &rest[length..];
        // The numbers of a stream rise.
        if fields
            .last_key_value()
            .is_some_and(|(last, _)| *last >= number)
        {
            return None;
        }
        fields.insert(number, value.to_vec());
    }
    (!fields.is_empty()).then_some(Bolt12 { kind, fields })
}

/// The genesis block of regtest, as BOLT 12 names a chain.
pub(super) const REGTEST: [u8; 32] = [
    0x06, 0x22, 0x6e, 0x46, 0x11, 0x1a, 0x0b, 0x59, 0xca, 0xaf, 0x12, 0x60, 0x43, 0xeb, 0x5b, 0xbf,
    0x28, 0xc3, 0x4f, 0x3a, 0x5e, 0x33, 0x2a, 0x1f, 0xc7, 0xb2, 0xb7, 0x3c, 0xf1, 0x88, 0x91, 0x0f,
];

impl Bolt12 {
    /// Whether an offer can be paid on regtest.
    pub(super) fn is_for_regtest(&self) -> bool {
        let chains = self.bytes(2).unwrap_or_default();
        chains.chunks(32).any(|chain| chain == REGTEST)
    }

    /// The bytes of a field.
    pub(super) fn bytes(&self, number: u64) -> Option<&[u8]> {
        self.fields.get(&number).map(Vec::as_slice)
    }

    /// A field that is text.
    pub(super) fn text(&self, number: u64) -> Option<String> {
        String::from_utf8(self.bytes(number)?.to_vec()).ok()
    }

    /// A field that is a number, without the zeros before it.
    pub(super) fn number(&self, number: u64) -> Option<u64> {
        let bytes = self.bytes(number)?;
        (bytes.len() <= 8).then(|| {
            bytes
                .iter()
                .fold(0, |sum, byte| sum << 8 | u64::from(*byte))
        })
    }
}

/// The fields of a string, by their numbers.
pub(super) type Fields = BTreeMap<u64, Vec<u8>>;

/// Writes a string.
pub(super) fn write(kind: Kind, fields: &Fields) -> String {
    let prefix = match kind {
        Kind::Offer => "lno1",
        Kind::InvoiceRequest => "lnr1",
        Kind::Invoice => "lni1",
    };
    let bytes = fields
        .iter()
        .flat_map(|(number, value)| record(*number, value));
    let data: String = bytes.bytes_to_fes().map(Fe32::to_char).collect();
    format!("{prefix}{data}")
}

/// A number without the zeros before it.
pub(super) fn number(value: u64) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes[zeros..].to_vec()
}

/// What lightningd knows an offer by, also in what was made from it: a hash of its own fields.
pub(super) fn offer_id(fields: &Fields) -> Option<[u8; 32]> {
    let own =
        |number: u64| (1..80).contains(&number) || (1_000_000_000..2_000_000_000).contains(&number);
    let own = fields.iter().filter(|(number, _)| own(**number));
    let bytes: Vec<u8> = own
        .flat_map(|(number, value)| record(*number, value))
        .collect();
    (!bytes.is_empty()).then(|| sha256::Hash::hash(&bytes).to_byte_array())
}

/// What the signature of an invoice is of.
pub(super) fn to_sign(fields: &Fields) -> Option<[u8; 32]> {
    let signed = fields
        .iter()
        .filter(|(number, _)| !(240..=1000).contains(*number));
    Some(tagged(b"lightninginvoicesignature", &[&root(signed)?]))
}

/// The root of a tree of fields (BOLT 12, "Signature Calculation").
fn root<'a>(fields: impl Iterator<Item = (&'a u64, &'a Vec<u8>)>) -> Option<[u8; 32]> {
    let records: Vec<(u64, Vec<u8>)> = fields
        .map(|(number, value)| (*number, record(*number, value)))
        .collect();
    let (_, first) = records.first()?;
    let nonce = [b"LnNonce", &first[..]].concat();
    let mut level: Vec<[u8; 32]> = records
        .iter()
        .map(|(number, record)| {
            let leaf = tagged(b"LnLeaf", &[record]);
            branch(leaf, tagged(&nonce, &[&big_size_bytes(*number)]))
        })
        .collect();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .map(|pair| match pair {
                [a, b] => branch(*a, *b),
                // The last one of an odd number goes up as it is.
                alone => alone[0],
            })
            .collect();
    }
    level.first().copied()
}

fn branch(a: [u8; 32], b: [u8; 32]) -> [u8; 32] {
    tagged(b"LnBranch", &[&a.min(b), &a.max(b)])
}

fn tagged(tag: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let tag = sha256::Hash::hash(tag);
    let mut engine = sha256::Hash::engine();
    engine.input(tag.as_byte_array());
    engine.input(tag.as_byte_array());
    for part in parts {
        engine.input(part);
    }
    sha256::Hash::from_engine(engine).to_byte_array()
}

/// A field with its number and its length.
fn record(number: u64, value: &[u8]) -> Vec<u8> {
    let length = u64::try_from(value.len()).unwrap_or(u64::MAX);
    [&big_size_bytes(number), &big_size_bytes(length), value].concat()
}

fn big_size_bytes(number: u64) -> Vec<u8> {
    let all = number.to_be_bytes();
    match number {
        0..=0xfc => vec![all[7]],
        0xfd..=0xffff => [&[0xfd], &all[6..]].concat(),
        0x1_0000..=0xffff_ffff => [&[0xfe], &all[4..]].concat(),
        _ => [&[0xff], &all[..]].concat(),
    }
}

/// A number of variable length (BOLT 1).
fn big_size(rest: &mut &[u8]) -> Option<u64> {
    let (first, after) = rest.split_first()?;
    let length = match first {
        0xfd => 2,
        0xfe => 4,
        0xff => 8,
        small => {
            *rest = after;
            return Some(u64::from(*small));
        }
    };
    let bytes = after.get(..length)?;
    *rest = &after[length..];
    Some(
        bytes
            .iter()
            .fold(0, |sum, byte| sum << 8 | u64::from(*byte)),
    )
}

#[cfg(test)]
mod tests {
    use bitcoin::hex::DisplayHex;
    use bitcoin::secp256k1::{Message, PublicKey, Secp256k1, schnorr::Signature};

    use super::*;

    /// With lightningd's `decode` (v26.06.6).
    const OFFER: &str = "lno1qgsyxjtl6luzd9t3pr62xr7eemp6awnejusgf6gw45q75vcfqqqqqqq2p32x2um5ypmx2cm5dae8x93pqthvwfzadd7jejes8q9lhc4rvjxd022zv5l44g6qah82ru5rdpnpj";
    const ID: &str = "a4b971f94e9c2d4495adefa60be27359fb986fa78b7dc84d15db3435f51236a0";

    #[test]
    fn a_string_is_written_as_it_was_read_and_has_lightningds_id() {
        let read = read(OFFER).unwrap();
        assert_eq!(write(read.kind, &read.fields), OFFER);
        assert_eq!(offer_id(&read.fields).unwrap().to_lower_hex_string(), ID);
    }

    /// An invoice of lightningd v26.06.6 (regtest), which is signed.
    const INVOICE: &str = "lni1qqg2pxr5uj439pn9f42v0m4crtpgcq3qqc3xu3s3rg94nj40zfsy866mhu5vxne6tcej5878k2mneuvgjy8ssqsn3q9qxar9vygwuqeu2uzadvuqug025u2jqhq42fs6vzpgxww8uyha078dy3mstywtz5ppujgcjj37v44asc3k96sq3pd9dx6kwdxuxdkundq06887xmjh8sszqw7rwh4jgeqwq62rr0duyk9rw5hm04txmxr0crkqvmfan2kwfzykqqpnpj0kedvnkwls7ync0pylalgqckph6xx5jxs4jz7yq0g75mzr6p0vk8zju2xlqtwvgy4dm7krh6tr85cnhspjmkyzzcasfd83ycehvyayaqjus8hp4dx3ve7ej4grj9aazrp8dlgqxf5qrdvm47gcanrmeeaul5akmlfatjgr7wtecphhltupwe8h4qegr5cua7l5pwkuc5vpggtxswp270rsmytzzqjp7unwpxnfth2pduva28mahnmcty3nc3pyadk5jq2g6fssj7ae53gzqp3zderpzxstt8927ynqg044h0egcd8n5h3n9g0u0v4h8ncc3yg02sq9sggr9t2v6xfkq79wr0y36et5kgd5aq2fal6xqrqca9dueuw9zwmc3uz2pxqzg8mjdcy6d9wag9h3n4gl0k700pvjx0zyyn4k6jgpfrfxzztmhxjqy3xct4mn62ep649gjjnh2ra3rvv04r6ldysnjpazdgu2apkuvpahqypj63uje73mp4mw4lgf0wm4n3umx37la4hleuv2cfz8n2yuumql5hgqxfamna4quhccugt8j4rxxt5sfnersqc4sfvgh92nnmk9g98rn56t2hdd8ja47kedgdgmvaqwksdn26dx823pcqqqqqqqqqqqqqqq5qqqqqqqqqqqqqwjfvkl43fqqqqqqzjqg6ctgfl6sgxnfvcpem7xneynjucgv6tmt8r2qthtpns2m0467rgq07mj4435yw4qyyug4cpsyqqqkqssys0hymsf562a6st0r8237ldu77zeyv7ygf8td4yszjxjvyyhhwdy7pq0ykl0zxc50z90f5w8ku7pz539kvvsqwanezuxz6tvqkr8kmzncn3jgmzg6m03daxuvtx36prnkx9wdcp6p7j3m7qut40wmyk9svx3uv";

    #[test]
    fn what_is_signed_is_what_lightningd_signs() {
        let invoice = read(INVOICE).unwrap();
        let digest = to_sign(&invoice.fields).unwrap();
        let signature = Signature::from_slice(invoice.bytes(240).unwrap()).unwrap();
        let node = PublicKey::from_slice(invoice.bytes(176).unwrap()).unwrap();
        let message = Message::from_digest(digest);
        let verified = Secp256k1::verification_only().verify_schnorr(
            &signature,
            &message,
            &node.x_only_public_key().0,
        );
        assert_eq!(verified, Ok(()));
    }

    #[test]
    fn numbers_have_no_zeros_before_them() {
        assert_eq!(number(0), [0_u8; 0]);
        assert_eq!(number(256), [1, 0]);
    }
}
