//! Exit codes.

use std::process::ExitCode;

/// How a run ended. Scripts depend on the numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Nothing at or above the threshold.
    Clean,
    /// Findings.
    Findings,
    /// Wrong usage or configuration.
    Usage,
    /// Something could not be read, a limit was hit, or the run was interrupted.
    Incomplete,
    /// Something could not be assessed, and `--require-assessed` was given.
    NotAssessed,
    /// A gate or the required level is missed.
    Missed,
}

impl Exit {
    /// All of them, for `explain`.
    pub const ALL: [Self; 6] =
        [Self::Clean, Self::Findings, Self::Usage, Self::Incomplete, Self::NotAssessed, Self::Missed];

    /// The number.
    pub const fn code(self) -> u8 {
        self as u8
    }

    /// What it means, in one line.
    pub const fn meaning(self) -> &'static str {
        match self {
            Self::Clean => "nothing at or above --fail-on was found",
            Self::Findings => "findings at or above --fail-on; payloads that are not well formed count",
            Self::Usage => "the command line, the configuration or a package is at fault",
            Self::Incomplete => "something could not be read, a limit was hit, or the run was interrupted",
            Self::NotAssessed => "something could not be assessed, and --require-assessed was given",
            Self::Missed => "a gate, or the level given with --require-level, is missed",
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_the_contract() {
        assert_eq!(Exit::ALL.map(Exit::code), [0, 1, 2, 3, 4, 5]);
    }
}
