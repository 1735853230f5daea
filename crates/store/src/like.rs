//! Patterns of `LIKE`, with `\` as their escape.

/// Whatever contains this text.
pub(super) fn containing(text: &str) -> String {
    let text = text
        .replace('\\', "\\\\")
        .replace('%', "\\%")
        .replace('_', "\\_");
    format!("%{text}%")
}
