//! A differential as a tree, whatever order and ids its elements came with.

use crate::pack::import::Change;

/// One element named by a differential, or one that lies on the way to it.
#[derive(Clone, Debug, Default)]
pub struct ChangeNode {
    /// Segment of the path as written (`value[x]`, `valueQuantity`).
    pub name: String,
    /// Slice name, or empty.
    pub slice: String,
    /// The slice name that ids use, when it differs.
    alias: String,
    /// What the differential states here.
    pub change: Option<Change>,
    /// Children, in order of first mention.
    pub children: Vec<ChangeNode>,
    /// Slices, in order of first mention.
    pub slices: Vec<ChangeNode>,
    /// The slice that following elements without usable ids belong to.
    current: Option<usize>,
}

/// Makes the tree; faults are told to `fault`.
pub fn tree_of(changes: &[Change], mut fault: impl FnMut(String)) -> ChangeNode {
    let mut root = ChangeNode::default();
    for change in changes {
        let mut segments = change.path.split('.');
        let first = segments.next().unwrap_or_default();
        let rest: Vec<&str> = segments.collect();
        if root.name.is_empty() {
            root.name = first.to_owned();
        } else if root.name != first {
            fault(format!("{}: does not begin with {}", change.path, root.name));
            continue;
        }
        let by_id = slices_by_id(change, &rest);
        place(&mut root, &rest, by_id.as_deref(), change, &mut fault);
    }
    root
}

/// Slice of each segment after the first as the id tells, when the id agrees with the path.
fn slices_by_id<'a>(change: &'a Change, rest: &[&str]) -> Option<Vec<&'a str>> {
    let segments: Vec<(&str, &str)> =
        change.id.split('.').skip(1).map(|segment| segment.split_once(':').unwrap_or((segment, ""))).collect();
    let agrees = segments.iter().zip(rest).all(|((by_id, _), by_path)| same_element(by_id, by_path));
    let usable = !change.id.is_empty() && segments.len() == rest.len() && agrees;
    // `value[x]:valueString` with the path `valueString` is the short form, not a slice of it.
    let short = |name: &str, slice: &str, by_path: &str| name.ends_with("[x]") && name != by_path && slice == by_path;
    let slices = segments.into_iter().zip(rest).map(
        |((name, slice), by_path)| {
            if short(name, slice, by_path) { "" } else { slice }
        },
    );
    usable.then(|| slices.collect())
}

/// Whether two segments name one element, a choice being written either way.
fn same_element(a: &str, b: &str) -> bool {
    a == b || a.strip_suffix("[x]").is_some_and(|stem| b.starts_with(stem)) || {
        b.strip_suffix("[x]").is_some_and(|stem| a.starts_with(stem))
    }
}

fn place(
    node: &mut ChangeNode,
    rest: &[&str],
    by_id: Option<&[&str]>,
    change: &Change,
    fault: &mut impl FnMut(String),
) {
    let Some((&segment, deeper)) = rest.split_first() else {
        if node.change.is_some() {
            fault(format!("{}: stated twice", change.id_or_path()));
            // The later one adds to the first: keep both by merging what the first left open.
            if let Some(held) = &mut node.change {
                held.fill_from(change);
            }
            return;
        }
        node.change = Some(change.clone());
        return;
    };
    let last = deeper.is_empty();
    let child = match node.children.iter().position(|child| child.name == segment) {
        Some(found) => found,
        None => {
            node.children.push(ChangeNode { name: segment.to_owned(), ..ChangeNode::default() });
            node.children.len() - 1
        }
    };
    let child = &mut node.children[child];
    let told = by_id.and_then(|slices| slices.first().copied()).unwrap_or_default();
    let wanted = match (last, by_id) {
        (true, _) if !change.slice.is_empty() => Some(change.slice.as_str()),
        (true, _) if !told.is_empty() => Some(told),
        (true, _) => None,
        (false, Some(_)) if !told.is_empty() => Some(told),
        (false, Some(_)) => None,
        (false, None) => match child.current {
            Some(current) => return place(&mut child.slices[current], deeper, None, change, fault),
            None => None,
        },
    };
    let below = by_id.map(|slices| slices.get(1..).unwrap_or_default());
    let Some(wanted) = wanted else {
        child.current = None;
        return place(child, deeper, below, change, fault);
    };
    let found = child.slices.iter().position(|slice| slice.slice == wanted || (!last && slice.alias == wanted));
    let index = found.unwrap_or_else(|| {
        child.slices.push(ChangeNode {
            name: segment.to_owned(),
            slice: wanted.to_owned(),
            alias: told.to_owned(),
            ..ChangeNode::default()
        });
        child.slices.len() - 1
    });
    child.current = Some(index);
    place(&mut child.slices[index], deeper, below, change, fault);
}

impl Change {
    /// Id, or path when there is none.
    pub fn id_or_path(&self) -> &str {
        if self.id.is_empty() { &self.path } else { &self.id }
    }

    /// Takes from `other` what is not stated here.
    fn fill_from(&mut self, other: &Change) {
        self.min = self.min.or(other.min);
        self.max = self.max.or(other.max);
        self.types = self.types.take().or_else(|| other.types.clone());
        self.fixed = self.fixed.take().or_else(|| other.fixed.clone());
        self.pattern = self.pattern.take().or_else(|| other.pattern.clone());
        self.slicing = self.slicing.take().or_else(|| other.slicing.clone());
        self.binding = self.binding.take().or_else(|| other.binding.clone());
        self.constraints.extend(other.constraints.iter().cloned());
        self.must_support = self.must_support.or(other.must_support);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(id: &str, path: &str, slice: &str) -> Change {
        Change { id: id.to_owned(), path: path.to_owned(), slice: slice.to_owned(), ..Change::default() }
    }

    fn print(node: &ChangeNode, out: &mut Vec<String>, at: &str) {
        for child in &node.children {
            let path = format!("{at}.{}", child.name);
            if child.change.is_some() {
                out.push(path.clone());
            }
            print(child, out, &path);
            for slice in &child.slices {
                let path = format!("{path}:{}", slice.slice);
                out.push(path.clone());
                print(slice, out, &path);
            }
        }
    }

    fn shown(changes: &[(&str, &str, &str)]) -> String {
        let changes: Vec<_> = changes.iter().map(|(id, path, slice)| change(id, path, slice)).collect();
        let root = tree_of(&changes, |fault| panic!("{fault}"));
        let mut out = Vec::new();
        print(&root, &mut out, "");
        out.join(" ")
    }

    #[test]
    fn places_by_order_when_ids_say_nothing() {
        let changes = [
            ("", "P.a", ""),
            ("", "P.a", "x"),
            ("", "P.a.b", ""),
            ("", "P.a", "y"),
            ("", "P.a.b", ""),
            ("", "P.c", ""),
        ];
        assert_eq!(shown(&changes), ".a .a:x .a:x.b .a:y .a:y.b .c");
    }

    #[test]
    fn places_by_id_whatever_the_order() {
        let changes = [
            ("P.a:y.b", "P.a.b", ""),
            ("P.a:x", "P.a", "x"),
            ("P.a:y", "P.a", "y"),
            ("P.a", "P.a", ""),
            ("P.a:x.b", "P.a.b", ""),
        ];
        assert_eq!(shown(&changes), ".a .a:y .a:y.b .a:x .a:x.b");
    }

    #[test]
    fn short_forms_stay_children() {
        let changes = [("P.v[x]:vString", "P.vString", ""), ("P.v[x]:vString.id", "P.vString.id", "")];
        assert_eq!(shown(&changes), ".vString .vString.id");
    }
}
