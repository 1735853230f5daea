//! Asking a server what a bitcoin costs.

use facture_domain::{Currency, JsonPath, RatePrice, WebSource};
use facture_runtime::fetch::Fetcher;
use jiff::{SignedDuration, Timestamp};

use super::{json, quorum::Sample};

/// What a server says, or why that cannot be used.
pub(super) async fn ask(
    fetcher: &Fetcher,
    source: &WebSource,
    currency: Currency,
    max_age: SignedDuration,
) -> Result<Sample, String> {
    let url = source.url(currency).ok_or("its URL cannot be used")?;
    let asked_at = Timestamp::now();
    let answer = fetcher.get(&url).await.map_err(|error| error.to_string())?;
    if !answer.status.is_success() {
        return Err(format!("it answered {}", answer.status.as_u16()));
    }
    let number = |path: &JsonPath| json::number(&answer.body, path);
    let price = number(&source.price(currency)).ok_or("its answer has no price")?;
    let price = RatePrice::parse(&price).map_err(|error| format!("its price {error}"))?;
    let at = match source.time(currency) {
        None => asked_at,
        Some(path) => {
            let seconds = number(&path).and_then(|text| text.parse().ok());
            let time = seconds.and_then(|seconds| Timestamp::from_second(seconds).ok());
            // Its clock may be ahead of ours.
            time.ok_or("its answer has no time")?.min(asked_at)
        }
    };
    let in_caches = SignedDuration::from_secs(answer.age.try_into().unwrap_or(i64::MAX));
    let at = at.checked_sub(in_caches).unwrap_or(Timestamp::UNIX_EPOCH);
    if asked_at.duration_since(at) > max_age {
        return Err(format!("its price is of {at}"));
    }
    Ok(Sample {
        source: source.name().to_owned(),
        price,
        at,
    })
}
