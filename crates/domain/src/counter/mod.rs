//! The counter, where a cashier sells to somebody who stands there: what its buttons sell, and what a sale comes to. Pure.

mod item;
mod lines;
mod sale;
mod tax_rate;

pub use self::{
    item::{CounterItem, ItemName, ItemNameError, ItemTerms},
    lines::{SoldLine, SoldLines},
    sale::{CounterSale, CounterSaleError, SaleLine, SaleTotal, Tip},
    tax_rate::{TaxRate, TaxRateError},
};
