//! A day of a sandbox's sample sales: what was sold when, by which way, to the cent. The same day has the same sales at each start.

use jiff::{SignedDuration, Timestamp, ToSpan, Zoned};

/// A sale.
#[derive(Clone, Debug)]
pub(super) struct Sample {
    /// The day's number, from 0.
    pub(super) day: i64,
    /// When its invoice was made.
    pub(super) at: Timestamp,
    pub(super) what: String,
    pub(super) seller: Seller,
    pub(super) kind: SampleKind,
    pub(super) order: Option<String>,
    pub(super) is_paid: bool,
    /// One part of so many was paid back; `None`: nothing was.
    pub(super) refunded: Option<u64>,
}

/// By which way it was sold.
#[derive(Clone, Copy, Debug)]
pub(super) enum Seller {
    /// At the counter, by this cashier.
    Counter(&'static str),
    Program,
    Link,
    Item,
    Address,
    Form,
}

/// What it cost.
#[derive(Clone, Debug)]
pub(super) enum SampleKind {
    /// So much at each tax rate, and the tip, in cents.
    Euros { taxed: Vec<Taxed>, tip: u64 },
    /// So many satoshis, at no rate.
    Sat(u64),
}

/// What is taxed at a rate.
#[derive(Clone, Debug)]
pub(super) struct Taxed {
    pub(super) percent: u64,
    pub(super) cents: u64,
}

/// Name, cents and tax rate of what the counter sells.
const DRINKS: [(&str, u64, u64); 3] = [
    ("Espresso", 280, 19),
    ("Cappuccino", 390, 19),
    ("Tea", 320, 19),
];
const BAKERY: [(&str, u64, u64); 3] = [
    ("Croissant", 250, 7),
    ("Apple cake", 420, 7),
    ("Sandwich", 590, 7),
];

const CASHIERS: [&str; 2] = ["carla", "ben"];

/// The shop is open from eight o'clock for so many minutes.
const OPENS_AT: i64 = 8 * 60;
const OPEN_MINUTES: u64 = 11 * 60;

/// A new invoice that is shown as paid must be as old as that.
const SETTLED: SignedDuration = SignedDuration::from_secs(60);

/// Numbers that look as if they were random (a linear congruential generator), the same ones for the same day.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn one_of<T: Copy>(&mut self, all: &[T; 3]) -> T {
        let place = usize::try_from(self.below(3)).unwrap_or(0);
        all[place]
    }
}

/// The sales of a day that begins at `start`. Of today, they lie between its beginning and now, however early that is.
///
/// # Errors
/// When the clock is beyond the years that there are.
pub(super) fn day(number: i64, start: &Zoned, now: &Zoned) -> anyhow::Result<Vec<Sample>> {
    let mut numbers = Numbers(u64::try_from(number).unwrap_or(0) + 1);
    // So that different days do not begin alike.
    numbers.below(2);
    let count = 5 + numbers.below(5);
    let is_today = start.date() == now.date();
    let mut times = Vec::new();
    for place in 0..count {
        let at = match is_today {
            true => {
                let latest = now.timestamp().checked_sub(SETTLED)?;
                let open = latest.duration_since(start.timestamp()).as_secs().max(0);
                let part = i64::try_from(place + 1)?;
                let step = open / (i64::try_from(count)? + 1);
                start.timestamp().checked_add((part * step).seconds())?
            }
            false => {
                let minute = OPENS_AT + i64::try_from(numbers.below(OPEN_MINUTES))?;
                start.checked_add(minute.minutes())?.timestamp()
            }
        };
        times.push(at);
    }
    times.sort_unstable();
    let sold = times.into_iter().enumerate();
    Ok(sold
        .map(|(place, at)| sale(number, place, at, &mut numbers))
        .collect())
}

fn sale(day: i64, place: usize, at: Timestamp, numbers: &mut Numbers) -> Sample {
    let sample = |what: String, seller, kind| Sample {
        day,
        at,
        what,
        seller,
        kind,
        order: None,
        is_paid: true,
        refunded: None,
    };
    match numbers.below(12) {
        0 | 1 => {
            let order = format!("W-{}{place}", 1000 + day);
            let cents = 1_500 + numbers.below(40) * 100;
            let returned = numbers.below(6);
            Sample {
                order: Some(order.clone()),
                refunded: match returned {
                    0 => Some(1),
                    1 => Some(2),
                    _ => None,
                },
                ..sample(format!("Order {order}"), Seller::Program, taxed(19, cents))
            }
        }
        2 => sample("Coffee".to_owned(), Seller::Link, taxed(7, 890)),
        3 => {
            let kind = SampleKind::Sat(1_000 + numbers.below(40) * 500);
            let what = "Donation to the workshop".to_owned();
            sample(what, [Seller::Link, Seller::Address][place % 2], kind)
        }
        4 => sample("Recipes".to_owned(), Seller::Item, SampleKind::Sat(4_200)),
        5 => {
            let what = "Two chairs".to_owned();
            let kind = SampleKind::Sat(52_000);
            match numbers.below(2) {
                0 => sample(what, Seller::Form, kind),
                // Those of the form that nobody pays are soon forgotten.
                _ => Sample {
                    is_paid: false,
                    ..sample(what, Seller::Program, kind)
                },
            }
        }
        _ => at_the_counter(place, numbers, sample),
    }
}

fn at_the_counter(
    place: usize,
    numbers: &mut Numbers,
    sample: impl Fn(String, Seller, SampleKind) -> Sample,
) -> Sample {
    let (drink, drink_cents, drink_tax) = numbers.one_of(&DRINKS);
    let (bakery, bakery_cents, bakery_tax) = numbers.one_of(&BAKERY);
    let pieces = 1 + numbers.below(2);
    let mut parts = vec![Taxed {
        percent: drink_tax,
        cents: drink_cents * pieces,
    }];
    let mut what = match pieces {
        1 => drink.to_owned(),
        _ => format!("{pieces} × {drink}"),
    };
    if numbers.below(2) == 0 {
        what = format!("{what}, {bakery}");
        parts.push(Taxed {
            percent: bakery_tax,
            cents: bakery_cents,
        });
    }
    let total: u64 = parts.iter().map(|part| part.cents).sum();
    let tip = match numbers.below(3) {
        0 => total / 10,
        _ => 0,
    };
    let seller = Seller::Counter(CASHIERS[place % 2]);
    sample(what, seller, SampleKind::Euros { taxed: parts, tip })
}

fn taxed(percent: u64, cents: u64) -> SampleKind {
    SampleKind::Euros {
        taxed: vec![Taxed { percent, cents }],
        tip: 0,
    }
}
