//! What a macaroon allows, as far as it shows: LND's own permissions are in its identifier. LND tells that too
//! (`CheckMacaroonPermissions`), but to a macaroon with further rights only. What caveats take away is not looked into.
//!
//! Format: libmacaroons' version 2 in binary, fields of type, length and bytes
//! (`github.com/rescrv/libmacaroons/blob/master/doc/format.txt`); inside the identifier a byte 3 and the message
//! `MacaroonId` of the bakery, in Protocol Buffers: `ops` (3), each with `entity` (1) and `actions` (2).

use super::method::Method;

/// The version of the format.
const VERSION: u8 = 2;

/// The version of the identifier.
const IDENTIFIER_VERSION: u8 = 3;

/// The field that is the identifier, and the wire type of a field that has a length.
const IDENTIFIER: u64 = 2;
const LENGTH_DELIMITED: u64 = 2;

/// Fields of the messages.
const OPS: u64 = 3;
const ENTITY: u64 = 1;
const ACTION: u64 = 2;

/// The entity whose actions are calls.
const URI: &str = "uri";

/// Rights of LND's own macaroons that allow nothing more than a checkout does: reading, and making and ending invoices.
const HARMLESS: [(&str, &str); 4] = [
    ("info", "read"),
    ("invoices", "read"),
    ("invoices", "write"),
    ("offchain", "read"),
];

/// The rights that facture does not need, such as `offchain:write`; `None` for what is not a macaroon of LND.
pub(super) fn excess_rights(macaroon: &[u8]) -> Option<Vec<String>> {
    let mut fields = Reader(macaroon.strip_prefix(&[VERSION])?);
    let identifier = loop {
        let (kind, value) = (fields.varint()?, fields.bytes()?);
        if kind == IDENTIFIER {
            break value.strip_prefix(&[IDENTIFIER_VERSION])?;
        }
    };
    let mut excess = Vec::new();
    for (field, op) in Reader(identifier).message()? {
        if field != OPS {
            continue;
        }
        let parts = Reader(op).message()?;
        let texts = |wanted| {
            let of_field = parts.iter().filter(move |(field, _)| *field == wanted);
            of_field.filter_map(|(_, bytes)| std::str::from_utf8(bytes).ok())
        };
        let entity = texts(ENTITY).next()?;
        excess.extend(
            texts(ACTION)
                .filter(|action| is_excess(entity, action))
                .map(|action| format!("{entity}:{action}")),
        );
    }
    Some(excess)
}

fn is_excess(entity: &str, action: &str) -> bool {
    match entity {
        URI => Method::ALL.iter().all(|method| method.uri() != action),
        _ => !HARMLESS.contains(&(entity, action)),
    }
}

/// Bytes that are left to be read.
struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 0x7f).checked_shl(shift)?;
            if byte & 0x80 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(self.varint()?).ok()?;
        let (bytes, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(bytes)
    }

    /// The fields of a message whose fields all have a length.
    fn message(mut self) -> Option<Vec<(u64, &'a [u8])>> {
        let mut fields = Vec::new();
        while !self.0.is_empty() {
            let tag = self.varint()?;
            if tag & 7 != LENGTH_DELIMITED {
                return None;
            }
            fields.push((tag >> 3, self.bytes()?));
        }
        Some(fields)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Made by lnd 0.21.2-beta on regtest: by the command that facture prints, and two that lnd makes itself.
    const OURS: &str = "0201036c6e6402d602030a10e039d09f477ae59cdcdd0064f61c10ec1201301abd020a0375726912242f696e766f696365737270632e496e766f696365732f416464486f6c64496e766f69636512232f696e766f696365737270632e496e766f696365732f43616e63656c496e766f69636512232f696e766f696365737270632e496e766f696365732f536574746c65496e766f696365122c2f696e766f696365737270632e496e766f696365732f53756273637269626553696e676c65496e766f696365121b2f6c6e7270632e4c696768746e696e672f416464496e766f69636512182f6c6e7270632e4c696768746e696e672f476574496e666f121d2f6c6e7270632e4c696768746e696e672f4c697374496e766f69636573121e2f6c6e7270632e4c696768746e696e672f4c6f6f6b7570496e766f69636512222f6c6e7270632e4c696768746e696e672f537562736372696265496e766f696365730000062060c0e9f1ac30d7563a19bdc19b321e5559df1bb58e7d2dfd915a38bd53f13a46";
    const INVOICE: &str = "0201036c6e640258030a10d839d09f477ae59cdcdd0064f61c10ec1201301a160a0761646472657373120472656164120577726974651a170a08696e766f69636573120472656164120577726974651a0f0a076f6e636861696e12047265616400000620302abf062d546f7cc947177031d79e42271f166c02d03f6a51381717b8426bcb";
    const ADMIN: &str = "0201036c6e6402f801030a10da39d09f477ae59cdcdd0064f61c10ec1201301a160a0761646472657373120472656164120577726974651a130a04696e666f120472656164120577726974651a170a08696e766f69636573120472656164120577726974651a210a086d616361726f6f6e120867656e6572617465120472656164120577726974651a160a076d657373616765120472656164120577726974651a170a086f6666636861696e120472656164120577726974651a160a076f6e636861696e120472656164120577726974651a140a057065657273120472656164120577726974651a180a067369676e6572120867656e657261746512047265616400000620aded435af2ef1d369297b73e7056cb130051491dd5107d1c299a6bc0d779fc6b";

    fn excess(digits: &str) -> Vec<String> {
        excess_rights(&hex::decode(digits).unwrap()).unwrap()
    }

    #[test]
    fn what_is_more_than_a_checkout_needs_is_named() {
        // It was recorded when one more call was in the list.
        assert_eq!(
            excess(OURS),
            ["uri:/invoicesrpc.Invoices/SubscribeSingleInvoice"]
        );
        assert_eq!(
            excess(INVOICE),
            ["address:read", "address:write", "onchain:read"]
        );
        let admin = excess(ADMIN);
        for right in ["offchain:write", "onchain:write", "macaroon:generate"] {
            assert!(admin.iter().any(|named| named == right), "{right}");
        }
        for right in ["invoices:write", "info:read", "offchain:read"] {
            assert!(admin.iter().all(|named| named != right), "{right}");
        }
    }

    #[test]
    fn what_is_cut_is_no_macaroon() {
        let whole = hex::decode(OURS).unwrap();
        // The identifier ends there.
        for length in 0..351 {
            assert_eq!(excess_rights(&whole[..length]), None, "{length}");
        }
    }

    proptest! {
        #[test]
        fn whatever_the_bytes_it_does_not_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = excess_rights(&bytes);
        }
    }
}
