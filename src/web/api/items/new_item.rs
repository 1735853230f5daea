//! An item, as offered by programs.

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::web::{error::Problem, whole_number::WholeNumber};
use facture_domain::{Content, Description, FileName, ItemId, Msat, NewItem, StockRule, Word};

/// The item to offer, with exactly one of `word`, `text` and `file`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewItem, example = json!({
    "title": "A poem",
    "price_msat": 100_000,
    "text": "Roses are red, …",
    "stock": 10,
}))]
pub(crate) struct NewItemJson {
    /// What it is called, on its page and in the buyer's wallet: at most 639 bytes, without control characters.
    #[schema(
        min_length = 1,
        max_length = 639,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    title: String,
    /// What it costs, in millisatoshis.
    #[schema(value_type = u64, minimum = 1, maximum = 1_000_000_000_000_000_000_u64)]
    price_msat: WholeNumber,
    /// What is sold: 1 to 24 bytes, without control characters. It is a part of the preimage, which the payer's wallet gets, and
    /// which every node learns that forwards the payment. Core Lightning only.
    #[schema(
        min_length = 1,
        max_length = 24,
        pattern = "^[^\\x00-\\x1f\\x7f-\\x9f]*$"
    )]
    word: Option<String>,
    /// What is sold: a text.
    #[schema(min_length = 1)]
    text: Option<String>,
    /// What is sold: a file.
    file: Option<NewFileJson>,
    /// How many are sold in all. Absent: any number.
    #[schema(value_type = Option<u32>, minimum = 0, maximum = 1_000_000_000)]
    stock: Option<WholeNumber>,
    /// Whether payments are held until it is certain that one is left, instead of reserving one for each open invoice. Not for a
    /// `word`, and only on nodes that can hold payments.
    #[serde(default)]
    hold: bool,
}

/// A file to sell. Larger ones are offered by the configuration.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewFile)]
struct NewFileJson {
    /// Its name, without a path.
    #[schema(min_length = 1, max_length = 255, example = "book.pdf")]
    name: String,
    /// What is in it, in Base64 (RFC 4648 §4).
    #[schema(min_length = 1, example = "T25jZSB1cG9uIGEgdGltZQ==")]
    base64: String,
}

/// The most that can be sold in all.
const MAX_STOCK: u64 = 1_000_000_000;

impl NewItemJson {
    /// The item of this id.
    ///
    /// # Errors
    /// [`Problem::Invalid`] for the first invalid field.
    pub(super) fn parse(self, id: ItemId) -> Result<NewItem, Problem> {
        let title = title(&self.title)?;
        let price = price(self.price_msat)?;
        let content = content(self.word, self.text, self.file)?;
        let rule = StockRule::of(self.hold, &content).map_err(|error| {
            Problem::invalid("hold", "content_invalid", format!("The hold {error}."))
        })?;
        Ok(NewItem {
            id,
            title,
            price,
            content,
            stock_rule: rule,
            stock: self.stock.map(stock).transpose()?,
        })
    }
}

fn title(text: &str) -> Result<Description, Problem> {
    let wrong = |why: &str| Problem::invalid("title", "title_invalid", format!("The title {why}."));
    let title = Description::parse(text).map_err(|error| wrong(&error.to_string()))?;
    match title.as_str() {
        "" => Err(wrong("must not be empty")),
        _ => Ok(title),
    }
}

fn price(WholeNumber(msat): WholeNumber) -> Result<Msat, Problem> {
    let price =
        Msat::from_msat(msat).filter(|price| (1..=Msat::PAYABLE.msat()).contains(&price.msat()));
    price.ok_or_else(|| {
        let most = Msat::PAYABLE.msat();
        let message = format!("The price_msat must be from 1 to {most}.");
        Problem::invalid("price_msat", "price_invalid", message)
    })
}

fn stock(WholeNumber(count): WholeNumber) -> Result<u32, Problem> {
    let stock = u32::try_from(count).ok().filter(|_| count <= MAX_STOCK);
    stock.ok_or_else(|| {
        let message = format!("The stock must be at most {MAX_STOCK}.");
        Problem::invalid("stock", "stock_invalid", message)
    })
}

fn content(
    word: Option<String>,
    text: Option<String>,
    file: Option<NewFileJson>,
) -> Result<Content, Problem> {
    let wrong = |field: &str, why: &dyn std::fmt::Display| {
        Problem::invalid(field, "content_invalid", format!("The {field} {why}."))
    };
    match (word, text, file) {
        (Some(word), None, None) => {
            let word = Word::parse(&word).map_err(|error| wrong("word", &error))?;
            Ok(Content::Word(word))
        }
        (None, Some(text), None) => Content::text(text).map_err(|error| wrong("text", &error)),
        (None, None, Some(NewFileJson { name, base64 })) => {
            let name = FileName::parse(&name).map_err(|error| wrong("file.name", &error))?;
            let bytes = STANDARD
                .decode(base64)
                .map_err(|_| wrong("file.base64", &"must be Base64 with its padding"))?;
            Content::file(name, bytes).map_err(|error| wrong("file.base64", &error))
        }
        _ => Err(Problem::invalid(
            "text",
            "content_invalid",
            "Send exactly one of word, text and file.".to_owned(),
        )),
    }
}
