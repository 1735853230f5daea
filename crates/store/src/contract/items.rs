//! Items and sales: as many as there are, whatever becomes of their invoices.

use jiff::{SignedDuration, Timestamp};

use super::{World, label, unpaid};
use crate::{
    items::Offered,
    sales::{NewSale, SaleClaimed, SaleReserved},
};
use facture_domain::{
    Content, Description, Invoice, ItemId, Msat, NewItem, SaleKey, Status, StockRule,
};

fn item(stock: u32, stock_rule: StockRule) -> NewItem {
    NewItem {
        id: ItemId::parse("poem").unwrap(),
        title: Description::parse("A poem").unwrap(),
        price: Msat::from_msat(1000).unwrap(),
        content: Content::text("Roses are red".to_owned()).unwrap(),
        stock: Some(stock),
        stock_rule,
    }
}

fn sale(number: u64, until: Timestamp) -> NewSale {
    NewSale {
        label: label(number),
        key: SaleKey::random(),
        item: ItemId::parse("poem").unwrap(),
        until,
    }
}

/// Reserves for the invoice with this number, which does not exist yet.
async fn reserve(world: &World, number: u64) -> SaleReserved {
    let until = Timestamp::now() + SignedDuration::from_hours(1);
    world.store.reserve_sale(sale(number, until)).await.unwrap()
}

async fn available(world: &World) -> Option<u32> {
    let id = ItemId::parse("poem").unwrap();
    world.store.item(&id).await.unwrap().unwrap().available()
}

pub(super) async fn a_reservation_is_for_as_long_as_its_invoice_can_be_paid(world: World) {
    let offered = world
        .store
        .offer(item(2, StockRule::Reserve), None)
        .await
        .unwrap();
    assert!(matches!(offered, Offered::New(_)));
    assert!(matches!(reserve(&world, 1).await, SaleReserved::Done(_)));
    assert!(matches!(reserve(&world, 1).await, SaleReserved::Known(_)));
    world.create(&unpaid(1)).await;
    // Of one whose invoice was never made, nothing is left when its time is over.
    let past = Timestamp::now() - SignedDuration::from_secs(1);
    let reserved = world.store.reserve_sale(sale(2, past)).await.unwrap();
    assert!(matches!(reserved, SaleReserved::Done(_)));
    assert_eq!(available(&world).await, Some(1));
    assert!(matches!(reserve(&world, 3).await, SaleReserved::Done(_)));
    assert_eq!(reserve(&world, 4).await, SaleReserved::SoldOut);
    world.store.release_sale(&label(3)).await.unwrap();
    assert_eq!(available(&world).await, Some(1));
    let expired = Invoice {
        status: Status::Expired,
        ..unpaid(1)
    };
    world.apply(&[expired]).await;
    assert_eq!(available(&world).await, Some(2));
    assert!(matches!(reserve(&world, 5).await, SaleReserved::Done(_)));
    assert!(matches!(reserve(&world, 6).await, SaleReserved::Done(_)));
    assert_eq!(reserve(&world, 7).await, SaleReserved::SoldOut);
}

pub(super) async fn held_payments_claim_what_is_left_and_once(world: World) {
    world
        .store
        .offer(item(1, StockRule::Hold), None)
        .await
        .unwrap();
    for number in 1..=2 {
        assert!(matches!(
            reserve(&world, number).await,
            SaleReserved::Done(_)
        ));
        world.create(&unpaid(number)).await;
    }
    assert_eq!(available(&world).await, Some(1));
    let claim = async |number| world.store.claim_sale(&label(number)).await.unwrap();
    assert_eq!(claim(2).await, SaleClaimed::Done);
    assert_eq!(claim(1).await, SaleClaimed::SoldOut);
    // As after a crash.
    assert_eq!(claim(2).await, SaleClaimed::Done);
    assert_eq!(available(&world).await, Some(0));
    assert_eq!(reserve(&world, 3).await, SaleReserved::SoldOut);
}
