//! Where exchange rates come from: the node, or a public server that answers in JSON.

use std::fmt;

use url::Url;

use crate::currency::Currency;

/// A source of exchange rates, as it is configured: `node`, the name of a public one, or a URL whose fragment says where in
/// the answer the price is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RateSource {
    /// What the node's own sources say.
    Node,
    /// A server.
    Web(WebSource),
}

/// A server that says what a bitcoin costs.
#[derive(Clone, PartialEq, Eq)]
pub struct WebSource {
    /// How it is written.
    text: String,
    name: String,
    url: String,
    price: JsonPath,
    time: Option<JsonPath>,
}

/// Where in a JSON document something is: a JSON pointer (RFC 6901) in which `*` stands for the only member there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonPath(String);

/// It is not a source of exchange rates.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "must be \"node\", \"kraken\", \"coinbase\", \"bitstamp\", \"coingecko\", \"blockchain.info\", \"binance\", \"mempool.space\", or a URL such as https://rates.example/{{currency}}#/price (after # the JSON pointer to the price)"
)]
pub struct RateSourceError;

/// What the node is called.
const NODE: &str = "node";

/// Public servers. None of them needs a key.
const PUBLIC: [(&str, &str); 7] = [
    (
        "kraken",
        "https://api.kraken.com/0/public/Ticker?pair=XBT{currency}#/result/*/c/0",
    ),
    (
        "coinbase",
        "https://api.coinbase.com/v2/prices/BTC-{currency}/spot#/data/amount",
    ),
    (
        "bitstamp",
        "https://www.bitstamp.net/api/v2/ticker/btc{currency_lc}#/last",
    ),
    (
        "coingecko",
        "https://api.coingecko.com/api/v3/simple/price?ids=bitcoin&vs_currencies={currency_lc}#/bitcoin/{currency_lc}",
    ),
    (
        "blockchain.info",
        "https://blockchain.info/ticker#/{currency}/last",
    ),
    (
        "binance",
        "https://data-api.binance.vision/api/v3/ticker/price?symbol=BTC{currency}#/price",
    ),
    (
        "mempool.space",
        "https://mempool.space/api/v1/prices#/{currency},/time",
    ),
];

impl RateSource {
    /// Reads one. In a URL and its fragment, `{currency}` stands for the code and `{currency_lc}` for the code in lower case. A
    /// second JSON pointer after a comma is where the price's time is, in seconds since 1970.
    ///
    /// # Errors
    /// [`RateSourceError`].
    pub fn parse(text: &str) -> Result<Self, RateSourceError> {
        if text == NODE {
            return Ok(Self::Node);
        }
        let public = PUBLIC.iter().find(|(name, _)| *name == text);
        let (name, address) = public.map_or((None, text), |(name, url)| (Some(*name), *url));
        let (url, fragment) = address.split_once('#').ok_or(RateSourceError)?;
        let (price, time) = match fragment.split_once(',') {
            None => (fragment, None),
            Some((price, time)) => (price, Some(time)),
        };
        let pointer = |text: &str| match text.starts_with('/') {
            true => Ok(JsonPath(text.to_owned())),
            false => Err(RateSourceError),
        };
        let source = WebSource {
            text: text.to_owned(),
            name: String::new(),
            url: url.to_owned(),
            price: pointer(price)?,
            time: time.map(pointer).transpose()?,
        };
        let euro = Currency::parse("EUR").map_err(|_| RateSourceError)?;
        let url = source.url(euro).ok_or(RateSourceError)?;
        let host = url.host_str().unwrap_or_default();
        let host = match url.port() {
            None => host.to_owned(),
            Some(port) => format!("{host}:{port}"),
        };
        let sound = matches!(url.scheme(), "http" | "https")
            && !host.is_empty()
            && url.username().is_empty()
            && url.password().is_none();
        match sound {
            true => Ok(Self::Web(WebSource {
                name: name.map_or(host, str::to_owned),
                ..source
            })),
            false => Err(RateSourceError),
        }
    }

    /// Its name: `node`, the name of a public one, or the host and port of a URL.
    pub fn name(&self) -> &str {
        match self {
            Self::Node => NODE,
            Self::Web(source) => source.name(),
        }
    }
}

impl WebSource {
    /// The name of a public one, or the host and port.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where to ask for the price of a bitcoin in this currency.
    pub fn url(&self, currency: Currency) -> Option<Url> {
        Url::parse(&filled(&self.url, currency)).ok()
    }

    /// Where in the answer the price is.
    pub fn price(&self, currency: Currency) -> JsonPath {
        JsonPath(filled(&self.price.0, currency))
    }

    /// Where in the answer its time is, if it says one.
    pub fn time(&self, currency: Currency) -> Option<JsonPath> {
        let time = self.time.as_ref()?;
        Some(JsonPath(filled(&time.0, currency)))
    }
}

impl JsonPath {
    /// The names of the members on the way, and the numbers of items.
    pub fn steps(&self) -> impl Iterator<Item = String> {
        let steps = self.0.split('/').skip(1);
        steps.map(|step| step.replace("~1", "/").replace("~0", "~"))
    }
}

fn filled(text: &str, currency: Currency) -> String {
    text.replace("{currency}", currency.code())
        .replace("{currency_lc}", &currency.code().to_ascii_lowercase())
}

/// As it is configured.
impl fmt::Display for RateSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Node => NODE,
            Self::Web(source) => &source.text,
        })
    }
}

/// Without the URL, which may hold a key.
impl fmt::Debug for WebSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WebSource({})", self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn web(text: &str) -> WebSource {
        match RateSource::parse(text) {
            Ok(RateSource::Web(source)) => source,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn public_sources_are_known_by_their_names() {
        let euro = Currency::parse("EUR").unwrap();
        for (name, _) in PUBLIC {
            let source = web(name);
            assert_eq!(source.name(), name);
            assert_eq!(source.url(euro).unwrap().scheme(), "https");
            assert_eq!(RateSource::parse(name).unwrap().to_string(), name);
        }
        let source = web("bitstamp");
        assert_eq!(
            source.url(euro).unwrap().as_str(),
            "https://www.bitstamp.net/api/v2/ticker/btceur"
        );
        let source = web("mempool.space");
        assert_eq!(source.price(euro).steps().collect::<Vec<_>>(), ["EUR"]);
        assert_eq!(
            source.time(euro).unwrap().steps().collect::<Vec<_>>(),
            ["time"]
        );
        assert_eq!(RateSource::parse("node"), Ok(RateSource::Node));
    }

    #[test]
    fn a_url_says_where_the_price_is() {
        let yen = Currency::parse("JPY").unwrap();
        let source = web("http://127.0.0.1:8080/{currency_lc}?of={currency}#/a~1b/{currency}/0");
        assert_eq!(source.name(), "127.0.0.1:8080");
        assert_eq!(
            source.url(yen).unwrap().as_str(),
            "http://127.0.0.1:8080/jpy?of=JPY"
        );
        assert_eq!(
            source.price(yen).steps().collect::<Vec<_>>(),
            ["a/b", "JPY", "0"]
        );
        for text in [
            "",
            "unknown",
            "https://rates.example/",
            "https://rates.example/#price",
            "https://rates.example/#/price,time",
            "ftp://rates.example/#/price",
            "https://user:password@rates.example/#/price",
            "/prices#/price",
        ] {
            assert_eq!(RateSource::parse(text), Err(RateSourceError), "{text}");
        }
    }
}
