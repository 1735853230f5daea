//! Exports as an Excel workbook: real numbers and dates, texts as texts. The sheet is written row by row to a temporary file, so only the
//! finished, compressed workbook is in memory.

use jiff::{Timestamp, tz::TimeZone};
use rust_decimal::Decimal;
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tokio::{
    sync::mpsc::{Receiver, channel},
    task::spawn_blocking,
};

use super::export_rows::{COLUMNS, Cell};
use crate::{
    bookkeeping::{Entries, Entry},
    web::error::Problem,
};

/// As many pages wait to be written.
const WAITING: usize = 2;

/// Whole numbers above this are not exact in a spreadsheet, which has 15 digits: they are texts.
const EXACT: i128 = 999_999_999_999_999;

/// The longest text of a cell (Excel's limit), in UTF-16 units.
const MAX_UNITS: usize = 32_767;

/// The workbook. Moments in local time are in this time zone.
pub(super) async fn workbook(mut entries: Entries, zone: TimeZone) -> Result<Vec<u8>, Problem> {
    let (sender, receiver) = channel(WAITING);
    let writing = spawn_blocking(move || write(receiver, &zone));
    while let Some(page) = entries.next().await? {
        let page: Vec<Entry> = page.collect();
        if sender.send(page).await.is_err() {
            break;
        }
    }
    drop(sender);
    let written = writing.await.map_err(|_| Problem::Internal)?;
    written.map_err(|error| {
        tracing::error!(%error, "a workbook could not be written");
        Problem::Internal
    })
}

fn write(mut pages: Receiver<Vec<Entry>>, zone: &TimeZone) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet_with_constant_memory()?;
    sheet.set_name("payments")?;
    let moment = Format::new().set_num_format("yyyy-mm-dd hh:mm:ss");
    for (number, column) in (0..).zip(COLUMNS) {
        sheet.write_string(0, number, column.name)?;
    }
    let mut row = 1;
    while let Some(page) = pages.blocking_recv() {
        for entry in &page {
            for (number, column) in (0..).zip(COLUMNS) {
                put(sheet, row, number, column.cell(entry), zone, &moment)?;
            }
            row += 1;
        }
    }
    workbook.save_to_buffer()
}

fn put(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    cell: Cell,
    zone: &TimeZone,
    moment: &Format,
) -> Result<(), XlsxError> {
    let at = |at: Timestamp, zone: &TimeZone| at.to_zoned(zone.clone()).datetime();
    match cell {
        Cell::Empty => {}
        // What is written as a string is never a formula.
        Cell::Text(text) => {
            sheet.write_string(row, column, shortened(text))?;
        }
        Cell::Moment(moment_at) => {
            sheet.write_datetime_with_format(row, column, at(moment_at, &TimeZone::UTC), moment)?;
        }
        Cell::Local(moment_at) => {
            sheet.write_datetime_with_format(row, column, at(moment_at, zone), moment)?;
        }
        Cell::Msat(msat) => number(sheet, row, column, msat, 0)?,
        Cell::Sat(msat) => number(sheet, row, column, msat, 3)?,
        Cell::Decimal(text) => {
            match text.parse::<Decimal>() {
                Ok(decimal) => sheet.write(row, column, decimal)?,
                Err(_) => sheet.write_string(row, column, text)?,
            };
        }
    }
    Ok(())
}

/// A number with so many decimals, as exact as it is: as a text where a spreadsheet would round it.
fn number(
    sheet: &mut Worksheet,
    row: u32,
    column: u16,
    units: i128,
    places: u32,
) -> Result<(), XlsxError> {
    let decimal = Decimal::try_from_i128_with_scale(units, places);
    match decimal {
        Ok(decimal) if units.abs() <= EXACT => sheet.write(row, column, decimal)?,
        Ok(decimal) => sheet.write_string(row, column, decimal.to_string())?,
        Err(_) => sheet.write_string(row, column, units.to_string())?,
    };
    Ok(())
}

fn shortened(text: String) -> String {
    if text.len() <= MAX_UNITS {
        return text;
    }
    let mut units = 0;
    let fits = |letter: &char| {
        units += letter.len_utf16();
        units <= MAX_UNITS
    };
    text.chars().take_while(fits).collect()
}
