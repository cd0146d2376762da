//! The markup of a narrative `div`, read once: elements, attributes, structure, links, sections.

use crate::text::TextSet;
use quick_xml::events::{BytesStart, Event};

const ELEMENTS: &str = " p br div h1 h2 h3 h4 h5 h6 a span b em i strong small big tt dfn q var abbr acronym cite \
    blockquote hr address bdo kbd sub sup ul ol li dl dt dd pre table caption colgroup col thead tr \
    tfoot tbody th td code samp img map area u s strike center font del ins style ";

const ATTRIBUTES: &str = " title style class id lang xml:lang xml:space dir accesskey tabindex span width align valign \
    char charoff abbr axis headers scope rowspan colspan href name border cellspacing cellpadding \
    src alt height clear color size cite summary frame rules nowrap bgcolor background usemap shape \
    coords compact type value start rel hreflang charset datetime longdesc hspace vspace \
    ismap ";

/// What HTML has besides, and narrative does not: names that say nothing of a person.
const HTML_ELEMENTS: &str = " article aside audio base body button canvas data datalist details dialog embed fieldset figcaption figure \
    footer form frame frameset head header hgroup html iframe input label legend link main mark math menu meta meter nav \
    noframes noscript object optgroup option output param picture progress rp rt ruby script search section select slot source \
    summary svg template textarea time title track video wbr applet basefont isindex marquee ";
const HTML_ATTRIBUTES: &str = " accept accept-charset action alink allow allowfullscreen archive async autocapitalize autocomplete autofocus \
    autoplay checked classid code codebase codetype content contenteditable controls crossorigin data declare defer dirname \
    disabled download draggable enctype enterkeyhint face for form formaction formmethod formnovalidate formtarget hidden \
    high http-equiv inert inputmode integrity is itemid itemprop itemref itemscope itemtype kind label link list loading loop \
    low marginheight marginwidth max maxlength media method min minlength multiple muted nohref nomodule nonce noresize \
    noshade novalidate object onabort onblur onchange onclick ondblclick onerror onfocus onkeydown onkeypress onkeyup onload \
    onmousedown onmousemove onmouseout onmouseover onmouseup onreset onresize onselect onsubmit onunload open optimum \
    part pattern ping placeholder playsinline popover poster preload profile prompt readonly referrerpolicy required reversed \
    role rows sandbox scheme scrolling selected slot spellcheck srcdoc srclang srcset standby step target text translate \
    valuetype version vlink wrap cols ";

/// The name of an element or attribute in words; one that HTML does not have may be text of the message.
fn named(kind: &str, name: &str, listed_in: &[&str]) -> String {
    match listed_in.iter().any(|list| listed(list, name)) {
        true => format!("the {kind} {name}"),
        false => format!("an {kind} that HTML does not have"),
    }
}

/// Elements that end a paragraph, so that none may stand in one.
const BLOCKS: &str = " div blockquote table ol ul p ";

/// What one narrative holds.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Markup {
    /// Faults of markup, in words without text of the message.
    pub faults: Vec<String>,
    /// Links that lead nowhere: which link of the narrative, and what it does wrong.
    pub links: Vec<(u32, &'static str)>,
    /// Images that will not be seen: which image of the narrative, what is wrong, and whether it is forbidden.
    pub images: Vec<(u32, &'static str, bool)>,
    /// Images by anchor: which image, and the anchor.
    pub contained: Vec<(u32, String)>,
    /// Links to anchors: which link of the narrative, and the anchor.
    pub inner: Vec<(u32, String)>,
    /// Anchors: ids, and names of links.
    pub anchors: Vec<String>,
    /// Languages that the div states: `lang` and `xml:lang`.
    pub languages: Vec<String>,
    /// Whether there is text or an image.
    pub content: bool,
    /// What stands directly in the div: elements, and text that is not blank.
    pub top: Vec<Top>,
}

/// One part directly in the div.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Top {
    /// Its class attribute; `None` for text.
    pub class: Option<String>,
    /// Its language, when it is a div that states one.
    pub language: Option<String>,
}

fn listed(list: &str, word: &str) -> bool {
    list.match_indices(word)
        .any(|(at, _)| list.as_bytes()[at - 1] == b' ' && list.as_bytes().get(at + word.len()) == Some(&b' '))
}

/// Judges the markup of a `div`.
pub fn judge(div: &str) -> Markup {
    judge_within(div, false)
}

/// Judges a `div` of which the namespace may be bound to a prefix further up: in XML, where the reader has seen to it.
pub fn judge_within(div: &str, bound_above: bool) -> Markup {
    let mut reading = Reading {
        markup: Markup::default(),
        open: Vec::new(),
        roots: 0,
        links: 0,
        images: 0,
        bound_above,
        wrong: TextSet::default(),
    };
    let mut reader = quick_xml::Reader::from_str(div);
    reader.config_mut().check_end_names = true;
    loop {
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                let name = reading.element(&tag);
                reading.open.push(name);
            }
            Ok(Event::Empty(tag)) => {
                reading.element(&tag);
            }
            Ok(Event::End(_)) => {
                reading.open.pop();
            }
            Ok(Event::Text(text)) => reading.text(!text.iter().all(u8::is_ascii_whitespace)),
            Ok(Event::CData(_)) => reading.text(true),
            Ok(Event::GeneralRef(entity)) => {
                reading.text(true);
                let known = matches!(&*entity, b"lt" | b"gt" | b"amp" | b"quot" | b"apos") || entity.starts_with(b"#");
                if !known {
                    reading.fault("an entity that XML does not define".to_owned());
                }
            }
            Ok(Event::DocType(_)) => reading.fault("a document type declaration".to_owned()),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                reading.fault("markup that is not well formed".to_owned());
                return reading.markup;
            }
        }
    }
    if !reading.open.is_empty() {
        reading.fault("an element that is not closed".to_owned());
    }
    if reading.roots == 0 && reading.markup.faults.is_empty() {
        reading.fault("no div".to_owned());
    }
    reading.markup
}

struct Reading {
    markup: Markup,
    /// Names of the open elements, outermost first.
    open: Vec<&'static str>,
    /// Outermost elements so far.
    roots: u32,
    links: u32,
    images: u32,
    bound_above: bool,
    /// Addresses reported already: one wrong address is one fault.
    wrong: TextSet<String>,
}

impl Reading {
    fn fault(&mut self, what: String) {
        if !self.markup.faults.contains(&what) {
            self.markup.faults.push(what);
        }
    }

    fn text(&mut self, visible: bool) {
        if !visible {
            return;
        }
        self.markup.content = true;
        if let Some(&inside) = self.open.last().filter(|name| !children_of(name).is_empty()) {
            self.fault(format!("text directly in {inside}"));
        }
        if self.open.is_empty() {
            self.fault("text outside the div".to_owned());
        }
        if self.open.len() == 1 {
            self.markup.top.push(Top::default());
        }
    }

    fn element(&mut self, tag: &BytesStart<'_>) -> &'static str {
        let name = tag.local_name();
        let name =
            crate::tree::names::text(crate::tree::names::intern(std::str::from_utf8(name.as_ref()).unwrap_or("")));
        let first = self.open.is_empty();
        self.roots += u32::from(first);
        if first && self.roots == 2 {
            self.fault("a second outermost element".to_owned());
        }
        if first && name != "div" {
            self.fault("an outermost element other than div".to_owned());
        }
        if !listed(ELEMENTS, name) {
            self.fault(named("element", name, &[HTML_ELEMENTS]));
        } else {
            self.structure(name);
        }
        self.markup.content |= name == "img";
        self.links += u32::from(name == "a");
        if self.open.len() == 1 {
            self.markup.top.push(Top { class: Some(String::new()), language: None });
        }
        let mut namespace = !first || (self.bound_above && tag.name().prefix().is_some());
        self.images += u32::from(name == "img");
        let mut source = false;
        for attribute in tag.attributes().with_checks(false) {
            let Ok(attribute) = attribute else {
                self.fault("a malformed attribute".to_owned());
                return name;
            };
            let key = std::str::from_utf8(attribute.key.as_ref()).unwrap_or("?");
            let value = String::from_utf8_lossy(&attribute.value);
            namespace |= first && key.starts_with("xmlns") && value == "http://www.w3.org/1999/xhtml";
            source |= key == "src";
            self.attribute(name, key, &value);
        }
        if name == "img" && !source {
            self.markup.images.push((self.images, "has no source", false));
        }
        if !namespace {
            self.fault("no namespace http://www.w3.org/1999/xhtml on the div".to_owned());
        }
        name
    }

    /// Where an element may stand.
    fn structure(&mut self, name: &'static str) {
        if self.open.contains(&"p") && listed(BLOCKS, name) {
            self.fault(format!("the element {name} in a paragraph"));
        }
        let inside = self.open.last().copied().unwrap_or_default();
        let allowed = children_of(inside);
        if !allowed.is_empty() && !listed(allowed, name) {
            self.fault(format!("{} directly in {inside}", named("element", name, &[ELEMENTS, HTML_ELEMENTS])));
        }
        if name == "a" && self.open.contains(&"a") {
            self.fault("a link in a link".to_owned());
        }
    }

    fn attribute(&mut self, element: &str, key: &str, value: &str) {
        if key == "xmlns" && !self.open.is_empty() && value != "http://www.w3.org/1999/xhtml" {
            self.fault("an element of another namespace".to_owned());
        }
        if key == "xmlns" || key.starts_with("xmlns:") {
            return;
        }
        if !listed(ATTRIBUTES, key) {
            self.fault(named("attribute", key, &[HTML_ATTRIBUTES]));
            return;
        }
        let depth = self.open.len();
        match key {
            "class" if depth == 1 => {
                if let Some(top) = self.markup.top.last_mut() {
                    top.class = Some(value.to_owned());
                }
            }
            "lang" | "xml:lang" if depth == 1 && element == "div" => {
                if let Some(top) = self.markup.top.last_mut() {
                    top.language = Some(value.to_owned());
                }
            }
            "lang" | "xml:lang" if depth == 0 => self.markup.languages.push(value.to_owned()),
            "src" if element == "img" => {
                if let Some(anchor) = value.strip_prefix('#') {
                    self.markup.contained.push((self.images, anchor.to_owned()));
                } else if let Some((says, forbidden)) = image_fault(value) {
                    self.markup.images.push((self.images, says, forbidden));
                }
            }
            "id" => self.markup.anchors.push(value.to_owned()),
            "name" if element == "a" => self.markup.anchors.push(value.to_owned()),
            "href" if element == "a" && value.len() > 1 && value.starts_with('#') => {
                self.markup.inner.push((self.links, value[1..].to_owned()));
            }
            "href" if element == "a" && !leads_somewhere(value) && self.wrong.insert(value.to_owned()) => {
                self.markup.links.push((self.links, "has a scheme that no reader follows"));
            }
            _ => {}
        }
    }
}

/// What alone may stand directly in an element; empty where there is no such rule (XHTML 1.0).
fn children_of(inside: &str) -> &'static str {
    match inside {
        "ul" | "ol" => " li ",
        "dl" => " dt dd ",
        "table" => " caption colgroup col thead tfoot tbody tr ",
        "thead" | "tfoot" | "tbody" => " tr ",
        "tr" => " th td ",
        "colgroup" => " col ",
        _ => "",
    }
}

/// What is wrong with the source of an image, and whether it is forbidden.
fn image_fault(source: &str) -> Option<(&'static str, bool)> {
    let schemes = ["http:", "https:", "data:", "cid:", "urn:"];
    let lower = source.trim().to_ascii_lowercase();
    if schemes.iter().any(|s| lower.starts_with(s)) {
        return None;
    }
    if crate::message::is_absolute(source.trim()) || lower.starts_with("javascript:") || lower.starts_with("file:") {
        return Some(("has a scheme that no reader follows", true));
    }
    Some(("is a file that does not travel with the message", false))
}

fn leads_somewhere(href: &str) -> bool {
    let schemes = ["http:", "https:", "mailto:", "tel:", "data:", "ftp:", "cid:", "#"];
    schemes.iter().any(|s| href.starts_with(s)) || !crate::message::is_absolute(href)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_judged() {
        let cases = [
            ("<p>x</p>", 0, 0, true),
            ("<script>x</script>", 1, 0, true),
            ("<p onclick='x'>x</p>", 1, 0, true),
            ("<p><table/></p>", 1, 0, false),
            ("<a href='urn:x'>x</a><a href='urn:y'>y</a>", 0, 2, true),
            ("<a href='#x'>x</a>", 0, 0, true),
            (" <br/> ", 0, 0, false),
            ("<img src='x.png' alt='x'/>", 0, 0, true),
            ("<ul><p>x</p></ul>", 1, 0, true),
            ("<ul><li>x</li></ul>", 0, 0, true),
            ("<ul> <li>x</li>\n</ul>", 0, 0, true),
            ("<ul>x</ul>", 1, 0, true),
            ("<table><tr>x<td>y</td></tr></table>", 1, 0, true),
            ("<table><tbody><tr><td>x</td></tr></tbody></table>", 0, 0, true),
            ("<table><td>x</td></table>", 1, 0, true),
            ("&copy;", 1, 0, true),
            ("<p>x", 1, 0, true),
            ("<p xmlns='https://hospital.test/'>x</p>", 1, 0, true),
            ("<p xmlns='http://www.w3.org/1999/xhtml'>x</p>", 0, 0, true),
        ];
        for (inner, faults, links, content) in cases {
            let markup = judge(&format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>"));
            assert_eq!((markup.faults.len(), markup.links.len(), markup.content), (faults, links, content), "{inner}");
        }
        let anchors = judge(
            "<div xmlns='http://www.w3.org/1999/xhtml' lang='en'><a name='x'/><p id='y'>x</p><a href='#z'>x</a></div>",
        );
        assert_eq!((anchors.anchors, anchors.languages), (vec!["x".to_owned(), "y".to_owned()], vec!["en".to_owned()]));
        assert_eq!(anchors.inner, [(2, "z".to_owned())]);
        assert!(!judge("<div>x</div>").faults.is_empty());
        let div = "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>";
        assert!(judge(&format!(" {div}\n")).faults.is_empty());
        for wrong in ["x", "", " ", &format!("x{div}"), &format!("{div}x"), &format!("{div}{div}"), "<!-- x -->"] {
            assert_eq!(judge(wrong).faults.len(), 1, "{wrong}");
        }
    }
}
