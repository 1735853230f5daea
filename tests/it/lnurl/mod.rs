//! LNURL-pay beyond addresses and links: items whose secret a wallet opens itself.

mod items;
