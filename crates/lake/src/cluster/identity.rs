//! How members know each other: one secret, and TLS both ways from it.
//!
//! The token is stretched (HKDF, RFC 5869) to the seed of an Ed25519 key. Every member makes itself a certificate
//! for that key and trusts that certificate alone, as server and as client. So whoever has the token is a member,
//! nobody else gets past the handshake, and there are no files to hand out or to let expire. A certificate
//! authority would allow to expel one member; replacing the token expels all but those who get the new one.

use std::fmt;
use std::sync::Arc;

use ballista_core::extension::EndpointOverrideFn;
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine as _};
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair};
use ring::hkdf;
use ring::rand::{SecureRandom as _, SystemRandom};
use tonic::transport::{Certificate, ClientTlsConfig, Endpoint, Identity, ServerTlsConfig};

use super::{MemberError, UNANSWERED};

/// The name that certificates are for; members are reached by any name or address.
const NAME: &str = "portolan-cluster";

/// An Ed25519 private key in PKCS #8 is this, then the seed (RFC 8410, section 7).
const PKCS8_PREFIX: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// The secret that the members of a cluster share. It is never printed but by [`Token::reveal`].
#[derive(Clone)]
pub struct Token {
    // INVARIANT: at least `SHORTEST` characters, none of them white space or control.
    text: String,
}

/// The fewest characters of a token: 128 bits, if they are random and in base 16.
const SHORTEST: usize = 32;

/// Why a text is no token.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It could be guessed.
    #[error("the token has {length} characters, and must have {SHORTEST} or more")]
    Short {
        /// How many it has.
        length: usize,
    },
    /// It holds white space or control characters.
    #[error("the token holds white space or control characters")]
    Unprintable,
    /// The system has no random numbers.
    #[error("the operating system gives no random numbers")]
    NoRandom,
}

impl Token {
    /// Reads a token; white space around it is ignored.
    ///
    /// # Errors
    ///
    /// A token must not be guessable: members are reachable from the network, and whoever has seen a handshake can try
    /// tokens at leisure.
    pub fn parse(text: &str) -> Result<Self, TokenError> {
        let text = text.trim();
        if text.chars().any(|it| it.is_whitespace() || it.is_control()) {
            return Err(TokenError::Unprintable);
        }
        match text.chars().count() {
            length if length < SHORTEST => Err(TokenError::Short { length }),
            _ => Ok(Self { text: text.to_owned() }),
        }
    }

    /// Makes a token of 256 random bits.
    ///
    /// # Errors
    ///
    /// Fails if the operating system gives no random numbers.
    pub fn generate() -> Result<Self, TokenError> {
        let mut bytes = [0; 32];
        SystemRandom::new().fill(&mut bytes).map_err(|_| TokenError::NoRandom)?;
        Ok(Self { text: BASE64_URL_SAFE_NO_PAD.encode(bytes) })
    }

    /// Returns the secret, to be given to other members.
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// Returns the settings of TLS that this token stands for.
    pub(super) fn identity(&self) -> Result<MemberIdentity, MemberError> {
        let (certificate, key) = self.certificate().map_err(MemberError::Identity)?;
        let identity = Identity::from_pem(&certificate, key);
        let certificate = Certificate::from_pem(certificate);
        Ok(MemberIdentity {
            server: ServerTlsConfig::new()
                .identity(identity.clone())
                .client_ca_root(certificate.clone()),
            client: ClientTlsConfig::new()
                .identity(identity)
                .ca_certificate(certificate)
                .domain_name(NAME),
        })
    }

    /// Returns a certificate and its key, both as PEM.
    fn certificate(&self) -> Result<(String, String), Box<dyn std::error::Error + Send + Sync>> {
        let mut der = PKCS8_PREFIX.to_vec();
        der.extend(self.seed().ok_or("the key cannot be derived")?);
        let key = KeyPair::try_from(der)?;
        let mut parameters = CertificateParams::new([String::from(NAME)])?;
        parameters.distinguished_name = DistinguishedName::new();
        parameters.distinguished_name.push(DnType::CommonName, NAME);
        let certificate = parameters.self_signed(&key)?;
        Ok((certificate.pem(), key.serialize_pem()))
    }

    fn seed(&self) -> Option<[u8; 32]> {
        let salt = hkdf::Salt::new(hkdf::HKDF_SHA256, b"portolan cluster token, version 1");
        let secret = salt.extract(self.text.as_bytes());
        let mut seed = [0; 32];
        let filled = secret
            .expand(&[b"ed25519"], hkdf::HKDF_SHA256)
            .and_then(|expanded| expanded.fill(&mut seed));
        filled.ok().map(|()| seed)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// Both sides of TLS for one member.
#[derive(Clone, Debug)]
pub(super) struct MemberIdentity {
    /// For what the member serves.
    pub(super) server: ServerTlsConfig,
    /// For what the member calls.
    client: ClientTlsConfig,
}

/// Returns what makes an endpoint of Ballista notice a member that hangs and, with an identity, speak TLS.
///
/// Ballista's executor names its scheduler `http://` whatever it speaks, and tonic would speak plainly then, so the
/// endpoint is made anew.
pub(super) fn endpoints(identity: Option<&MemberIdentity>) -> EndpointOverrideFn {
    let tls = identity.map(|identity| identity.client.clone());
    Arc::new(move |endpoint: Endpoint| {
        Ok(match &tls {
            None => impatient(endpoint),
            Some(tls) => impatient(encrypted(endpoint)?).tls_config(tls.clone())?,
        })
    })
}

fn encrypted(endpoint: Endpoint) -> Result<Endpoint, tonic::transport::Error> {
    match endpoint.uri().to_string().strip_prefix("http://") {
        None => Ok(endpoint),
        Some(rest) => Endpoint::from_shared(format!("https://{rest}")),
    }
}

fn impatient(endpoint: Endpoint) -> Endpoint {
    endpoint
        .connect_timeout(UNANSWERED)
        .tcp_nodelay(true)
        .http2_keep_alive_interval(UNANSWERED / 2)
        .keep_alive_timeout(UNANSWERED)
        .keep_alive_while_idle(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(), TokenError>) {
        assert_eq!(Token::parse(text).map(|_| ()), expected, "{text}");
    }

    #[test]
    fn tokens_are_long_and_printable() {
        check("", Err(TokenError::Short { length: 0 }));
        check("correct-horse", Err(TokenError::Short { length: 13 }));
        check("correct horse battery staple correct horse", Err(TokenError::Unprintable));
        check(&"é".repeat(31), Err(TokenError::Short { length: 31 }));
        check(&format!(" {}\n", "a1".repeat(16)), Ok(()));
    }

    #[test]
    fn made_tokens_are_tokens_and_differ() {
        let (one, other) = (Token::generate().unwrap(), Token::generate().unwrap());
        assert!(Token::parse(one.reveal()).is_ok());
        assert_ne!(one.reveal(), other.reveal());
        assert_eq!(one.identity().map(|_| ()).map_err(|it| it.to_string()), Ok(()));
    }

    #[test]
    fn a_token_always_gives_the_same_key_and_another_token_another() {
        let seed = |text: &str| Token::parse(&text.repeat(32)).unwrap().seed().unwrap();
        assert_eq!(seed("a"), seed("a"));
        assert_ne!(seed("a"), seed("b"));
    }

    #[test]
    fn tokens_are_not_printed() {
        let token = Token::parse(&"0123456789abcdef".repeat(2)).unwrap();
        assert_eq!(format!("{token:?}"), "Token(…)");
    }
}
