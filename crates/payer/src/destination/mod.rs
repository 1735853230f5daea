//! From a destination to the one invoice that is paid for it.

mod invoice;

pub use self::invoice::{Invoice, InvoiceError};
