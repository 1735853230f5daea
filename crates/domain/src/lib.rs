//! The words of the domain: what an invoice is, its label, amount, description and state. Pure: it parses and
//! formats, knows no node, no store and no web.

mod amount;
mod bolt11;
mod breakdown;
mod buyer;
mod channel;
pub mod counter;
mod currency;
mod currency_refund;
mod cursor;
mod description;
pub mod desk;
mod event;
mod expiry;
mod hold;
mod hold_identity;
pub mod hook;
pub mod idempotency;
mod identity;
mod invoice;
mod item;
mod label;
mod label_of_hash;
pub mod listing;
mod lnurl_metadata;
mod network;
mod node_id;
pub mod notice;
mod offer;
mod open_invoice;
mod order;
mod our_labels;
mod payer_data;
mod payment_link;
pub mod payment_string;
pub mod payout;
pub mod paywall;
mod preimage;
mod price;
mod private_channels;
mod rate;
mod rate_source;
mod receipt;
mod refund;
mod renewal;
mod sale;
mod shop;
mod status;
mod store_permission;
mod subject;
pub mod token;
mod typed_price;
mod valuation;
mod voucher;
mod wallet_quote;
mod warning;

pub use self::{
    amount::{Amount, Msat, ParseSatError, Precision},
    bolt11::{Bolt11, Bolt11Error, Decoded, PaymentHash},
    breakdown::{Breakdown, BreakdownError, TaxLine},
    buyer::Buyer,
    channel::Channel,
    currency::{Currency, CurrencyError},
    currency_refund::{CurrencyRefund, RefundRate, SaleRate},
    cursor::{StoredCursor, StoredHistory},
    description::{Description, DescriptionError},
    event::{Event, Payload},
    expiry::{Expiry, ExpiryError},
    hold::{Decision, Held, Hold, HoldDeadline, HoldNonce, HoldSecret, NewHold},
    hold_identity::HoldIdentity,
    hook::{Hook, HookFormat, HookUrl, HookUrlError},
    identity::{Identity, InvoiceRef},
    invoice::{Invoice, InvoiceKind, NewInvoice},
    item::{
        Content, ContentId, ContentKind, FileName, Item, ItemError, ItemId, ItemOrigin, NewItem,
        StockRule, Word,
    },
    label::{Label, LabelKey, LabelKeyError, LabelPrefix, LabelPrefixError},
    label_of_hash::HashLabels,
    lnurl_metadata::LnurlMetadata,
    network::Network,
    node_id::NodeId,
    offer::{NewOffer, Offer, OfferId, OfferIdError, OfferPayment, OfferState, OfferTerms},
    open_invoice::OpenInvoice,
    order::{Metadata, Order, OrderError, OrderId, Quote, RedirectUrl},
    our_labels::{LabelOwner, LabelScheme, OurLabels},
    payer_data::{PayerData, PayerDataError, PayerField},
    payment_link::{
        Ask, LinkAmount, LinkSale, LinkState, LinkTerms, LinkText, LinkUnit, PaymentLink,
        PaymentLinkError, Slug,
    },
    preimage::{Preimage, PreimageError},
    price::{ParsePriceError, Price},
    private_channels::{PrivateChannels, PrivateChannelsError},
    rate::{FixedPrice, Rate, RatePrice, RatePriceError},
    rate_source::{JsonPath, RateSource, RateSourceError, WebSource},
    receipt::{ReceiptNumber, ReceiptSeries},
    refund::{RefundRefused, RefundTotals, Refunded},
    renewal::RenewalWindow,
    sale::{Sale, SaleKey},
    shop::{ShopId, ShopIdError},
    status::{EventKind, Settlement, Status, StatusName},
    store_permission::{StorePermission, UnknownPermission},
    subject::Subject,
    typed_price::{DecimalMark, TypedPriceError},
    valuation::Valuation,
    voucher::{BatchId, Claim, Voucher, VoucherId, VoucherSecret, VoucherState, VoucherTerms},
    wallet_quote::WalletQuote,
    warning::Warning,
};
