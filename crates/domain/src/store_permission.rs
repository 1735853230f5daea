//! Permissions of BTCPay's Greenfield API: what the key of a shop's plug-in may do in its one store. Pure.

use std::str::FromStr;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum StorePermission {
    /// Reading invoices.
    ViewInvoices,
    /// Creating invoices.
    CreateInvoice,
    /// Changing an invoice's metadata and status.
    ModifyInvoices,
    /// Reading the store and how it is paid.
    ViewStoreSettings,
    /// All but refunds.
    ModifyStoreSettings,
    /// Managing webhooks.
    ModifyWebhooks,
    /// Ordering refunds.
    CreatePullPayments,
}

/// There is no such permission here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no permission that there is")]
pub struct UnknownPermission;

impl StorePermission {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::ViewInvoices,
        Self::CreateInvoice,
        Self::ModifyInvoices,
        Self::ViewStoreSettings,
        Self::ModifyStoreSettings,
        Self::ModifyWebhooks,
        Self::CreatePullPayments,
    ];

    /// BTCPay's name for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ViewInvoices => "btcpay.store.canviewinvoices",
            Self::CreateInvoice => "btcpay.store.cancreateinvoice",
            Self::ModifyInvoices => "btcpay.store.canmodifyinvoices",
            Self::ViewStoreSettings => "btcpay.store.canviewstoresettings",
            Self::ModifyStoreSettings => "btcpay.store.canmodifystoresettings",
            Self::ModifyWebhooks => "btcpay.store.webhooks.canmodifywebhooks",
            Self::CreatePullPayments => "btcpay.store.cancreatenonapprovedpullpayments",
        }
    }

    /// Whether money leaves by it. No other permission includes such a one.
    pub fn is_refund(self) -> bool {
        self == Self::CreatePullPayments
    }

    /// Whether it includes `other`, as in BTCPay.
    pub fn includes(self, other: Self) -> bool {
        match self {
            Self::ModifyStoreSettings => !other.is_refund(),
            Self::ModifyInvoices => matches!(
                other,
                Self::ModifyInvoices | Self::ViewInvoices | Self::CreateInvoice
            ),
            Self::ViewStoreSettings => {
                matches!(other, Self::ViewStoreSettings | Self::ViewInvoices)
            }
            Self::ViewInvoices
            | Self::CreateInvoice
            | Self::ModifyWebhooks
            | Self::CreatePullPayments => self == other,
        }
    }
}

impl FromStr for StorePermission {
    type Err = UnknownPermission;

    fn from_str(text: &str) -> Result<Self, UnknownPermission> {
        Self::ALL
            .into_iter()
            .find(|permission| permission.as_str() == text)
            .ok_or(UnknownPermission)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_includes_what_it_says_and_never_refunds() {
        for one in StorePermission::ALL {
            assert_eq!(one.as_str().parse(), Ok(one));
            for other in StorePermission::ALL {
                if other.is_refund() {
                    assert_eq!(one.includes(other), one == other, "{one:?}");
                }
            }
            assert!(one.includes(one));
        }
        let modify = StorePermission::ModifyInvoices;
        assert!(modify.includes(StorePermission::CreateInvoice));
        assert!(!modify.includes(StorePermission::ModifyWebhooks));
        assert_eq!(
            "btcpay.store.canmodifystore".parse::<StorePermission>(),
            Err(UnknownPermission)
        );
    }
}
