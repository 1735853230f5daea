//! Payment links: no more is sold by one than the shop says, whatever becomes of the invoices.

use jiff::{SignedDuration, Timestamp};

use super::{World, label, paid, unpaid};
use crate::{
    link_sales::{LinkReserved, NewLinkSale},
    payment_links::LinkAdded,
};
use facture_domain::{
    Ask, Buyer, Description, Invoice, LinkAmount, LinkState, LinkTerms, LinkText, LinkUnit,
    PaymentLink, Price, Slug, Status,
};

fn slug() -> Slug {
    Slug::parse("ticket").unwrap()
}

fn terms() -> LinkTerms {
    LinkTerms {
        title: Description::parse("Ticket").unwrap(),
        text: Some(LinkText::parse("Doors open\nat eight").unwrap()),
        amount: LinkAmount::Fixed(Price::parse("2.50", "EUR").unwrap()),
        most_pieces: 4,
        name: Ask::Optional,
        mail: Ask::Required,
        note: Ask::No,
        limit: Some(5),
        ends_at: Some(Timestamp::from_second(4_000_000_000).unwrap()),
        thanks: Some(LinkText::parse("See you!").unwrap()),
    }
}

async fn reserve(world: &World, number: u64, pieces: u32, until: Timestamp) -> LinkReserved {
    let new = NewLinkSale {
        label: label(number),
        slug: slug(),
        pieces,
        buyer: Buyer {
            mail: Some(format!("{number}@example.com")),
            ..Buyer::default()
        },
        until,
    };
    world.store.reserve_link_sale(new).await.unwrap()
}

/// The link, which the list of all links has with the same counts.
async fn link(world: &World) -> PaymentLink {
    let link = world.store.link(&slug()).await.unwrap().unwrap();
    let all = world.store.links().await.unwrap();
    assert!(all.contains(&link), "{all:?}");
    link
}

pub(super) async fn a_link_is_kept_changed_stopped_and_opened_again(world: World) {
    let add = || world.store.add_link(slug(), terms(), None);
    assert_eq!(add().await.unwrap(), LinkAdded::Done);
    assert_eq!(add().await.unwrap(), LinkAdded::Taken);
    assert_eq!(link(&world).await.terms, terms());
    for amount in [
        LinkAmount::Free(LinkUnit::Sat),
        LinkAmount::between(
            Price::parse("1", "SAT").unwrap(),
            Price::parse("10", "SAT").unwrap(),
        )
        .unwrap(),
    ] {
        let changed = LinkTerms {
            amount,
            limit: None,
            text: None,
            ..terms()
        };
        let done = world.store.change_link(slug(), changed.clone(), None).await;
        assert!(done.unwrap());
        assert_eq!(link(&world).await.terms, changed);
    }
    for is_new in [true, false] {
        let stopped = world.store.stop_link(slug(), None).await;
        assert_eq!(stopped.unwrap(), is_new);
        assert!(link(&world).await.stopped_at.is_some());
    }
    assert!(world.store.reopen_link(slug(), None).await.unwrap());
    assert_eq!(link(&world).await.stopped_at, None);
    assert_eq!(world.store.links().await.unwrap().len(), 1);
    let other = Slug::parse("other").unwrap();
    assert!(
        !world
            .store
            .change_link(other.clone(), terms(), None)
            .await
            .unwrap()
    );
    assert!(!world.store.stop_link(other, None).await.unwrap());
}

pub(super) async fn no_more_pieces_are_open_or_paid_than_are_sold(world: World) {
    world.store.add_link(slug(), terms(), None).await.unwrap();
    let later = Timestamp::now() + SignedDuration::from_hours(1);
    let sold_out = LinkReserved::Closed(LinkState::SoldOut);
    assert_eq!(reserve(&world, 1, 3, later).await, LinkReserved::Done);
    // Asked for again, it is the same.
    assert_eq!(reserve(&world, 1, 3, later).await, LinkReserved::Done);
    assert_eq!(reserve(&world, 2, 3, later).await, sold_out);
    assert_eq!(reserve(&world, 2, 2, later).await, LinkReserved::Done);
    assert_eq!(reserve(&world, 3, 1, later).await, sold_out);
    // Its invoice was not made.
    world.store.release_link_sale(&label(2)).await.unwrap();
    world.create(&unpaid(1)).await;
    world.store.release_link_sale(&label(1)).await.unwrap();
    assert_eq!(link(&world).await.reserved, 3);
    // Of one whose invoice was never made, nothing is left when its time is over.
    let past = Timestamp::now() - SignedDuration::from_secs(1);
    assert_eq!(reserve(&world, 4, 2, past).await, LinkReserved::Done);
    assert_eq!(link(&world).await.left(), Some(2));
    assert_eq!(reserve(&world, 5, 2, later).await, LinkReserved::Done);
    let expired = Invoice {
        status: Status::Expired,
        ..unpaid(1)
    };
    world.apply(&[expired]).await;
    assert_eq!(link(&world).await.left(), Some(3));
    let sales = world.store.link_sales(&slug(), 10).await.unwrap();
    let [sale] = sales.as_slice() else {
        panic!("{sales:?}");
    };
    assert_eq!((sale.pieces, sale.is_paid), (3, false));
    assert_eq!(sale.buyer.mail.as_deref(), Some("1@example.com"));
    let of = world.store.link_of(&label(1)).await.unwrap().unwrap();
    assert_eq!(of, (slug(), terms().thanks));
    assert_eq!(world.store.link_of(&label(99)).await.unwrap(), None);
    // A paid one stays counted.
    world.create(&unpaid(5)).await;
    world.apply(&[paid(5)]).await;
    assert_eq!(
        (link(&world).await.sold, link(&world).await.reserved),
        (2, 0)
    );
    assert!(world.store.stop_link(slug(), None).await.unwrap());
    let stopped = LinkReserved::Closed(LinkState::Stopped);
    assert_eq!(reserve(&world, 6, 1, later).await, stopped);
}
