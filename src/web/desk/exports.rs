//! Exports: what was received and paid back in a time, as files for accountants. Only what is stored is in them, and msat are exact.

use std::sync::Arc;

use askama::Template;
use axum::{
    body::{Body, Bytes},
    extract::{FromRef, RawQuery, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use futures_util::stream;
use jiff::{Timestamp, ToSpan};
use url::form_urlencoded;

#[cfg(feature = "xlsx")]
use super::export_xlsx;
use super::{
    days::Days,
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

/// The page with the form.
const PATH: &str = "/desk/exports";

#[derive(Template)]
#[template(path = "desk/exports.html")]
struct ExportsPage {
    frame: Frame,
    days: Days,
    zone: String,
    has_xlsx: bool,
    has_datev: bool,
    notice: Option<String>,
}

/// What a file is to have.
pub(super) struct ExportQuery {
    pub(super) days: Days,
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
    form_page(&permit, &desk, &frames, Days::month_until(before), None)
}

/// 409: the form again, and why there is no file.
pub(super) fn refused(
    permit: &Permit<ReadAllSales>,
    desk: &Desk,
    frames: &Frames,
    days: Days,
    notice: String,
) -> Result<Response, Problem> {
    let response = form_page(permit, desk, frames, days, Some(notice))?;
    Ok((StatusCode::CONFLICT, response).into_response())
}

fn form_page(
    permit: &Permit<ReadAllSales>,
    desk: &Desk,
    frames: &Frames,
    days: Days,
    notice: Option<String>,
) -> Result<Response, Problem> {
    html(&ExportsPage {
        frame: frames.of(permit).at(PATH),
        days,
        zone: desk.zone().iana_name().unwrap_or("UTC").to_owned(),
        has_xlsx: cfg!(feature = "xlsx"),
        has_datev: desk.datev().is_some(),
        notice,
    })
}

/// What files are made of.
#[derive(Clone)]
pub(crate) struct ExportState {
    pub(super) desk: Desk,
    pub(super) bookkeeping: Bookkeeping,
    pub(super) invoicing: Arc<Invoicing>,
}

impl<S> FromRef<S> for ExportState
where
    Desk: FromRef<S>,
    Bookkeeping: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            desk: FromRef::from_ref(state),
            bookkeeping: FromRef::from_ref(state),
            invoicing: FromRef::from_ref(state),
        }
    }
}

/// `GET /desk/exports/sales.csv`
pub(crate) async fn csv(
    _: Permit<ReadAllSales>,
    State(state): State<ExportState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = ExportQuery::parse(query.as_deref())?;
    state.csv(&query, CsvColumns::Own).await
}

/// `GET /desk/exports/koinly.csv`
pub(crate) async fn koinly(
    _: Permit<ReadAllSales>,
    State(state): State<ExportState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = ExportQuery {
        separator: Separator::Comma,
        ..ExportQuery::parse(query.as_deref())?
    };
    state.csv(&query, CsvColumns::Koinly).await
}

/// `GET /desk/exports/sales.xlsx`
#[cfg(feature = "xlsx")]
pub(crate) async fn xlsx(
    _: Permit<ReadAllSales>,
    State(state): State<ExportState>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let query = ExportQuery::parse(query.as_deref())?;
    let entries = state.entries(&query).await?;
    let workbook = export_xlsx::workbook(entries, state.desk.zone().clone()).await?;
    let media = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
    query.file(media, "sales", "xlsx", workbook)
}

impl ExportState {
    async fn csv(&self, query: &ExportQuery, columns: CsvColumns) -> Result<Response, Problem> {
        let style = CsvStyle {
            columns,
            separator: query.separator,
            zone: self.desk.zone().clone(),
        };
        let head = export_csv::head(&style)?;
        let body = lines(self.entries(query).await?, style, head);
        let name = match columns {
            CsvColumns::Own => "sales",
            CsvColumns::Koinly => "koinly",
        };
        query.file("text/csv; charset=utf-8", name, "csv", body)
    }

    /// A file does not say that it may lack something. So there is none while the node cannot confirm the records of that time.
    pub(super) async fn entries(&self, query: &ExportQuery) -> Result<Entries, Problem> {
        let time = query.days.time(self.desk.zone())?;
        match self.invoicing.freshness_of_all().await {
            Freshness::AsOf(since) if since < time.end => Err(Problem::NodeUnreachable),
            Freshness::AsOf(_) | Freshness::Current => Ok(self.bookkeeping.entries(time)),
        }
    }
}

/// A file, page by page.
fn lines(entries: Entries, style: CsvStyle, head: Vec<u8>) -> Body {
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
    Body::from_stream(body)
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
    pub(super) fn parse(query: Option<&str>) -> Result<Self, Problem> {
        let days = Days::of_query(query)?.ok_or(Problem::BadRequest)?;
        let mut pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
        let separator = match pairs.any(|pair| pair == ("separator".into(), "semicolon".into())) {
            true => Separator::Semicolon,
            false => Separator::Comma,
        };
        Ok(Self { days, separator })
    }

    /// The response with a file.
    pub(super) fn file(
        &self,
        media: &'static str,
        name: &str,
        ending: &str,
        body: impl IntoResponse,
    ) -> Result<Response, Problem> {
        let name = format!(
            "attachment; filename=\"{name}-{}-{}.{ending}\"",
            self.days.from, self.days.to
        );
        let name = HeaderValue::from_str(&name).map_err(|_| Problem::Internal)?;
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static(media)),
            (header::CONTENT_DISPOSITION, name),
        ];
        Ok((headers, body).into_response())
    }
}
