//! The query of the list of payments: what the form sends, what links carry, and what the store is asked.

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use url::form_urlencoded;

use crate::web::api::lists::{read_cursor, write_cursor};
use facture_domain::{
    Channel, StatusName,
    desk::{SaleSearch, Sought},
    listing::ListPosition,
};

/// The path of the list.
pub(super) const PATH: &str = "/desk/payments";

/// What a link or the form asks for. What cannot be read is as if it was not there, and is not shown either.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct PaymentQuery {
    /// The text of the search box.
    pub(super) typed: String,
    /// Which reading of it is meant; `None`: the first one that finds something.
    pub(super) by: Option<Reading>,
    pub(super) state: Option<StatusName>,
    pub(super) channel: Option<Channel>,
    /// The first and the last day.
    pub(super) from: Option<Date>,
    pub(super) to: Option<Date>,
    pub(super) after: Option<ListPosition>,
}

/// What a text is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    Order,
    Hash,
    Amount,
    Worth,
    Text,
}

impl Reading {
    const ALL: [Self; 5] = [
        Self::Order,
        Self::Hash,
        Self::Amount,
        Self::Worth,
        Self::Text,
    ];

    /// Its name in links.
    fn as_str(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Hash => "hash",
            Self::Amount => "amount",
            Self::Worth => "worth",
            Self::Text => "text",
        }
    }

    /// Of what is looked for; `None`: nothing in particular is.
    pub(super) fn of(sought: &Sought) -> Option<Self> {
        match sought {
            Sought::Everything => None,
            Sought::Order(_) => Some(Self::Order),
            Sought::Hash(_) => Some(Self::Hash),
            Sought::Amount(_) => Some(Self::Amount),
            Sought::Worth(_) => Some(Self::Worth),
            Sought::Text(_) => Some(Self::Text),
        }
    }
}

impl PaymentQuery {
    pub(super) fn parse(query: &str) -> Self {
        let mut read = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "q" => {
                    let most = value.floor_char_boundary(Sought::MAX_TYPED_BYTES);
                    value[..most].trim().clone_into(&mut read.typed);
                }
                "by" => read.by = Reading::ALL.into_iter().find(|by| by.as_str() == value),
                "state" => {
                    let named = |state: &StatusName| state.as_str() == value;
                    read.state = StatusName::ALL.into_iter().find(named);
                }
                "channel" => read.channel = Channel::parse(&value),
                "from" => read.from = value.parse().ok(),
                "to" => read.to = value.parse().ok(),
                "after" => read.after = read_cursor(&value),
                _ => {}
            }
        }
        read
    }

    /// What the text may mean: one reading if the link names one.
    pub(super) fn readings(&self) -> Vec<Sought> {
        let mut readings = Sought::readings(&self.typed);
        let named = |sought: &Sought| self.by.is_some() && Reading::of(sought) == self.by;
        match readings.iter().position(named) {
            Some(place) => vec![readings.swap_remove(place)],
            None => readings,
        }
    }

    /// The question for the store. Days are those of this time zone.
    pub(super) fn search(&self, sought: Sought, zone: &TimeZone) -> SaleSearch {
        let start = |day: Date| day.to_zoned(zone.clone()).ok();
        let seconds = |day| start(day).map(|start| start.timestamp().as_second());
        let next = |day: Date| day.checked_add(1.day()).ok();
        SaleSearch {
            state: self.state,
            channel: self.channel,
            created: self.from.and_then(seconds)..self.to.and_then(next).and_then(seconds),
            sought,
        }
    }

    /// The query string of a link.
    pub(super) fn write(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let mut pair = |name: &str, value: Option<String>| {
            if let Some(value) = value.filter(|value| !value.is_empty()) {
                query.append_pair(name, &value);
            }
        };
        pair("q", Some(self.typed.clone()));
        pair("by", self.by.map(|by| by.as_str().to_owned()));
        pair("state", self.state.map(|state| state.as_str().to_owned()));
        pair(
            "channel",
            self.channel.map(|channel| channel.as_str().to_owned()),
        );
        pair("from", self.from.map(|day| day.to_string()));
        pair("to", self.to.map(|day| day.to_string()));
        pair("after", self.after.as_ref().map(write_cursor));
        query.finish()
    }

    /// Whether anything is chosen.
    pub(super) fn is_filtered(&self) -> bool {
        !Self {
            after: None,
            ..self.clone()
        }
        .write()
        .is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_back_and_rubbish_is_as_if_it_was_not_there() {
        let text = "q=a+%26+b&by=text&state=paid&channel=api&from=2026-11-01&to=2026-11-30&after=12.3.facture_0";
        let read = PaymentQuery::parse(text);
        assert_eq!(read.write(), text);
        assert!(read.is_filtered());
        let rubbish = PaymentQuery::parse(
            "by=x&state=eaten&channel=tin&from=today&to=2026-13-01&after=1&x=y",
        );
        assert_eq!(rubbish, PaymentQuery::default());
        assert!(!rubbish.is_filtered());
    }

    #[test]
    fn days_are_those_of_the_zone_and_the_last_one_is_whole() {
        let read = PaymentQuery::parse("from=2026-03-29&to=2026-03-29");
        let period = read.search(Sought::Everything, &TimeZone::UTC).created;
        assert_eq!(period, Some(1_774_742_400)..Some(1_774_828_800));
    }
}
