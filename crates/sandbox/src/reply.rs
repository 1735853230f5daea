//! Answers and how they are written: compact JSON, members in the order lightningd writes them, two newlines at the
//! end. Strings are escaped as lightningd escapes them; labels and ids are copied as they were received.

/// What a command answers.
pub(super) type Reply = Result<Value, RpcError>;

/// The `error` member of an answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message} (code {code})")]
pub(super) struct RpcError {
    /// lightningd's error code.
    pub(super) code: i32,
    /// The text.
    pub(super) message: String,
    /// The `data` member.
    pub(super) data: Option<Object>,
}

impl RpcError {
    /// An error without data.
    pub(super) fn new(code: i32, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            data: None,
        }
    }

    /// The same error with a `data` member.
    pub(super) fn with_data(self, data: Object) -> Self {
        Self {
            data: Some(data),
            ..self
        }
    }
}

/// A JSON value to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Number(u64),
    /// A string to be escaped.
    Text(String),
    /// Text that is JSON already, or is what a client sent and gets back unchanged.
    Raw(String),
    /// An array.
    List(Vec<Value>),
    /// An object.
    Object(Object),
}

/// Members in the order they will be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Object(pub(super) Vec<(&'static str, Value)>);

impl Object {
    /// No members yet.
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// One more member.
    pub(super) fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.0.push((name, value.into()));
        self
    }

    /// One more member, if there is a value.
    pub(super) fn with_some(self, name: &'static str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Value {
    fn from(value: u64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl From<Object> for Value {
    fn from(value: Object) -> Self {
        Self::Object(value)
    }
}

impl From<Vec<Value>> for Value {
    fn from(value: Vec<Value>) -> Self {
        Self::List(value)
    }
}

/// The whole answer to the request with that id (raw text, quotes included).
pub(super) fn render(id: &str, reply: &Reply) -> String {
    let mut out = format!("{{\"jsonrpc\":\"2.0\",\"id\":{id},");
    match reply {
        Ok(value) => {
            out.push_str("\"result\":");
            write_value(&mut out, value);
        }
        Err(error) => {
            out.push_str("\"error\":");
            let object = Object::new()
                .with("code", Value::Raw(error.code.to_string()))
                .with("message", error.message.as_str())
                .with_some("data", error.data.clone());
            write_object(&mut out, &object);
        }
    }
    out.push_str("}\n\n");
    out
}

/// The same as a plugin written with `cln-plugin` answers, whose text lightningd passes on: members by name, an error
/// always with data.
pub(super) fn relay(id: &str, reply: &Reply) -> String {
    let answer = match reply {
        Ok(value) => Object::new()
            .with("id", Value::Raw(id.to_owned()))
            .with("jsonrpc", "2.0")
            .with("result", value.clone()),
        Err(error) => Object::new()
            .with(
                "error",
                Object::new()
                    .with("code", Value::Raw(error.code.to_string()))
                    .with("data", Value::Raw("null".to_owned()))
                    .with("message", error.message.as_str()),
            )
            .with("id", Value::Raw(id.to_owned()))
            .with("jsonrpc", "2.0"),
    };
    let mut out = String::new();
    write_object(&mut out, &answer);
    out.push_str("\n\n");
    out
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::Text(text) => write_text(out, text),
        Value::Raw(raw) => out.push_str(raw),
        Value::List(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_value(out, item);
            }
            out.push(']');
        }
        Value::Object(object) => write_object(out, object),
    }
}

fn write_object(out: &mut String, object: &Object) {
    out.push('{');
    for (index, (name, value)) in object.0.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write_text(out, name);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
}

fn write_text(out: &mut String, text: &str) {
    out.push('"');
    for character in text.chars() {
        match character {
            '\n' => out.push_str("\\n"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\t' => out.push_str("\\t"),
            '\r' => out.push_str("\\r"),
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            control if control < ' ' || control == '\u{7f}' => {
                out.push_str(&format!("\\u{:04X}", u32::from(control)))
            }
            other => out.push(other),
        }
    }
    out.push('"');
}

/// lightningd's answer to a call of a method that it does not have.
pub(crate) fn unknown_command(name: &str) -> RpcError {
    RpcError::new(-32601, format!("Unknown command '{name}'"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_members_in_order_and_escapes() {
        let object = Object::new()
            .with("z", 1u64)
            .with("a", "q\"\\/\n\t\u{1}\u{7f}é")
            .with_some("none", None::<u64>)
            .with(
                "list",
                vec![Value::from(true), Value::Raw("1.5".to_owned())],
            );
        assert_eq!(
            render("\"x\"", &Ok(object.into())),
            "{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"result\":{\"z\":1,\"a\":\"q\\\"\\\\/\\n\\t\\u0001\\u007Fé\",\"list\":[true,1.5]}}\n\n"
        );
    }

    #[test]
    fn writes_errors() {
        let error = RpcError::new(-1, "no").with_data(Object::new().with("a", 1u64));
        assert_eq!(
            render("null", &Err(error)),
            "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-1,\"message\":\"no\",\"data\":{\"a\":1}}}\n\n"
        );
    }
}
