//! JSON Schemas by their names, made of types.

use serde_json::{Map, Value};
use utoipa::{
    ToSchema,
    openapi::{RefOr, Schema},
};

/// Schemas by their names.
#[derive(Clone, Debug, Default)]
pub(crate) struct Schemas(Map<String, Value>);

impl Schemas {
    /// And that of a type, with all that it refers to.
    pub(crate) fn with<T: ToSchema>(mut self) -> Self {
        let mut found: Vec<(String, RefOr<Schema>)> = vec![(T::name().into(), T::schema())];
        T::schemas(&mut found);
        for (name, schema) in found {
            // Writing any of its parts cannot fail.
            let schema = serde_json::to_value(schema).unwrap_or_default();
            self.0.insert(name, schema);
        }
        self
    }

    /// And this one.
    pub(crate) fn and(mut self, name: &str, schema: Value) -> Self {
        self.0.insert(name.to_owned(), schema);
        self
    }

    /// All of them.
    pub(crate) fn into_map(self) -> Map<String, Value> {
        self.0
    }
}
