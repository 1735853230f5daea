//! Another wallet, written by others: PyPI's `lnurl` (LNbits') reads a voucher and claims it.

use std::{path::Path, process::Command};

use facture_test_support::report::skipped;
use serde_json::json;

use super::theirs;
use crate::payouts::Merchant;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_lnurl_library_of_others_claims_a_refund() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let python = root.join("target/lnurl/bin/python");
    if !python.exists() {
        return skipped("PyPI's lnurl is not in target/lnurl");
    }
    let merchant = Merchant::open().await;
    let sale = merchant.sale(50_000).await;
    let body =
        json!({ "amount_msat": 21_000, "invoice": sale["label"], "reason": "One cup was cold" });
    let voucher = merchant.voucher("1", &body).await;
    let (invoice, preimage) = theirs(21_000);
    let mut wallet = Command::new(python);
    wallet
        .arg(root.join("tests/clients/withdraw.py"))
        .arg(voucher["lnurl"].as_str().unwrap())
        .arg(&invoice);
    let output = tokio::task::spawn_blocking(move || wallet.output()).await;
    let output = output.unwrap().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "21000 21000 One cup was cold\nThis voucher has already been claimed. Its payment is on its way.\n"
    );
    let payout = merchant.read_voucher(&voucher).await["payout"].clone();
    merchant
        .is_paid(payout.as_str().unwrap(), preimage, 21_000)
        .await;
    assert_eq!(merchant.refunds(&sale).await, (21_000, 0, 29_000));
}
