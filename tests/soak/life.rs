//! What a process needs: its memory and its open files, once a second.

use std::{fs, time::Duration};

use tokio::time::interval;
use tokio_util::sync::CancellationToken;

#[derive(Clone, Copy, Debug)]
pub(crate) struct Sample {
    rss_kib: u64,
    open_files: u64,
}

/// The first fifth of a life beside the last, each by its median.
#[derive(Debug)]
pub(crate) struct Life {
    first: Sample,
    last: Sample,
    seconds: usize,
}

pub(crate) async fn watch(process: String, end: CancellationToken) -> Vec<Sample> {
    let mut samples = Vec::new();
    let mut tick = interval(Duration::from_secs(1));
    while !end.is_cancelled() {
        tick.tick().await;
        samples.push(sample(&process));
    }
    samples
}

fn sample(process: &str) -> Sample {
    let status = fs::read_to_string(format!("/proc/{process}/status")).expect("it lives");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next());
    let files = fs::read_dir(format!("/proc/{process}/fd")).expect("it lives");
    Sample {
        rss_kib: number.and_then(|text| text.parse().ok()).expect("a number"),
        open_files: u64::try_from(files.count()).expect("not so many"),
    }
}

impl Life {
    pub(crate) fn of(samples: &[Sample]) -> Self {
        let fifth = (samples.len() / 5).max(1);
        Self {
            first: median(&samples[..fifth]),
            last: median(&samples[samples.len() - fifth..]),
            seconds: samples.len(),
        }
    }

    /// Whether neither grew. Caches fill at first, and an allocator keeps some of what it had.
    pub(crate) fn is_flat(&self) -> bool {
        let room_kib = 16 * 1024 + self.first.rss_kib / 4;
        self.last.rss_kib <= self.first.rss_kib + room_kib
            && self.last.open_files <= self.first.open_files + 16
    }

    pub(crate) fn table(&self) -> String {
        let Self {
            first,
            last,
            seconds,
        } = self;
        format!(
            "| Median of | RSS, KiB | open files |\n| --- | ---: | ---: |\n\
             | the first fifth of {seconds} s | {} | {} |\n| the last fifth | {} | {} |\n",
            first.rss_kib, first.open_files, last.rss_kib, last.open_files
        )
    }
}

fn median(samples: &[Sample]) -> Sample {
    let middle = |of: fn(&Sample) -> u64| {
        let mut values: Vec<u64> = samples.iter().map(of).collect();
        values.sort_unstable();
        values[values.len() / 2]
    };
    Sample {
        rss_kib: middle(|sample| sample.rss_kib),
        open_files: middle(|sample| sample.open_files),
    }
}
