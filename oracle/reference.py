"""The reference engine: fetched once, compiled once, one warm process, its verdicts kept on disk by message and set-up."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tarfile
import threading

HERE = os.path.dirname(os.path.abspath(__file__))
# The engine brings the core definitions itself.
OWN = ("hl7.fhir.r3.core", "hl7.fhir.r4.core")
# Later editions of code systems that R4 has its own copies of would make codes of R4 unknown: left out.
LATER = ("hl7.terminology",)
# Elements at which the engine's snapshot generator stops, and with it every message that reaches the profile: file, path.
# The first two are constrained nowhere else; the third is a type that a repeated slice name hides.
STOPPERS = {
    "StructureDefinition-CareConnect-GPC-ProblemHeader-Condition-1.json": "Condition.extension.value[x]",
    "StructureDefinition-CareConnect-GPC-Composition-1.json": "Composition.identifier",
    "StructureDefinition-ITK-MessageDefinition-1.json": "MessageDefinition.focus.profile",
}


def say(words):
    print(f"oracle: {words}", file=sys.stderr, flush=True)


class Missing(Exception):
    """What the oracle needs and this machine has not."""


class Reference:
    def __init__(self, cache, packages, extra=()):
        for tool in ("java", "javac", "mvn"):
            if not shutil.which(tool):
                raise Missing(f"no {tool} on this machine")
        if not os.path.isdir(packages):
            raise Missing(f"no folder of packages at {packages}")
        self.cache = cache
        os.makedirs(cache, exist_ok=True)
        self.lib, self.classes = os.path.join(cache, "lib"), os.path.join(cache, "classes")
        self.build()
        self.folders = self.unpack(packages) + list(extra)
        self.marks = {}
        for release in ("3.0", "4.0"):
            marks = [self.driver_mark] + [self.folder_mark(folder) for folder in self.folders if folder.startswith(release)]
            self.marks[release] = hashlib.sha256("\n".join(marks).encode()).hexdigest()[:12]
        self.process = None

    def build(self):
        if not os.path.isdir(self.lib):
            say("fetching the reference engine (Maven Central, once)")
            making = self.lib + ".new"
            shutil.rmtree(making, ignore_errors=True)
            subprocess.run(["mvn", "-q", "-B", "-f", os.path.join(HERE, "pom.xml"), "dependency:copy-dependencies", f"-DoutputDirectory={making}"], check=True, stdout=sys.stderr)
            os.rename(making, self.lib)
        source = os.path.join(HERE, "src", "Reference.java")
        with open(source, "rb") as file:
            self.driver_mark = hashlib.sha256(file.read()).hexdigest()
        stamp = os.path.join(self.classes, self.driver_mark)
        if not os.path.exists(stamp):
            shutil.rmtree(self.classes, ignore_errors=True)
            os.makedirs(self.classes)
            subprocess.run(["javac", "-nowarn", "-cp", os.path.join(self.lib, "*"), "-d", self.classes, source], check=True, stdout=sys.stderr)
            open(stamp, "w").close()

    def unpack(self, packages):
        folders = []
        for name in sorted(os.listdir(packages)):
            if not name.endswith(".tgz") or name.startswith(OWN + LATER):
                continue
            path = os.path.join(packages, name)
            with open(path, "rb") as file:
                digest = hashlib.sha256(file.read()).hexdigest()[:12]
            folder = os.path.join(self.cache, "packages", f"{name[:-4]}-{digest}")
            if not os.path.isdir(folder):
                making = folder + ".new"
                shutil.rmtree(making, ignore_errors=True)
                with tarfile.open(path) as archive:
                    archive.extractall(making, filter="data")
                mend(making)
                os.rename(making, folder)
            with open(os.path.join(folder, "package", "package.json"), encoding="utf-8") as file:
                release = json.load(file)["fhirVersions"][0][:3]
            folders.append(f"{release}={folder}")
        return folders

    def folder_mark(self, folder):
        release, path = folder.split("=", 1)
        total = hashlib.sha256(release.encode())
        for root, _, names in sorted(os.walk(path)):
            for name in sorted(names):
                total.update(name.encode())
                total.update(str(os.path.getsize(os.path.join(root, name))).encode())
        return total.hexdigest()

    def start(self):
        if self.process is None:
            options = os.environ.get("ORACLE_JAVA", "-Xmx4g").split()
            command = ["java", *options, "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", f"{self.classes}:{self.lib}/*", "Reference", *self.folders]
            self.process = subprocess.Popen(["nice", *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8")
        return self.process

    def ask(self, lines):
        """Answers, in order, to many lines; written by a thread, since both pipes are bounded."""
        process = self.start()

        def write():
            for line in lines:
                process.stdin.write(line + "\n")
            process.stdin.flush()

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        for _ in lines:
            answer = process.stdout.readline()
            if not answer:
                raise RuntimeError("the reference engine ended early")
            yield json.loads(answer)
        writer.join()

    def verdicts(self, messages, kept_only=False):
        """{digest: answer} for messages (digest, release, path), from the cache where it holds them."""
        held = {}
        for release in {release for _, release, _ in messages}:
            path = self.kept(release)
            if os.path.exists(path):
                with open(path, encoding="utf-8") as file:
                    for line in file:
                        try:
                            answer = json.loads(line)
                        except ValueError:  # the last line of a run that was ended
                            continue
                        held[answer["key"]] = answer
        wanted, seen = [], set()
        for digest, release, file in messages:
            key = f"{release}-{digest}"
            if key not in held and key not in seen:
                seen.add(key)
                wanted.append(f"{release}\t{key}\t{file}")
        if wanted and not kept_only:
            say(f"{len(wanted)} messages for the reference engine, {len(held)} verdicts kept from before")
            for count, answer in enumerate(self.ask(wanted), 1):
                held[answer["key"]] = answer
                with open(self.kept(answer["key"][:3]), "a", encoding="utf-8") as file:
                    file.write(json.dumps(answer) + "\n")
                if count % 1000 == 0:
                    say(f"{count} of {len(wanted)}")
        return {digest: held[f"{release}-{digest}"] for digest, release, _ in messages if f"{release}-{digest}" in held}

    def kept(self, release):
        return os.path.join(self.cache, f"verdicts-{release}-{self.marks[release]}.ndjson")

    def close(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()
            self.process = None


def mend(folder):
    """Takes out of an unpacked package what stops the engine altogether."""
    for root, _, names in os.walk(folder):
        for name in names:
            path = os.path.join(root, name)
            if name == "package.json" or not name.endswith(".json"):
                continue
            with open(path, encoding="utf-8") as file:
                definition = json.load(file)
            before = json.dumps(definition)
            updated = definition.get("meta", {}).get("lastUpdated", "")
            if updated and "T" not in updated:
                del definition["meta"]["lastUpdated"]
            stopper = STOPPERS.get(name)
            if stopper:
                elements = definition["differential"]["element"]
                definition["differential"]["element"] = [e for e in elements if not (e["path"] == stopper or stopper != "Condition.extension.value[x]" and e["path"].startswith(stopper))]
            if json.dumps(definition) != before:
                with open(path, "w", encoding="utf-8") as file:
                    json.dump(definition, file)
