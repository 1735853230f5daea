//! Web pages of other, configured origins that use the API in a browser (CORS, the Fetch standard).

use axum::http::{HeaderName, HeaderValue, Method, header};
use tower_http::cors::{Any, CorsLayer};

use crate::{config::AllowOrigins, web::request_id::REQUEST_ID};

/// `None`: pages of other origins are not allowed.
pub(crate) fn layer(origins: &AllowOrigins) -> Option<CorsLayer> {
    let layer = CorsLayer::new()
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("last-event-id"),
            HeaderName::from_static("x-api-key"),
        ])
        .expose_headers([header::LOCATION, header::RETRY_AFTER, REQUEST_ID]);
    match origins {
        AllowOrigins::Any => Some(layer.allow_origin(Any)),
        AllowOrigins::Only(origins) => {
            // Already validated when the configuration was read.
            let origins: Vec<HeaderValue> = origins
                .iter()
                .filter_map(|origin| origin.parse().ok())
                .collect();
            (!origins.is_empty()).then(|| layer.allow_origin(origins))
        }
    }
}
