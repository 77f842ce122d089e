//! The ways out of the house: mail by SMTP (RFC 5321) to the hall's own relay, SMS by one HTTP
//! request to a gateway, whose shape is a template of the settings.
//!
//! Deliberately absent: TLS. The relay and the gateway stand in the hall's network, or a proxy
//! on this machine speaks TLS for them; an `https` address is refused with these words.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::transport::smtp::authentication::Credentials;
use lettre::{Message, SmtpTransport, Transport};

/// How long a gateway may take.
const PATIENCE: Duration = Duration::from_secs(20);

/// What goes out.
#[derive(Clone, PartialEq, Eq)]
pub struct Parcel {
    /// Stable over all attempts: a receiver tells a repetition by it.
    pub id: String,
    /// Mail address or phone number.
    pub to: String,
    /// The first line of a mail.
    pub subject: String,
    /// What it says.
    pub text: String,
}

/// Personal data never reach a log line.
impl std::fmt::Debug for Parcel {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "Parcel({})", self.id)
    }
}

/// Why a gateway did not take a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrongGateway {
    /// A stable code for the page and the doctor: `unreachable`, `refused`, `rejected`.
    pub code: &'static str,
    /// Whether another attempt cannot help.
    pub for_good: bool,
}

impl WrongGateway {
    const UNREACHABLE: Self = Self {
        code: "unreachable",
        for_good: false,
    };
    const REFUSED: Self = Self {
        code: "refused",
        for_good: false,
    };
    const REJECTED: Self = Self {
        code: "rejected",
        for_good: true,
    };
}

/// Takes parcels out of the house.
pub trait Carrier: Send + Sync {
    /// Hands a parcel over.
    ///
    /// # Errors
    /// Why it was not taken.
    fn carry(&self, parcel: &Parcel) -> Result<(), WrongGateway>;
}

/// The ways out that this hall has. Lent to the store by the roof; in-site only without.
#[derive(Default)]
pub struct Gateways {
    /// By mail.
    pub mail: Option<Box<dyn Carrier>>,
    /// By SMS.
    pub sms: Option<Box<dyn Carrier>>,
    /// The public address, which goes before links.
    pub origin: String,
    /// What the hall calls itself, in the subject.
    pub hall: String,
}

/// The hall's relay for mail.
pub struct MailRelay {
    transport: SmtpTransport,
    from: Mailbox,
}

impl MailRelay {
    /// A relay by name and port; with a login where it asks for one.
    ///
    /// # Errors
    /// When the sender is no mail address.
    pub fn new(
        host: &str,
        port: u16,
        from: &str,
        login: Option<(String, String)>,
    ) -> Result<Self, String> {
        let from = from
            .parse()
            .map_err(|error| format!("{from:?} is no mail address: {error}"))?;
        let mut builder = SmtpTransport::builder_dangerous(host)
            .port(port)
            .timeout(Some(PATIENCE));
        if let Some((login, password)) = login {
            builder = builder.credentials(Credentials::new(login, password));
        }
        Ok(Self {
            transport: builder.build(),
            from,
        })
    }
}

impl Carrier for MailRelay {
    fn carry(&self, parcel: &Parcel) -> Result<(), WrongGateway> {
        let to = parcel.to.parse().map_err(|_| WrongGateway::REJECTED)?;
        let domain = self.from.email.domain();
        let mail = Message::builder()
            .message_id(Some(format!("<{}@{domain}>", parcel.id)))
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(parcel.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(parcel.text.clone())
            .map_err(|_| WrongGateway::REJECTED)?;
        match self.transport.send(&mail) {
            Ok(_) => Ok(()),
            Err(error) if error.is_permanent() => Err(WrongGateway::REJECTED),
            Err(error) if error.is_transient() => Err(WrongGateway::REFUSED),
            Err(_) => Err(WrongGateway::UNREACHABLE),
        }
    }
}

/// A gateway for SMS that takes one HTTP request a parcel.
pub struct HttpGateway {
    agent: ureq::Agent,
    address: String,
    body: String,
    authorization: Option<String>,
}

impl HttpGateway {
    /// A gateway at an `http` address. In `body`, a JSON text, `{phone}`, `{text}` and `{id}`
    /// are put in.
    ///
    /// # Errors
    /// When the address is no `http` address or the body is no JSON.
    pub fn new(address: &str, body: &str, authorization: Option<String>) -> Result<Self, String> {
        if address.starts_with("https://") {
            return Err(format!(
                "{address}: the gateway is spoken to within the hall's network; put a proxy on \
                 this machine that speaks TLS for it and name its http address here"
            ));
        }
        if !address.starts_with("http://") {
            return Err(format!("{address:?} is no http address"));
        }
        serde_json::from_str::<serde_json::Value>(body)
            .map_err(|error| format!("the body of an SMS is no JSON: {error}"))?;
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(PATIENCE))
            .max_redirects(0)
            .build();
        Ok(Self {
            agent: config.new_agent(),
            address: address.to_owned(),
            body: body.to_owned(),
            authorization,
        })
    }
}

/// Puts a text into a JSON text, between quotation marks that stand there.
pub(crate) fn filled(body: &str, name: &str, value: &str) -> String {
    let quoted = serde_json::Value::from(value).to_string();
    let inner = quoted
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    body.replace(&format!("{{{name}}}"), inner.unwrap_or_default())
}

impl Carrier for HttpGateway {
    fn carry(&self, parcel: &Parcel) -> Result<(), WrongGateway> {
        let body = filled(&self.body, "phone", &parcel.to);
        let body = filled(&body, "id", &parcel.id);
        let body = filled(&body, "text", &parcel.text);
        let mut request = self
            .agent
            .post(&self.address)
            .header("content-type", "application/json; charset=utf-8")
            .header("idempotency-key", &parcel.id);
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        match request.send(body) {
            Ok(_) => Ok(()),
            Err(ureq::Error::StatusCode(400 | 422)) => Err(WrongGateway::REJECTED),
            Err(ureq::Error::StatusCode(_)) => Err(WrongGateway::REFUSED),
            Err(_) => Err(WrongGateway::UNREACHABLE),
        }
    }
}
