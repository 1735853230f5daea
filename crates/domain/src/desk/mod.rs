//! The merchant's desk: who uses it, what each role may do, and what is written down about it. Pure.

mod audit;
mod day_sales;
mod device;
mod note;
mod role;
mod sale_search;
mod sale_totals;
mod secret;
mod user;
mod worth;

pub use self::{
    audit::{Actor, AuditAction, AuditEntry, NewAudit},
    day_sales::{DaySales, HourSales},
    device::{Device, DeviceId},
    note::{Note, NoteError, NoteText},
    role::{Right, Role, UnknownRole},
    sale_search::{Reach, SalePage, SaleSearch, Sought},
    sale_totals::SaleTotals,
    secret::{SecretHash, SecretText},
    user::{NameError, UserId, UserName},
    worth::{Worth, WorthRange, WorthSum},
};
