//! The `filter` member of a request: which members of the result the client wants. It only takes away; it must not
//! reorder or change what is left.

use super::params::bad;
use super::reply::{Object, RpcError, Value};
use super::token::{Kind, Token};

/// What to keep of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filter {
    /// All of it.
    Keep,
    /// These members of an object.
    Members(Vec<(String, Filter)>),
    /// This of each item of an array.
    Items(Box<Filter>),
}

impl Filter {
    /// Reads the `filter` member.
    ///
    /// # Errors
    /// -32602 when it is not an object, has an array of more than one item, or a value other than `true`.
    pub(super) fn parse(token: &Token<'_>) -> Result<Filter, RpcError> {
        match token.kind() {
            Kind::Object(_) => Self::part(token),
            _ => Err(bad("filter", token, "Expected object")),
        }
    }

    fn part(token: &Token<'_>) -> Result<Filter, RpcError> {
        match token.kind() {
            Kind::Object(members) => {
                let parts = members
                    .iter()
                    .map(|(name, value)| Ok(((*name).to_owned(), Self::part(value)?)));
                Ok(Filter::Members(parts.collect::<Result<_, RpcError>>()?))
            }
            Kind::List(items) => match items.as_slice() {
                [item] => Ok(Filter::Items(Box::new(Self::part(item)?))),
                _ => Err(bad("filter", token, "Arrays can only have one element")),
            },
            Kind::Primitive if token.text() == "true" => Ok(Filter::Keep),
            Kind::Text | Kind::Primitive => Err(bad("filter", token, "value must be true")),
        }
    }

    /// The value with everything else taken away.
    pub(super) fn apply(&self, value: Value) -> Value {
        match (self, value) {
            (Filter::Members(parts), Value::Object(Object(members))) => {
                let kept = members.into_iter().filter_map(|(name, value)| {
                    let (_, part) = parts.iter().find(|(wanted, _)| wanted == name)?;
                    Some((name, part.apply(value)))
                });
                Value::Object(Object(kept.collect()))
            }
            (Filter::Items(part), Value::List(items)) => {
                Value::List(items.into_iter().map(|item| part.apply(item)).collect())
            }
            (_, value) => value,
        }
    }
}
