//! FACTURE=http://127.0.0.1:9112 TOKEN=facture_token_… cargo run -p facture-client --example take_a_payment
#![allow(clippy::print_stdout, reason = "an example says what it does")]

use std::env::var;

use facture_client::{Facture, NewInvoice};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let facture = Facture::new(&var("FACTURE")?, &var("TOKEN")?)?;
    let order = "order-2026-7";
    let new = NewInvoice {
        amount_sat: Some(2500),
        description: Some("Two bags of tea".to_owned()),
        order_id: Some(order.to_owned()),
        ..NewInvoice::default()
    };
    let mut invoice = facture.create_invoice(&new, Some(order)).await?;
    println!("pay at {}", invoice.status_url);
    while invoice.status == "unpaid" {
        invoice = facture.wait_for_invoice(&invoice.label, 30).await?;
    }
    println!("{}", invoice.status);
    Ok(())
}
