//! The counter: buttons for what is sold, a keypad, tips, and the last sales. Pressing the button makes an invoice; nothing else here does.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{FromRef, State},
    response::{IntoResponse, Redirect, Response},
};
use jiff::tz::TimeZone;

use super::{
    counter_form::{CounterForm, CounterFormError, OTHER_TIP},
    frame::{Frame, Frames},
    payments::earliest,
    permit::{ManageItems, Permit, RequiredRight, Sell},
    posted::Posted,
    settings::Desk,
};
use crate::{
    counter::{Counter, Error as CounterError, Selling},
    invoices::Invoicing,
    web::{
        buyer::{pages::Money, shell::html},
        error::{Invalid, Problem},
        extract::invoice::find,
        money_text::{money, plain},
        paths::status_path,
    },
};
use facture_domain::{
    Channel, DecimalMark, Invoice, LinkUnit, Price, Status, StatusName,
    counter::{CounterItem, ItemName},
    desk::{SaleSearch, Sought},
};

/// Where it is.
pub(super) const PATH: &str = "/desk/counter";

/// As many of the last sales are shown.
const LATEST: u32 = 10;

#[derive(Template)]
#[template(path = "desk/counter.html")]
struct CounterPage {
    frame: Frame,
    groups: Vec<Group>,
    unit: String,
    decimals: u32,
    mark: &'static str,
    tips: Vec<u32>,
    form: CounterForm,
    /// Why there is no invoice, if that is not about a field.
    notice: Option<String>,
    latest: Vec<LatestSale>,
    manages_items: bool,
    action: String,
}

/// What stands under one category.
struct Group {
    name: Option<ItemName>,
    buttons: Vec<Button>,
}

/// A button.
struct Button {
    number: u32,
    name: ItemName,
    price: String,
    /// The price in the smallest coin of its currency, for the script.
    coins: String,
}

/// One of the last sales.
struct LatestSale {
    link: String,
    receipt: String,
    /// In the shop's time zone.
    at: String,
    price: String,
    what: String,
    cashier: Option<String>,
}

/// Dependencies of the counter's pages.
#[derive(Clone)]
pub(crate) struct CounterState {
    pub(super) counter: Counter,
    pub(super) invoicing: Arc<Invoicing>,
    desk: Desk,
}

impl<S> FromRef<S> for CounterState
where
    Counter: FromRef<S>,
    Arc<Invoicing>: FromRef<S>,
    Desk: FromRef<S>,
{
    fn from_ref(state: &S) -> Self {
        Self {
            counter: FromRef::from_ref(state),
            invoicing: FromRef::from_ref(state),
            desk: FromRef::from_ref(state),
        }
    }
}

/// `GET /desk/counter`
pub(crate) async fn show(
    permit: Permit<Sell>,
    State(state): State<CounterState>,
    frames: Frames,
) -> Result<Response, Problem> {
    let page = page(&permit, &state, &frames, CounterForm::default()).await?;
    html(&page)
}

/// `POST /desk/counter`: makes the invoice and shows it. The same form makes one, however often its button is pressed; once that is
/// paid or over, the form is too.
pub(crate) async fn sell(
    State(state): State<CounterState>,
    frames: Frames,
    posted: Posted<Sell>,
) -> Result<Response, Problem> {
    let key = posted.form_token().to_owned();
    let Posted { permit, fields } = posted;
    let form = CounterForm::sent(&fields);
    let items = state.counter.items().await?;
    let rules = state.counter.rules();
    let sale = match form.sale(&items, rules, frames.language().decimal_mark()) {
        Ok(sale) => sale,
        Err(error) => return refused(&permit, &state, &frames, form, error).await,
    };
    let cashier = permit.staff.name.clone();
    let selling = Selling { key, sale, cashier };
    let invoice = match state.counter.sell(&selling).await {
        Ok(invoice) => invoice,
        Err(CounterError::Sale(error)) => {
            return refused(&permit, &state, &frames, form, error.into()).await;
        }
        Err(error) => {
            let problem = Problem::from(error);
            let mut page = page(&permit, &state, &frames, form).await?;
            page.notice = Some(problem.message(frames.language()));
            let mut response = html(&page)?;
            problem.mark(&mut response);
            return Ok(response);
        }
    };
    let now = find(&state.invoicing, &invoice.label).await?;
    if now.invoice.status != Status::Unpaid {
        // Somebody went back to the page of a sale before: the next customer must not be shown that one as theirs.
        let form = CounterForm::default();
        return refused(&permit, &state, &frames, form, CounterFormError::Used).await;
    }
    let path = format!("{PATH}/sales/{}", invoice.label);
    Ok(Redirect::to(&frames.link(&path)).into_response())
}

/// 422: the page again with what was chosen, and what is wrong with it.
async fn refused(
    permit: &Permit<Sell>,
    state: &CounterState,
    frames: &Frames,
    form: CounterForm,
    error: CounterFormError,
) -> Result<Response, Problem> {
    let page = page(permit, state, frames, form.refused(error)).await?;
    let message = error.words(&page.frame).into_owned();
    let mut response = html(&page)?;
    Problem::Invalid(Invalid::new(error.field(), "invalid", message)).mark(&mut response);
    Ok(response)
}

async fn page(
    permit: &Permit<Sell>,
    state: &CounterState,
    frames: &Frames,
    form: CounterForm,
) -> Result<CounterPage, Problem> {
    let frame = frames.of(permit).at(PATH);
    let rules = state.counter.rules();
    let items = state.counter.items().await?;
    let search = SaleSearch {
        state: Some(StatusName::Paid),
        channel: Some(Channel::Pos),
        created: earliest(permit).map(jiff::Timestamp::as_second)..None,
        sought: Sought::Everything,
    };
    let latest = state.invoicing.search(&search, None, LATEST).await?;
    let latest = latest.invoices.iter();
    Ok(CounterPage {
        groups: groups(items, rules.unit, &frame),
        unit: unit_word(rules.unit, &frame),
        decimals: rules.unit.decimals(),
        mark: match frame.language().decimal_mark() {
            DecimalMark::Comma => ",",
            DecimalMark::Point => ".",
        },
        tips: rules.tips.clone(),
        form,
        notice: None,
        latest: latest
            .filter_map(|invoice| LatestSale::new(invoice, frames, state.desk.zone()))
            .collect(),
        manages_items: permit.staff.may(ManageItems::RIGHT),
        action: frames.link(PATH),
        frame,
    })
}

/// What prices are in, in words.
pub(super) fn unit_word(unit: LinkUnit, frame: &Frame) -> String {
    match unit {
        LinkUnit::Sat => frame.say("sat").into_owned(),
        LinkUnit::Currency(currency) => currency.code().to_owned(),
    }
}

/// Those of this unit, by category. They come sorted.
fn groups(items: Vec<CounterItem>, unit: LinkUnit, frame: &Frame) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for item in items {
        if item.terms.price.currency() != unit.code() {
            continue;
        }
        let price = plain(&item.terms.price);
        let button = Button {
            number: item.number,
            name: item.terms.name,
            price: money(&item.terms.price, frame.language()),
            coins: price.replace('.', ""),
        };
        match groups.last_mut() {
            Some(last) if last.name == item.terms.category => last.buttons.push(button),
            _ => groups.push(Group {
                name: item.terms.category,
                buttons: vec![button],
            }),
        }
    }
    groups
}

/// The price of a sale at the counter, as people read it.
pub(super) fn price_of(invoice: &Invoice, frames: &Frames) -> Option<String> {
    let quote = invoice.order.quote.as_ref()?;
    let price = Price::parse(&quote.amount, &quote.currency).ok()?;
    Some(money(&price, frames.language()))
}

impl LatestSale {
    fn new(invoice: &Invoice, frames: &Frames, zone: &TimeZone) -> Option<Self> {
        let Status::Paid(paid) = &invoice.status else {
            return None;
        };
        let at = paid.paid_at.to_zoned(zone.clone());
        Some(Self {
            link: frames.link(&format!("{PATH}/sales/{}", invoice.label)),
            receipt: frames.shop().url(&status_path(&invoice.label)),
            at: at.strftime("%H:%M").to_string(),
            price: price_of(invoice, frames)?,
            what: invoice.description.clone(),
            cashier: invoice.order.cashier.clone(),
        })
    }
}
