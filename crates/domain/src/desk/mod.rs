//! The merchant's desk: who uses it, what each role may do, and what is written down about it. Pure.

mod audit;
mod role;
mod secret;
mod user;

pub use self::{
    audit::{Actor, AuditAction, AuditEntry, NewAudit},
    role::{Right, Role, UnknownRole},
    secret::{SecretHash, SecretText},
    user::{NameError, UserId, UserName},
};
