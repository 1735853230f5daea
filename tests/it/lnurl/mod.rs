//! LNURL-pay beyond addresses and links: items whose secret a wallet opens itself, and wallets that others wrote.

mod clients;
mod items;
