//! From settings to a checker, and what can be wrong with them.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use super::hallmark::{Hallmark, Inner};
use super::{profile, standard};
use crate::conform::{BestPractice, Options};
use crate::engine::{Asked, AskedOfSome, Check, registry};
use crate::feed::Receipts;
use crate::finding::{Environment, Severity};
use crate::measure::Pseudonyms;
use crate::pack::catalogue::Catalogue;
use crate::pack::error::PackError;
use crate::pack::model::Release;
use crate::plan::Plans;
use crate::record::Scope;
use crate::settings::{
    Baseline, ConfigFile, Date, Faults, Flags, LimitsEntry, Settings, Shown, SourceSettings, Words, resolve,
};
use crate::terminology::snomed::{Index, SnomedError};
use crate::terminology::{Answers, Sets};
use crate::text::{FileNames, Label, on_deep_stack};

/// Why a checker could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// Nobody said which day it is: no layer below the command line reads a clock.
    #[error("no day was given: what is in the future, and which waivers have expired, depends on it")]
    NoDay,
    /// Values of settings that cannot be taken, each with its place and a remedy.
    #[error("{0}")]
    Settings(Faults),
    /// A package could not be read, or an embedded pack does not load.
    #[error("{0}")]
    Packages(#[from] PackError),
    /// The SNOMED CT index could not be opened, or is damaged.
    #[error("{0}")]
    Terminology(#[from] SnomedError),
    /// A profile that no package holds: what was asked for, where, and why it is none, with what may have been meant.
    #[error("{from}{name}: {why}")]
    Profile {
        /// The canonical or name.
        name: String,
        /// `--profile `, or the place in hallmark.toml with a space.
        from: String,
        /// Why.
        why: String,
    },
    /// A standard that no package holds: its name, where that was said, and why it is none.
    #[error("{from}{name}: {why}")]
    Standard {
        /// The name.
        name: String,
        /// `--standard `, `standard `, or the place in hallmark.toml with a space.
        from: String,
        /// Why.
        why: String,
    },
    /// A file that settings name cannot be read.
    #[error("{}: {error}", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// A file of answers cannot be used.
    #[error("{}: {why}", path.display())]
    Answers {
        /// The file.
        path: PathBuf,
        /// Why.
        why: String,
    },
    /// The key of pseudonyms is not one.
    #[error("the HMAC key must be at least 64 hexadecimal digits (256 bits), and not one byte repeated")]
    Key,
}

impl From<Faults> for BuildError {
    fn from(faults: Faults) -> Self {
        Self::Settings(faults)
    }
}

/// What a checker is given besides settings.
#[derive(Clone, Debug, Default)]
pub struct Given {
    /// Key of pseudonyms, where the settings name no file that holds it: 32 bytes at least.
    pub key: Option<Vec<u8>>,
    /// When messages came in.
    pub received: Receipts,
    /// A checker whose packages and index are taken, so that they are held once; those of the settings are then not opened.
    pub sharing: Option<Hallmark>,
    /// Files of a terminology server's answers, and of the questions that they answer by order.
    pub answers: Vec<PathBuf>,
    /// Names of sources are told as they are: who reads them sees the files as well.
    pub plain_names: bool,
    /// Remember which name of a source stands for which: see [`Hallmark::names_told`].
    pub tell_names: bool,
    /// Where pseudonyms were seen is told to the observer of a run.
    pub locate: bool,
    /// Note codes: see [`Hallmark::questions`] and [`Hallmark::codes_seen`].
    pub notes: bool,
}

/// The settings that say what becomes of findings: the caller's part, since a checker writes nothing.
#[derive(Clone, Debug)]
pub struct Outputs {
    /// Names of formats with their files.
    pub formats: Vec<(String, Option<PathBuf>)>,
    /// Severity at which a finding fails the run; `None` never.
    pub fail_on: Option<Severity>,
    /// Fail when something could not be assessed.
    pub require_assessed: bool,
    /// Values of messages may be printed.
    pub show_values: bool,
    /// File of known findings.
    pub baseline: Option<PathBuf>,
    /// Findings of the baseline are left out.
    pub new_only: bool,
    /// File for the run record.
    pub record: Option<PathBuf>,
    /// File for the HTML report.
    pub report: Option<PathBuf>,
    /// Workers; 0 takes one per core.
    pub jobs: usize,
    /// ODS code of the partner, or `unknown`.
    pub partner: String,
    /// The day of the run.
    pub today: Date,
    /// Each setting with its value and where it came from.
    pub shown: Vec<Shown>,
    /// Files and folders that settings have read, the baseline apart: no output may be one of them.
    pub inputs: Vec<PathBuf>,
}

/// Settings as a program gives them; what is left out keeps the default that hallmark.toml documents.
#[derive(Clone, Debug, Default)]
pub struct Builder {
    flags: Flags,
    file: Option<ConfigFile>,
    given: Given,
    today: Option<Date>,
}

impl Builder {
    /// The day of the run. There is no default.
    pub fn today(mut self, day: Date) -> Self {
        self.today = Some(day);
        self
    }

    /// Settings of a hallmark.toml; what the other methods say beats them.
    pub fn config(mut self, file: ConfigFile) -> Self {
        self.file = Some(file);
        self
    }

    /// Every setting at once, as the command line gives them; what was said before is forgotten.
    pub fn flags(mut self, flags: Flags) -> Self {
        self.flags = flags;
        self
    }

    /// A package of definitions: .tgz, folder or one definition file. May be called again.
    pub fn package(mut self, path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_string_lossy().into_owned();
        self.flags.packages.get_or_insert_default().push(path);
        self
    }

    /// Canonical of a profile that every message must meet. May be called again.
    pub fn profile(mut self, canonical: impl Into<String>) -> Self {
        self.flags.profiles.get_or_insert_default().push(canonical.into());
        self
    }

    /// Standard for resources that claim no profile: careconnect, gpconnect, transfer-of-care, ukcore or a package name.
    pub fn standard(mut self, name: impl Into<String>) -> Self {
        self.flags.standard = Some(name.into());
        self
    }

    /// Release of the messages: `3.0`, `4.0` or `auto`.
    pub fn fhir_version(mut self, release: impl Into<String>) -> Self {
        self.flags.fhir_version = Some(release.into());
        self
    }

    /// Rules to run: families, ids or names in a comma list; a leading `-` drops.
    pub fn rules(mut self, select: impl Into<String>) -> Self {
        self.flags.rules = Some(Words::One(select.into()));
        self
    }

    /// Rules whose findings are shown and count for nothing, in the same words.
    pub fn shadow(mut self, select: impl Into<String>) -> Self {
        self.flags.shadow = Some(Words::One(select.into()));
        self
    }

    /// A SNOMED CT index that `hallmark snomed build` made.
    pub fn terminology(mut self, index: impl AsRef<Path>) -> Self {
        self.flags.terminology = Some(index.as_ref().to_string_lossy().into_owned());
        self
    }

    /// Weight of best practice recommendations: `ignore`, `information`, `warning` or `error`.
    pub fn best_practice(mut self, level: impl Into<String>) -> Self {
        self.flags.best_practice = Some(level.into());
        self
    }

    /// URL prefix of extensions that need no definition, or `any`. May be called again.
    pub fn extension_domain(mut self, prefix: impl Into<String>) -> Self {
        self.flags.extension_domains.get_or_insert_default().push(prefix.into());
        self
    }

    /// Whether references must resolve inside the message.
    pub fn check_references(mut self, on: bool) -> Self {
        self.flags.check_references = Some(on);
        self
    }

    /// Whether references to a server are taken as valid.
    pub fn assume_valid_rest_references(mut self, on: bool) -> Self {
        self.flags.assume_valid_rest_references = Some(on);
        self
    }

    /// Whether text is searched for script and markup.
    pub fn security_checks(mut self, on: bool) -> Self {
        self.flags.security_checks = Some(on);
        self
    }

    /// `production` or `test`.
    pub fn environment(mut self, environment: impl Into<String>) -> Self {
        self.flags.environment = Some(environment.into());
        self
    }

    /// What reading refuses; what is left out keeps its default.
    pub fn limits(mut self, limits: LimitsEntry) -> Self {
        self.flags.limits = Some(limits);
        self
    }

    /// File of known findings.
    pub fn baseline(mut self, file: impl AsRef<Path>) -> Self {
        self.flags.baseline = Some(file.as_ref().to_string_lossy().into_owned());
        self
    }

    /// ODS code of the partner whose feed it is.
    pub fn partner(mut self, ods: impl Into<String>) -> Self {
        self.flags.partner = Some(ods.into());
        self
    }

    /// Product that sends, with its version.
    pub fn product(mut self, name: impl Into<String>) -> Self {
        self.flags.product = Some(name.into());
        self
    }

    /// Interface the feed comes through.
    pub fn interface(mut self, name: impl Into<String>) -> Self {
        self.flags.interface = Some(name.into());
        self
    }

    /// Month of the feed, `YYYY-MM`; the month of the day without it.
    pub fn period(mut self, month: impl Into<String>) -> Self {
        self.flags.period = Some(month.into());
        self
    }

    /// Key of pseudonyms: 32 bytes at least. Without one, what needs to be told apart across messages is not assessed.
    pub fn key(mut self, key: impl Into<Vec<u8>>) -> Self {
        self.given.key = Some(key.into());
        self
    }

    /// When messages came in.
    pub fn received(mut self, received: Receipts) -> Self {
        self.given.received = received;
        self
    }

    /// Takes packages and the index from another checker, so that they are held and compiled once; those said here are then not
    /// opened.
    pub fn sharing(mut self, other: &Hallmark) -> Self {
        self.given.sharing = Some(other.clone());
        self
    }

    /// The checker. Packages and the index are opened now.
    ///
    /// # Errors
    /// What cannot be taken or opened.
    pub fn build(self) -> Result<Hallmark, BuildError> {
        let Self { flags, file, given, today } = self;
        let settings = resolve(file.as_ref(), &[], &flags, today.ok_or(BuildError::NoDay)?)?;
        Ok(Hallmark::new(settings, given)?.0)
    }
}

impl Hallmark {
    /// A builder. `today` must be said; everything else has a default.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// A checker as settings say, and those of them that are the caller's part.
    ///
    /// # Errors
    /// What cannot be taken or opened.
    pub fn new(settings: Settings, given: Given) -> Result<(Self, Outputs), BuildError> {
        on_deep_stack(|| new(settings, given))
    }
}

/// Every field of the settings is named here: one that reaches nothing does not compile.
fn new(settings: Settings, given: Given) -> Result<(Hallmark, Outputs), BuildError> {
    settings.check_names(registry::all())?;
    let Settings {
        packages,
        profiles,
        standard,
        fhir_version,
        rules,
        severities,
        terminology,
        formats,
        fail_on,
        require_assessed,
        best_practice,
        extension_domains,
        check_references,
        assume_valid_rest_references,
        security_checks,
        environment,
        show_values,
        baseline,
        new_only,
        record,
        report,
        hmac_key_file,
        partner,
        product,
        interface,
        period,
        jobs,
        limits,
        sources,
        waivers,
        today,
        shown,
        names,
    } = settings;
    let mut inputs = packages.clone();
    inputs.extend([&terminology, &hmac_key_file].into_iter().flatten().cloned());
    inputs.extend(names.file().map(PathBuf::from));
    let (plans, sets) = match &given.sharing {
        Some(Hallmark { inner }) => (Arc::clone(&inner.check.plans), Arc::clone(&inner.check.sets)),
        None => opened(&packages, terminology.as_deref(), answers(&given.answers)?, given.notes)?,
    };
    let catalogue = plans.catalogue();
    let key = match hmac_key_file {
        Some(path) => Some(key_of(&read(&path)?)?),
        None => given.key,
    };
    if key.as_ref().is_some_and(|key| is_weak(key)) {
        return Err(BuildError::Key);
    }
    let known = match &baseline {
        Some(path) => Some(Baseline::read(&path.display().to_string(), &read(path)?)?),
        None => None,
    };
    let release = fhir_version.as_deref().and_then(Release::parse);
    let from = shown.iter().find(|s| s.key == "profiles").map(|s| format!("{} ", s.from)).unwrap_or_default();
    let profiles = profiles_named(&profiles, &from, release, catalogue)?;
    let implied = only_release(&profiles, catalogue);
    let by_source = sources.into_iter().map(|some| asked_of_some(some, catalogue)).collect::<Result<_, _>>()?;
    let said = shown.iter().find(|s| s.key == "standard").map(|s| s.from.clone()).unwrap_or_default();
    let standard = standard.map(|name| standard::named(&name, &said, catalogue)).transpose()?;
    let options = Options {
        best_practice: match best_practice {
            None => BestPractice::Ignore,
            Some(Severity::Information) => BestPractice::Information,
            Some(Severity::Warning) => BestPractice::Warning,
            Some(_) => BestPractice::Error,
        },
        extension_domains,
        check_references,
        assume_valid_rest_references,
        security_checks,
        today: today.to_string(),
        profiles,
        standard: standard.map(Arc::new),
        partner: if partner == "unknown" { String::new() } else { partner.clone() },
        skip_invariants: false,
    };
    let check = Check {
        plans,
        sets,
        limits,
        dispatch: Check::dispatch(&rules, &severities),
        selection: rules,
        severities,
        environment,
        pseudonyms: key.as_deref().and_then(Pseudonyms::new),
        locate: given.locate,
        file_names: FileNames::new(key.as_deref()).plain(given.plain_names).telling(given.tell_names),
        received: given.received,
        asked: Arc::new(Asked { options, release, implied }),
        by_source,
    };
    let scope = Scope {
        partner: Label::new(&partner).into(),
        product: Label::new(&product).into(),
        interface: Label::new(&interface).into(),
        environment: match environment {
            Environment::Production => "production".to_owned(),
            Environment::Test => "test".to_owned(),
        },
        period,
    };
    let outputs = Outputs {
        formats,
        fail_on,
        require_assessed,
        show_values,
        baseline,
        new_only,
        record,
        report,
        jobs,
        partner,
        today,
        shown,
        inputs,
    };
    let inner = Inner { check, waivers, baseline: known, scope, key, today, spare: Mutex::default() };
    Ok((Hallmark::of(inner), outputs))
}

/// What a terminology server answered.
fn answers(files: &[PathBuf]) -> Result<Answers, BuildError> {
    let mut answers = Answers::default();
    for path in files {
        answers
            .add(read(path)?.as_bytes())
            .map_err(|why| BuildError::Answers { path: path.clone(), why: why.to_string() })?;
    }
    Ok(answers)
}

/// Packages and the index, opened.
fn opened(
    packages: &[PathBuf],
    index: Option<&Path>,
    answers: Answers,
    notes: bool,
) -> Result<(Arc<Plans>, Arc<Sets>), BuildError> {
    let catalogue = Arc::new(Catalogue::new(packages)?);
    let index = index.map(Index::open_verified).transpose()?.map(Arc::new);
    let sets = Sets::new(Arc::clone(&catalogue)).with_snomed(index).with_answers(answers, notes);
    Ok((Arc::new(Plans::new(catalogue)), Arc::new(sets)))
}

fn asked_of_some(some: SourceSettings, catalogue: &Catalogue) -> Result<AskedOfSome, BuildError> {
    let SourceSettings { glob, profiles, standard, fhir_version, from } = some;
    let standard = standard.map(|name| standard::named(&name, &from, catalogue)).transpose()?;
    let only = fhir_version.as_deref().and_then(Release::parse);
    let profiles = profiles_named(&profiles, &format!("{from} "), only, catalogue)?;
    Ok(AskedOfSome {
        glob,
        implied: only_release(&profiles, catalogue),
        profiles,
        standard: standard.map(Arc::new),
        release: fhir_version.map(|word| Release::parse(&word)),
    })
}

fn profiles_named(
    words: &[String],
    said: &str,
    release: Option<Release>,
    catalogue: &Catalogue,
) -> Result<Vec<String>, BuildError> {
    words.iter().map(|word| profile::named(word, said, release, catalogue)).collect()
}

/// The only release that holds one of the profiles.
fn only_release(profiles: &[String], catalogue: &Catalogue) -> Option<Release> {
    profiles.iter().find_map(|url| {
        let held = |release| catalogue.structure(release, url).is_some();
        match (held(Release::Stu3), held(Release::R4)) {
            (true, false) => Some(Release::Stu3),
            (false, true) => Some(Release::R4),
            _ => None,
        }
    })
}

fn read(path: &Path) -> Result<String, BuildError> {
    crate::settings::read(path).map_err(|error| BuildError::Unreadable { path: path.to_owned(), error })
}

/// A key that could be guessed: too short, or of one byte.
fn is_weak(key: &[u8]) -> bool {
    key.len() < 32 || key.iter().all(|byte| *byte == key[0])
}

/// The bytes of a key in hexadecimal.
fn key_of(text: &str) -> Result<Vec<u8>, BuildError> {
    hex::decode(text.trim()).map_err(|_| BuildError::Key)
}
