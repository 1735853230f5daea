//! What a process needs: its memory and its open files, once a second, beside how many invoices were made.

use std::{fmt::Write, fs, sync::Arc, time::Duration};

use tokio::time::interval;
use tokio_util::sync::CancellationToken;

use crate::shop::Shop;

#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sample {
    /// Without the pages of files, such as those of the program.
    own_kib: u64,
    open_files: u64,
    invoices: u64,
}

/// A life by the medians of its quarters.
#[derive(Debug)]
pub(crate) struct Life {
    quarters: [Sample; 4],
    seconds: usize,
}

/// By the middle of so long a life all is full that is kept (invoices, answers, QR codes, pages of the database), and the
/// allocator has what it wants. What grows after that grows for ever.
const JUDGED_SECONDS: usize = 15 * 60;

/// What a leak would take for each invoice, at least. Each invoice is looked at and followed by several requests.
const LEAK_KIB: u64 = 1;

/// More than a median differs by what is open at the moment.
const FILES: u64 = 8;

pub(crate) async fn watch(shop: Arc<Shop>, process: String, end: CancellationToken) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut tick = interval(Duration::from_secs(1));
    while !end.is_cancelled() {
        tick.tick().await;
        samples.push(sample(&shop, &process));
    }
    samples
}

fn sample(shop: &Shop, process: &str) -> Sample {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it lives");
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("RssAnon:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    let files = fs::read_dir(format!("/proc/{process}/fd")).expect("it lives");
    let count = |count| u64::try_from(count).expect("not so many");
    Sample {
        own_kib: number.and_then(|text| text.parse().ok()).expect("a number"),
        open_files: count(files.count()),
        invoices: count(shop.seen().labels.len()),
    }
}

impl Life {
    pub(crate) fn of(samples: &[Sample]) -> Self {
        let quarter = (samples.len() / 4).max(1);
        let mut quarters = samples.chunks_exact(quarter).map(median);
        Self {
            quarters: [(); 4].map(|()| quarters.next().unwrap_or_default()),
            seconds: samples.len(),
        }
    }

    /// What grew between the last two quarters, if that can be said of so short a life.
    pub(crate) fn growth(&self) -> Option<String> {
        let [_, _, third, last] = self.quarters;
        let leak = LEAK_KIB * (last.invoices - third.invoices);
        let grew =
            last.own_kib > third.own_kib + leak || last.open_files > third.open_files + FILES;
        (grew && self.seconds >= JUDGED_SECONDS)
            .then(|| format!("it grew, where {leak} KiB would be a leak: {self:?}"))
    }

    pub(crate) fn table(&self) -> String {
        let seconds = self.seconds;
        let mut table = format!(
            "| Median of a quarter of {seconds} s | memory, KiB | open files | invoices so far |\n\
             | --- | ---: | ---: | ---: |\n"
        );
        for (quarter, name) in self
            .quarters
            .iter()
            .zip(["first", "second", "third", "last"])
        {
            let Sample {
                own_kib,
                open_files,
                invoices,
            } = quarter;
            writeln!(table, "| {name} | {own_kib} | {open_files} | {invoices} |").expect("written");
        }
        table
    }
}

fn median(samples: &[Sample]) -> Sample {
    let middle = |of: fn(&Sample) -> u64| {
        let mut values: Vec<u64> = samples.iter().map(of).collect();
        values.sort_unstable();
        values[values.len() / 2]
    };
    Sample {
        own_kib: middle(|sample| sample.own_kib),
        open_files: middle(|sample| sample.open_files),
        invoices: middle(|sample| sample.invoices),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A life in which ten invoices are made a second, with what each of them leaves behind once caches are full.
    fn life(bytes: u64, files_each_hundred: u64) -> Life {
        let samples: Vec<Sample> = (0..1200_u64)
            .map(|second| Sample {
                own_kib: 40_000 + 40 * second.min(500) + 10 * second * bytes / 1024,
                open_files: 45 + second % 5 + second / 10 * files_each_hundred,
                invoices: 10 * second,
            })
            .collect();
        Life::of(&samples)
    }

    #[test]
    fn a_leak_of_a_kilobyte_for_each_invoice_is_found() {
        assert_eq!(life(0, 0).growth(), None);
        assert!(life(1030, 0).growth().is_some());
        assert!(life(0, 1).growth().is_some());
    }
}
