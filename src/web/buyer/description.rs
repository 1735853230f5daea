//! An invoice's description, as shown on the pages.

/// A description. On a phone, a long one is folded to a few lines, since it would push the code off the screen. Where
/// there is room, it is shown in full.
pub(crate) struct Description {
    pub(crate) text: String,
    pub(crate) length: Length,
}

#[derive(Debug, PartialEq)]
pub(crate) enum Length {
    Short,
    Long,
}

impl Description {
    /// Three lines on a narrow phone, in letters. Fewer double-width characters fit.
    const SHORT: usize = 100;

    pub(crate) fn of(text: &str) -> Self {
        let width: usize = text.chars().map(width).sum();
        Self {
            text: text.to_owned(),
            length: match width <= Self::SHORT {
                true => Length::Short,
                false => Length::Long,
            },
        }
    }
}

/// Starting with the first CJK radicals, nearly all characters and emoji are wide.
fn width(character: char) -> usize {
    match character >= '\u{2e80}' {
        true => 2,
        false => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_on_three_lines_is_not_folded() {
        for (text, length) in [
            ("x".repeat(100), Length::Short),
            ("x".repeat(101), Length::Long),
            ("茶".repeat(50), Length::Short),
            ("茶".repeat(51), Length::Long),
        ] {
            assert_eq!(Description::of(&text).length, length, "{text}");
        }
    }
}
