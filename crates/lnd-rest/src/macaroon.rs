//! A macaroon as the header that lets us in.

use hyper::header::HeaderValue;

/// The name of the header, whose value is the macaroon in hexadecimal.
pub const MACAROON: &str = "grpc-metadata-macaroon";

/// A file that holds no macaroon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is empty")]
pub struct EmptyMacaroon;

/// The header's value, from a file as LND saves it or in hexadecimal. It is never shown in `Debug`.
///
/// # Errors
/// [`EmptyMacaroon`].
pub fn macaroon(content: &[u8]) -> Result<HeaderValue, EmptyMacaroon> {
    let text = content.trim_ascii();
    if text.is_empty() {
        return Err(EmptyMacaroon);
    }
    // A macaroon begins with a byte that is no digit, so the two forms cannot be taken for each other.
    let digits = match text.iter().all(u8::is_ascii_hexdigit) {
        true => text.to_vec(),
        false => hex::encode(content).into_bytes(),
    };
    // Hexadecimal digits are always a value, unless there are none.
    let mut header = HeaderValue::from_bytes(&digits).map_err(|_| EmptyMacaroon)?;
    header.set_sensitive(true);
    Ok(header)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_are_the_same_header() {
        let saved = macaroon(&[2, 1, 0xff]).unwrap();
        assert_eq!(saved, "0201ff");
        assert_eq!(macaroon(b"0201ff\n"), Ok(saved.clone()));
        assert_eq!(format!("{saved:?}"), "Sensitive");
        assert_eq!(macaroon(b" \n"), Err(EmptyMacaroon));
    }
}
