//! What the merchant's desk asks: notes, searches, days, and what payments are still to be valued at.

use jiff::Timestamp;

use super::{World, expired, label, paid};
use facture_domain::{
    Channel, Currency, Invoice, Order, OrderId, Quote, Rate, RatePrice,
    desk::{Actor, AuditAction, NewAudit, NoteText, SaleSearch, Sought},
    listing::Filter,
};

fn entry() -> NewAudit {
    NewAudit {
        actor: Actor::Console,
        action: AuditAction::NoteWritten,
        subject: String::new(),
        detail: String::new(),
    }
}

/// Paid, in a currency that had a rate when it was made.
fn priced(number: u64, currency: &str) -> Invoice {
    let rate = Rate {
        currency: Currency::parse(currency).unwrap(),
        price: RatePrice::parse("100000").unwrap(),
        source: "a".to_owned(),
        at: Timestamp::from_second(1_795_195_153).unwrap(),
    };
    Invoice {
        description: format!("Cup {number} of 100 %"),
        order: Order {
            quote: Some(Quote {
                amount: "1".to_owned(),
                currency: currency.to_owned(),
            }),
            rate: Some(rate),
            order_id: OrderId::parse(format!("A-{number}")).ok(),
            channel: Some(Channel::Api),
            ..Order::default()
        },
        ..paid(number)
    }
}

pub(super) async fn notes_are_kept_with_their_sales(world: World) {
    world.apply(&[paid(1), paid(2), paid(3)]).await;
    let write = async |number, text: &str| {
        let text = NoteText::parse(text).unwrap();
        world.store.write_note(&label(number), text, entry()).await
    };
    assert!(write(1, "first").await.unwrap());
    assert!(write(1, "second").await.unwrap());
    assert!(write(2, "other").await.unwrap());
    assert!(!write(4, "nothing").await.unwrap());
    let note = world.store.note(&label(1)).await.unwrap().unwrap();
    assert_eq!(note.text.as_str(), "second");
    let labels = [label(1), label(2), label(3)];
    assert_eq!(world.store.notes_on(&labels).await.unwrap().len(), 2);
    assert!(world.store.notes_on(&[]).await.unwrap().is_empty());
    assert!(write(1, "").await.unwrap());
    assert_eq!(world.store.notes_on(&labels).await.unwrap().len(), 1);
}

pub(super) async fn sales_are_found_by_what_is_known_of_them(world: World) {
    world
        .apply(&[priced(1, "EUR"), priced(2, "EUR"), expired(3)])
        .await;
    let note = NoteText::parse("a Jug_").unwrap();
    world
        .store
        .write_note(&label(2), note, entry())
        .await
        .unwrap();
    let find = async |sought| {
        let search = SaleSearch {
            sought,
            ..SaleSearch::default()
        };
        let page = world.store.search_sales(&search, None, 10).await.unwrap();
        let numbers = page.invoices.iter().map(|sale| sale.number);
        numbers.collect::<Vec<_>>()
    };
    let text = |text: &str| Sought::Text(text.to_owned());
    assert_eq!(find(Sought::Everything).await, [3, 2, 1]);
    assert_eq!(find(text("cup 1 OF")).await, [1]);
    assert_eq!(find(text("0 %")).await, [2, 1]);
    assert_eq!(find(text("jug_")).await, [2]);
    assert_eq!(find(text("u__")).await, [0_u64; 0]);
    assert_eq!(
        find(Sought::Order(OrderId::parse("A-2".to_owned()).unwrap())).await,
        [2]
    );
    assert_eq!(find(Sought::Hash(paid(1).payment_hash)).await, [1]);
    let amount = facture_domain::Msat::from_msat(1_234).unwrap();
    assert_eq!(find(Sought::Amount(amount..=amount)).await, [2, 1]);
    let filter = Filter {
        text: Some("CUP 2".to_owned()),
        ..Filter::default()
    };
    let page = world.store.list(&filter, None, 10).await.unwrap();
    assert_eq!(page.invoices.len(), 1);
}

pub(super) async fn a_day_is_added_up_and_what_has_no_value_is_found(world: World) {
    world
        .apply(&[priced(1, "EUR"), priced(2, "USD"), paid(3)])
        .await;
    let start = 1_795_195_160;
    let day = world.store.day_sales(start..start + 3600).await.unwrap();
    let sums: Vec<_> = day
        .hours
        .iter()
        .map(|hour| (hour.count, hour.msat))
        .collect();
    assert_eq!(sums.iter().map(|(count, _)| count).sum::<u64>(), 3);
    assert_eq!(sums.iter().map(|(_, msat)| msat).sum::<i128>(), 3 * 1_234);
    let to_value = async |except: &[&str]| {
        let except: Vec<_> = except
            .iter()
            .map(|code| Currency::parse(code).unwrap())
            .collect();
        let found = world.store.to_value(Timestamp::UNIX_EPOCH, &except, 10);
        found.await.unwrap().len()
    };
    assert_eq!(to_value(&[]).await, 2);
    assert_eq!(to_value(&["EUR"]).await, 1);
    assert_eq!(to_value(&["EUR", "USD"]).await, 0);
}
