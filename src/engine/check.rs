//! What payloads are checked with: owned, shared by all workers, and what is asked of some sources only.

use std::sync::Arc;

use super::dispatch::Dispatch;
use crate::conform::{Options, Standard};
use crate::feed::Receipts;
use crate::finding::{Environment, Meta};
use crate::measure::Pseudonyms;
use crate::pack::model::Release;
use crate::plan::Plans;
use crate::read::Limits;
use crate::settings::{RuleSelection, Severities, SourceGlob};
use crate::terminology::Sets;
use crate::text::FileNames;

/// Everything that outlives one payload; shared by all workers.
#[derive(Debug)]
pub struct Check {
    /// Definitions.
    pub plans: Arc<Plans>,
    /// Code systems and value sets.
    pub sets: Arc<Sets>,
    /// Limits of reading.
    pub limits: Limits,
    /// Which rules run.
    pub selection: RuleSelection,
    /// How much they weigh.
    pub severities: Severities,
    /// Rules by what they listen to.
    pub dispatch: Dispatch,
    /// Production or test.
    pub environment: Environment,
    /// Key of pseudonyms, if there is one.
    pub pseudonyms: Option<Pseudonyms>,
    /// Where pseudonyms were seen is wanted.
    pub locate: bool,
    /// Names of sources as they may be printed.
    pub file_names: FileNames,
    /// When messages came in.
    pub received: Receipts,
    /// What is asked of every source.
    pub asked: Arc<Asked>,
    /// What is asked of some sources besides, in the order of the settings.
    pub by_source: Vec<AskedOfSome>,
}

/// What is asked of the payloads of a source.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Options of conformance.
    pub options: Options,
    /// Release, when it is given.
    pub release: Option<Release>,
    /// The only release that holds a profile that is asked for, where no release is given.
    pub implied: Option<Release>,
}

/// What is asked of the sources that a glob names.
#[derive(Debug)]
pub struct AskedOfSome {
    /// Which sources.
    pub glob: SourceGlob,
    /// Profiles that their messages are checked against too.
    pub profiles: Vec<String>,
    /// Their standard, in place of another.
    pub standard: Option<Arc<Standard>>,
    /// Their release in place of another, where something is said of it; nothing inside leaves it to the payload.
    pub release: Option<Option<Release>>,
    /// The only release that holds one of the profiles.
    pub implied: Option<Release>,
}

impl Check {
    /// The dispatch table for a selection.
    pub fn dispatch(selection: &RuleSelection, severities: &Severities) -> Dispatch {
        Dispatch::new(&|meta: &'static Meta| selection.selects(meta) && severities.of(meta).is_some())
    }

    /// What is asked of a source by its name as found: what is asked of all, and over it, in order, what each glob that
    /// names it adds.
    pub fn asked_of(&self, source: &str) -> Arc<Asked> {
        let mut asked = Arc::clone(&self.asked);
        for some in self.by_source.iter().filter(|some| some.glob.names(source)) {
            let AskedOfSome { glob: _, profiles, standard, release, implied } = some;
            let over = Arc::make_mut(&mut asked);
            for profile in profiles {
                if !over.options.profiles.contains(profile) {
                    over.options.profiles.push(profile.clone());
                }
            }
            if standard.is_some() {
                over.options.standard.clone_from(standard);
            }
            if let Some(release) = release {
                over.release = *release;
            }
            over.implied = over.implied.or(*implied);
        }
        asked
    }
}

impl Asked {
    /// The release that payloads are read as, where one is told.
    pub fn release(&self) -> Option<Release> {
        self.release.or(self.implied)
    }
}
