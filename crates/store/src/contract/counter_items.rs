//! What is sold at the counter: no number is given twice, and a sale keeps who sold it.

use super::{World, unpaid};
use crate::counter_items::CounterItemSaved;
use facture_domain::{
    Channel, Order, Price,
    counter::{ItemName, ItemTerms, TaxRate},
    desk::{Actor, AuditAction},
};

fn terms(name: &str, category: &str, tax: &str) -> ItemTerms {
    ItemTerms {
        name: ItemName::parse(name).unwrap(),
        category: ItemName::parse(category).ok(),
        price: Price::parse("2.50", "EUR").unwrap(),
        tax: TaxRate::parse(tax).ok(),
    }
}

async fn add(world: &World, name: &str, category: &str) -> u32 {
    let saved = world
        .store
        .save_counter_item(None, terms(name, category, "7"), None);
    match saved.await.unwrap() {
        CounterItemSaved::Done(number) => number,
        other => panic!("{other:?}"),
    }
}

pub(super) async fn an_item_is_kept_changed_and_removed_and_its_number_never_comes_again(
    world: World,
) {
    let cake = add(&world, "Cake", "Bakery").await;
    let tea = add(&world, "Tea", "").await;
    let bread = add(&world, "Bread", "Bakery").await;
    let listed = world.store.counter_items().await.unwrap();
    let numbers: Vec<_> = listed.iter().map(|item| item.number).collect();
    assert_eq!(numbers, [bread, cake, tea], "by category and name");
    let changed = terms("Green tea", "Drinks", "");
    let saved = world
        .store
        .save_counter_item(Some(tea), changed.clone(), None);
    assert_eq!(saved.await.unwrap(), CounterItemSaved::Done(tea));
    let listed = world.store.counter_items().await.unwrap();
    assert!(
        listed
            .iter()
            .any(|item| item.number == tea && item.terms == changed)
    );
    let entry = || Actor::Console.did(AuditAction::CounterItemRemoved, "Bread");
    assert!(
        world
            .store
            .remove_counter_item(bread, entry())
            .await
            .unwrap()
    );
    assert!(
        !world
            .store
            .remove_counter_item(bread, entry())
            .await
            .unwrap()
    );
    let saved = world.store.save_counter_item(Some(bread), changed, None);
    assert_eq!(saved.await.unwrap(), CounterItemSaved::Unknown);
    assert!(add(&world, "Bread", "").await > bread);
    assert_eq!(world.store.audit(None, 10).await.unwrap().len(), 1);
}

pub(super) async fn a_sale_keeps_its_cashier_in_the_records_and_in_the_events(world: World) {
    let mut sale = unpaid(1);
    sale.order = Order {
        channel: Some(Channel::Pos),
        cashier: Some("carla".to_owned()),
        ..Order::default()
    };
    world.create(&sale).await;
    let world = world.reopen().await;
    let found = world.store.find(&sale.label).await.unwrap().unwrap();
    assert_eq!(found.order, sale.order);
    let events = world.store.events_of(&sale.label, 0).await.unwrap();
    let told = events[0].payload.invoice().unwrap();
    assert_eq!(told.order.cashier.as_deref(), Some("carla"));
}
