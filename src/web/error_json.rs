//! A problem as JSON: one shape for all.

use serde::Serialize;
use utoipa::ToSchema;

use super::{api::answers, error::Problem, request_id::RequestId};

/// A problem as programs read it.
#[derive(Serialize, ToSchema)]
#[schema(as = Error)]
pub(crate) struct ErrorJson {
    #[schema(inline)]
    error: ErrorContent,
}

#[derive(Serialize, ToSchema)]
struct ErrorContent {
    /// A stable code for programs.
    #[schema(schema_with = answers::code)]
    code: &'static str,
    /// An explanation for developers. Its wording may change.
    message: String,
    /// The field, parameter or header that is invalid, or `null`.
    #[schema(required = true)]
    field: Option<String>,
    /// The id of this request, which is also in the log.
    request_id: String,
}

impl ErrorJson {
    /// The problem of the request with this id.
    pub(crate) fn new(problem: &Problem, id: &RequestId) -> Self {
        let field = match problem {
            Problem::Invalid(invalid) => Some(invalid.field.clone()),
            Problem::HeaderRepeated(name) => Some((*name).to_owned()),
            _ => None,
        };
        Self {
            error: ErrorContent {
                code: problem.code(),
                message: problem.explanation().into_owned(),
                field,
                request_id: id.as_str().to_owned(),
            },
        }
    }
}
