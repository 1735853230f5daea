//! Exports: what was received and paid back in a time, as files for accountants. Only what is stored is in them, and msat are exact.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::{Body, Bytes},
    extract::{RawQuery, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use jiff::{Timestamp, ToSpan, Zoned, civil::Date};
use url::form_urlencoded;

#[cfg(feature = "xlsx")]
use super::export_xlsx;
use super::{
    export_csv::{self, CsvColumns, CsvStyle, Separator},
    frame::{Frame, Frames},
    permit::{Permit, ReadAllSales},
    settings::Desk,
};
use crate::{
    bookkeeping::{Bookkeeping, Entries, Entry},
    invoices::{Freshness, Invoicing},
    web::{
        buyer::{pages::Money, shell::html},
        error::Problem,
    },
};

#[derive(Template)]
#[template(path = "desk/exports.html")]
struct ExportsPage {
    frame: Frame,
    from: Date,
    to: Date,
    zone: String,
    has_xlsx: bool,
}

/// What a file is to have.
struct ExportQuery {
    from: Date,
    to: Date,
    separator: Separator,
}

/// `GET /desk/exports`: the form, for the last month.
pub(crate) async fn show(
    permit: Permit<ReadAllSales>,
    State(desk): State<Desk>,
    frames: Frames,
) -> Result<Response, Problem> {
    let today = Timestamp::now().to_zoned(desk.zone().clone()).date();
    let first = today.first_of_month();
    let before = first.checked_sub(1.day()).unwrap_or(first);
    html(&ExportsPage {
        frame: frames.of(&permit),
        from: before.first_of_month(),
        to: before,
        zone: desk.zone().iana_name().unwrap_or("UTC").to_owned(),
        has_xlsx: cfg!(feature = "xlsx"),
    })
}

/// `GET /desk/exports/sales.csv`
pub(crate) async fn csv(
    _: Permit<ReadAllSales>,
    State(desk): State<Desk>,
    State(bookkeeping): State<Bookkeeping>,
    State(invoicing): State<Arc<Invoicing>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = ExportQuery::parse(query.as_deref())?;
    let entries = query.entries(&desk, &bookkeeping, &invoicing).await?;
    answer(&query, CsvColumns::Own, entries, &desk)
}

/// `GET /desk/exports/koinly.csv`
pub(crate) async fn koinly(
    _: Permit<ReadAllSales>,
    State(desk): State<Desk>,
    State(bookkeeping): State<Bookkeeping>,
    State(invoicing): State<Arc<Invoicing>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = ExportQuery {
        separator: Separator::Comma,
        ..ExportQuery::parse(query.as_deref())?
    };
    let entries = query.entries(&desk, &bookkeeping, &invoicing).await?;
    answer(&query, CsvColumns::Koinly, entries, &desk)
}

/// `GET /desk/exports/sales.xlsx`
#[cfg(feature = "xlsx")]
pub(crate) async fn xlsx(
    _: Permit<ReadAllSales>,
    State(desk): State<Desk>,
    State(bookkeeping): State<Bookkeeping>,
    State(invoicing): State<Arc<Invoicing>>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = ExportQuery::parse(query.as_deref())?;
    let entries = query.entries(&desk, &bookkeeping, &invoicing).await?;
    let workbook = export_xlsx::workbook(entries, desk.zone().clone()).await?;
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(media)),
        (
            header::CONTENT_DISPOSITION,
            query.attachment("sales", "xlsx")?,
        ),
    ];
    Ok((headers, workbook).into_response())
}

fn answer(
    query: &ExportQuery,
    columns: CsvColumns,
    entries: Entries,
    desk: &Desk,
) -> Result<Response, Problem> {
    let style = CsvStyle {
        columns,
        separator: query.separator,
        zone: desk.zone().clone(),
    };
    let head = export_csv::head(&style)?;
    let body = stream::unfold(Some((entries, style, Some(head))), |state| async move {
        let (mut entries, style, head) = state?;
        if let Some(head) = head {
            return Some((Ok(Bytes::from(head)), Some((entries, style, None))));
        }
        match page(&mut entries, &style).await {
            Ok(Some(lines)) => Some((Ok(lines), Some((entries, style, None)))),
            Ok(None) => None,
            // The file breaks off, so that nobody takes it for a whole one.
            Err(_) => Some((Err("the records cannot be read"), None)),
        }
    });
    let name = match columns {
        CsvColumns::Own => "sales",
        CsvColumns::Koinly => "koinly",
    };
    let name = query.attachment(name, "csv")?;
    let headers = [
        (
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/csv; charset=utf-8"),
        ),
        (header::CONTENT_DISPOSITION, name),
    ];
    Ok((headers, Body::from_stream(body)).into_response())
}

async fn page(entries: &mut Entries, style: &CsvStyle) -> Result<Option<Bytes>, Problem> {
    let Some(page) = entries.next().await? else {
        return Ok(None);
    };
    let page: Vec<Entry> = page.collect();
    Ok(Some(export_csv::body(style, &page)?.into()))
}

impl ExportQuery {
    /// Both days are needed: a file of all there is would be nobody's intention.
    fn parse(query: Option<&str>) -> Result<Self, Problem> {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let (mut from, mut to, mut separator) = (None, None, Separator::Comma);
        for (name, value) in pairs {
            match &*name {
                "from" => from = value.parse().ok(),
                "to" => to = value.parse().ok(),
                "separator" if value == "semicolon" => separator = Separator::Semicolon,
                _ => {}
            }
        }
        match (from, to) {
            (Some(from), Some(to)) if from <= to => Ok(Self {
                from,
                to,
                separator,
            }),
            _ => Err(Problem::BadRequest),
        }
    }

    /// The file's name.
    fn attachment(&self, name: &str, ending: &str) -> Result<HeaderValue, Problem> {
        let name = format!(
            "attachment; filename=\"{name}-{}-{}.{ending}\"",
            self.from, self.to
        );
        HeaderValue::from_str(&name).map_err(|_| Problem::Internal)
    }

    /// A file does not say that it may lack something. So there is none while the node cannot confirm the records of that time.
    async fn entries(
        &self,
        desk: &Desk,
        bookkeeping: &Bookkeeping,
        invoicing: &Invoicing,
    ) -> Result<Entries, Problem> {
        let start = |day: Date| -> Result<Zoned, Problem> {
            let there = day.to_zoned(desk.zone().clone());
            there.map_err(|_| Problem::BadRequest)
        };
        let next = self.to.checked_add(1.day());
        let end = start(next.map_err(|_| Problem::BadRequest)?)?;
        let time = start(self.from)?.timestamp()..end.timestamp();
        match invoicing.freshness_of_all().await {
            Freshness::AsOf(since) if since < time.end => Err(Problem::NodeUnreachable),
            Freshness::AsOf(_) | Freshness::Current => Ok(bookkeeping.entries(time)),
        }
    }
}
