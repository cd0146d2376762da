//! What the service is told.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::thread::available_parallelism;
use std::time::Duration;

use clap::{ArgAction, Parser};
use hallmark::settings::{Date, Flags, Words};

/// Said where the service can be reached from outside this machine.
pub const UNPROTECTED: &str = "this service has no TLS and no authentication: whoever reaches the address can send it messages and read \
                               answers on the way; a proxy that has both must stand in front, and nothing else may reach it";

/// hallmark behind FHIR's $validate operation: POST a message, read an OperationOutcome.
#[derive(Debug, Parser)]
#[command(version, about, max_term_width = 120)]
pub struct Arguments {
    /// Address and port; port 0 takes a free one, which the start message names.
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Listen on an address that is not of the loopback interface. What is missing then: the service has no TLS and no
    /// authentication, so whoever reaches the address can send it messages and read answers on the way; a proxy that has both
    /// must stand in front, and nothing else may reach it.
    #[arg(long)]
    pub unprotected: bool,
    /// Settings of a hallmark.toml; options given here beat them. None is searched for.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// A FHIR package: .tgz, folder or one definition file. May be given again.
    #[arg(long, value_name = "PATH")]
    pub package: Vec<String>,
    /// Profile that every message must meet; one that a request names takes its place. May be given again.
    #[arg(long, value_name = "CANONICAL")]
    pub profile: Vec<String>,
    /// Standard for resources that claim no profile: careconnect, gpconnect, transfer-of-care, ukcore or a package name.
    #[arg(long, value_name = "NAME")]
    pub standard: Option<String>,
    /// Release of messages that come to a path without one: 3.0, 4.0 or auto.
    #[arg(long, value_name = "RELEASE")]
    pub fhir_version: Option<String>,
    /// Rules to run: families, ids or names in a comma list; a leading `-` drops.
    #[arg(long, value_name = "SELECT", allow_hyphen_values = true)]
    pub rules: Option<String>,
    /// A SNOMED CT index that `hallmark snomed build` made.
    #[arg(long, value_name = "INDEX")]
    pub terminology: Option<String>,
    /// Day that messages are held to; today without it, also after midnight.
    #[arg(long, value_name = "YYYY-MM-DD", value_parser = day)]
    pub today: Option<Date>,
    /// Bytes of a body at most.
    #[arg(long, value_name = "BYTES", default_value_t = 32 << 20)]
    pub max_body: usize,
    /// Seconds that the head and the body of a request may each take to come in, and an answer to be taken.
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub patience: u64,
    /// Seconds that a message may wait for a worker, and then be checked.
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600))]
    pub time_limit: u64,
    /// Messages that are checked at once; 0 is one for each core.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub jobs: usize,
    /// Requests that may wait beside those being checked; what comes then is answered 503 with Retry-After.
    #[arg(long, value_name = "N", default_value_t = 64)]
    pub queue: usize,
    /// Connections at most; further ones wait until one ends.
    #[arg(long, value_name = "N", default_value_t = 512, value_parser = clap::value_parser!(u16).range(1..))]
    pub connections: u16,
    /// Seconds that requests under way may take after SIGTERM or SIGINT.
    #[arg(long, value_name = "SECONDS", default_value_t = 30)]
    pub grace: u64,
    /// No line for each request.
    #[arg(long, action = ArgAction::SetTrue)]
    pub quiet: bool,
}

impl Arguments {
    /// Whether the address may be listened on.
    ///
    /// # Errors
    /// What is missing, where others could reach it and nobody said that this is meant.
    pub fn exposed(&self) -> Result<(), String> {
        if self.listen.ip().is_loopback() || self.unprotected {
            return Ok(());
        }
        Err(format!(
            "{} can be reached from other machines, and {UNPROTECTED}; say --unprotected if one does",
            self.listen
        ))
    }

    /// Messages that are checked at once.
    pub fn workers(&self) -> usize {
        if self.jobs > 0 { self.jobs } else { available_parallelism().map_or(1, usize::from) }
    }

    /// How long a peer may keep us waiting.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.patience)
    }

    /// What they say of checking.
    pub fn flags(&self) -> Flags {
        let some = |list: &[String]| (!list.is_empty()).then(|| list.to_vec());
        Flags {
            packages: some(&self.package),
            profiles: some(&self.profile),
            standard: self.standard.clone(),
            fhir_version: self.fhir_version.clone(),
            rules: self.rules.clone().map(Words::One),
            terminology: self.terminology.clone(),
            ..Flags::default()
        }
    }
}

fn day(text: &str) -> Result<Date, String> {
    Date::parse(text).filter(|_| text.len() == 10).ok_or_else(|| "a day is written 2026-01-31".to_owned())
}
