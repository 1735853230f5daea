//! The contract of the store: what callers rely on, whichever engine is below. It uses the public interface only, so that
//! it is run on both engines: a line for each at the end of this file.

mod counter_items;
mod desk;
mod forgetting;
mod holds;
mod invoices;
mod items;
mod outbox;
mod payers;
mod payment_links;
mod payouts;
mod receipts;
mod refunds;
mod signals;
mod words;

use jiff::Timestamp;

use super::Store;
use crate::{
    queues::{DueDelivery, Lane},
    sql::postgres::cluster::Database,
};
use facture_domain::{
    Amount, Bolt11, Hook, HookFormat, HookUrl, Invoice, InvoiceKind, Label, Msat, NodeId, Order,
    Settlement, Status, StoredCursor,
};

/// A cursor, which the store does not look into.
fn at(place: u64) -> StoredCursor {
    StoredCursor::new(place.to_string())
}

/// A store on an engine, bound to a node.
struct World {
    backend: Backend,
    store: Store,
    node: NodeId,
}

/// Where an engine has the records of one store. All that the contract needs to know of an engine is here.
enum Backend {
    Sqlite(tempfile::TempDir),
    Postgres(Database),
}

impl Backend {
    fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().unwrap())
    }

    fn postgres() -> Self {
        Self::Postgres(Database::new())
    }

    async fn open(&self) -> Store {
        match self {
            Self::Sqlite(directory) => Store::open(directory.path()).await.unwrap(),
            Self::Postgres(database) => database.open().await,
        }
    }

    /// Another one on the same engine, with nothing in it.
    fn empty(&self) -> Self {
        match self {
            Self::Sqlite(_) => Self::sqlite(),
            Self::Postgres(_) => Self::postgres(),
        }
    }

    /// A backup of records that no store has open.
    fn copy(&self) -> Self {
        match self {
            Self::Sqlite(directory) => {
                let copy = tempfile::tempdir().unwrap();
                let [from, to] =
                    [directory, &copy].map(|directory| directory.path().join("facture.db"));
                std::fs::copy(from, to).unwrap();
                Self::Sqlite(copy)
            }
            Self::Postgres(database) => Self::Postgres(database.copy()),
        }
    }
}

impl World {
    /// With nothing in it.
    async fn new(backend: Backend) -> Self {
        let store = backend.open().await;
        let node = NodeId::new("02".repeat(33));
        store.bind(&node).await.unwrap();
        Self {
            backend,
            store,
            node,
        }
    }

    /// Closes the store and opens it again.
    async fn reopen(self) -> Self {
        self.store.close().await;
        let store = self.backend.open().await;
        Self { store, ..self }
    }

    async fn apply(&self, page: &[Invoice]) {
        self.store.apply(&self.node, page, &at(0)).await.unwrap();
    }

    async fn create(&self, invoice: &Invoice) {
        let created = self
            .store
            .create(self.node.clone(), invoice.clone().into(), Vec::new());
        created.await.unwrap();
    }

    /// All deliveries that are due, in the order of their lanes.
    async fn waiting(&self) -> Vec<DueDelivery> {
        let mut waiting = Vec::new();
        for lane in Lane::ALL {
            let due = self.store.due(lane, Timestamp::now(), 100, 100);
            waiting.extend(due.await.unwrap());
        }
        waiting
    }
}

fn label(number: u64) -> Label {
    Label::stored(format!("facture_{number:032x}"))
}

fn unpaid(number: u64) -> Invoice {
    Invoice {
        label: label(number),
        amount: Amount::Any,
        description: String::new(),
        kind: InvoiceKind::Bolt11(Bolt11::stored("lnbcrt1".to_owned())),
        payment_hash: format!("{number:064x}").parse().unwrap(),
        number,
        created_at: Timestamp::from_second(1_795_195_153).unwrap(),
        expires_at: Timestamp::from_second(4_102_444_800).unwrap(),
        status: Status::Unpaid,
        cancelled_at: None,
        payment_proven_at: None,
        renewed_by: None,
        refunded: None,
        valuation: None,
        receipt: None,
        hold: None,
        order: Order::default(),
    }
}

fn paid(number: u64) -> Invoice {
    Invoice {
        status: Status::Paid(Settlement {
            amount_received: Msat::from_msat(1_234).unwrap(),
            paid_at: Timestamp::from_second(1_795_195_160).unwrap(),
            pay_index: number,
        }),
        ..unpaid(number)
    }
}

fn expired(number: u64) -> Invoice {
    Invoice {
        status: Status::Expired,
        ..unpaid(number)
    }
}

fn hook(url: &str) -> Hook {
    Hook {
        url: HookUrl::parse(url).unwrap(),
        format: HookFormat::Standard,
        token: None,
    }
}

macro_rules! contract {
    ($engine:ident: $($module:ident { $($test:ident),+ $(,)? })+) => {
        mod $engine {$(
            mod $module {$(
                contract_test! { $engine $module $test }
            )+}
        )+}
    };
}

macro_rules! contract_test {
    (sqlite $module:ident $test:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $test() {
            let world = super::super::World::new(super::super::Backend::sqlite()).await;
            super::super::$module::$test(world).await;
        }
    };
    (postgres $module:ident $test:ident) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        #[ignore = "needs PostgreSQL"]
        async fn $test() {
            let world = super::super::World::new(super::super::Backend::postgres()).await;
            super::super::$module::$test(world).await;
        }
    };
}

macro_rules! whole_contract {
    ($engine:ident) => {
        contract! { $engine:
            invoices {
                what_is_written_is_read_at_once,
                what_the_node_reports_twice_is_one_event,
                the_follower_may_be_first,
                of_many_writers_each_has_its_number,
                one_that_fails_does_not_take_the_others_with_it,
                records_belong_to_one_node,
                a_list_shows_each_once,
                a_clone_is_the_same_store,
                a_closed_store_says_so,
            }
            counter_items {
                an_item_is_kept_changed_and_removed_and_its_number_never_comes_again,
                a_sale_keeps_its_cashier_in_the_records_and_in_the_events,
            }
            desk {
                notes_are_kept_with_their_sales,
                sales_are_found_by_what_is_known_of_them,
                a_day_is_added_up_and_what_has_no_value_is_found,
            }
            forgetting {
                strangers_unpaid_invoices_are_forgotten_and_no_others,
                numbers_of_events_go_on_when_the_last_ones_are_forgotten,
                what_was_forgotten_comes_back_only_when_it_is_paid,
                what_is_not_told_yet_is_not_forgotten,
                the_old_link_of_a_renewed_invoice_leads_on_as_long_as_there_is_a_new_one,
                what_is_to_be_pruned_is_forgotten_after_that,
            }
            holds {
                what_is_held_is_accepted_until_it_is_paid,
                what_was_sent_back_is_cancelled_for_ever,
                the_first_decision_counts,
                the_shop_is_warned_once,
                counters_are_given_once,
            }
            items {
                a_reservation_is_for_as_long_as_its_invoice_can_be_paid,
                held_payments_claim_what_is_left_and_once,
            }
            outbox {
                an_event_is_written_with_its_deliveries,
                a_late_endpoint_of_one_invoice_learns_what_happened,
                the_same_event_has_the_same_number_in_other_records,
                two_endpoints_with_one_address_have_a_delivery_each,
                what_is_not_wanted_is_not_delivered,
            }
            payers {
                of_two_payers_one_begins,
                two_payouts_never_pay_the_same_invoice,
                what_nobody_began_in_time_expires,
                a_payer_sees_what_it_has_to_do,
            }
            payment_links {
                a_link_is_kept_changed_stopped_and_opened_again,
                no_more_pieces_are_open_or_paid_than_are_sold,
            }
            payouts {
                an_order_is_written_once_with_its_event,
                an_invoice_is_ordered_again_only_when_it_will_not_be_paid,
                a_payout_goes_its_way_and_each_step_is_one_event,
                only_so_many_orders_wait,
                a_list_of_payouts_shows_each_once,
                webhooks_learn_of_payouts,
            }
            receipts {
                each_payment_gets_the_next_number_once,
                each_shop_counts_for_itself,
                restored_records_give_no_number_twice,
                a_number_stays,
            }
            refunds {
                many_refunds_are_no_more_than_was_received,
                a_voucher_reserves_its_part_of_the_sale_until_it_is_over,
            }
            signals {
                a_commit_is_told_to_all_who_wait,
                a_new_address_or_delivery_wakes_the_sender,
                event_numbers_go_on_above_all_that_were_told,
            }
            words {
                a_key_stands_for_one_label,
                a_token_is_found_until_it_is_revoked,
                a_secret_is_rotated,
                what_charge_deleted_is_not_listed,
            }
        }
    };
}

whole_contract!(sqlite);
whole_contract!(postgres);
