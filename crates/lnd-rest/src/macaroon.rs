//! A macaroon as the header that lets us in.

use hyper::header::HeaderValue;

/// The name of the header, whose value is the macaroon in hexadecimal.
pub const MACAROON: &str = "grpc-metadata-macaroon";

/// A file that holds no macaroon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MacaroonError {
    /// It is empty.
    #[error("it is empty")]
    Empty,
    /// It is too long for a header.
    #[error("it is no macaroon")]
    Unusable,
}

/// The header's value, from a file as LND saves it or in hexadecimal. It is never shown in `Debug`.
///
/// # Errors
/// [`MacaroonError`].
pub fn macaroon(content: &[u8]) -> Result<HeaderValue, MacaroonError> {
    let text = content.trim_ascii();
    if text.is_empty() {
        return Err(MacaroonError::Empty);
    }
    // A macaroon begins with a byte that is no digit, so the two forms cannot be taken for each other.
    let digits = match text.iter().all(u8::is_ascii_hexdigit) {
        true => text.to_vec(),
        false => hex::encode(content).into_bytes(),
    };
    let header = HeaderValue::from_bytes(&digits);
    let mut header = header.map_err(|_| MacaroonError::Unusable)?;
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
        assert_eq!(macaroon(b" \n"), Err(MacaroonError::Empty));
    }
}
