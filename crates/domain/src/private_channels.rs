//! Which private channels an invoice names, so that payers find a node that nobody has announced: what lightningd calls
//! `exposeprivatechannels`.

use serde_json::{Value, json};

/// Which private channels a new invoice may name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum PrivateChannels {
    /// As lightningd does when it is not told: those there are, if there are no public ones.
    #[default]
    Auto,
    /// Also beside public ones.
    Always,
    /// None.
    Never,
    /// These only, by their short ids, such as `103x1x0`.
    These(Vec<String>),
}

/// It says something else, which is not shown: it may be a secret in the wrong place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be \"auto\", \"always\", \"never\" or short channel ids such as \"103x1x0\"")]
pub struct PrivateChannelsError;

impl PrivateChannels {
    /// Reads one of the words, or the ids of channels.
    ///
    /// # Errors
    /// [`PrivateChannelsError`] for anything else.
    pub fn parse(texts: &[String]) -> Result<Self, PrivateChannelsError> {
        let word = match texts {
            [word] => word.as_str(),
            [] => "auto",
            _ => "",
        };
        match word {
            "auto" => return Ok(Self::Auto),
            "always" => return Ok(Self::Always),
            "never" => return Ok(Self::Never),
            _ => {}
        }
        if texts.iter().all(|text| is_channel_id(text)) {
            Ok(Self::These(texts.to_vec()))
        } else {
            Err(PrivateChannelsError)
        }
    }

    /// The words or ids that [`PrivateChannels::parse`] reads.
    pub fn texts(&self) -> Vec<String> {
        match self {
            Self::Auto => vec!["auto".to_owned()],
            Self::Always => vec!["always".to_owned()],
            Self::Never => vec!["never".to_owned()],
            Self::These(channels) => channels.clone(),
        }
    }

    /// As lightningd takes it (`exposeprivatechannels` of `invoice`); `None`: it is not told.
    pub fn as_json(&self) -> Option<Value> {
        match self {
            Self::Auto => None,
            Self::Always => Some(json!(true)),
            Self::Never => Some(json!(false)),
            Self::These(channels) => Some(json!(channels)),
        }
    }
}

/// Block, transaction and output (BOLT 7): 24, 24 and 16 bits.
fn is_channel_id(text: &str) -> bool {
    let parts: Vec<Option<u32>> = text
        .split('x')
        .map(|part| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse().ok()).flatten()
        })
        .collect();
    matches!(parts[..], [Some(block), Some(transaction), Some(output)]
        if block < 1 << 24 && transaction < 1 << 24 && output < 1 << 16)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_or_channels_and_nothing_else() {
        let parse = |texts: &[&str]| {
            let texts: Vec<String> = texts.iter().map(|text| (*text).to_owned()).collect();
            PrivateChannels::parse(&texts)
        };
        for (texts, json) in [
            (&["auto"][..], None),
            (&[], None),
            (&["always"], Some(json!(true))),
            (&["never"], Some(json!(false))),
            (&["103x1x0"], Some(json!(["103x1x0"]))),
            (
                &["103x1x0", "16777215x2x65535"],
                Some(json!(["103x1x0", "16777215x2x65535"])),
            ),
        ] {
            let parsed = parse(texts).unwrap();
            assert_eq!(parsed.as_json(), json);
            assert_eq!(PrivateChannels::parse(&parsed.texts()).unwrap(), parsed);
        }
        for texts in [
            &["maybe"][..],
            &["always", "never"],
            &["103x1"],
            &["103x1x0x1"],
            &["103:1:0"],
            &["+103x1x0"],
            &["16777216x1x0"],
            &["1x1x65536"],
            &[""],
        ] {
            assert!(parse(texts).is_err(), "{texts:?}");
        }
    }
}
