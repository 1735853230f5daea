//! What notices say: plain text, in the shop's language. Of buyers there is nothing in them.

use crate::locale::Language;
use facture_domain::{
    Amount, Invoice, Msat, Status,
    notice::{Condition, NoticeContent, Turn, WaitingNotice},
};

/// So many notices are spelled out in one message, and so many bytes of them: ntfy takes 4,096 bytes as a message, Telegram
/// 4,096 characters.
const MAX_SPELLED_OUT: usize = 20;
const MAX_BODY_BYTES: usize = 3000;

/// As many characters of a description are told.
const MAX_DESCRIPTION_CHARS: usize = 100;

/// What texts are written with.
#[derive(Clone, Debug)]
pub struct Texts {
    language: Language,
    shop: String,
    /// The origin of the desk, for links; `None`: it is not known.
    desk: Option<String>,
}

/// A message that can be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Message {
    /// The same when the same is sent again.
    pub(super) id: String,
    pub(super) subject: String,
    pub(super) body: String,
}

impl Texts {
    /// For the shop of this name, with links to the desk at this origin.
    pub fn new(language: Language, shop: &str, desk: Option<String>) -> Self {
        Self {
            language,
            shop: shop.to_owned(),
            desk,
        }
    }

    /// The name of the shop.
    pub(super) fn shop(&self) -> &str {
        &self.shop
    }

    /// A test.
    pub(super) fn test(&self) -> Message {
        Message {
            id: format!("facture-test-{:032x}", rand::random::<u128>()),
            subject: self.subject(&self.language.say("notice-test")),
            body: self.language.say("notice-test-text").into_owned(),
        }
    }

    /// All of these notices in one message.
    pub(super) fn message(&self, notices: &[WaitingNotice]) -> Message {
        let entries: Vec<Vec<String>> = notices
            .iter()
            .map(|notice| self.entry(&notice.content))
            .collect();
        let heading = match (&*entries, self.total(notices)) {
            ([only], _) => only.first().cloned().unwrap_or_default(),
            (_, Some(total)) => self.language.say_with(
                "notice-sales",
                &[("count", notices.len().into()), ("amount", total.into())],
            ),
            (_, None) => self
                .language
                .say_with("notice-several", &[("count", notices.len().into())]),
        };
        let number = |notice: Option<&WaitingNotice>| notice.map_or(0, |notice| notice.number);
        Message {
            id: format!(
                "facture-notice-{}-{}",
                number(notices.first()),
                number(notices.last())
            ),
            subject: self.subject(&heading),
            body: self.body(&entries),
        }
    }

    fn subject(&self, heading: &str) -> String {
        format!("{}: {heading}", self.shop)
    }

    /// As many entries as fit, and how many more there are.
    fn body(&self, entries: &[Vec<String>]) -> String {
        let mut body = String::new();
        let mut told = 0;
        for entry in entries.iter().take(MAX_SPELLED_OUT) {
            let entry = entry.join("\n");
            if told > 0 && body.len() + entry.len() > MAX_BODY_BYTES {
                break;
            }
            if told > 0 {
                body.push_str("\n\n");
            }
            body.push_str(&entry);
            told += 1;
        }
        let left = entries.len() - told;
        if left > 0 {
            body.push_str("\n\n");
            let more = self
                .language
                .say_with("notice-more", &[("count", left.into())]);
            body.push_str(&more);
            if let Some(desk) = &self.desk {
                body.push('\n');
                body.push_str(desk);
                body.push_str("/desk/payments");
            }
        }
        body.push('\n');
        body
    }

    /// What all sales come to; `None` when something else is among them.
    fn total(&self, notices: &[WaitingNotice]) -> Option<String> {
        let mut total = 0_u64;
        for notice in notices {
            let NoticeContent::Sale(invoice) = &notice.content else {
                return None;
            };
            total = total.checked_add(received(invoice)?.msat())?;
        }
        Msat::from_msat(total).map(|total| self.sat(total))
    }

    /// The lines of a notice: what it is about first.
    fn entry(&self, content: &NoticeContent) -> Vec<String> {
        match content {
            NoticeContent::Sale(invoice) => self.sale(invoice),
            NoticeContent::EndpointGone(receiver) => {
                let receiver = [("receiver", receiver.as_str().into())];
                vec![self.language.say_with("notice-endpoint-gone", &receiver)]
            }
            NoticeContent::Condition(turn, condition) => {
                let mut lines = vec![self.condition(*turn, condition)];
                lines.extend(self.desk.as_ref().map(|desk| format!("{desk}/desk")));
                lines
            }
        }
    }

    fn condition(&self, turn: Turn, condition: &Condition) -> String {
        let language = self.language;
        match condition {
            Condition::NodeAway => match turn {
                Turn::Began => language.say("notice-node-away").into_owned(),
                Turn::Over => language.say("notice-node-back").into_owned(),
            },
            Condition::LittleReceivable(amount) => {
                let amount = [("amount", self.sat(*amount).into())];
                match turn {
                    Turn::Began => language.say_with("notice-little-receivable", &amount),
                    Turn::Over => language.say_with("notice-enough-receivable", &amount),
                }
            }
            Condition::NoRate(currencies) => {
                let currencies = [("currencies", currencies.as_str().into())];
                match turn {
                    Turn::Began => language.say_with("notice-no-rate", &currencies),
                    Turn::Over => language.say_with("notice-rate-back", &currencies),
                }
            }
        }
    }

    fn sale(&self, invoice: &Invoice) -> Vec<String> {
        let mut amount = received(invoice).map_or_else(String::new, |amount| self.sat(amount));
        if let Some(quote) = &invoice.order.quote {
            let price = self.language.decimal(&quote.amount);
            amount.push_str(&format!(" ({price} {})", quote.currency));
        }
        let mut lines = vec![
            self.language
                .say_with("notice-sale", &[("amount", amount.into())]),
        ];
        let description: String = invoice
            .description
            .split(char::is_control)
            .collect::<Vec<_>>()
            .join(" ");
        let cut: String = description.chars().take(MAX_DESCRIPTION_CHARS).collect();
        if !cut.is_empty() {
            lines.push(match cut.len() < description.len() {
                true => format!("{cut}…"),
                false => cut,
            });
        }
        if let Some(order) = &invoice.order.order_id {
            let order = [("order", order.as_str().into())];
            lines.push(self.language.say_with("notice-order", &order));
        }
        if let Some(more) = over_paid(invoice) {
            let amount = [("amount", self.sat(more).into())];
            lines.push(self.language.say_with("notice-over-paid", &amount));
        }
        let link = |desk: &String| format!("{desk}/desk/payments/{}", invoice.label);
        lines.extend(self.desk.as_ref().map(link));
        lines
    }

    fn sat(&self, amount: Msat) -> String {
        format!("{} {}", self.language.sat(amount), self.language.say("sat"))
    }
}

fn received(invoice: &Invoice) -> Option<Msat> {
    match &invoice.status {
        Status::Paid(settlement) => Some(settlement.amount_received),
        _ => None,
    }
}

/// How much more came than was asked for, if whole satoshis did: wallets round up.
fn over_paid(invoice: &Invoice) -> Option<Msat> {
    let (Amount::Exact(asked), Some(received)) = (invoice.amount, received(invoice)) else {
        return None;
    };
    let more = received.msat().checked_sub(asked.msat())?;
    (more >= 1000).then(|| Msat::from_msat(more)).flatten()
}
