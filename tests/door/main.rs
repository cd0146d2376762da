//! What users of the command and of the library meet: the built program is run, and what it says and leaves is looked at.

mod canary;
mod chain;
mod cli;
mod conformance;
mod docs;
mod embed;
mod example;
mod feeds;
mod flat;
mod found;
mod hostile;
mod hostile_files;
mod laws;
mod merging;
mod message_definition;
mod official_examples;
mod oracle;
mod outputs;
mod pipeline;
mod privacy;
mod session;
