//! Keys, tokens, secrets, and what the API of Lightning Charge needs.

use futures_util::future::join_all;
use jiff::{SignedDuration, Timestamp};

use super::{World, label, unpaid};
use crate::keys::Reserved;
use facture_domain::idempotency::{IdempotentRequest, KeyRetention};
use facture_domain::{
    hook::SecretOwner,
    token::{Grant, Scope, Scopes, Token},
};

fn request(fingerprint: u8) -> IdempotentRequest {
    IdempotentRequest {
        scope: "shop".to_owned(),
        key: "a \"key\"".to_owned(),
        fingerprint: vec![fingerprint],
        retention: KeyRetention::Forever,
    }
}

pub(super) async fn a_key_stands_for_one_label(world: World) {
    let reserved =
        join_all((1..=30).map(|number| world.store.reserve(request(1), label(number), None)));
    let reserved: Vec<Reserved> = reserved
        .await
        .into_iter()
        .map(|reserved| reserved.unwrap().0)
        .collect();
    assert!(matches!(&reserved[0], Reserved::For(_)));
    assert!(reserved.iter().all(|one| *one == reserved[0]));
    let other = world
        .store
        .reserve(request(2), label(99), None)
        .await
        .unwrap();
    assert_eq!(other.0, Reserved::OtherRequest);
    let world = world.reopen().await;
    let known = world.store.reserved("shop", "a \"key\"").await.unwrap();
    assert_eq!(known.map(Reserved::For), Some(reserved[0].clone()));
    assert_eq!(
        world.store.reserved("till", "a \"key\"").await.unwrap(),
        None
    );
}

pub(super) async fn a_token_is_found_until_it_is_revoked(world: World) {
    let (id, token) = Token::random();
    let grant = Grant {
        id,
        name: "the shop".to_owned(),
        scopes: Scopes::new([Scope::InvoicesRead]).unwrap(),
        shop: Some("tea".parse().unwrap()),
    };
    world.store.add_token(&grant, &token.hash()).await.unwrap();
    let found = world.store.token(&grant.id).await.unwrap().unwrap();
    assert_eq!((&found.grant, found.revoked_at), (&grant, None));
    assert!(world.store.revoke_token(&grant.id, None).await.unwrap());
    let found = world.store.token(&grant.id).await.unwrap().unwrap();
    assert!(found.revoked_at.is_some());
    assert_eq!(world.store.tokens().await.unwrap().len(), 1);
}

pub(super) async fn a_secret_is_rotated(world: World) {
    let owner = SecretOwner::Invoices;
    let now = Timestamp::now();
    let first = world.store.secrets(&owner, now).await.unwrap().unwrap();
    assert!(first.previous.is_none());
    let second = world
        .store
        .rotate_secret(&owner, now)
        .await
        .unwrap()
        .unwrap();
    let previous = second.previous.unwrap();
    assert_eq!(previous.reveal(), first.current.reveal());
    let later = now + SignedDuration::from_hours(25);
    let third = world.store.secrets(&owner, later).await.unwrap().unwrap();
    assert_eq!(third.current.reveal(), second.current.reveal());
    assert!(third.previous.is_none());
}

pub(super) async fn what_charge_deleted_is_not_listed(world: World) {
    world.apply(&[unpaid(1), unpaid(2), unpaid(3)]).await;
    for _ in 0..2 {
        world.store.charge_delete(&label(2)).await.unwrap();
    }
    let listed = world.store.charge_invoices(None, 1).await.unwrap();
    let rest = world
        .store
        .charge_invoices(listed.first(), 10)
        .await
        .unwrap();
    let listed: Vec<_> = listed
        .into_iter()
        .chain(rest)
        .map(|invoice| invoice.number)
        .collect();
    assert_eq!(listed, [1, 3]);
    assert!(world.store.is_charge_deleted(&label(2)).await.unwrap());
    assert!(world.store.find(&label(2)).await.unwrap().is_some());
}
