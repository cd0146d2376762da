// Makes the npm packages: one for each binary given, and the one that takes the binary of the system.
// Usage: node packaging/npm/build.mjs OUT SYSTEM=BINARY... where SYSTEM is as linux-x64, darwin-arm64, win32-x64.
import { execFileSync } from "node:child_process";
import { chmodSync, copyFileSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const SYSTEMS = ["linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64", "win32-x64"];
const here = dirname(fileURLToPath(import.meta.url));
const root = resolve(here, "../..");
const [out, ...binaries] = process.argv.slice(2);
if (!out || binaries.length === 0) {
  console.error("usage: build.mjs OUT SYSTEM=BINARY...");
  process.exit(2);
}
const version = /^version = "(.+)"$/m.exec(readFileSync(join(root, "Cargo.toml"), "utf8"))[1];
const shared = {
  version,
  license: "MIT OR Apache-2.0",
  keywords: ["fhir", "nhs", "snomed", "validation", "healthcare"],
};

function pack(name, manifest, fill) {
  const folder = join(out, "made", name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const file of ["LICENSE-MIT", "LICENSE-APACHE", "NOTICE"]) copyFileSync(join(root, file), join(folder, file));
  writeFileSync(join(folder, "package.json"), `${JSON.stringify({ name, ...shared, ...manifest }, null, 2)}\n`);
  fill(folder);
  execFileSync("npm", ["pack", "--silent", "--pack-destination", resolve(out)], { cwd: folder, stdio: ["ignore", "ignore", "inherit"] });
}

for (const pair of binaries) {
  const [system, binary] = pair.split("=");
  if (!SYSTEMS.includes(system)) throw new Error(`${system} is not one of ${SYSTEMS.join(", ")}`);
  const [os, cpu] = system.split("-");
  const file = os === "win32" ? "hallmark.exe" : "hallmark";
  pack(`hallmark-interop-${system}`, { description: `The binary of hallmark for ${system}`, os: [os], cpu: [cpu], files: [file, "NOTICE"] }, (folder) => {
    copyFileSync(binary, join(folder, file));
    chmodSync(join(folder, file), 0o755);
  });
}
pack(
  "hallmark-interop",
  {
    description: "Offline conformance, SNOMED CT and data quality checks for NHS FHIR message feeds",
    bin: { hallmark: "bin/hallmark.js", "hallmark-interop": "bin/hallmark.js" },
    files: ["bin", "NOTICE"],
    engines: { node: ">=18" },
    optionalDependencies: Object.fromEntries(SYSTEMS.map((system) => [`hallmark-interop-${system}`, version])),
  },
  (folder) => {
    cpSync(join(here, "bin"), join(folder, "bin"), { recursive: true });
    chmodSync(join(folder, "bin/hallmark.js"), 0o755);
    copyFileSync(join(here, "README.md"), join(folder, "README.md"));
  },
);
