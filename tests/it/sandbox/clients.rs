//! The libraries that real programs use: cln-rpc for each typed call, and pyln-client where Python has it.

use std::process::Command;

use cln_rpc::model::requests::{
    DecodeRequest, DelinvoiceRequest, DelinvoiceStatus, GetinfoRequest, HelpRequest,
    InvoiceRequest, ListinvoicesIndex, ListinvoicesRequest, WaitIndexname, WaitRequest,
    WaitSubsystem, WaitanyinvoiceRequest, WaitinvoiceRequest, XpayRequest,
};
use cln_rpc::model::responses::{InvoiceResponse, ListinvoicesInvoicesStatus, WaitInvoicesStatus};
use cln_rpc::primitives::{Amount, AmountOrAny};
use cln_rpc::{ClnRpc, RpcError};
use serde_json::json;

use super::support::Bench;
use facture_test_support::report::skipped;

async fn client(bench: &Bench) -> ClnRpc {
    ClnRpc::new(bench.rpc_file()).await.unwrap()
}

async fn make(rpc: &mut ClnRpc, label: &str) -> Result<InvoiceResponse, RpcError> {
    rpc.call_typed(&InvoiceRequest {
        amount_msat: AmountOrAny::Amount(Amount::from_msat(1000)),
        label: label.to_owned(),
        description: "Zwei Brötchen ☕".to_owned(),
        expiry: Some(600),
        cltv: None,
        deschashonly: None,
        preimage: None,
        exposeprivatechannels: None,
        fallbacks: None,
    })
    .await
}

fn by_label(label: &str) -> ListinvoicesRequest {
    ListinvoicesRequest {
        label: Some(label.to_owned()),
        ..everything()
    }
}

fn everything() -> ListinvoicesRequest {
    ListinvoicesRequest {
        index: None,
        invstring: None,
        label: None,
        limit: None,
        offer_id: None,
        payment_hash: None,
        start: None,
    }
}

fn wait(indexname: WaitIndexname, nextvalue: u64) -> WaitRequest {
    WaitRequest {
        indexname,
        subsystem: WaitSubsystem::INVOICES,
        nextvalue,
    }
}

#[tokio::test]
async fn cln_rpc_makes_and_finds_invoices() {
    let bench = Bench::start().await;
    let mut rpc = client(&bench).await;
    let info = rpc.call_typed(&GetinfoRequest {}).await.unwrap();
    assert_eq!(
        (info.version.as_str(), info.network.as_str()),
        ("v26.06.6", "regtest")
    );
    assert_eq!(info.id.to_string(), bench.node.id());
    let help = rpc
        .call_typed(&HelpRequest { command: None })
        .await
        .unwrap();
    assert!(help.help.iter().any(|help| {
        help.command
            .starts_with("invoice amount_msat label description")
    }));
    let made = make(&mut rpc, "x").await.unwrap();
    assert_eq!(make(&mut rpc, "x").await.unwrap_err().code, Some(900));
    let decoded = rpc
        .call_typed(&DecodeRequest {
            string: made.bolt11.clone(),
        })
        .await
        .unwrap();
    assert!(decoded.valid);
    assert_eq!(
        (decoded.expiry, decoded.description.as_deref()),
        (Some(600), Some("Zwei Brötchen ☕"))
    );
    let listed = rpc.call_typed(&by_label("x")).await.unwrap().invoices;
    assert_eq!(
        (listed.len(), listed[0].status),
        (1, ListinvoicesInvoicesStatus::UNPAID)
    );
    assert_eq!(
        (listed[0].payment_hash, listed[0].expires_at),
        (made.payment_hash, made.expires_at)
    );
    assert!(
        rpc.call_typed(&by_label("nobody"))
            .await
            .unwrap()
            .invoices
            .is_empty()
    );
}

#[tokio::test]
async fn cln_rpc_follows_payments() {
    let bench = Bench::start().await;
    let (mut rpc, mut waiting) = (client(&bench).await, client(&bench).await);
    let bolt11 = make(&mut rpc, "x").await.unwrap().bolt11;
    let request = wait(WaitIndexname::UPDATED, 1);
    let update = tokio::spawn(async move { waiting.call_typed(&request).await });
    let paid = rpc.call_typed(&xpay(&bolt11)).await.unwrap();
    assert_eq!(
        (paid.amount_sent_msat.msat(), paid.successful_parts),
        (1000, 1)
    );
    assert_eq!(update.await.unwrap().unwrap().updated, Some(1));
    assert_eq!(
        rpc.call_typed(&xpay(&bolt11)).await.unwrap_err().code,
        Some(219)
    );
    // Its type is deprecated in cln-rpc, the call is not.
    let again: serde_json::Value = rpc
        .call_raw("pay", &json!({"bolt11": bolt11}))
        .await
        .unwrap();
    assert_eq!(again["amount_msat"], 1000);
    let first = WaitanyinvoiceRequest {
        lastpay_index: None,
        timeout: Some(1),
    };
    assert_eq!(rpc.call_typed(&first).await.unwrap().pay_index, Some(1));
    let next = WaitanyinvoiceRequest {
        lastpay_index: Some(1),
        timeout: Some(0),
    };
    assert_eq!(rpc.call_typed(&next).await.unwrap_err().code, Some(904));
    let one = rpc
        .call_typed(&WaitinvoiceRequest {
            label: "x".to_owned(),
        })
        .await
        .unwrap();
    assert_eq!(
        one.amount_received_msat.map(|amount| amount.msat()),
        Some(1000)
    );
    let page = ListinvoicesRequest {
        index: Some(ListinvoicesIndex::UPDATED),
        start: Some(1),
        limit: Some(10),
        ..everything()
    };
    assert_eq!(
        rpc.call_typed(&page).await.unwrap().invoices[0].updated_index,
        Some(1)
    );
}

fn xpay(bolt11: &str) -> XpayRequest {
    XpayRequest {
        amount_msat: None,
        dev_use_shadow: None,
        label: None,
        localinvreqid: None,
        maxdelay: None,
        maxfee: None,
        partial_msat: None,
        payer_note: None,
        retry_for: None,
        layers: None,
        invstring: bolt11.to_owned(),
    }
}

#[tokio::test]
async fn cln_rpc_sees_deletions() {
    let bench = Bench::start().await;
    let (mut rpc, mut waiting) = (client(&bench).await, client(&bench).await);
    make(&mut rpc, "x").await.unwrap();
    let request = wait(WaitIndexname::DELETED, 1);
    let deletion = tokio::spawn(async move { waiting.call_typed(&request).await });
    let delete = |status| DelinvoiceRequest {
        desconly: None,
        status,
        label: "x".to_owned(),
    };
    let wrong = rpc
        .call_typed(&delete(DelinvoiceStatus::PAID))
        .await
        .unwrap_err();
    assert_eq!(wrong.code, Some(906));
    assert_eq!(wrong.data.unwrap()["current_status"], "unpaid");
    let unpaid = delete(DelinvoiceStatus::UNPAID);
    assert_eq!(rpc.call_typed(&unpaid).await.unwrap().label, "x");
    assert_eq!(rpc.call_typed(&unpaid).await.unwrap_err().code, Some(905));
    let deleted = deletion.await.unwrap().unwrap();
    assert_eq!(deleted.deleted, Some(1));
    // Whether the call came before or after the deletion decides about the details.
    assert!(
        deleted
            .invoices
            .is_none_or(|invoice| invoice.status == Some(WaitInvoicesStatus::UNPAID))
    );
}

const PYTHON: &str = r#"
import sys
from pyln.client import LightningRpc, RpcError
rpc = LightningRpc(sys.argv[1])
assert rpc.getinfo()["network"] == "regtest"
made = rpc.invoice(1000, "py", "Zwei Brötchen")
assert rpc.listinvoices("py")["invoices"][0]["bolt11"] == made["bolt11"]
assert rpc.pay(made["bolt11"])["status"] == "complete"
assert rpc.waitanyinvoice(0)["label"] == "py"
assert rpc.waitinvoice("py")["status"] == "paid"
assert rpc.call("wait", ["invoices", "updated", 0])["updated"] == 1
try:
    rpc.delinvoice("py", "unpaid")
    raise AssertionError("deleted")
except RpcError as error:
    assert error.error["code"] == 906, error.error
print("ok")
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn pyln_client_understands_the_sandbox() {
    let installed = Command::new("python3")
        .args(["-c", "import pyln.client"])
        .output();
    if !installed.is_ok_and(|output| output.status.success()) {
        return skipped("python3 has no pyln.client");
    }
    let bench = Bench::start().await;
    let path = bench.rpc_file();
    let python = move || {
        Command::new("python3")
            .args(["-c", PYTHON])
            .arg(path)
            .output()
    };
    let output = tokio::task::spawn_blocking(python).await.unwrap().unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), "ok");
}
