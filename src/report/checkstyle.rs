//! Checkstyle XML, which the most tools read.

use std::io::{self, Write};

use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, Event};

use super::row::{bracketed, says_marked};
use super::{WriteOptions, Writer};
use crate::finding::{Finding, Severity};
use crate::tally::RunOutcome;

pub(super) struct Checkstyle<'o, W: Write> {
    options: &'o WriteOptions,
    xml: quick_xml::Writer<W>,
    file: Option<usize>,
}

impl<'o, W: Write> Checkstyle<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> io::Result<Self> {
        let mut xml = quick_xml::Writer::new_with_indent(out, b' ', 1);
        xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
        xml.write_event(Event::Start(BytesStart::new("checkstyle").with_attributes([("version", "4.3")])))?;
        Ok(Self { options, xml, file: None })
    }
}

impl<W: Write> Writer for Checkstyle<'_, W> {
    fn finding(&mut self, f: &Finding) -> io::Result<()> {
        if self.file != Some(f.source_index) {
            if self.file.is_some() {
                self.xml.write_event(Event::End(BytesEnd::new("file")))?;
            }
            let name = self.options.relative(&f.source);
            self.xml.write_event(Event::Start(BytesStart::new("file").with_attributes([("name", &*name)])))?;
            self.file = Some(f.source_index);
        }
        let severity = match f.severity {
            _ if !f.counts() => "info",
            Severity::Fatal | Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Information => "info",
        };
        let message = format!("{}{}", says_marked(f), bracketed(&f.path));
        let source = format!("hallmark.{}.{}", f.meta.id, f.meta.name);
        let (line, column) = (f.line.to_string(), f.column.to_string());
        self.xml.write_event(Event::Empty(BytesStart::new("error").with_attributes([
            ("line", line.as_str()),
            ("column", &column),
            ("severity", severity),
            ("message", &message),
            ("source", &source),
        ])))
    }

    fn close(mut self: Box<Self>, _outcome: &RunOutcome) -> io::Result<()> {
        if self.file.is_some() {
            self.xml.write_event(Event::End(BytesEnd::new("file")))?;
        }
        self.xml.write_event(Event::End(BytesEnd::new("checkstyle")))?;
        let mut out = self.xml.into_inner();
        out.write_all(b"\n")?;
        out.flush()
    }
}
