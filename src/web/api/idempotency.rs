//! The header `Idempotency-Key`.

use axum::http::HeaderMap;

use crate::web::error::Problem;

/// Its name in messages and in the document.
const FIELD: &str = "Idempotency-Key";

const HEADER: &str = "idempotency-key";

/// The key. Like Stripe's: up to 255 visible characters.
///
/// # Errors
/// [`Problem::Invalid`].
pub(crate) fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(HEADER) else {
        return Ok(None);
    };
    match value.to_str() {
        Ok(text)
            if (1..=255).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_graphic()) =>
        {
            Ok(Some(text.to_owned()))
        }
        _ => Err(Problem::invalid(
            FIELD,
            "idempotency_key_invalid",
            "The Idempotency-Key must be 1 to 255 visible ASCII characters.".to_owned(),
        )),
    }
}

/// The key of a request that is paid once.
///
/// # Errors
/// [`Problem::Invalid`], also when there is none.
pub(crate) fn required_key(headers: &HeaderMap) -> Result<String, Problem> {
    key(headers)?.ok_or_else(|| {
        Problem::invalid(
            FIELD,
            "idempotency_key_required",
            "Send an Idempotency-Key: it sees to it that the same order is paid once.".to_owned(),
        )
    })
}
