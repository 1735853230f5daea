//! Items at the counter of a sandbox: something to try.

use crate::counter::Counter;
use facture_domain::{
    LinkUnit, Price,
    counter::{ItemName, ItemTerms, TaxRate},
};

/// Name, category, price in satoshis and tax rate.
const SAMPLES: [(&str, &str, &str, &str); 6] = [
    ("Espresso", "Drinks", "2500", "19"),
    ("Cappuccino", "Drinks", "3600", "19"),
    ("Tea", "Drinks", "2800", "19"),
    ("Croissant", "Bakery", "2200", "7"),
    ("Apple cake", "Bakery", "3900", "7"),
    ("Sandwich", "Bakery", "5200", "7"),
];

/// Makes some items, unless there are any, or the counter sells in another currency.
///
/// # Errors
/// When the records cannot be written.
pub async fn make_sample_items(counter: &Counter) -> anyhow::Result<()> {
    if counter.rules().unit != LinkUnit::Sat || !counter.items().await?.is_empty() {
        return Ok(());
    }
    for (name, category, price, tax) in SAMPLES {
        let terms = ItemTerms {
            name: ItemName::parse(name)?,
            category: Some(ItemName::parse(category)?),
            price: Price::parse(price, LinkUnit::SAT)?,
            tax: Some(TaxRate::parse(tax)?),
        };
        counter.save(None, terms, None).await?;
    }
    Ok(())
}
