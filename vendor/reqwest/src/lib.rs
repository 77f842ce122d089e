//! What the FEEL evaluator gets when it asks for an HTTP client: one that refuses every call.
//!
//! `dsntk-feel-evaluator` would post "external Java functions" to a port of the machine. A rule
//! author must not be able to make the hall's server speak HTTP, and the real client brings a
//! hundred crates and a C library for TLS. `[patch.crates-io]` puts this in its place; our own
//! gate in `decision` refuses such functions before they get here. Deliberately absent: a client.
#![forbid(unsafe_code)]

/// The few names that the evaluator uses.
pub mod blocking {
    use super::Refused;

    /// A client that never connects.
    #[derive(Debug, Default)]
    pub struct Client;

    impl Client {
        /// Makes the refusing client.
        pub fn new() -> Self {
            Self
        }

        /// Begins a request that will be refused.
        pub fn post(&self, _url: &str) -> RequestBuilder {
            RequestBuilder
        }
    }

    /// A request that goes nowhere.
    #[derive(Debug)]
    pub struct RequestBuilder;

    impl RequestBuilder {
        /// Takes a body and forgets it.
        pub fn json<T: ?Sized>(self, _body: &T) -> Self {
            self
        }

        /// Refuses.
        pub fn send(self) -> Result<Response, Refused> {
            Err(Refused)
        }
    }

    /// An answer that cannot exist.
    #[derive(Debug)]
    pub enum Response {}

    impl Response {
        /// Never reached: there is no answer to read.
        pub fn json<T>(self) -> Result<T, Refused> {
            match self {}
        }
    }
}

/// Why nothing was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("external functions are refused: rules do not reach the network")
    }
}

impl std::error::Error for Refused {}
