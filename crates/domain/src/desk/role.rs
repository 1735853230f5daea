//! Roles, and the rights of each. No right spends: what leaves the node is ordered elsewhere and executed by the payer.

use std::{fmt, str::FromStr};

/// What somebody is in the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// Everything, users too.
    Owner,
    /// Runs the shop.
    Manager,
    /// Stands at the till.
    Cashier,
    /// Keeps the books.
    Accountant,
}

/// What can be done at the desk. Each of its routes needs exactly one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Right {
    /// Adding, changing and removing users.
    ManageUsers,
    /// Making and revoking API tokens.
    ManageTokens,
    /// Reading the audit log.
    ReadAudit,
    /// Giving keys to the plug-ins of shops.
    PairShops,
    /// One's own password, second factor and sessions.
    OwnAccount,
    /// Ending the session that one is in.
    SignOut,
    /// Seeing the sales of the last day.
    ReadSales,
    /// Seeing all sales, and what they come to.
    ReadAllSales,
    /// Cancelling invoices, deciding about held payments, notes, sending webhooks again.
    ManageSales,
    /// Ordering refunds, which the payer pays or does not.
    OrderRefunds,
    /// Offering, changing and withdrawing what is sold by pay to reveal and at the counter.
    ManageItems,
    /// Making, changing and stopping payment links.
    ManageLinks,
    /// Saying who is told what happens in the shop.
    ManageNotices,
    /// Selling at the counter.
    Sell,
}

/// A role that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("must be owner, manager, cashier or accountant")]
pub struct UnknownRole;

impl Role {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Manager, Self::Cashier, Self::Accountant];

    /// Its name in the store, on the command line and in forms.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Manager => "manager",
            Self::Cashier => "cashier",
            Self::Accountant => "accountant",
        }
    }

    /// Whether it has this right.
    pub fn has(self, right: Right) -> bool {
        match right {
            Right::OwnAccount | Right::SignOut | Right::ReadSales => true,
            Right::ReadAllSales => self != Self::Cashier,
            Right::Sell => self != Self::Accountant,
            Right::ManageSales
            | Right::OrderRefunds
            | Right::ManageItems
            | Right::ManageLinks
            | Right::ManageNotices => {
                matches!(self, Self::Owner | Self::Manager)
            }
            Right::ManageUsers | Right::ManageTokens | Right::ReadAudit | Right::PairShops => {
                self == Self::Owner
            }
        }
    }
}

impl Right {
    /// Whether somebody who signed in by a PIN has it, if their role does. A PIN is short: it opens the counter, and nothing else.
    pub fn is_for_pin(self) -> bool {
        matches!(self, Self::Sell | Self::SignOut)
    }
}

impl FromStr for Role {
    type Err = UnknownRole;

    fn from_str(text: &str) -> Result<Self, UnknownRole> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or(UnknownRole)
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
