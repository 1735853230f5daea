//! The words of webhooks: where events are to be sent, what is sent there, and what came of it.

mod btcpay;
mod delivery;
mod endpoint;
mod format;
mod id;
mod secret;
mod url;

pub use self::{
    btcpay::{BtcpayEndpoint, BtcpaySecret, BtcpaySecretError, Redelivery},
    delivery::{Attempt, Backlog, Delivery, DeliveryState, Failure, Outcome, Queued},
    endpoint::{Disabled, Endpoint, EndpointChange, EndpointState, Kinds, NewEndpoint},
    format::{Hook, HookFormat},
    id::{DeliveryId, EndpointId},
    secret::{HookSecret, HookSecretError, SecretOwner, Secrets},
    url::{HookUrl, HookUrlError},
};
