//! `GET /api/docs`: the API's document as a page. All text comes from the document, in the language of the interface.

use askama::Template;
use axum::{extract::State, response::Response};
use serde_json::Value;

use super::{
    pages::{Money, Pages},
    shell::{Shell, html},
};
use crate::web::{
    api::document::DOCUMENT, error::Problem, extract::visitor::Visitor, origin::Origin,
    paths::API_PREFIX,
};

#[derive(Template)]
#[template(path = "api.html")]
struct ApiPage {
    shell: Shell,
    title: &'static str,
    intro: Text,
    document: String,
    groups: Vec<Group>,
}

/// Entries that belong together.
struct Group {
    name: String,
    about: Text,
    entries: Vec<Entry>,
}

/// A route, or a kind of object.
struct Entry {
    /// The anchor for links.
    anchor: String,
    name: String,
    /// Method and path.
    call: Option<(String, String)>,
    about: Vec<Text>,
    example: Option<String>,
    tables: Vec<Table>,
}

struct Table {
    title: &'static str,
    rows: Vec<Row>,
}

struct Row {
    name: String,
    kind: String,
    about: Vec<Text>,
}

/// A paragraph, split into pieces.
struct Text(Vec<TextSpan>);

enum TextSpan {
    Plain(String),
    Code(String),
}

pub(crate) async fn show(
    State(pages): State<Pages>,
    visitor: Visitor,
    origin: Origin,
) -> Result<Response, Problem> {
    html(&ApiPage {
        shell: Shell::new(&pages, visitor, "/api/docs"),
        title: "API",
        intro: Text::read(&DOCUMENT["info"]["description"]),
        document: format!("{API_PREFIX}/openapi.json"),
        groups: groups(&DOCUMENT, origin.as_str()),
    })
}

fn groups(document: &Value, origin: &str) -> Vec<Group> {
    let tags = document["tags"].as_array().into_iter().flatten();
    let routes = tags.map(|tag| Group {
        name: text(&tag["name"]),
        about: Text::read(&tag["description"]),
        entries: routes(document, &tag["name"], origin),
    });
    let mut groups: Vec<_> = routes.collect();
    groups.push(Group {
        name: "Messages".to_owned(),
        about: Text::plain("What webhooks receive."),
        entries: messages(document),
    });
    let schemas = document["components"]["schemas"].as_object();
    groups.push(Group {
        name: "Objects".to_owned(),
        about: Text::plain("The fields of requests and responses."),
        entries: schemas
            .into_iter()
            .flatten()
            .filter(|(_, schema)| !fields(document, schema).is_empty())
            .map(|(name, schema)| Entry {
                anchor: name.clone(),
                name: name.clone(),
                call: None,
                about: paragraphs(&schema["description"]),
                example: None,
                tables: vec![Table {
                    title: "Fields",
                    rows: fields(document, schema),
                }],
            })
            .collect(),
    });
    groups
}

fn routes(document: &Value, tag: &Value, origin: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, route) in methods.as_object().into_iter().flatten() {
            if route["tags"][0] == *tag {
                entries.push(entry(document, path, method, route, origin));
            }
        }
    }
    entries
}

fn messages(document: &Value) -> Vec<Entry> {
    let messages = document["webhooks"].as_object().into_iter().flatten();
    let posts = messages.map(|(kind, message)| {
        let entry = entry(document, kind, "post", &message["post"], "");
        Entry {
            // Objects cannot be called.
            call: None,
            example: None,
            ..entry
        }
    });
    posts.collect()
}

fn entry(document: &Value, path: &str, method: &str, route: &Value, origin: &str) -> Entry {
    let method = method.to_uppercase();
    let parameters = route["parameters"].as_array().into_iter().flatten();
    let parameters = parameters.map(|parameter| Row {
        name: text(&parameter["name"]),
        kind: [text(&parameter["in"]), kind(&parameter["schema"])].join(", "),
        about: paragraphs(&parameter["description"]),
    });
    let body = &route["requestBody"]["content"]["application/json"]["schema"];
    let answers = route["responses"].as_object().into_iter().flatten();
    let answers = answers.map(|(status, answer)| {
        let answer = resolve(document, answer);
        let content = answer["content"].as_object().into_iter().flatten().next();
        Row {
            name: status.clone(),
            kind: content.map_or_else(String::new, |(_, content)| kind(&content["schema"])),
            about: paragraphs(&answer["description"]),
        }
    });
    let mut about = paragraphs(&route["description"]);
    if let Some(scope) = route["security"][0]["token"][0].as_str() {
        about.push(Text::plain(&format!(
            "The token needs the scope `{scope}`."
        )));
    }
    let tables = [
        ("Parameters", parameters.collect::<Vec<_>>()),
        ("Body", fields(document, body)),
        ("Responses", answers.collect()),
    ];
    Entry {
        anchor: text(&route["operationId"]),
        name: text(&route["summary"]),
        example: Some(curl(document, path, &method, route, origin)),
        call: Some((method, path.to_owned())),
        about,
        tables: tables
            .into_iter()
            .filter(|(_, rows)| !rows.is_empty())
            .map(|(title, rows)| Table { title, rows })
            .collect(),
    }
}

fn curl(document: &Value, path: &str, method: &str, route: &Value, origin: &str) -> String {
    let mut path = path.to_owned();
    for parameter in route["parameters"].as_array().into_iter().flatten() {
        if parameter["in"] == "path" {
            let gap = format!("{{{}}}", text(&parameter["name"]));
            path = path.replace(&gap, &text(&parameter["example"]));
        }
    }
    let mut lines = vec!["-H \"Authorization: Bearer $TOKEN\"".to_owned()];
    if method != "GET" {
        lines.insert(0, format!("-X {method}"));
    }
    let body = &route["requestBody"]["content"]["application/json"]["schema"];
    let example = &resolve(document, body)["example"];
    if !example.is_null() {
        lines.push("-H 'Content-Type: application/json'".to_owned());
        lines.push(format!("-d '{example}'"));
    }
    lines.push(format!("{origin}{path}"));
    format!("curl {}", lines.join(" \\\n  "))
}

/// The fields of an object, including those of the schemas it is composed of.
fn fields(document: &Value, schema: &Value) -> Vec<Row> {
    let schema = resolve(document, schema);
    let parts = ["allOf", "oneOf"].map(|name| schema[name].as_array().into_iter().flatten());
    let mut rows: Vec<_> = parts
        .into_iter()
        .flatten()
        .flat_map(|part| fields(document, part))
        .collect();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let required = schema["required"].as_array().into_iter().flatten();
        let required = required.into_iter().any(|required| required == name);
        let optional = if required { "" } else { ", optional" };
        rows.push(Row {
            name: name.clone(),
            kind: format!("{}{optional}", kind(field)),
            about: paragraphs(&field["description"]),
        });
    }
    rows
}

/// A type, described briefly.
fn kind(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        return reference.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some(words) = schema["enum"].as_array() {
        let words: Vec<_> = words.iter().map(text).collect();
        return words.join(" | ");
    }
    for choice in ["oneOf", "anyOf", "allOf"] {
        if let Some(kinds) = schema[choice].as_array() {
            let kinds: Vec<_> = kinds.iter().map(kind).collect();
            return kinds.join(" | ");
        }
    }
    let name = match &schema["type"] {
        Value::String(name) if name == "array" => format!("list of {}", kind(&schema["items"])),
        Value::String(name) => name.clone(),
        Value::Array(names) => names.iter().map(text).collect::<Vec<_>>().join(" | "),
        _ => "any JSON".to_owned(),
    };
    match (schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        (Some(least), Some(most)) => format!("{name} from {least} to {most}"),
        _ => name,
    }
}

fn resolve<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let reference = value["$ref"]
        .as_str()
        .and_then(|path| path.strip_prefix('#'));
    reference
        .and_then(|path| document.pointer(path))
        .unwrap_or(value)
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn paragraphs(value: &Value) -> Vec<Text> {
    let text = value.as_str().unwrap_or_default();
    text.split("\n\n")
        .filter(|part| !part.is_empty())
        .map(Text::plain)
        .collect()
}

impl Text {
    fn read(value: &Value) -> Self {
        Self::plain(value.as_str().unwrap_or_default())
    }

    /// Text between backticks is code.
    fn plain(text: &str) -> Self {
        let pieces = text.split('`').enumerate().map(|(number, piece)| {
            if number % 2 == 0 {
                TextSpan::Plain(piece.to_owned())
            } else {
                TextSpan::Code(piece.to_owned())
            }
        });
        Self(pieces.collect())
    }
}
