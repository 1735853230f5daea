//! What was sold at the counter, as the metadata of its invoice has it: for receipts, and for the shop's programs.

use serde::{Deserialize, Serialize};
use serde_json::value::to_raw_value;

use super::sale::{CounterSale, SaleLine};
use crate::order::Metadata;

/// What was sold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct SoldLines {
    /// Line by line.
    pub lines: Vec<SoldLine>,
}

/// So many pieces of something that was sold.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct SoldLine {
    /// What it was called; `None`: an amount that was typed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// How many.
    pub pieces: u32,
    /// What a piece cost, in decimal digits.
    pub price: String,
}

#[derive(Deserialize, Serialize)]
struct CounterJson {
    counter: SoldLines,
}

impl SoldLines {
    /// What is sold.
    pub fn of(sale: &CounterSale) -> Self {
        let line = |line: &SaleLine| {
            let mut price = line.price.amount();
            price.rescale(sale.unit.decimals());
            SoldLine {
                name: line.name.as_ref().map(|name| name.as_str().to_owned()),
                pieces: line.pieces,
                price: price.to_string(),
            }
        };
        Self {
            lines: sale.lines.iter().map(line).collect(),
        }
    }

    /// As metadata; `None` when it is more than fits.
    pub fn metadata(self) -> Option<Metadata> {
        let json = to_raw_value(&CounterJson { counter: self }).ok()?;
        Metadata::new(&json).ok()
    }

    /// What metadata says was sold, if it does.
    pub fn read(metadata: &Metadata) -> Option<Self> {
        let json: CounterJson = serde_json::from_str(metadata.as_str()).ok()?;
        Some(json.counter)
    }

    /// `2 × Espresso, Cake`: what has a name, in one line.
    pub fn summary(&self) -> String {
        let named = self.lines.iter().filter_map(|line| {
            let name = line.name.as_deref()?;
            Some(match line.pieces {
                1 => name.to_owned(),
                pieces => format!("{pieces} × {name}"),
            })
        });
        named.collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        counter::{ItemName, Tip},
        payment_link::LinkUnit,
        price::Price,
    };

    #[test]
    fn what_was_sold_is_read_again() {
        let line = |name: &str, pieces, price: &str| SaleLine {
            name: ItemName::parse(name).ok(),
            pieces,
            price: Price::parse(price, "EUR").unwrap(),
            tax: None,
        };
        let sale = CounterSale {
            unit: LinkUnit::parse("EUR").unwrap(),
            lines: vec![
                line("Espresso", 2, "2.50"),
                line("Cake", 1, "3"),
                line("", 1, "0.50"),
            ],
            tip: Tip::None,
        };
        let lines = SoldLines::of(&sale);
        assert_eq!(lines.summary(), "2 × Espresso, Cake");
        let metadata = lines.clone().metadata().unwrap();
        assert_eq!(
            metadata.as_str(),
            r#"{"counter":{"lines":[{"name":"Espresso","pieces":2,"price":"2.50"},{"name":"Cake","pieces":1,"price":"3.00"},{"pieces":1,"price":"0.50"}]}}"#
        );
        assert_eq!(SoldLines::read(&metadata), Some(lines));
        for other in ["{}", "[]", r#"{"counter":1}"#] {
            assert_eq!(SoldLines::read(&Metadata::stored(other.to_owned())), None);
        }
    }
}
