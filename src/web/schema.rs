//! Parts of JSON schemas that the derives cannot express.

use utoipa::openapi::schema::{Object, ObjectBuilder, Type};

/// A string that is one of these words.
pub(crate) fn one_of(words: impl IntoIterator<Item = &'static str>) -> Object {
    ObjectBuilder::new()
        .schema_type(Type::String)
        .enum_values(Some(words))
        .build()
}
