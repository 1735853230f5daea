//! Sales of a sandbox that never were: the desk shows them, and nothing else knows of them.

use std::collections::BTreeSet;

use facture::{app::Checkout, web::Mode};
use facture_sandbox::SandboxNode;
use reqwest::{Method, StatusCode, header};
use serde_json::json;

use super::{Session, TOKEN};
use crate::harness::{Page, Server, config_on, json as answer};

/// A facture on a sandbox's node, as `facture sandbox` makes it or as a real one.
struct Shop {
    server: Server,
    node: SandboxNode,
    has_samples: bool,
    _directory: tempfile::TempDir,
}

async fn open(is_sandbox: bool) -> Shop {
    let directory = tempfile::Builder::new().prefix("facture-").tempdir();
    let directory = directory.expect("a directory");
    let socket = directory.path().join("lightning-rpc");
    let node = SandboxNode::start(&socket).await.expect("a sandbox node");
    let settings = [("DESK__ENABLED", "true"), ("API_TOKEN", TOKEN)];
    let config = config_on(socket, &settings);
    let records = tempfile::tempdir().expect("a directory");
    let mode = match is_sandbox {
        true => Mode::Sandbox(node.clone().into()),
        false => Mode::Live,
    };
    let opened = Checkout::open(&config, records.path(), mode).await;
    let checkout = opened.expect("it opens");
    let owner = checkout.users().first_owner().await;
    owner.expect("an owner");
    let has_samples = checkout.add_sample_sales().await.expect("written");
    let again = checkout.add_sample_sales().await.expect("written");
    assert_eq!(again, has_samples);
    Shop {
        server: Server::serve(async { Ok((checkout, records)) }).await,
        node,
        has_samples,
        _directory: directory,
    }
}

impl Shop {
    async fn get(&self, session: &Session, path: &str) -> Page {
        let request = self.server.request(Method::GET, path);
        let request = request.header(header::COOKIE, &session.cookie);
        Page::read(request.header(header::ACCEPT, "text/html").send().await).await
    }
}

#[tokio::test]
async fn a_sandbox_has_sales_of_sixty_days_at_its_desk_and_nowhere_else() {
    let shop = open(true).await;
    assert!(shop.has_samples);
    let request = shop.server.request(Method::POST, "/desk/login/demo");
    let owner = Session::of(&Page::read(request.form(&[("next", "")]).send().await).await);
    for path in ["/desk", "/desk/payments", "/desk/closing", "/desk/exports"] {
        let page = shop.get(&owner, path).await;
        assert!(page.text_of("aside.sandbox").contains("samples"), "{path}");
    }
    let today = shop.get(&owner, "/desk").await;
    assert!(!today.texts("svg.chart rect").is_empty());
    assert_eq!(today.texts(".sales li").len(), 10);
    let first = jiff::Zoned::now()
        .date()
        .checked_sub(jiff::Span::new().days(60));
    let days = format!("from={}&to=2999-12-31", first.expect("a day"));
    let closing = shop.get(&owner, &format!("/desk/closing?{days}")).await;
    let names: BTreeSet<_> = closing.texts(".figures dt").into_iter().collect();
    for name in [
        "Refunds",
        "Worth when paid",
        "Sales whose worth is not known",
        "Tips included in prices",
    ] {
        assert!(names.contains(name), "{names:?}");
    }
    assert_eq!(
        closing.texts("[aria-labelledby=channels] tbody tr").len(),
        6
    );
    assert_eq!(
        closing.texts("[aria-labelledby=cashiers] tbody tr").len(),
        2
    );
    assert_eq!(closing.texts("[aria-labelledby=taxes] tbody tr").len(), 2);
    let csv = shop
        .get(&owner, &format!("/desk/exports/sales.csv?{days}"))
        .await;
    let count = |kind: &str| {
        csv.text
            .lines()
            .filter(|line| line.starts_with(kind))
            .count()
    };
    assert!(count("sale,") > 300 && count("refund,") > 3);
    // One of them can be opened.
    let sale = today.attributes(".sales a", "href").remove(0);
    assert_eq!(shop.get(&owner, &sale).await.status, StatusCode::OK);

    assert_eq!(shop.node.invoice_count(), 0);
    for path in ["/api/v1/invoices", "/api/v1/events"] {
        let request = shop.server.request(Method::GET, path).bearer_auth(TOKEN);
        let (status, list) = answer(request.send().await).await;
        assert_eq!(status, StatusCode::OK, "{list}");
        let field = path.rsplit('/').next().expect("a name");
        assert_eq!(list[field], json!([]), "{path}");
    }
    // A sale that is made is the only one that programs see, and has the first receipt of the shop.
    let invoice = shop.server.create("5", "tea").await;
    let bolt11 = invoice["bolt11"].as_str().expect("a string");
    shop.node.pay(bolt11, None).expect("paid");
    let path = format!("/check_invoice/{}", super::label(&invoice));
    let paid = shop
        .server
        .json_until(&path, |now| now["status"] == "paid")
        .await;
    let receipt = paid["receipt_number"].as_str().expect("a number");
    assert!(receipt.ends_with("-1"), "{receipt}");
}

#[tokio::test]
async fn no_real_installation_has_samples() {
    let shop = open(false).await;
    assert!(!shop.has_samples);
    let request = shop.server.request(Method::GET, "/api/v1/invoices");
    let (_, list) = answer(request.bearer_auth(TOKEN).send().await).await;
    assert_eq!(list["invoices"], json!([]));
}
