//! What has been made of canonicals so far, by release; shared by the workers of a run.

use std::sync::{Arc, PoisonError, RwLock};

use super::model::Release;
use crate::text::TextMap;

/// Absent canonicals that are remembered: a feed that makes one up in each message must not fill the memory.
const ABSENT: usize = 100_000;

type Held<T> = RwLock<TextMap<Box<str>, Option<Arc<T>>>>;

/// Makes each thing once. That there is nothing is remembered too.
#[derive(Debug)]
pub struct Cache<T> {
    stu3: Held<T>,
    r4: Held<T>,
}

impl<T> Default for Cache<T> {
    fn default() -> Self {
        Self { stu3: Held::default(), r4: Held::default() }
    }
}

impl<T> Cache<T> {
    fn of(&self, release: Release) -> &Held<T> {
        match release {
            Release::Stu3 => &self.stu3,
            Release::R4 => &self.r4,
        }
    }

    /// What is held of a canonical; the outer `None` when nobody has asked yet.
    pub fn peek(&self, release: Release, canonical: &str) -> Option<Option<Arc<T>>> {
        self.of(release).read().unwrap_or_else(PoisonError::into_inner).get(canonical).cloned()
    }

    /// Keeps what was made. When two workers made it at once, the first stays and both get it.
    pub fn keep(&self, release: Release, canonical: &str, made: Option<Arc<T>>) -> Option<Arc<T>> {
        let mut held = self.of(release).write().unwrap_or_else(PoisonError::into_inner);
        if made.is_none() && held.len() >= ABSENT {
            return held.get(canonical).cloned().flatten();
        }
        held.entry(canonical.into()).or_insert(made).clone()
    }

    /// What is held, else what `make` finds.
    pub fn get(&self, release: Release, canonical: &str, make: impl FnOnce() -> Option<Arc<T>>) -> Option<Arc<T>> {
        match self.peek(release, canonical) {
            Some(held) => held,
            None => self.keep(release, canonical, make()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_made_once_for_each_release() {
        let cache = Cache::default();
        let made = |release, value| cache.get(release, "urn:x", || value).as_deref().copied();
        assert_eq!(made(Release::R4, Some(Arc::new(1))), Some(1));
        assert_eq!(made(Release::R4, Some(Arc::new(2))), Some(1));
        assert_eq!(made(Release::Stu3, None), None);
        assert_eq!(made(Release::Stu3, Some(Arc::new(3))), None, "absence is remembered");
        assert_eq!(cache.peek(Release::R4, "urn:y"), None);
    }

    #[test]
    fn made_up_canonicals_do_not_fill_the_memory() {
        let cache: Cache<u32> = Cache::default();
        for n in 0..=ABSENT {
            cache.keep(Release::R4, &format!("urn:x:{n}"), None);
        }
        assert_eq!(cache.peek(Release::R4, "urn:x:0"), Some(None));
        assert_eq!(cache.peek(Release::R4, &format!("urn:x:{ABSENT}")), None);
        assert_eq!(cache.keep(Release::R4, "urn:y", Some(Arc::new(1))).as_deref(), Some(&1), "what is there is kept");
        assert_eq!(cache.peek(Release::R4, "urn:y").flatten().as_deref(), Some(&1));
    }
}
