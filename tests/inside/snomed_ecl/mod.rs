//! ECL on the index gives what a slow, obvious evaluator gives, on random expressions over generated releases.

#![allow(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "tests fail by panicking")]

mod random;
mod slow;

use hallmark::terminology::snomed::generate::{Dice, Layout, Spec, write_release};
use hallmark::terminology::snomed::{Ecl, Index, build};

fn agree(spec: &Spec, expressions: usize) {
    let folder = tempfile::tempdir().unwrap();
    let release = folder.path().join("release");
    let made = write_release(&release, spec).unwrap();
    let out = folder.path().join("index");
    build(&release, &out, &|_| {}).unwrap();
    let index = Index::open_verified(&out).unwrap();
    let slow = slow::Slow::read(&release);
    assert_eq!(u64::from(index.concepts()), slow.concepts.len() as u64);

    let mut dice = Dice(spec.seed ^ 0xec1);
    let pool = random::Pool::new(&made);
    let (mut empty, mut whole) = (0, 0);
    for n in 0..expressions {
        let expr = pool.expr(&mut dice, 3);
        let printed = expr.to_string();
        let ecl = Ecl::parse(&printed).unwrap_or_else(|fault| panic!("{n}: {printed}: {fault}"));
        assert_eq!(ecl.expr, expr, "{n}: {printed} parsed as {ecl}");
        let set = index.evaluate(&ecl).unwrap_or_else(|reason| panic!("{n}: {printed}: {reason}"));
        let expected = slow.whole(&expr);
        let found = index.codes(&set);
        assert_eq!(found.len(), set.len());
        if found != expected.iter().copied().collect::<Vec<_>>() {
            let extra: Vec<_> = found.iter().filter(|id| !expected.contains(id)).take(3).collect();
            let lacking: Vec<_> = expected.iter().filter(|id| !found.contains(id)).take(3).collect();
            panic!(
                "{n}: {printed}: {} found, {} expected; extra {extra:?}, lacking {lacking:?}",
                found.len(),
                expected.len()
            );
        }
        empty += usize::from(found.is_empty());
        whole += usize::from(found.len() == slow.concepts.len());
        for _ in 0..4 {
            let concept = pool.any(&mut dice);
            let answer = index.contains(&ecl, concept).unwrap_or_else(|reason| panic!("{n}: {printed}: {reason}"));
            assert_eq!(answer, expected.contains(&concept), "{n}: {concept} in {printed}");
        }
    }
    // The test is worth little if most answers are trivial.
    assert!(empty * 2 < expressions, "{empty} of {expressions} are empty");
    assert!(whole * 4 < expressions, "{whole} of {expressions} are everything");
    println!("{expressions} expressions, {empty} empty, {whole} everything");
}

#[test]
fn snapshot_monolith() {
    agree(&Spec::new(1, 320), 850);
}

#[test]
fn full_split() {
    agree(&Spec { layout: Layout::Split, full: true, ..Spec::new(2, 240) }, 250);
}
