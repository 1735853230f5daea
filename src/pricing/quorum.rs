//! What several sources say together.

use facture_domain::{Channel, Currency, Rate, RatePrice};
use jiff::Timestamp;

use super::error::NoRate;

/// What one source says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sample {
    /// Its name; what the node's plugin asked begins with `node:`.
    pub(super) source: String,
    pub(super) price: RatePrice,
    /// When it was asked, or as of when it says the price is.
    pub(super) at: Timestamp,
}

/// How many sources there must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quorum {
    /// As many as are configured.
    Configured,
    /// One is enough, with a warning: Lightning Charge never had more.
    One,
}

impl Quorum {
    /// How many there must be for a price that came this way.
    pub fn of(channel: Option<Channel>) -> Self {
        match channel {
            Some(Channel::Charge) => Self::One,
            _ => Self::Configured,
        }
    }
}

/// When the sources agree.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    pub(super) minimum_sources: usize,
    /// How far the highest may be above the lowest, in hundredths of a percent.
    pub(super) max_spread: u64,
}

/// The median of the sources. Of three or more, those in the minority that are too far away are left out.
pub(super) fn decide(
    currency: Currency,
    samples: Vec<Sample>,
    reasons: Vec<String>,
    rules: Rules,
) -> Result<Rate, NoRate> {
    let mut samples = independent(samples);
    let answered = samples.len();
    if answered < rules.minimum_sources {
        return Err(NoRate::TooFew {
            currency,
            answered,
            required: rules.minimum_sources,
            reasons: reasons.into(),
        });
    }
    samples.sort_by_key(|sample| sample.price);
    let all = samples.clone();
    let kept = agreeing(&mut samples, rules.max_spread);
    let enough = samples.len() >= rules.minimum_sources && samples.len() * 2 > answered;
    let prices: Vec<_> = samples.iter().map(|sample| sample.price).collect();
    match (kept && enough, RatePrice::median(&prices)) {
        (true, Some(price)) => {
            samples.sort_by(|one, other| one.source.cmp(&other.source));
            let sources: Vec<_> = samples.iter().map(|sample| &*sample.source).collect();
            let at = samples.iter().map(|sample| sample.at).min();
            Ok(Rate {
                currency,
                price,
                source: sources.join(","),
                at: at.unwrap_or_default(),
            })
        }
        _ => {
            let said = all
                .iter()
                .map(|sample| format!("{} {}", sample.source, sample.price));
            Err(NoRate::TooFarApart {
                currency,
                prices: said.collect::<Vec<_>>().join(", ").into(),
            })
        }
    }
}

/// Leaves the one that is the furthest from the median out, until they agree. Two that do not agree are left as they are.
fn agreeing(samples: &mut Vec<Sample>, max_spread: u64) -> bool {
    loop {
        let (Some(low), Some(high)) = (samples.first(), samples.last()) else {
            return false;
        };
        if low.price.apart(high.price) <= max_spread {
            return true;
        }
        if samples.len() < 3 {
            return false;
        }
        let middle = samples[samples.len() / 2].price;
        match low.price.apart(middle) > high.price.apart(middle) {
            true => drop(samples.remove(0)),
            false => drop(samples.pop()),
        }
    }
}

/// One that we and the node both ask is one source, not two: ours counts, whose age is known.
fn independent(samples: Vec<Sample>) -> Vec<Sample> {
    let (node, mut ours): (Vec<_>, Vec<_>) = samples
        .into_iter()
        .partition(|sample| sample.source.starts_with(OF_NODE));
    for sample in node {
        let name = sample.source[OF_NODE.len()..].to_ascii_lowercase();
        let known = ours.iter().any(|other| {
            other.source.eq_ignore_ascii_case(&name)
                || other.source.eq_ignore_ascii_case(&sample.source)
        });
        if !known {
            ours.push(sample);
        }
    }
    ours
}

/// How the names of what the node's plugin asked begin.
pub(super) const OF_NODE: &str = "node:";

#[cfg(test)]
mod tests {
    use super::*;

    const RULES: Rules = Rules {
        minimum_sources: 2,
        max_spread: 500,
    };

    fn decided(said: &[(&str, &str)], rules: Rules) -> Result<(String, String), NoRate> {
        let samples = said
            .iter()
            .zip(1..)
            .map(|((source, price), second)| Sample {
                source: (*source).to_owned(),
                price: RatePrice::parse(price).unwrap(),
                at: Timestamp::from_second(second).unwrap(),
            });
        let euro = Currency::parse("EUR").unwrap();
        decide(euro, samples.collect(), Vec::new(), rules)
            .map(|rate| (rate.price.to_string(), rate.source))
    }

    #[test]
    fn a_rate_is_the_median_of_sources_that_agree() {
        for (said, price, sources) in [
            (&[("a", "100"), ("b", "102")][..], "101", "a,b"),
            (&[("c", "100"), ("b", "102"), ("a", "101")], "101", "a,b,c"),
            // One that is far away is left out if most agree.
            (&[("a", "100"), ("b", "102"), ("c", "1")], "101", "a,b"),
            (&[("a", "100"), ("b", "102"), ("c", "9999")], "101", "a,b"),
        ] {
            let found = decided(said, RULES).unwrap();
            assert_eq!(found, (price.to_owned(), sources.to_owned()));
        }
    }

    #[test]
    fn too_few_and_too_far_apart_are_no_rate() {
        for said in [
            &[][..],
            &[("a", "100")],
            &[("kraken", "100"), ("node:Kraken", "100")],
        ] {
            let refused = decided(said, RULES);
            assert!(
                matches!(refused, Err(NoRate::TooFew { required: 2, .. })),
                "{said:?}"
            );
        }
        for said in [
            &[("a", "100"), ("b", "105.1")][..],
            &[("a", "100"), ("b", "150"), ("c", "200")],
            &[("a", "100"), ("b", "101"), ("c", "200"), ("d", "201")],
        ] {
            let refused = decided(said, RULES);
            assert!(
                matches!(refused, Err(NoRate::TooFarApart { .. })),
                "{said:?}"
            );
        }
        let one = Rules {
            minimum_sources: 1,
            ..RULES
        };
        assert!(decided(&[("a", "100")], one).is_ok());
    }
}
