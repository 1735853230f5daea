//! Statements as PostgreSQL has them. They are written so that both engines understand them; this is the rest:
//!
//! | here | there |
//! | --- | --- |
//! | `?1`, `?` | `$1` |
//! | `INDEXED BY name` | nothing: the planner chooses |
//! | `LIKE` | `ILIKE`: SQLite's does not tell `a` from `A`, and no other letters, as in the collation `C` |
//! | `json_each(?1)` | a function of the same columns |

/// What SQLite's `json_each` is, for an array of texts: what comes before the array, and what after it.
const BEFORE_ARRAY: &str = "jsonb_array_elements_text(CAST(CAST(";
const AFTER_ARRAY: &str = " AS text) AS jsonb)) AS each (value)";

/// The same statement for PostgreSQL.
pub(super) fn translate(sql: &str) -> String {
    let mut rest = sql;
    let mut translation = Translation::default();
    while let Some(next) = rest.chars().next() {
        let length = translation.next(next, rest);
        rest = &rest[length..];
    }
    translation.sql
}

#[derive(Default)]
struct Translation {
    sql: String,
    /// The number of the last parameter.
    parameters: u32,
    /// The next bracket closes the array of `json_each`.
    is_in_array: bool,
}

impl Translation {
    /// Translates the next part. Returns its length.
    fn next(&mut self, next: char, rest: &str) -> usize {
        match next {
            '\'' | '"' => {
                let length = quoted(rest, next);
                self.sql.push_str(&rest[..length]);
                length
            }
            '?' => {
                let end = rest[1..].find(|c: char| !c.is_ascii_digit());
                let length = end.map_or(rest.len(), |end| end + 1);
                self.parameters = rest[1..length].parse().unwrap_or(self.parameters + 1);
                self.sql.push('$');
                self.sql.push_str(&self.parameters.to_string());
                length
            }
            ')' if self.is_in_array => {
                self.is_in_array = false;
                self.sql.push_str(AFTER_ARRAY);
                1
            }
            next if is_of_word(next) => self.word(rest),
            next => {
                self.sql.push(next);
                next.len_utf8()
            }
        }
    }

    /// Translates a word. Returns its length, with that of what belongs to it.
    fn word(&mut self, rest: &str) -> usize {
        let length = word_length(rest);
        match &rest[..length] {
            "INDEXED" if rest[length..].starts_with(" BY ") => {
                let before = length + " BY ".len();
                return before + word_length(&rest[before..]);
            }
            "json_each" if rest[length..].starts_with('(') => {
                self.is_in_array = true;
                self.sql.push_str(BEFORE_ARRAY);
                return length + 1;
            }
            "LIKE" => self.sql.push_str("ILIKE"),
            word => self.sql.push_str(word),
        }
        length
    }
}

fn word_length(text: &str) -> usize {
    text.find(|c| !is_of_word(c)).unwrap_or(text.len())
}

fn is_of_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

/// The length of what is in quotes, with both of them. Two of them within it are two parts, which is the same here.
fn quoted(text: &str, quote: char) -> usize {
    text[1..].find(quote).map_or(text.len(), |end| end + 2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_translated_and_the_rest_is_not() {
        for (here, there) in [
            (
                "SELECT a FROM t WHERE b = ?1 AND c = ?12",
                "SELECT a FROM t WHERE b = $1 AND c = $12",
            ),
            ("VALUES (?, ?, ?)", "VALUES ($1, $2, $3)"),
            (
                "SELECT '?1 LIKE', \"?\" WHERE a = 'it''s ?'",
                "SELECT '?1 LIKE', \"?\" WHERE a = 'it''s ?'",
            ),
            (
                "SELECT 1 FROM t INDEXED BY t_a WHERE a = ?1",
                "SELECT 1 FROM t  WHERE a = $1",
            ),
            ("a LIKE ? ESCAPE '\\'", "a ILIKE $1 ESCAPE '\\'"),
            (
                "a IN (SELECT value FROM json_each(?3))",
                "a IN (SELECT value FROM jsonb_array_elements_text(CAST(CAST($3 AS text) AS jsonb)) AS each (value))",
            ),
        ] {
            assert_eq!(translate(here), there);
        }
    }
}
