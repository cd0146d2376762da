//! The is-a hierarchy, laid out for fast answers.
//!
//! Concepts are numbered ("ranked") by a walk of a spanning tree, each concept before everything below it, so that
//! the descendants in the tree are one interval of ranks, and all descendants are a short list of intervals
//! (Agrawal, Borgida, Jagadish: "Efficient management of transitive relationships in large data and knowledge
//! bases", SIGMOD 1989). Subsumption is a binary search in that list; a set of descendants is a few runs of bits.

/// Half-open interval of ranks.
pub(super) type Run = (u32, u32);

/// Lists of numbers, one list per concept: `items[at[i]..at[i + 1]]`.
#[derive(Default)]
pub(super) struct Lists<T> {
    pub(super) at: Vec<u32>,
    pub(super) items: Vec<T>,
}

impl<T: Copy + Default> Lists<T> {
    /// From pairs of list and item, in any order; items keep the order of the pairs.
    pub(super) fn new(lists: usize, pairs: impl Iterator<Item = (u32, T)> + Clone) -> Self {
        let mut at = vec![0u32; lists + 1];
        for (list, _) in pairs.clone() {
            at[list as usize + 1] += 1;
        }
        for i in 0..lists {
            at[i + 1] += at[i];
        }
        let mut next = at.clone();
        let mut items = vec![T::default(); at[lists] as usize];
        for (list, item) in pairs {
            items[next[list as usize] as usize] = item;
            next[list as usize] += 1;
        }
        Self { at, items }
    }

    pub(super) fn of(&self, list: u32) -> &[T] {
        &self.items[self.at[list as usize] as usize..self.at[list as usize + 1] as usize]
    }
}

/// The hierarchy in ranks.
pub(super) struct Hierarchy {
    /// Rank of each concept, by its place in the order of identifiers.
    pub(super) rank: Vec<u32>,
    /// Parents of each rank, ascending.
    pub(super) parents: Lists<u32>,
    /// Children of each rank, ascending.
    pub(super) children: Lists<u32>,
    /// The runs of ranks below each rank, itself included, ascending and apart.
    pub(super) below: Lists<Run>,
    /// Is-a rows that would close a circle and were left out.
    pub(super) circular: Vec<(u32, u32)>,
}

impl Hierarchy {
    /// From (child, parent) pairs of concept numbers below `count`.
    pub(super) fn new(count: usize, mut edges: Vec<(u32, u32)>) -> Self {
        edges.sort_unstable();
        edges.dedup();
        let mut circular: Vec<(u32, u32)> = edges.iter().copied().filter(|(child, parent)| child == parent).collect();
        edges.retain(|(child, parent)| child != parent);
        let (order, dropped) = top_down(count, &edges);
        circular.extend(&dropped);
        edges.retain(|edge| !dropped.contains(edge));

        let parents = Lists::new(count, edges.iter().copied());
        let tree = spanning_tree(count, &order, &parents);
        let (rank, end) = walk(count, &parents, &tree);

        let ranked: Vec<(u32, u32)> = {
            let mut pairs: Vec<_> =
                edges.iter().map(|(child, parent)| (rank[*child as usize], rank[*parent as usize])).collect();
            pairs.sort_unstable();
            pairs
        };
        let parents_by_rank = Lists::new(count, ranked.iter().copied());
        let children_by_rank = Lists::new(count, ranked.iter().map(|(child, parent)| (*parent, *child)));
        let below = runs(count, &order, &rank, &end, &children_by_rank);
        Self { rank, parents: parents_by_rank, children: children_by_rank, below, circular }
    }
}

/// Concepts, parents before children, and the edges that had to go for that.
fn top_down(count: usize, edges: &[(u32, u32)]) -> (Vec<u32>, std::collections::HashSet<(u32, u32)>) {
    let children = Lists::new(count, edges.iter().map(|(child, parent)| (*parent, *child)));
    let parents = Lists::new(count, edges.iter().copied());
    let mut waiting = vec![0u32; count];
    for (child, _) in edges {
        waiting[*child as usize] += 1;
    }
    let mut dropped = std::collections::HashSet::new();
    let mut placed = vec![false; count];
    let mut order: Vec<u32> = (0..count as u32).filter(|c| waiting[*c as usize] == 0).collect();
    order.iter().for_each(|c| placed[*c as usize] = true);
    let mut next = 0;
    let mut first_open = 0;
    loop {
        while next < order.len() {
            let parent = order[next];
            next += 1;
            for child in children.of(parent) {
                if dropped.contains(&(*child, parent)) {
                    continue;
                }
                waiting[*child as usize] -= 1;
                if waiting[*child as usize] == 0 && !placed[*child as usize] {
                    placed[*child as usize] = true;
                    order.push(*child);
                }
            }
        }
        if order.len() == count {
            return (order, dropped);
        }
        // What is left hangs below a circle: climb from the lowest identifier until a concept comes again.
        while placed[first_open] {
            first_open += 1;
        }
        let mut path = vec![first_open as u32];
        while let Some(at) = path.last().copied() {
            let up = parents.of(at).iter().find(|p| !placed[**p as usize] && !dropped.contains(&(at, **p)));
            let Some(up) = up.copied() else { break };
            let Some(from) = path.iter().position(|seen| *seen == up) else {
                path.push(up);
                continue;
            };
            // Cut where the child keeps a parent outside, else where the circle closes.
            let circle = &path[from..];
            let has_other = |child: u32| parents.of(child).iter().any(|parent| placed[*parent as usize]);
            let cut = circle.iter().position(|child| has_other(*child)).unwrap_or(circle.len() - 1);
            let (child, parent) = (circle[cut], circle.get(cut + 1).copied().unwrap_or(up));
            dropped.insert((child, parent));
            waiting[child as usize] -= 1;
            if waiting[child as usize] == 0 {
                placed[child as usize] = true;
                order.push(child);
            }
            break;
        }
    }
}

/// One parent for each concept (itself for a root): the deepest, which keeps the lists of runs short.
fn spanning_tree(count: usize, order: &[u32], parents: &Lists<u32>) -> Vec<u32> {
    let mut depth = vec![0u32; count];
    let mut tree: Vec<u32> = (0..count as u32).collect();
    for concept in order {
        let mut deepest = None;
        for parent in parents.of(*concept) {
            if deepest.is_none_or(|(d, _)| depth[*parent as usize] > d) {
                deepest = Some((depth[*parent as usize], *parent));
            }
        }
        if let Some((d, parent)) = deepest {
            depth[*concept as usize] = d + 1;
            tree[*concept as usize] = parent;
        }
    }
    tree
}

/// Ranks by a walk of the tree, and the end of each concept's interval.
fn walk(count: usize, parents: &Lists<u32>, tree: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let branches =
        Lists::new(count, (0..count as u32).filter(|c| tree[*c as usize] != *c).map(|c| (tree[c as usize], c)));
    let mut rank = vec![0u32; count];
    let mut end = vec![0u32; count];
    let mut next = 0;
    let mut stack: Vec<(u32, usize)> = Vec::new();
    let is_root = |c: u32| parents.of(c).is_empty();
    // Concepts outside the hierarchy (the inactive ones) come last.
    let roots = (0..count as u32).filter(|c| is_root(*c) && !branches.of(*c).is_empty());
    let lone = (0..count as u32).filter(|c| is_root(*c) && branches.of(*c).is_empty());
    for root in roots.chain(lone) {
        rank[root as usize] = next;
        next += 1;
        stack.push((root, 0));
        while let Some((concept, done)) = stack.last_mut() {
            match branches.of(*concept).get(*done) {
                Some(branch) => {
                    *done += 1;
                    rank[*branch as usize] = next;
                    next += 1;
                    stack.push((*branch, 0));
                }
                None => {
                    end[*concept as usize] = next;
                    stack.pop();
                }
            }
        }
    }
    (rank, end)
}

/// Descendants as runs, children first.
fn runs(count: usize, order: &[u32], rank: &[u32], end: &[u32], children: &Lists<u32>) -> Lists<Run> {
    let mut start = vec![(0u32, 0u32); count];
    let mut arena: Vec<Run> = Vec::with_capacity(count * 2);
    let mut list: Vec<Run> = Vec::new();
    for concept in order.iter().rev() {
        let own = (rank[*concept as usize], end[*concept as usize]);
        list.clear();
        list.push(own);
        for child in children.of(own.0) {
            let (from, to) = start[*child as usize];
            let outside = arena[from as usize..to as usize].iter().filter(|run| run.0 < own.0 || run.1 > own.1);
            list.extend(outside);
        }
        list.sort_unstable();
        let from = arena.len() as u32;
        let mut last: Option<Run> = None;
        for run in &list {
            match &mut last {
                Some(last) if run.0 <= last.1 => last.1 = last.1.max(run.1),
                _ => arena.extend(last.replace(*run)),
            }
        }
        arena.extend(last);
        start[own.0 as usize] = (from, arena.len() as u32);
    }
    let mut at = Vec::with_capacity(count + 1);
    let mut items = Vec::with_capacity(arena.len());
    for (from, to) in start {
        at.push(items.len() as u32);
        items.extend_from_slice(&arena[from as usize..to as usize]);
    }
    at.push(items.len() as u32);
    Lists { at, items }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn closure(h: &Hierarchy, concept: usize) -> Vec<usize> {
        let mut found: Vec<usize> = h
            .below
            .of(h.rank[concept])
            .iter()
            .flat_map(|(from, to)| *from..*to)
            .map(|rank| h.rank.iter().position(|r| *r == rank).unwrap())
            .collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn diamond_and_lone() {
        // 0 over 1 and 2, both over 3; 3 over 4; 5 alone.
        let h = Hierarchy::new(6, vec![(1, 0), (2, 0), (3, 1), (3, 2), (4, 3)]);
        assert_eq!(closure(&h, 0), [0, 1, 2, 3, 4]);
        assert_eq!(closure(&h, 2), [2, 3, 4]);
        assert_eq!(closure(&h, 1), [1, 3, 4]);
        assert_eq!(closure(&h, 5), [5]);
        assert_eq!(h.rank[5], 5);
        assert!(h.circular.is_empty());
    }

    #[test]
    fn circles_are_cut_once() {
        // 1 -> 2 -> 3 -> 1 below 0; 4 below 3; 5 is its own parent.
        let h = Hierarchy::new(6, vec![(1, 0), (1, 3), (2, 1), (3, 2), (4, 3), (5, 5)]);
        assert_eq!(h.circular.len(), 2);
        assert!(h.circular.contains(&(5, 5)));
        assert_eq!(closure(&h, 0), [0, 1, 2, 3, 4]);
        let h = Hierarchy::new(3, vec![(0, 1), (1, 2), (2, 0)]);
        assert_eq!(h.circular.len(), 1);
        assert_eq!(h.rank.iter().collect::<std::collections::BTreeSet<_>>().len(), 3);
    }
}
