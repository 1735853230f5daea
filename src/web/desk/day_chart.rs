//! The sales of a day as bars, drawn as SVG, and as a table with the same figures. Heights are whole numbers.

use facture_domain::{Channel, Msat, desk::DaySales};
use jiff::Zoned;

use super::{
    frame::Frame,
    sale_words::{self, msat},
};

/// The height of the highest bar, and the width of an hour, in the picture's units.
const HEIGHT: i128 = 160;
const WIDTH: i64 = 30;

/// The room between two bars.
const GAP: i64 = 6;

/// The chart.
pub(super) struct DayChart {
    pub(super) width: i64,
    pub(super) height: i128,
    pub(super) bars: Vec<Bar>,
    /// Where each hour's name stands.
    pub(super) hours: Vec<(i64, String)>,
    pub(super) channels: Vec<(usize, String)>,
    pub(super) rows: Vec<ChartRow>,
}

/// A part of a bar: the sales of an hour by one channel.
pub(super) struct Bar {
    pub(super) x: i64,
    pub(super) y: i128,
    pub(super) width: i64,
    pub(super) height: i128,
    /// Which colour.
    pub(super) series: usize,
}

/// A line of the table.
pub(super) struct ChartRow {
    pub(super) hour: String,
    pub(super) channel: String,
    pub(super) count: u64,
    pub(super) received: Msat,
}

impl DayChart {
    /// Of the sales between these moments.
    pub(super) fn new(sales: &DaySales, start: &Zoned, end: &Zoned, frame: &Frame) -> Self {
        let seconds = end.timestamp().as_second() - start.timestamp().as_second();
        let hours = (seconds + 3599) / 3600;
        let name = |hour: i64| {
            let seconds = jiff::SignedDuration::from_secs(hour * 3600);
            let there = start.checked_add(seconds);
            there.map_or(String::new(), |there| format!("{:02}", there.hour()))
        };
        let words = |channel: Option<Channel>| {
            channel.map_or("–".to_owned(), |channel| {
                sale_words::channel(channel, frame)
            })
        };
        let mut seen: Vec<Option<Channel>> = Vec::new();
        for hour in &sales.hours {
            if !seen.contains(&hour.channel) {
                seen.push(hour.channel);
            }
        }
        let rows = sales.hours.iter().map(|hour| ChartRow {
            hour: name(hour.hour.into()),
            channel: words(hour.channel),
            count: hour.count,
            received: msat(hour.msat),
        });
        Self {
            width: hours * WIDTH,
            height: HEIGHT,
            bars: bars(sales),
            hours: (0..hours)
                .step_by(3)
                .map(|hour| (hour * WIDTH, name(hour)))
                .collect(),
            channels: seen
                .into_iter()
                .map(|channel| (series(channel), words(channel)))
                .collect(),
            rows: rows.collect(),
        }
    }
}

fn bars(sales: &DaySales) -> Vec<Bar> {
    let total = |hour: u32| -> i128 {
        let parts = sales.hours.iter().filter(|part| part.hour == hour);
        parts.map(|part| part.msat).sum()
    };
    let highest = sales.hours.iter().map(|part| total(part.hour)).max();
    let highest = highest.unwrap_or(0).max(1);
    let mut below = (0, 0);
    let mut bars = Vec::new();
    for part in &sales.hours {
        if below.0 != part.hour {
            below = (part.hour, 0);
        }
        let from = below.1 * HEIGHT / highest;
        below.1 += part.msat;
        let to = below.1 * HEIGHT / highest;
        bars.push(Bar {
            x: i64::from(part.hour) * WIDTH + GAP / 2,
            y: HEIGHT - to,
            width: WIDTH - GAP,
            height: to - from,
            series: series(part.channel),
        });
    }
    bars
}

/// The colour of a channel, which is the same every day.
fn series(channel: Option<Channel>) -> usize {
    let place = |channel| Channel::ALL.iter().position(|one| *one == channel);
    channel.and_then(place).map_or(0, |place| place + 1)
}

#[cfg(test)]
mod tests {
    use facture_domain::desk::HourSales;

    use super::*;

    fn hour(hour: u32, channel: Option<Channel>, msat: i128) -> HourSales {
        HourSales {
            hour,
            channel,
            count: 1,
            msat,
        }
    }

    #[test]
    fn bars_of_an_hour_stand_on_each_other_and_the_highest_is_whole() {
        let sales = DaySales {
            hours: vec![
                hour(1, Some(Channel::Form), 3),
                hour(1, Some(Channel::Api), 1),
                hour(2, None, 1),
            ],
            ..DaySales::default()
        };
        let bars = bars(&sales);
        let places: Vec<_> = bars
            .iter()
            .map(|bar| (bar.x, bar.y, bar.height, bar.series))
            .collect();
        assert_eq!(places, [(33, 40, 120, 1), (33, 0, 40, 2), (63, 120, 40, 0)]);
        assert!(super::bars(&DaySales::default()).is_empty());
    }
}
