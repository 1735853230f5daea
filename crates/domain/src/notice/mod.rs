//! Notices: what the people of a shop are told, and by which way. Pure.

mod condition;
mod failure;
mod message;
mod rule;
mod target;

pub use self::{
    condition::{Condition, Turn},
    failure::NoticeFailure,
    message::{NoticeContent, WaitingNotice},
    rule::{NewNoticeRule, NoticeEvent, NoticeRule, NoticeTrouble, UndeliveredNotice},
    target::{ChatId, MailAddress, NoticeChannel, NoticeTarget, NtfyToken, NtfyTopic, TargetError},
};
