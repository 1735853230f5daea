//! Payment links of a sandbox: something to try.

use crate::links::{Error, Links};
use facture_domain::{Ask, Description, LinkAmount, LinkTerms, LinkText, LinkUnit, Price, Slug};

/// Makes two links, unless they are there.
///
/// # Errors
/// When the records cannot be written.
pub async fn make_sample_links(links: &Links) -> anyhow::Result<()> {
    let coffee = LinkTerms {
        most_pieces: 10,
        name: Ask::Optional,
        thanks: LinkText::parse("Thank you! Your coffee is on its way.").ok(),
        ..terms(
            "Coffee",
            "Freshly ground, 250 g.",
            LinkAmount::Fixed(Price::parse("8500", LinkUnit::SAT)?),
        )?
    };
    let donation = LinkTerms {
        note: Ask::Optional,
        thanks: LinkText::parse("Thank you for your support!").ok(),
        ..terms(
            "Donation to the workshop",
            "Any amount helps us to keep the tools sharp.",
            LinkAmount::Free(LinkUnit::Sat),
        )?
    };
    for (slug, terms) in [("coffee", coffee), ("donation", donation)] {
        match links.add(Slug::parse(slug)?, terms, None).await {
            Ok(()) | Err(Error::Taken | Error::TooMany) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn terms(title: &str, text: &str, amount: LinkAmount) -> anyhow::Result<LinkTerms> {
    Ok(LinkTerms {
        title: Description::parse(title)?,
        text: Some(LinkText::parse(text)?),
        amount,
        most_pieces: 1,
        name: Ask::No,
        mail: Ask::No,
        note: Ask::No,
        limit: None,
        ends_at: None,
        thanks: None,
    })
}
