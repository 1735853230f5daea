//! An item that is sold by pay to reveal, as JSON.

use serde::Serialize;
use utoipa::{ToSchema, openapi::schema::Object};

use super::schema::one_of;
use facture_domain::{ContentKind, FileName, Item, ItemOrigin, StockRule};

/// An item as its buyer sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = PublicItem)]
pub(crate) struct ItemJson {
    /// Its id, which is the end of its address: `/reveal/<item>`.
    #[schema(pattern = "^[a-z0-9_-]{1,64}$", example = "word")]
    id: String,
    /// What it is called, on its page and in the buyer's wallet.
    #[schema(example = "A word")]
    title: String,
    /// What it costs, in millisatoshis.
    #[schema(example = 100_000)]
    price_msat: u64,
    /// What the buyer gets: a `word` of at most 24 bytes, which is in the preimage of the payment, a `text` or a `file`.
    #[schema(schema_with = kind_schema)]
    kind: &'static str,
    /// The name of the file. `null`: it is none.
    #[schema(required = true, example = "book.pdf")]
    file_name: Option<String>,
    /// How many bytes it has.
    bytes: u64,
    /// How many can be sold now. `null`: any number.
    #[schema(required = true)]
    available: Option<u32>,
}

/// An item as its shop sees it.
#[derive(Serialize, ToSchema)]
#[schema(as = Item)]
pub(crate) struct ShopItemJson {
    #[serde(flatten)]
    item: ItemJson,
    /// How many are sold in all. `null`: any number.
    #[schema(required = true)]
    stock: Option<u32>,
    /// Whether payments are held until it is certain that one is left, instead of reserving one for each open invoice.
    hold: bool,
    /// How many were sold.
    sold: u32,
    /// How many are reserved by invoices that can still be paid, or by held payments that are being taken.
    reserved: u32,
    /// Who manages it: the `configuration` or the `api`.
    #[schema(schema_with = origin_schema)]
    origin: &'static str,
}

impl ItemJson {
    pub(crate) fn new(item: &Item) -> Self {
        Self {
            id: item.id.to_string(),
            title: item.title.as_str().to_owned(),
            price_msat: item.price.msat(),
            kind: item.kind.as_str(),
            file_name: item
                .file_name
                .as_ref()
                .map(FileName::as_str)
                .map(str::to_owned),
            bytes: item.bytes,
            available: item.available(),
        }
    }
}

impl ShopItemJson {
    pub(crate) fn new(item: &Item) -> Self {
        Self {
            item: ItemJson::new(item),
            stock: item.stock,
            hold: item.stock_rule == StockRule::Hold,
            sold: item.sold,
            reserved: item.reserved,
            origin: item.origin.as_str(),
        }
    }
}

fn kind_schema() -> Object {
    one_of(ContentKind::ALL.map(ContentKind::as_str))
}

fn origin_schema() -> Object {
    one_of(ItemOrigin::ALL.map(ItemOrigin::as_str))
}
