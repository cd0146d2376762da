#!/usr/bin/env node
// Runs the binary of this system, which npm installed beside this package; ends as it ends.
"use strict";
const { spawn } = require("node:child_process");
const path = require("node:path");

const system = `${process.platform}-${process.arch}`;
const name = `hallmark-interop-${system}`;
let binary;
try {
  const folder = path.dirname(require.resolve(`${name}/package.json`));
  binary = path.join(folder, process.platform === "win32" ? "hallmark.exe" : "hallmark");
} catch {
  console.error(`hallmark: the package ${name} is not installed: npm leaves it out with --omit=optional, and there is none for a system that is not built for`);
  process.exit(2);
}

const child = spawn(binary, process.argv.slice(2), { stdio: "inherit", windowsHide: true });
// Ctrl-C reaches the binary by itself; it ends with what was done so far, and this waits for it.
process.on("SIGINT", () => {});
process.on("SIGTERM", () => child.kill("SIGTERM"));
child.on("error", (error) => {
  console.error(`hallmark: ${error.message}`);
  process.exit(3);
});
child.on("exit", (code, signal) => {
  if (signal) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  } else {
    process.exit(code);
  }
});
