//! Mail, by an SMTP server. The only place that uses `lettre`.

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    message::{
        Mailbox,
        header::{ContentType, Header, HeaderName, HeaderValue},
    },
    transport::smtp::{
        self,
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use secrecy::ExposeSecret;
use tokio::time::timeout;

use super::{
    reply::{NotSent, one_line},
    texts::Message,
};
use crate::config::{SmtpSecurity, SmtpServer};
use facture_domain::notice::{MailAddress, NoticeFailure};
use facture_runtime::secret_file;

type Failed = Box<dyn std::error::Error + Send + Sync>;

/// `Auto-Submitted: auto-generated` (RFC 3834 §5.2): nobody's holiday is answered.
#[derive(Clone)]
struct AutoSubmitted;

impl Header for AutoSubmitted {
    fn name() -> HeaderName {
        HeaderName::new_from_ascii_str("Auto-Submitted")
    }

    fn parse(_: &str) -> Result<Self, Failed> {
        Ok(Self)
    }

    fn display(&self) -> HeaderValue {
        HeaderValue::new(Self::name(), "auto-generated".to_owned())
    }
}

/// Sends a mail from the shop of this name. The password is read each time: once its file is right, mail goes out.
pub(super) async fn send(
    server: &SmtpServer,
    shop: &str,
    to: &MailAddress,
    message: &Message,
    deadline: Duration,
) -> Result<String, NotSent> {
    let mail = mail(server, shop, to, message)
        .map_err(|error| NotSent::new(NoticeFailure::Internal, &error.to_string()))?;
    let transport = transport(server, deadline)?;
    match timeout(deadline, transport.send(mail)).await {
        Ok(Ok(answer)) => {
            let lines: Vec<&str> = answer.message().collect();
            Ok(one_line(&format!("{} {}", answer.code(), lines.join(" "))))
        }
        Ok(Err(error)) => Err(NotSent::new(meaning(&error), &error.to_string())),
        Err(_) => Err(NotSent::new(NoticeFailure::Unreachable, "timeout")),
    }
}

fn mail(
    server: &SmtpServer,
    shop: &str,
    to: &MailAddress,
    message: &Message,
) -> Result<lettre::Message, Failed> {
    let address = |address: &MailAddress| address.as_str().parse::<Address>();
    // The same when it is sent again: a mailbox can tell that it has it already.
    let id = format!("<{}@{}>", message.id, server.from.domain());
    let mail = lettre::Message::builder()
        .from(Mailbox::new(Some(shop.to_owned()), address(&server.from)?))
        .to(Mailbox::new(None, address(to)?))
        .subject(message.subject.as_str())
        .message_id(Some(id))
        .header(AutoSubmitted)
        .header(ContentType::TEXT_PLAIN)
        .body(message.body.clone())?;
    Ok(mail)
}

fn transport(
    server: &SmtpServer,
    deadline: Duration,
) -> Result<AsyncSmtpTransport<Tokio1Executor>, NotSent> {
    let tls = || {
        let parameters = TlsParameters::new(server.host.clone());
        parameters.map_err(|error| NotSent::new(NoticeFailure::Unreachable, &error.to_string()))
    };
    let transport = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
        .port(server.port)
        .timeout(Some(deadline))
        .tls(match server.security {
            SmtpSecurity::Tls => Tls::Wrapper(tls()?),
            SmtpSecurity::StartTls => Tls::Required(tls()?),
            SmtpSecurity::None => Tls::None,
        });
    let Some((user, file)) = &server.login else {
        return Ok(transport.build());
    };
    let password = secret_file::secret(file)
        .map_err(|error| NotSent::new(NoticeFailure::NotConfigured, &error.to_string()))?;
    let password = password.expose_secret().to_owned();
    let credentials = Credentials::new(user.clone(), password);
    Ok(transport.credentials(credentials).build())
}

/// What an error means, by the code of the answer (RFC 5321 §4.2, RFC 4954 §6).
fn meaning(error: &smtp::Error) -> NoticeFailure {
    match error.status().map(u16::from) {
        Some(530 | 534 | 535 | 538) => NoticeFailure::Credentials,
        Some(500..) => NoticeFailure::Refused,
        Some(_) => NoticeFailure::NotTaken,
        None => NoticeFailure::Unreachable,
    }
}
