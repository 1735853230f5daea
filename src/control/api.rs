//! What commands ask a running server: the API's own routes, which need no token on this socket.

use hyper::{Method, StatusCode};
use serde::Deserialize;
use serde_json::Value;
use url::form_urlencoded;

use super::client::{Client, ClientError, Host};

/// Why the API did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// It was not asked, or its answer was lost.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// There is no such invoice.
    #[error("there is no such invoice")]
    NotFound,
    /// It refuses.
    #[error("{message}")]
    Refused {
        /// The API's code, such as `amount_too_small`.
        code: String,
        /// An explanation.
        message: String,
        /// The field or parameter that is invalid, if one is.
        field: Option<String>,
    },
}

/// A problem of the API.
#[derive(Deserialize)]
struct ProblemJson {
    error: ProblemContent,
}

#[derive(Deserialize)]
struct ProblemContent {
    code: String,
    message: String,
    field: Option<String>,
}

impl Client {
    /// Makes an invoice, given as the API's `NewInvoice`; returns the API's `Invoice`.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn create_invoice(&mut self, new: &Value) -> Result<Value, ApiError> {
        self.api(Method::POST, "/invoices", new.to_string()).await
    }

    /// The API's `Invoice` of this label, whatever was typed.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn invoice(&mut self, label: &str) -> Result<Value, ApiError> {
        let label: String = form_urlencoded::byte_serialize(label.as_bytes()).collect();
        let path = format!("/invoices/{}", label.replace('+', "%20"));
        self.api(Method::GET, &path, String::new()).await
    }

    /// The API's `InvoiceList` by these filters, at most 100 invoices.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn invoices(&mut self, filters: &[(&str, String)]) -> Result<Value, ApiError> {
        let query = form_urlencoded::Serializer::new("limit=100".to_owned())
            .extend_pairs(filters)
            .finish();
        let path = format!("/invoices?{query}");
        self.api(Method::GET, &path, String::new()).await
    }

    /// The API's `OfferList`.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn offers(&mut self) -> Result<Value, ApiError> {
        self.api(Method::GET, "/offers", String::new()).await
    }

    /// Orders a payout, given as the API's `NewPayout`; returns the API's `Payout`. The same key again is the same payout.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn order_payout(&mut self, key: &str, new: &Value) -> Result<Value, ApiError> {
        let body = new.to_string();
        self.api_with_key(Method::POST, "/payouts", Some(key), body)
            .await
    }

    /// The API's `Payout` of this id.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn payout(&mut self, id: &str) -> Result<Value, ApiError> {
        let path = format!("/payouts/{id}");
        self.api(Method::GET, &path, String::new()).await
    }

    /// Cancels a payout that no payer has begun; returns the API's `Payout`.
    ///
    /// # Errors
    /// [`ApiError`].
    pub async fn cancel_payout(&mut self, id: &str) -> Result<Value, ApiError> {
        let path = format!("/payouts/{id}/cancel");
        self.api(Method::POST, &path, String::new()).await
    }

    async fn api(&mut self, method: Method, path: &str, body: String) -> Result<Value, ApiError> {
        self.api_with_key(method, path, None, body).await
    }

    async fn api_with_key(
        &mut self,
        method: Method,
        path: &str,
        key: Option<&str>,
        body: String,
    ) -> Result<Value, ApiError> {
        let path = format!("/api/v1{path}");
        // Links in the answer have the server's own address.
        let sent = self.send(method, &path, Host::Unnamed, key, body.into());
        let (status, body) = sent.await?;
        if status.is_success() {
            let read = serde_json::from_slice(&body);
            return read.map_err(|error| ClientError::Lost(error.to_string()).into());
        }
        match serde_json::from_slice(&body) {
            _ if status == StatusCode::NOT_FOUND => Err(ApiError::NotFound),
            Ok(ProblemJson { error }) => Err(ApiError::Refused {
                code: error.code,
                message: error.message,
                field: error.field,
            }),
            Err(_) => Err(ClientError::Refused(format!("it answers {status}")).into()),
        }
    }
}
