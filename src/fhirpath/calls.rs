//! Functions that need the evaluation: collections, scopes, the tree and the host.

use std::cmp::Ordering;

use super::compare::{self, Distinct};
use super::error::{Cause, Fault};
use super::eval::{Frame, Run, Sink, Step, push_all};
use super::functions::Fun;
use super::host::{Resolution, Tri};
use super::program::{List, Op, OpId};
use super::scalars::{self, Problem};
use super::types::{self, Class};
use super::value::{Collection, Value};
use crate::tree::{Element, Kind, NONE, names};

impl<'t> Run<'t> {
    pub fn call(&self, id: OpId, fun: Fun, input: OpId, args: List, frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let args = self.program.list(args);
        match fun {
            Fun::AllTrue => self.every(id, input, frame, true, true, sink),
            Fun::AllFalse => self.every(id, input, frame, false, true, sink),
            Fun::AnyTrue => self.every(id, input, frame, false, false, sink),
            Fun::AnyFalse => self.every(id, input, frame, true, false, sink),
            Fun::SubsetOf => self.subset(input, args[0], frame, sink),
            Fun::SupersetOf => self.subset(args[0], input, frame, sink),
            Fun::Distinct => {
                let mut seen = Distinct::default();
                self.each(input, frame, &mut |v| if seen.add(v.clone()) { sink(v) } else { Ok(true) })
            }
            Fun::IsDistinct => {
                let mut seen = Distinct::default();
                let mut distinct = true;
                self.each(input, frame, &mut |v| {
                    distinct = seen.add(v);
                    Ok(distinct)
                })?;
                sink(Value::Boolean(distinct))
            }
            Fun::Single => match self.one(input, frame)? {
                Some(value) => sink(value),
                None => Ok(true),
            },
            Fun::First => {
                let mut first = None;
                self.each(input, frame, &mut |v| {
                    first = Some(v);
                    Ok(false)
                })?;
                first.map_or(Ok(true), sink)
            }
            Fun::Last => {
                let mut last = None;
                self.each(input, frame, &mut |v| {
                    last = Some(v);
                    Ok(true)
                })?;
                last.map_or(Ok(true), sink)
            }
            Fun::Tail => self.skip(input, 1, frame, sink),
            Fun::Skip => match self.whole_number(id, args[0], frame)? {
                Some(count) => self.skip(input, count, frame, sink),
                None => Ok(true),
            },
            Fun::Take => {
                let Some(mut left) = self.whole_number(id, args[0], frame)? else { return Ok(true) };
                let mut more = true;
                self.each(input, frame, &mut |v| {
                    if left <= 0 {
                        return Ok(false);
                    }
                    left -= 1;
                    more = sink(v)?;
                    Ok(more && left > 0)
                })?;
                Ok(more)
            }
            Fun::Intersect => {
                let other = self.set(args[0], frame)?;
                let mut seen = Distinct::default();
                self.each(input, frame, &mut |v| {
                    if other.contains(&v) && seen.add(v.clone()) { sink(v) } else { Ok(true) }
                })
            }
            Fun::Exclude => {
                let other = self.set(args[0], frame)?;
                self.each(input, frame, &mut |v| if other.contains(&v) { Ok(true) } else { sink(v) })
            }
            Fun::Union => {
                let mut seen = Distinct::default();
                let mut take = |v: Value<'t>| if seen.add(v.clone()) { sink(v) } else { Ok(true) };
                Ok(self.each(input, frame, &mut take)? && self.each(args[0], frame, &mut take)?)
            }
            Fun::Combine => Ok(self.each(input, frame, sink)? && self.each(args[0], frame, sink)?),
            Fun::Coalesce => {
                for &arg in args {
                    let items = self.items(arg, frame)?;
                    if !items.is_empty() {
                        return push_all(items, sink);
                    }
                }
                Ok(true)
            }
            Fun::Iif => self.iif(id, input, args, frame, sink),
            Fun::Aggregate => self.aggregate(input, args, frame, sink),
            Fun::Repeat | Fun::RepeatAll => self.repeat(id, fun, input, args[0], frame, sink),
            Fun::Sort => self.sort(id, input, args, frame, sink),
            Fun::Children => self.each(input, frame, &mut |v| match v {
                Value::Element(e) => push_all(children(e).map(Value::Element), sink),
                _ => Ok(true),
            }),
            Fun::Descendants => self.each(input, frame, &mut |v| match v {
                Value::Element(e) => self.descendants(id, e, sink),
                _ => Ok(true),
            }),
            Fun::Trace => self.trace(input, args, frame, sink),
            Fun::DefineVariable => self.define(id, input, args, frame, sink),
            Fun::Now | Fun::Today | Fun::TimeOfDay => match self.host.now() {
                Some(now) => sink(Value::Temporal(scalars::clock(fun, now))),
                None => Err(self.fail(id, Cause::Unknown, "the current time is not known here")),
            },
            Fun::Type => self.each(input, frame, &mut |v| sink(type_of(&v))),
            Fun::Extension => self.extension(id, input, args[0], frame, sink),
            Fun::GetValue => self.each(input, frame, &mut |v| match v {
                Value::Element(e) if e.value().is_some() => Value::Element(e).system().map_or(Ok(true), &mut *sink),
                Value::Element(_) => Ok(true),
                other => sink(other),
            }),
            Fun::Resolve => self.each(input, frame, &mut |v| self.resolve(id, &v, sink)),
            Fun::ConformsTo => {
                let Some(profile) = self.argument_text(id, args[0], frame)? else { return Ok(true) };
                match self.one(input, frame)? {
                    Some(Value::Element(e)) => {
                        self.answer(id, self.host.conforms_to(e, &profile), "the profile", &mut *sink)
                    }
                    _ => Ok(true),
                }
            }
            Fun::MemberOf => {
                let Some(set) = self.argument_text(id, args[0], frame)? else { return Ok(true) };
                match self.one(input, frame)? {
                    Some(value) => self.answer(id, self.host.member_of(&value, &set), "the value set", sink),
                    None => Ok(true),
                }
            }
            Fun::Subsumes | Fun::SubsumedBy => {
                let (a, b) = (self.one(input, frame)?, self.one(args[0], frame)?);
                let (Some(a), Some(b)) = (a, b) else { return Ok(true) };
                let (general, special) = if fun == Fun::Subsumes { (a, b) } else { (b, a) };
                self.answer(id, self.host.subsumes(&general, &special), "the code system", sink)
            }
            Fun::HtmlChecks | Fun::HtmlContent => match self.one(input, frame)? {
                Some(Value::Element(e)) if fun == Fun::HtmlChecks => {
                    self.answer(id, self.host.html_checks(e), "the check of markup", sink)
                }
                Some(Value::Element(e)) => self.answer(id, self.host.html_content(e), "the check of markup", sink),
                _ => Ok(true),
            },
            Fun::Slice => self.slice(id, input, args, frame, sink),
            Fun::CheckModifiers => self.check_modifiers(id, input, args, frame, sink),
            // Packs keep what a profile asks, not the definition as it was published.
            Fun::ElementDefinition => Err(self.fail(id, Cause::Unknown, "the published definition is not at hand")),
            Fun::GetResourceKey => match self.one(input, frame)? {
                Some(Value::Element(e)) if e.is_resource() => match e.child(names::ID).and_then(Element::value) {
                    Some(key) => sink(Value::text(format!("{}/{key}", names::text(e.type_id())))),
                    None => Ok(true),
                },
                _ => Ok(true),
            },
            Fun::GetReferenceKey => self.reference_key(id, input, args, frame, sink),
            _ => self.scalar(id, fun, input, args, frame, sink),
        }
    }

    fn scalar(&self, id: OpId, fun: Fun, input: OpId, args: &[OpId], frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        if fun == Fun::Join {
            let separator = match args {
                [arg] => self.argument_text(id, *arg, frame)?.unwrap_or_default(),
                _ => String::new(),
            };
            return self.join(id, input, &separator, frame, sink);
        }
        let Some(value) = self.one(input, frame)? else { return Ok(true) };
        let mut values = Collection::new();
        for &arg in args {
            match self.scoped(|| self.one(arg, frame))? {
                Some(value) => values.push(value),
                None => return Ok(true),
            }
        }
        let pattern = args.first().and_then(|arg| self.program.patterns.iter().find(|(op, _)| op == arg));
        let pattern = pattern.map(|(_, cell)| cell);
        let cost = value.as_text().map_or(0, |t| t.len() / 16)
            + values.iter().map(|v| v.as_text().map_or(0, str::len)).sum::<usize>() / 16;
        self.spend(id, cost)?;
        match scalars::apply(fun, &value, &values, pattern) {
            Ok(results) => {
                self.spend(id, results.iter().map(|v| v.as_text().map_or(1, |t| 1 + t.len() / 16)).sum())?;
                push_all(results, sink)
            }
            Err(Problem::Type(says)) => Err(self.fail(id, Cause::Type, says)),
            Err(Problem::Argument(says)) => Err(self.fail(id, Cause::Argument, says)),
            Err(Problem::Beyond(says)) => Err(self.fail(id, Cause::Beyond, says)),
        }
    }

    /// `slice(structure, name)`: those of the input that are of the slice.
    fn slice(&self, id: OpId, input: OpId, args: &[OpId], frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let (structure, name) = (self.argument_text(id, args[0], frame)?, self.argument_text(id, args[1], frame)?);
        let (Some(structure), Some(name)) = (structure, name) else { return Ok(true) };
        self.each(input, frame, &mut |v| match v {
            Value::Element(e) => match self.host.in_slice(e, &structure, &name) {
                Tri::True => sink(v),
                Tri::False => Ok(true),
                Tri::Unknown => Err(self.fail(id, Cause::Unknown, "the slice is not at hand")),
            },
            _ => Ok(true),
        })
    }

    /// `checkModifiers(url, ...)`: the input, if no element of it has a modifier extension beyond those named.
    fn check_modifiers(&self, id: OpId, input: OpId, args: &[OpId], frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let mut known = Vec::new();
        for &arg in args {
            known.extend(self.argument_text(id, arg, frame)?);
        }
        self.each(input, frame, &mut |v| {
            if let Value::Element(e) = v {
                let foreign = |m: Element<'_>| !m.text(names::URL).is_some_and(|url| known.iter().any(|k| k == url));
                if e.named(names::MODIFIER_EXTENSION).any(foreign) {
                    let says = "an element has a modifier extension that is not among those named";
                    return Err(self.fail(id, Cause::Type, says));
                }
            }
            sink(v)
        })
    }

    fn answer(&self, id: OpId, answer: Tri, what: &str, sink: Sink<'_, 't>) -> Step {
        match answer {
            Tri::True => sink(Value::Boolean(true)),
            Tri::False => sink(Value::Boolean(false)),
            Tri::Unknown => Err(self.fail(id, Cause::Unknown, format!("{what} is not at hand"))),
        }
    }

    fn argument_text(&self, id: OpId, arg: OpId, frame: Frame<'_, 't>) -> Result<Option<String>, Fault> {
        match self.one(arg, frame)? {
            None => Ok(None),
            Some(value) => match value.as_text() {
                Some(text) => Ok(Some(text.to_owned())),
                None => Err(self.fail(id, Cause::Type, "the argument must be a string")),
            },
        }
    }

    fn whole_number(&self, id: OpId, arg: OpId, frame: Frame<'_, 't>) -> Result<Option<i64>, Fault> {
        match self.one(arg, frame)? {
            None => Ok(None),
            Some(value) => match value.as_integer() {
                Some(n) => Ok(Some(n)),
                None => Err(self.fail(id, Cause::Type, "the argument must be a whole number")),
            },
        }
    }

    /// `allTrue` and its kin: `wanted` of every item (`all`), or of any (the negation of all of the other).
    fn every(&self, id: OpId, input: OpId, frame: Frame<'_, 't>, wanted: bool, all: bool, sink: Sink<'_, 't>) -> Step {
        let mut every = true;
        self.each(input, frame, &mut |v| match v.as_boolean() {
            Some(value) => {
                every &= value == wanted;
                Ok(true)
            }
            None => Err(self.fail(id, Cause::Type, "every item must be a boolean")),
        })?;
        sink(Value::Boolean(every == all))
    }

    fn set(&self, id: OpId, frame: Frame<'_, 't>) -> Result<Distinct<'t>, Fault> {
        let mut set = Distinct::default();
        self.each(id, frame, &mut |v| {
            set.add(v);
            Ok(true)
        })?;
        Ok(set)
    }

    fn subset(&self, small: OpId, large: OpId, frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let large = self.set(large, frame)?;
        let mut inside = true;
        self.each(small, frame, &mut |v| {
            inside = large.contains(&v);
            Ok(inside)
        })?;
        sink(Value::Boolean(inside))
    }

    fn skip(&self, input: OpId, mut count: i64, frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        self.each(input, frame, &mut |v| {
            if count > 0 {
                count -= 1;
                return Ok(true);
            }
            sink(v)
        })
    }

    fn iif(&self, id: OpId, input: OpId, args: &[OpId], frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let this = match self.program.op(input) {
            Op::This => frame.this.cloned(),
            _ => self.one(input, frame)?,
        };
        let inner = Frame { this: this.as_ref(), ..frame };
        let chosen = match self.scoped(|| self.one(args[0], inner))? {
            Some(value) => match value.as_boolean() {
                Some(true) => Some(args[1]),
                Some(false) => args.get(2).copied(),
                None => return Err(self.fail(id, Cause::Type, "the criterion of iif must be a boolean")),
            },
            None => args.get(2).copied(),
        };
        match chosen {
            Some(arg) => self.each(arg, inner, sink),
            None => Ok(true),
        }
    }

    fn aggregate(&self, input: OpId, args: &[OpId], frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let mut total = match args.get(1) {
            Some(&start) => self.items(start, frame)?,
            None => Collection::new(),
        };
        let mut index = 0;
        self.each(input, frame, &mut |v| {
            let inner = Frame { this: Some(&v), index, total: Some(&total) };
            index += 1;
            let next = self.scoped(|| self.items(args[0], inner))?;
            total = next;
            Ok(true)
        })?;
        push_all(total, sink)
    }

    fn repeat(
        &self,
        id: OpId,
        fun: Fun,
        input: OpId,
        projection: OpId,
        frame: Frame<'_, 't>,
        sink: Sink<'_, 't>,
    ) -> Step {
        let mut seen = Distinct::default();
        let mut queue = std::collections::VecDeque::new();
        let mut found = |v: Value<'t>, queue: &mut std::collections::VecDeque<Value<'t>>| {
            // Each element of the tree is its own item; values are told apart by equality, or nothing would end.
            if fun == Fun::Repeat && v.element().is_none() && !seen.add(v.clone()) {
                return;
            }
            queue.push_back(v);
        };
        let mut index = 0;
        let mut expand = |v: &Value<'t>, queue: &mut std::collections::VecDeque<Value<'t>>| {
            let inner = Frame { this: Some(v), index, total: frame.total };
            index += 1;
            self.scoped(|| {
                self.each(projection, inner, &mut |item| {
                    self.spend(id, 4)?;
                    found(item, queue);
                    Ok(true)
                })
            })
        };
        for value in self.items(input, frame)? {
            expand(&value, &mut queue)?;
        }
        let mut visited = std::collections::HashSet::new();
        while let Some(value) = queue.pop_front() {
            if let Value::Element(e) = &value
                && fun == Fun::Repeat
                && !visited.insert((std::ptr::from_ref(e.tree()) as usize, e.id()))
            {
                continue;
            }
            expand(&value, &mut queue)?;
            if !sink(value)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn sort(&self, id: OpId, input: OpId, keys: &[OpId], frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        // A leading minus turns a key around, whatever its type.
        let keys: Vec<(OpId, bool)> = keys
            .iter()
            .map(|&key| match self.program.op(key) {
                Op::Sign { minus: true, operand } => (operand, true),
                _ => (key, false),
            })
            .collect();
        let mut rows = Vec::new();
        for (index, value) in self.items(input, frame)?.into_iter().enumerate() {
            let inner = Frame { this: Some(&value), index, total: frame.total };
            let mut row = Vec::with_capacity(keys.len());
            for (key, _) in &keys {
                row.push(self.scoped(|| self.one(*key, inner))?);
            }
            if keys.is_empty() {
                row.push(Some(value.clone()));
            }
            self.spend(id, 16)?;
            rows.push((row, value));
        }
        let mut bad = false;
        rows.sort_by(|(a, _), (b, _)| {
            for (i, (x, y)) in a.iter().zip(b).enumerate() {
                let order = match (x, y) {
                    (None, None) => Ordering::Equal,
                    // What has no key stands first in either direction.
                    (None, Some(_)) => return Ordering::Less,
                    (Some(_), None) => return Ordering::Greater,
                    (Some(x), Some(y)) => match compare::order(x, y) {
                        Ok(order) => order.unwrap_or(Ordering::Equal),
                        Err(_) => {
                            bad = true;
                            Ordering::Equal
                        }
                    },
                };
                let order = if keys.get(i).is_some_and(|k| k.1) { order.reverse() } else { order };
                if order != Ordering::Equal {
                    return order;
                }
            }
            Ordering::Equal
        });
        if bad {
            return Err(self.fail(id, Cause::Type, "items without an order cannot be sorted"));
        }
        push_all(rows.into_iter().map(|(_, value)| value), sink)
    }

    fn descendants(&self, id: OpId, element: Element<'t>, sink: Sink<'_, 't>) -> Step {
        for child in children(element) {
            self.spend(id, 1)?;
            if !sink(Value::Element(child))? || !self.descendants(id, child, sink)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn trace(&self, input: OpId, args: &[OpId], frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let name = self.one(args[0], frame)?;
        let items = self.items(input, frame)?;
        let mut shown = Collection::new();
        match args.get(1) {
            None => shown.clone_from(&items),
            Some(&projection) => {
                for (index, item) in items.iter().enumerate() {
                    let inner = Frame { this: Some(item), index, total: frame.total };
                    shown.extend(self.scoped(|| self.items(projection, inner))?);
                }
            }
        }
        self.host.trace(name.as_ref().and_then(Value::as_text).unwrap_or(""), &shown);
        push_all(items, sink)
    }

    fn define(&self, id: OpId, input: OpId, args: &[OpId], frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let Some(name) = self.argument_text(id, args[0], frame)? else { return Ok(true) };
        let items = self.items(input, frame)?;
        let value = match args.get(1) {
            None => items.clone(),
            Some(&projection) => {
                let inner = Frame { this: items.first(), index: 0, total: frame.total };
                self.items(projection, inner)?
            }
        };
        if self.variables.borrow().iter().any(|(held, _)| *held == name) {
            return Err(self.fail(id, Cause::Argument, "this variable is defined already"));
        }
        self.variables.borrow_mut().push((name, value));
        push_all(items, sink)
    }

    fn extension(&self, id: OpId, input: OpId, url: OpId, frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let Some(url) = self.one(url, frame)? else { return Ok(true) };
        let Some(url) = url.as_text() else {
            return Err(self.fail(id, Cause::Type, "an extension is found by its URL"));
        };
        self.each(input, frame, &mut |v| {
            let Value::Element(e) = v else { return Ok(true) };
            let found = e.named(names::EXTENSION).filter(|x| x.text(names::URL) == Some(url));
            push_all(found.map(Value::Element), sink)
        })
    }

    fn resolve(&self, id: OpId, value: &Value<'t>, sink: Sink<'_, 't>) -> Step {
        let (from, reference) = match value {
            Value::Element(e) => match (e.text(names::REFERENCE), e.value()) {
                (Some(reference), _) => (*e, reference.to_owned()),
                (None, Some(text)) => (*e, text.to_owned()),
                _ => return Ok(true),
            },
            Value::String(text) => (self.focus, text.to_string()),
            _ => return Ok(true),
        };
        match self.host.resolve(from, &reference) {
            Resolution::Found(e) => sink(Value::Element(e)),
            Resolution::Absent => Ok(true),
            Resolution::Unknown => Err(self.fail(id, Cause::Unknown, "the reference leads to what is not at hand")),
        }
    }

    fn reference_key(&self, id: OpId, input: OpId, args: &[OpId], frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let wanted = match args.first() {
            Some(&arg) => self.argument_text(id, arg, frame)?,
            None => None,
        };
        let Some(Value::Element(e)) = self.one(input, frame)? else { return Ok(true) };
        let Some(reference) = e.text(names::REFERENCE) else { return Ok(true) };
        let mut parts = reference.rsplit('/');
        match (parts.next(), parts.next()) {
            (Some(key), Some(ty)) if wanted.as_deref().is_none_or(|w| w == ty) => {
                sink(Value::text(format!("{ty}/{key}")))
            }
            _ => Ok(true),
        }
    }

    fn join(&self, id: OpId, input: OpId, separator: &str, frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let mut out: Option<String> = None;
        self.each(input, frame, &mut |v| {
            let Some(text) = v.as_text() else {
                return Err(self.fail(id, Cause::Type, "only strings can be joined"));
            };
            self.spend(id, (text.len() + separator.len()) / 16)?;
            match &mut out {
                None => out = Some(text.to_owned()),
                Some(out) => {
                    out.push_str(separator);
                    out.push_str(text);
                }
            }
            Ok(true)
        })?;
        match out {
            Some(text) => sink(Value::text(text)),
            None => Ok(true),
        }
    }
}

pub(super) fn children(element: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    element.children().filter(|c| !(c.kind() == Kind::Null && c.node().first == NONE))
}

fn type_of<'t>(value: &Value<'t>) -> Value<'t> {
    match value {
        Value::Element(e) => {
            let namespace = match types::class_of(*e) {
                Class::Unknown => "",
                _ => "FHIR",
            };
            Value::Type { namespace, name: value.type_name() }
        }
        other => Value::Type { namespace: "System", name: other.type_name() },
    }
}
