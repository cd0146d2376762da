//! A snapshot as a tree: children beneath their element, slices beside their slicer.

use crate::pack::model::{ElementDef, Structure};

/// One element with what hangs on it.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Last segment of the path (`value[x]`).
    pub name: String,
    /// The element; its `id` and `path` are written when the tree is flattened.
    pub element: ElementDef,
    /// Children, in order.
    pub children: Vec<Node>,
    /// Slices of this element, re-slices (`a/b`) included, in order.
    pub slices: Vec<Node>,
    /// Takes nothing from the root of its type's profile.
    pub bare: bool,
}

impl Node {
    /// The child `name`.
    pub fn child(&self, name: &str) -> Option<usize> {
        self.children.iter().position(|child| child.name == name)
    }
}

fn depth(path: &str) -> usize {
    path.bytes().filter(|byte| *byte == b'.').count()
}

fn last_segment(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

/// The tree of a structure's snapshot; `None` when it has no elements.
pub fn tree_of(structure: &Structure) -> Option<Node> {
    subtree(&structure.elements, 0)
}

/// The tree of the element at `index`, its own slices left out.
pub fn subtree(elements: &[ElementDef], index: usize) -> Option<Node> {
    let mut at = index;
    if index < elements.len() { Some(grow(elements, &mut at)) } else { None }
}

fn grow(elements: &[ElementDef], at: &mut usize) -> Node {
    let element = &elements[*at];
    let level = depth(&element.path);
    *at += 1;
    let mut copy = element.clone();
    if copy.base_path.is_empty() {
        copy.base_path.clone_from(&element.path);
        copy.base_max = element.max;
    }
    let mut node = Node { name: last_segment(&element.path).to_owned(), element: copy, ..Node::default() };
    while let Some(next) = elements.get(*at) {
        let below = next.path.strip_prefix(&element.path).is_some_and(|rest| rest.starts_with('.'));
        if !below {
            break;
        }
        let straight = depth(&next.path) == level + 1;
        let child = grow(elements, at);
        // An element whose parent is missing hangs on nothing.
        if !straight {
            continue;
        }
        let sliced = if child.element.slice.is_empty() { None } else { node.child(&child.name) };
        match sliced {
            Some(slicer) => node.children[slicer].slices.push(child),
            None => node.children.push(child),
        }
    }
    node
}

/// The elements of a tree in snapshot order, with paths and ids by FHIR's rule.
pub fn flatten(root: Node, name: &str) -> Vec<ElementDef> {
    let mut out = Vec::new();
    write(root, name.to_owned(), name.to_owned(), &mut out);
    out
}

fn write(node: Node, path: String, id: String, out: &mut Vec<ElementDef>) {
    let Node { mut element, children, slices, .. } = node;
    element.path.clone_from(&path);
    element.id.clone_from(&id);
    out.push(element);
    for child in children {
        let (path, id) = (format!("{path}.{}", child.name), format!("{id}.{}", child.name));
        // A slice whose slicer is missing keeps its name in its id.
        let id = if child.element.slice.is_empty() { id } else { with_slice(&id, &child.element.slice) };
        write(child, path, id, out);
    }
    for slice in slices {
        let id = with_slice(&id, &slice.element.slice);
        write(slice, path.clone(), id, out);
    }
}

fn with_slice(id: &str, slice: &str) -> String {
    format!("{id}:{}", slice.replace('_', "-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn element(path: &str, slice: &str) -> ElementDef {
        ElementDef { path: path.to_owned(), slice: slice.to_owned(), ..ElementDef::default() }
    }

    #[test]
    fn grows_and_flattens() {
        let elements =
            [("A", ""), ("A.b", ""), ("A.b", "x_y"), ("A.b.c", ""), ("A.b", "z"), ("A.d", ""), ("A.e.f", "")];
        let elements: Vec<_> = elements.iter().map(|(path, slice)| element(path, slice)).collect();
        let structure = Structure { elements, ..Structure::default() };
        let root = tree_of(&structure).unwrap();
        assert_eq!(root.children.len(), 2);
        assert_eq!(root.children[0].slices.len(), 2);
        let ids: Vec<_> = flatten(root, "T").into_iter().map(|e| e.id).collect();
        assert_eq!(ids, ["T", "T.b", "T.b:x-y", "T.b:x-y.c", "T.b:z", "T.d"]);
    }
}
