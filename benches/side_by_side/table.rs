//! The table: what was measured, against what, the goal and the verdict. Each row is printed when it is done, and all of
//! them in order at the end.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    time::Duration,
};

use serde_json::{Value, json};

/// All rows so far.
#[derive(Default)]
pub(crate) struct Table(Vec<Row>);

/// One line of it.
pub(crate) struct Row {
    pub(crate) name: String,
    /// What it is compared with: the rate or the size there, in `unit`.
    pub(crate) bare: Option<Spread>,
    /// The same of facture.
    pub(crate) ours: Option<Spread>,
    /// The unit of both.
    pub(crate) unit: &'static str,
    /// What the goal is about, and its unit.
    pub(crate) result: Option<(Spread, &'static str)>,
    pub(crate) goal: Goal,
    pub(crate) note: String,
}

impl Row {
    /// One that is compared with nothing.
    pub(crate) fn alone(
        name: impl Into<String>,
        result: (Spread, &'static str),
        goal: Goal,
        note: String,
    ) -> Self {
        Self {
            name: name.into(),
            bare: None,
            ours: None,
            unit: "",
            result: Some(result),
            goal,
            note,
        }
    }
}

/// What a result should be.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
    /// It is printed; nobody promised anything.
    None,
}

/// The median of all rounds, the smallest and the largest.
#[derive(Clone, Copy)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

/// What was measured alternately, round by round.
#[derive(Default)]
pub(crate) struct Pairs {
    bare: Vec<f64>,
    ours: Vec<f64>,
}

impl Spread {
    /// Of at least one value.
    pub(crate) fn of(values: &[f64]) -> anyhow::Result<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (Some(&min), Some(&max)) = (sorted.first(), sorted.last()) else {
            anyhow::bail!("nothing was measured");
        };
        let middle = sorted.len() / 2;
        let upper = sorted.get(middle).copied().unwrap_or(max);
        let lower = sorted.get((sorted.len() - 1) / 2).copied().unwrap_or(min);
        Ok(Self {
            median: f64::midpoint(lower, upper),
            min,
            max,
        })
    }

    /// The value that this part of all is not above, beside the smallest and the largest.
    pub(crate) fn at(values: &[f64], part: f64) -> anyhow::Result<Self> {
        Ok(Self {
            median: percentile(values, part),
            ..Self::of(values)?
        })
    }

    /// Of one value.
    pub(crate) fn one(value: f64) -> Self {
        Self {
            median: value,
            min: value,
            max: value,
        }
    }
}

impl Pairs {
    /// The rates of two rounds that followed each other.
    pub(crate) fn add(&mut self, bare: f64, ours: f64) {
        self.bare.push(bare);
        self.ours.push(ours);
    }

    /// Whether nothing was measured.
    pub(crate) fn is_empty(&self) -> bool {
        self.ours.is_empty()
    }

    /// A row about the ratio of the two.
    pub(crate) fn row(&self, name: &str, goal: Goal, note: String) -> anyhow::Result<Row> {
        let ratios: Vec<f64> = self
            .bare
            .iter()
            .zip(&self.ours)
            .map(|(bare, ours)| ours / bare)
            .collect();
        Ok(Row {
            name: name.to_owned(),
            bare: Some(Spread::of(&self.bare)?),
            ours: Some(Spread::of(&self.ours)?),
            unit: "/s",
            result: Some((Spread::of(&ratios)?, "×")),
            goal,
            note,
        })
    }
}

impl Row {
    fn verdict(&self) -> &'static str {
        let Some((spread, _)) = &self.result else {
            return "skipped";
        };
        let met = match self.goal {
            Goal::AtLeast(least) => spread.median >= least,
            Goal::AtMost(most) => spread.median <= most,
            Goal::None => return "",
        };
        if met { "ok" } else { "MISSED" }
    }

    fn cells(&self) -> [String; 8] {
        let with_unit = |spread: &Option<Spread>| {
            spread.as_ref().map_or(String::new(), |spread| {
                format!("{}{}", number(spread.median), self.unit)
            })
        };
        let (result, range) =
            self.result
                .as_ref()
                .map_or((String::new(), String::new()), |(spread, unit)| {
                    (
                        format!("{} {unit}", number(spread.median)),
                        format!("{}–{}", number(spread.min), number(spread.max)),
                    )
                });
        let goal = match self.goal {
            Goal::AtLeast(least) => format!("≥ {}", number(least)),
            Goal::AtMost(most) => format!("≤ {}", number(most)),
            Goal::None => String::new(),
        };
        [
            self.name.clone(),
            with_unit(&self.bare),
            with_unit(&self.ours),
            result,
            range,
            goal,
            self.verdict().to_owned(),
            self.note.clone(),
        ]
    }

    fn json(&self) -> Value {
        let spread = |spread: &Spread| json!({ "median": spread.median, "min": spread.min, "max": spread.max });
        json!({
            "row": self.name,
            "compared_with": self.bare.as_ref().map(spread),
            "facture": self.ours.as_ref().map(spread),
            "unit": self.unit,
            "result": self.result.as_ref().map(|(result, _)| spread(result)),
            "result_unit": self.result.as_ref().map(|(_, unit)| unit),
            "goal": match self.goal {
                Goal::AtLeast(least) => json!({ "at_least": least }),
                Goal::AtMost(most) => json!({ "at_most": most }),
                Goal::None => Value::Null,
            },
            "verdict": self.verdict(),
            "note": self.note,
        })
    }
}

const HEADS: [&str; 8] = [
    "row",
    "compared with",
    "facture",
    "result",
    "min–max",
    "goal",
    "verdict",
    "note",
];

impl Table {
    pub(crate) fn add(&mut self, row: Row) -> anyhow::Result<()> {
        let mut out = io::stdout();
        writeln!(out, "  {}", row.cells().join(" | "))?;
        out.flush()?;
        self.0.push(row);
        Ok(())
    }

    /// A row that was not measured, and why.
    pub(crate) fn skipped(&mut self, name: &str, why: &str) -> anyhow::Result<()> {
        self.add(Row {
            name: name.to_owned(),
            bare: None,
            ours: None,
            unit: "",
            result: None,
            goal: Goal::None,
            note: why.to_owned(),
        })
    }

    /// Rows that could not be measured.
    pub(crate) fn failed(&mut self, names: &str, error: &str) -> anyhow::Result<()> {
        let line = error.split_whitespace().collect::<Vec<_>>().join(" ");
        self.skipped(names, &format!("FAILED: {line}"))
    }

    pub(crate) fn print(&self, took: Duration) -> anyhow::Result<()> {
        let rows: Vec<_> = self.0.iter().map(Row::cells).collect();
        let heads = HEADS.map(str::to_owned);
        let mut widths = heads.clone().map(|head| head.chars().count());
        for cells in &rows {
            for (width, cell) in widths.iter_mut().zip(cells) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut out = io::stdout().lock();
        let line = |cells: &[String; 8]| {
            let padded: Vec<String> = cells
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            format!("| {} |", padded.join(" | "))
        };
        writeln!(out, "\n{}", line(&heads))?;
        writeln!(out, "{}", line(&widths.map(|width| "-".repeat(width))))?;
        for cells in &rows {
            writeln!(out, "{}", line(cells))?;
        }
        let missed = self
            .0
            .iter()
            .filter(|row| row.verdict() == "MISSED")
            .count();
        writeln!(
            out,
            "\n{} rows, {missed} missed, in {} s",
            rows.len(),
            took.as_secs()
        )?;
        Ok(())
    }

    pub(crate) fn save(
        &self,
        file: &Path,
        machine: &[(&'static str, String)],
        took: Duration,
    ) -> anyhow::Result<()> {
        let machine: serde_json::Map<String, Value> = machine
            .iter()
            .map(|(fact, value)| ((*fact).to_owned(), json!(value)))
            .collect();
        let rows: Vec<Value> = self.0.iter().map(Row::json).collect();
        let all = json!({ "machine": machine, "seconds": took.as_secs(), "rows": rows });
        fs::write(file, format!("{all:#}\n"))?;
        Ok(())
    }
}

/// The value that this part of all is not above.
pub(crate) fn percentile(values: &[f64], part: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let below = sorted
        .iter()
        .zip(1_u32..)
        .find(|(_, place)| f64::from(*place) >= part * length(&sorted));
    below.map_or(f64::NAN, |(value, _)| *value)
}

fn length(values: &[f64]) -> f64 {
    u32::try_from(values.len()).map_or(f64::NAN, f64::from)
}

/// Three digits that count, or all before the point.
fn number(value: f64) -> String {
    match value.abs() {
        0.0 => "0".to_owned(),
        0.0..0.095 => format!("{value:.3}"),
        0.095..9.95 => format!("{value:.2}"),
        9.95..99.95 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}
