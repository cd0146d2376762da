//! Commands and flags as typed.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use super::format_word::FormatWord;

/// Checks NHS FHIR message feeds offline: CareConnect, GP Connect, Transfer of Care, UK Core, SNOMED CT, NHS numbers.
#[derive(Debug, Parser)]
#[command(
    name = "hallmark",
    version,
    about,
    propagate_version = true,
    arg_required_else_help = true,
    after_help = "hallmark --version --verbose prints the digests of packs, rules and criteria sets."
)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Check messages: files, folders, NDJSON feeds, or - for standard input
    Check(Box<Check>),
    /// Mend what is mechanical: shown as a diff, applied with --write
    Fix(Box<Fix>),
    /// Explain a rule, a profile, PROFILE#element.path, or an exit code
    Explain(Explain),
    /// List every rule
    Rules(Rules),
    /// Build, list and show packs of definitions
    Pack(Pack),
    /// Evaluate a FHIRPath expression on a message
    Fhirpath(Fhirpath),
    /// Gap analysis and data quality from run records
    Report(Box<Report>),
    /// One record from many: shards, months, partners
    Merge(Merge),
    /// Check or explain a criteria set
    Criteria(Criteria),
    /// Build a SNOMED CT index, look a code up, expand an expression
    Snomed(Snomed),
    /// Write, sign and verify a determination
    Evidence(Evidence),
    /// What is held, what is not assessed, and how to change that
    Doctor(Doctor),
    /// Write a configuration, pipeline snippets and an attestation file
    Init(Init),
    /// Print shell completions
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one for each command
    Man {
        /// Folder for a page for each command
        #[arg(long, value_name = "FOLDER")]
        dir: Option<PathBuf>,
    },
}

/// Examples of `check`.
const CHECKS: &str = "Examples:
  hallmark check messages/                          every message of a folder
  hallmark check feed.ndjson --format sarif=out.sarif --format compact
  hallmark check - --standard careconnect < patient.xml
  hallmark check march/ --record march.json --partner RXX --period 2026-03
Exit codes: 0 nothing at or above --fail-on; 1 findings; 2 wrong usage; 3 not all could be read; 4 not assessed (--require-assessed)";

/// Examples of `fix`.
const FIXES: &str = "Examples:
  hallmark fix messages/            a diff; exit 1 when something can be mended
  hallmark fix messages/ --write    applies it
  hallmark fix - < a.json > b.json  one message";

/// Examples of `report`.
const REPORTS: &str = "Examples:
  hallmark report a.json b.json --attestations statements/ --format html=gaps.html
  hallmark report spring.json --for dq-officer --format html=quality.html --format xlsx=quality.xlsx
  hallmark report a.json --require-level 2          exit 5 below it";

#[derive(Debug, ClapArgs)]
#[command(after_help = CHECKS)]
pub struct Check {
    /// Files, folders, or - for standard input
    #[arg(required_unless_present = "show_config")]
    pub paths: Vec<PathBuf>,
    /// FHIR release of the messages
    #[arg(help_heading = "Checked against", long, value_name = "RELEASE", value_parser = ["3.0", "4.0", "auto"])]
    pub fhir_version: Option<String>,
    /// Package of definitions: .tgz, folder, one definition file, or NAME#VERSION of ~/.fhir/packages (repeatable)
    #[arg(help_heading = "Checked against", long = "package", value_name = "PATH")]
    pub packages: Vec<String>,
    /// Profile that each message must meet (repeatable)
    #[arg(help_heading = "Checked against", long = "profile", value_name = "CANONICAL")]
    pub profiles: Vec<String>,
    /// Standard for resources that claim no profile: careconnect, gpconnect, transfer-of-care, ukcore or a package name
    #[arg(help_heading = "Checked against", long, value_name = "NAME")]
    pub standard: Option<String>,
    /// Rules to run: families, ids or names, comma separated; -name drops
    #[arg(help_heading = "Checked against", long, value_name = "SELECT", allow_hyphen_values = true)]
    pub rules: Option<String>,
    /// Rules that are shown and do not count: families, ids or names, comma separated; -name drops
    #[arg(help_heading = "Checked against", long, value_name = "SELECT", allow_hyphen_values = true)]
    pub shadow: Option<String>,
    /// SNOMED CT index made by `hallmark snomed build`
    #[arg(help_heading = "Checked against", long, value_name = "INDEX")]
    pub terminology: Option<String>,
    /// Write the codes that could not be decided, as a FHIR batch of $validate-code (holds codes and displays of messages)
    #[arg(help_heading = "Checked against", long, value_name = "FILE")]
    pub export_codes: Option<PathBuf>,
    /// What a terminology server answered to such a batch; give the batch first (repeatable)
    #[arg(help_heading = "Checked against", long, value_name = "FILE")]
    pub code_answers: Vec<PathBuf>,
    /// Output format, with a file unless it goes to standard output (repeatable)
    #[arg(help_heading = "Output", long = "format", value_name = "FORMAT[=FILE]", value_parser = FormatWord::of_check())]
    pub formats: Vec<String>,
    /// Least severity that fails the run
    #[arg(help_heading = "Exit code", long, value_name = "SEVERITY", value_parser = ["error", "warning", "information", "never"])]
    pub fail_on: Option<String>,
    /// Exit 4 when something could not be assessed
    #[arg(help_heading = "Exit code", long)]
    pub require_assessed: bool,
    /// Exit 3 when a folder holds files that are not looked at
    #[arg(help_heading = "Exit code", long)]
    pub require_read: bool,
    /// Weight of best practice recommendations
    #[arg(help_heading = "Checked against", long, value_name = "LEVEL", value_parser = ["ignore", "information", "warning", "error"])]
    pub best_practice: Option<String>,
    /// Prefix of extension URLs that need no definition, or any (repeatable)
    #[arg(help_heading = "Checked against", long = "extension-domain", value_name = "PREFIX")]
    pub extension_domains: Vec<String>,
    /// References must resolve
    #[arg(help_heading = "Checked against", long)]
    pub check_references: bool,
    /// Take references to a server as valid
    #[arg(help_heading = "Checked against", long)]
    pub assume_valid_rest_references: bool,
    /// Look for markup in text
    #[arg(help_heading = "Checked against", long)]
    pub security_checks: bool,
    /// Whether the feed carries real patients
    #[arg(help_heading = "Checked against", long, value_parser = ["production", "test"])]
    pub environment: Option<String>,
    /// Known findings
    #[arg(help_heading = "Exit code", long, value_name = "FILE")]
    pub baseline: Option<String>,
    /// Write the findings of this run as a baseline
    #[arg(help_heading = "Exit code", long, value_name = "FILE")]
    pub write_baseline: Option<PathBuf>,
    /// Leave known findings out
    #[arg(help_heading = "Exit code", long)]
    pub new_only: bool,
    /// Configuration file instead of the hallmark.toml found upward
    #[arg(help_heading = "Run", long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(help_heading = "Run", long)]
    pub no_config: bool,
    /// Print each setting and where it came from
    #[arg(help_heading = "Run", long)]
    pub show_config: bool,
    /// Write a run record
    #[arg(help_heading = "Record and report", long, value_name = "FILE")]
    pub record: Option<String>,
    /// Write an HTML report
    #[arg(help_heading = "Record and report", long, value_name = "FILE")]
    pub report: Option<String>,
    /// Who reads the HTML report
    #[arg(help_heading = "Record and report", long = "for", value_name = "READER", value_parser = ["developer", "dq-officer", "design-authority"], default_value = "developer")]
    pub audience: String,
    /// ODS code of the partner
    #[arg(help_heading = "Record and report", long, value_name = "ODS")]
    pub partner: Option<String>,
    /// Product that sends
    #[arg(help_heading = "Record and report", long, value_name = "NAME")]
    pub product: Option<String>,
    /// Interface it sends through
    #[arg(help_heading = "Record and report", long, value_name = "NAME")]
    pub interface: Option<String>,
    /// Month the feed is of
    #[arg(help_heading = "Record and report", long, value_name = "YYYY-MM")]
    pub period: Option<String>,
    /// File that holds the key of pseudonyms
    #[arg(help_heading = "Record and report", long, value_name = "FILE")]
    pub hmac_key_file: Option<String>,
    /// Write which names of sources stand for which files: those printed as #N (CSV; holds the names as they are)
    #[arg(help_heading = "Output", long, value_name = "FILE")]
    pub names: Option<PathBuf>,
    /// Write where doubles and contradictions are: every member with source, line, type and id (CSV; for the holder of the key)
    #[arg(help_heading = "Record and report", long, value_name = "FILE")]
    pub locate: Option<PathBuf>,
    /// When all messages came in, with a zone: 2026-01-31T09:30:00Z
    #[arg(help_heading = "Record and report", long, value_name = "TIME", group = "receipt")]
    pub received_at: Option<String>,
    /// CSV that says when messages came in: file,received[,payload]
    #[arg(help_heading = "Record and report", long, value_name = "FILE", group = "receipt")]
    pub received_list: Option<PathBuf>,
    /// Take the time a file was written as the time it came in
    #[arg(help_heading = "Record and report", long, group = "receipt")]
    pub received_file_times: bool,
    /// Workers; one per core by default
    #[arg(help_heading = "Run", long, value_name = "N")]
    pub jobs: Option<usize>,
    /// Show values of messages
    #[arg(help_heading = "Output", long)]
    pub show_values: bool,
    /// Text format: show this many defects at most (on a terminal 50, else all)
    #[arg(help_heading = "Output", long, value_name = "N")]
    pub max_findings: Option<usize>,
    /// Text format: the tables alone, without single findings
    #[arg(help_heading = "Output", long)]
    pub statistics: bool,
    /// Where the pages of `hallmark rules --format html` are served, for links to them in SARIF
    #[arg(help_heading = "Output", long, value_name = "URL")]
    pub rule_pages: Option<String>,
    /// JUnit format: what a test case is
    #[arg(help_heading = "Output", long, value_name = "CASES", value_parser = ["by-payload", "by-rule"], default_value = "by-payload")]
    pub junit: String,
    /// The day of the run, for reproducible results
    #[arg(help_heading = "Run", long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,
    /// Check again what changes, until Ctrl-C
    #[arg(help_heading = "Run", long)]
    pub watch: bool,
    /// No progress and no summary line
    #[arg(help_heading = "Output", long, short)]
    pub quiet: bool,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = FIXES)]
pub struct Fix {
    /// Files and folders; - reads standard input and writes the message to standard output
    #[arg(required = true)]
    pub paths: Vec<PathBuf>,
    /// Apply the changes to the files
    #[arg(long)]
    pub write: bool,
    /// FHIR release of the messages
    #[arg(long, value_name = "RELEASE", value_parser = ["3.0", "4.0", "auto"])]
    pub fhir_version: Option<String>,
    /// Profile that each message must meet (repeatable)
    #[arg(long = "profile", value_name = "CANONICAL")]
    pub profiles: Vec<String>,
    /// Standard for resources that claim no profile: careconnect, gpconnect, transfer-of-care, ukcore or a package name
    #[arg(long, value_name = "NAME")]
    pub standard: Option<String>,
    /// Rules whose findings are mended: families, ids or names, comma separated; -name drops
    #[arg(long, value_name = "SELECT", allow_hyphen_values = true)]
    pub rules: Option<String>,
    /// Show values of messages: a diff that patch takes, as on a terminal
    #[arg(long)]
    pub show_values: bool,
    #[command(flatten)]
    pub over: Over,
    /// No summary line
    #[arg(long, short)]
    pub quiet: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Explain {
    /// Rule id or name, profile URL or name, PROFILE#element.path, or an exit code
    pub name: String,
    /// Package of definitions (repeatable)
    #[arg(long = "package", value_name = "PATH")]
    pub packages: Vec<PathBuf>,
    /// FHIR release, where a name is in both
    #[arg(long, value_name = "RELEASE", value_parser = ["3.0", "4.0"])]
    pub fhir_version: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Listing {
    Text,
    Json,
    Markdown,
    /// A page for each rule, and an index, in the folder given with --output
    Html,
}

#[derive(Debug, ClapArgs)]
pub struct Rules {
    /// How to print them
    #[arg(long, value_enum, default_value = "text")]
    pub format: Listing,
    /// Folder for the pages of --format html
    #[arg(long, short, value_name = "FOLDER", required_if_eq("format", "html"))]
    pub output: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
pub struct Pack {
    #[command(subcommand)]
    pub command: PackCommand,
}

#[derive(Debug, Subcommand)]
pub enum PackCommand {
    /// Turn a FHIR package into facts
    Build {
        /// Package: .tgz, folder or one definition file
        package: PathBuf,
        /// Package it depends on, where that is not embedded (repeatable)
        #[arg(long = "package", value_name = "PATH")]
        dependencies: Vec<PathBuf>,
        /// Folder to write to
        #[arg(long, short)]
        output: PathBuf,
    },
    /// List the embedded packs
    List,
    /// Print a profile as a tree
    Show {
        /// Canonical or name
        profile: String,
        /// Package of definitions (repeatable)
        #[arg(long = "package", value_name = "PATH")]
        packages: Vec<PathBuf>,
        /// FHIR release, where a name is in both
        #[arg(long, value_name = "RELEASE", value_parser = ["3.0", "4.0"])]
        fhir_version: Option<String>,
    },
}

#[derive(Debug, ClapArgs)]
pub struct Fhirpath {
    /// The expression
    #[arg(allow_hyphen_values = true)]
    pub expression: String,
    /// The message
    pub file: PathBuf,
    /// How to print results
    #[arg(long, value_parser = ["text", "json"], default_value = "text")]
    pub format: String,
    /// FHIR release of the message
    #[arg(long, value_name = "RELEASE", value_parser = ["3.0", "4.0", "auto"], default_value = "auto")]
    pub fhir_version: String,
    /// Package with more definitions, for `memberOf` and `conformsTo` (repeatable)
    #[arg(long = "package", value_name = "PATH")]
    pub packages: Vec<PathBuf>,
    /// SNOMED CT index, for `memberOf` and `subsumes`
    #[arg(long, value_name = "INDEX")]
    pub terminology: Option<PathBuf>,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = REPORTS)]
pub struct Report {
    /// Run records, or folders of them
    #[arg(required = true)]
    pub records: Vec<PathBuf>,
    /// Who reads it
    #[arg(long = "for", value_name = "READER", value_parser = ["developer", "dq-officer", "design-authority"], default_value = "design-authority")]
    pub audience: String,
    /// Format, with a file unless it goes to standard output (repeatable)
    #[arg(long = "format", value_name = "FORMAT[=FILE]", value_parser = FormatWord::of_report())]
    pub formats: Vec<String>,
    /// Template that lays out the HTML page, over the same document as the JSON form
    #[arg(long, value_name = "FILE")]
    pub template: Option<PathBuf>,
    /// Folder for linked HTML pages: all partners side by side, and a page for each
    #[arg(long, value_name = "FOLDER")]
    pub pages: Option<PathBuf>,
    /// Criteria set: a file, or the name of one that ships
    #[arg(long, value_name = "FILE")]
    pub criteria: Option<PathBuf>,
    /// Attestation file (TOML or CSV) or folder (repeatable)
    #[arg(long, value_name = "PATH")]
    pub attestations: Vec<PathBuf>,
    /// Result files: CapabilityStatement, SMART configuration, testssl.sh or sslyze JSON, answered requirement list (repeatable)
    #[arg(long, value_name = "FILE")]
    pub evidence: Vec<PathBuf>,
    /// ODS code of the partner that evidence files are about
    #[arg(long, value_name = "ODS")]
    pub partner: Option<String>,
    /// Names of organisations: CSV of code,name
    #[arg(long, value_name = "FILE")]
    pub names: Option<PathBuf>,
    /// A determination, shown as a page that can be signed on paper
    #[arg(long, value_name = "FILE")]
    pub determination: Option<PathBuf>,
    /// The last report, in JSON, for what changed
    #[arg(long, value_name = "FILE")]
    pub previous: Option<PathBuf>,
    /// Hide small counts about people
    #[arg(long, value_name = "MODE", value_parser = ["nhs"])]
    pub disclosure: Option<String>,
    /// Shares of fewer than this are no points of a trend and no change between months
    #[arg(long, value_name = "N", default_value_t = crate::report::gap::ReportInput::SMALLEST)]
    pub smallest: u64,
    /// Exit 5 when a partner is below this level
    #[arg(long, value_name = "N")]
    pub require_level: Option<u8>,
    /// The day of the report, for reproducible results
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Merge {
    /// Run records
    #[arg(required = true)]
    pub records: Vec<PathBuf>,
    /// Where to write the one record
    #[arg(long, short)]
    pub output: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct Criteria {
    #[command(subcommand)]
    pub command: CriteriaCommand,
}

#[derive(Debug, Subcommand)]
pub enum CriteriaCommand {
    /// Check a criteria set file, or one that ships
    Check {
        /// The file or name
        file: PathBuf,
    },
    /// List criteria, or print one
    Explain {
        /// Criterion id
        criterion: Option<String>,
        /// Criteria set: a file, or the name of one that ships
        #[arg(long, value_name = "FILE")]
        criteria: Option<PathBuf>,
    },
}

#[derive(Debug, ClapArgs)]
pub struct Snomed {
    #[command(subcommand)]
    pub command: SnomedCommand,
}

#[derive(Debug, Subcommand)]
pub enum SnomedCommand {
    /// Read an RF2 release into one index file
    Build {
        /// Folders, .zip (also with zips inside), .tgz that together are one release: RF2, with dm+d (XML) and maps of Read codes
        #[arg(required = true)]
        release: Vec<PathBuf>,
        /// Index file
        #[arg(long, short)]
        output: PathBuf,
    },
    /// Print a concept, by its id, by the id of a description, or by the start of a term
    Lookup {
        /// SCTID, or text
        text: String,
        /// Index file
        #[arg(long, value_name = "INDEX")]
        terminology: PathBuf,
        /// Most children, or concepts by a term, that are listed
        #[arg(long, value_name = "N", default_value_t = 20)]
        limit: usize,
    },
    /// List the concepts of an ECL expression
    Expand {
        /// Expression
        ecl: String,
        /// Index file
        #[arg(long, value_name = "INDEX", required_unless_present = "parse_only")]
        terminology: Option<PathBuf>,
        /// Only check the expression
        #[arg(long)]
        parse_only: bool,
        /// Print how many there are
        #[arg(long)]
        count: bool,
        /// How they are listed
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
        /// File, instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
    /// What changes from one release to the next: status, terms, membership
    Diff {
        /// Index of the older release
        old: PathBuf,
        /// Index of the newer release
        new: PathBuf,
        /// Messages whose codes are compared, instead of every concept (repeatable)
        #[arg(long, value_name = "PATH")]
        feed: Vec<PathBuf>,
        /// How changes are listed
        #[arg(long, value_enum, default_value_t = ListFormat::Text)]
        format: ListFormat,
        /// File, instead of standard output
        #[arg(long, short, value_name = "FILE")]
        output: Option<PathBuf>,
    },
}

/// How concepts are listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum ListFormat {
    /// Lines for people
    Text,
    /// Comma-separated values
    Csv,
    /// JSON
    Json,
}

/// Settings that commands beside `check` take.
#[derive(Debug, ClapArgs)]
pub struct Over {
    /// Package of definitions: .tgz, folder, one definition file, or NAME#VERSION of ~/.fhir/packages (repeatable)
    #[arg(long = "package", value_name = "PATH")]
    pub packages: Vec<String>,
    /// SNOMED CT index made by `hallmark snomed build`
    #[arg(long, value_name = "INDEX")]
    pub terminology: Option<String>,
    /// Configuration file instead of the hallmark.toml found upward
    #[arg(long, value_name = "FILE", conflicts_with = "no_config")]
    pub config: Option<PathBuf>,
    /// Read no configuration file
    #[arg(long)]
    pub no_config: bool,
    /// The day of the run, for reproducible results
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub today: Option<String>,
}

#[derive(Debug, ClapArgs)]
pub struct Doctor {
    /// Messages to look at for what is not assessed
    pub paths: Vec<PathBuf>,
    /// How to print it
    #[arg(long, value_parser = ["text", "json"], default_value = "text")]
    pub format: String,
    #[command(flatten)]
    pub over: Over,
}

#[derive(Debug, ClapArgs)]
pub struct Init {
    /// Folder to write to
    #[arg(default_value = ".")]
    pub folder: PathBuf,
}

#[derive(Debug, ClapArgs)]
pub struct Evidence {
    #[command(subcommand)]
    pub command: EvidenceCommand,
}

#[derive(Debug, Subcommand)]
pub enum EvidenceCommand {
    /// Write a determination, undecided for each partner, from a report in JSON and every file it is made of
    New {
        /// The report
        report: PathBuf,
        /// Files of the report that were moved, found by their digest, and further evidence (repeatable)
        #[arg(long, value_name = "FILE")]
        evidence: Vec<PathBuf>,
        /// File to write
        #[arg(long, short)]
        output: PathBuf,
        /// The day, for reproducible results
        #[arg(long, value_name = "YYYY-MM-DD")]
        today: Option<String>,
    },
    /// Sign a decided determination whose whole chain holds, or a run record
    Sign {
        /// The determination or record
        file: PathBuf,
        /// File that holds the signing key; made when it is not there
        #[arg(long, value_name = "FILE")]
        key_file: PathBuf,
        /// The day, for reproducible results
        #[arg(long, value_name = "YYYY-MM-DD")]
        today: Option<String>,
    },
    /// Walk the chain: decisions, days, signatures, and every file down to the records
    Verify {
        /// The determination or record
        file: PathBuf,
        /// Public key that must have signed it, in hexadecimal; without it nothing is said to hold
        #[arg(long, value_name = "HEX")]
        public_key: Option<String>,
        /// The day, for reproducible results
        #[arg(long, value_name = "YYYY-MM-DD")]
        today: Option<String>,
    },
}
