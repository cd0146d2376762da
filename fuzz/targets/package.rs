//! Any bytes as a package: an archive, a definition in an archive, a definition file. Definitions are completed and
//! compiled, and a message is checked by none of them without end.
#![no_main]

use std::sync::Arc;

use hallmark::bench::conform::Plans;
use hallmark::bench::pack::{Catalogue, Release};
use libfuzzer_sys::fuzz_target;

fn archive(definition: &[u8]) -> Option<Vec<u8>> {
    let packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut archive = tar::Builder::new(packer);
    for (name, bytes) in [("package/package.json", &br#"{"name":"a.b","version":"1.0.0"}"#[..]), ("package/a.json", definition)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive.append_data(&mut header, name, bytes).ok()?;
    }
    archive.into_inner().ok()?.finish().ok()
}

fuzz_target!(|data: &[u8]| {
    let Some((way, bytes)) = data.split_first() else { return };
    let Ok(folder) = tempfile::tempdir() else { return };
    let (name, bytes) = match way % 4 {
        0 => ("a.tgz", bytes.to_vec()),
        1 => ("a.tgz", archive(bytes).unwrap_or_default()),
        2 => ("a.xml", bytes.to_vec()),
        _ => ("a.json", bytes.to_vec()),
    };
    let path = folder.path().join(name);
    if std::fs::write(&path, bytes).is_err() {
        return;
    }
    let Ok(catalogue) = Catalogue::new(&[path]) else { return };
    let catalogue = Arc::new(catalogue);
    let plans = Plans::new(Arc::clone(&catalogue));
    for url in catalogue.user_packages().iter().flat_map(|p| &p.entries).map(|e| e.url.clone()) {
        for release in [Release::Stu3, Release::R4] {
            let _ = catalogue.value_set(release, &url);
            let _ = catalogue.code_system(release, &url);
            let _ = plans.of(release, &url);
        }
    }
});
