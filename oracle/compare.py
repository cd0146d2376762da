"""`just oracle [FEED...]`: the reference engine and hallmark over the same messages, and where they differ."""

import argparse
import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from functools import lru_cache

from kinds import kin, refined
from reference import HERE, Missing, Reference, say

REPOSITORY = os.path.dirname(HERE)
# A package in schemas/packs is embedded: hallmark needs no other copy of it.
EMBEDDED = os.listdir(os.path.join(REPOSITORY, "schemas", "packs"))
ERRORS = ("fatal", "error")
# Base and profile conformance; UCUM codes, which the reference engine checks with it, are a rule of another family here.
RULES = "fhir,unit-code-invalid"


def places_of_things(parser):
    parser.add_argument("--packages", default=os.path.join(REPOSITORY, "..", "shared", "packages"), help="folder of the .tgz packages that both engines hold")
    parser.add_argument("--cache", default=os.environ.get("ORACLE_CACHE", os.path.join(REPOSITORY, "target", "oracle")), help="where jars, packages and verdicts are kept")
    parser.add_argument("--hallmark", default=os.environ.get("HALLMARK", os.path.join(REPOSITORY, "target", "quick", "hallmark")))


def arguments():
    parser = argparse.ArgumentParser(prog="just oracle", description=__doc__)
    parser.add_argument("feeds", nargs="*", help="files or folders; the fixture feeds when none is given")
    parser.add_argument("--fhir-version", choices=["3.0", "4.0"], help="of every message; else told by the folder's name (stu3, r3) or 4.0")
    parser.add_argument("--extra", action="append", default=[], metavar="RELEASE=FOLDER", help="a folder of definitions that both engines hold besides")
    parser.add_argument("--known", default=os.path.join(REPOSITORY, "fixtures", "oracle-known.tsv"))
    parser.add_argument("--all", action="store_true", help="show differences in messages of equal verdict, too")
    parser.add_argument("--judged", action="store_true", help="show judged differences, too")
    parser.add_argument("--list", metavar="FILE", help="write every difference: feed file, side, reference id, rule, judgement, path, words")
    parser.add_argument("--kept", action="store_true", help="only messages whose verdict is kept from an earlier run; no engine is started")
    places_of_things(parser)
    return parser.parse_args()


def digest(content):
    return hashlib.sha256(content).hexdigest()[:24]


def beside(reference):
    """The packages that hallmark does not embed, to be given to both."""
    held = {line.split("#")[0] for line in EMBEDDED}
    return [one for one in reference.folders if not os.path.basename(one).startswith(tuple(held))]


def release_of(path, given):
    if given:
        return given
    return "3.0" if re.search(r"stu3|[-_/.]r3\b|[-_]r3[-_]", path.lower()) else "4.0"


def collect(feeds, given):
    """Every message of the feeds: (name, release, bytes); an NDJSON line is a message."""
    for feed in feeds:
        if not os.path.exists(feed):
            sys.exit(f"oracle: no such feed: {feed}")
        files = [feed]
        if os.path.isdir(feed):
            files = sorted(os.path.join(root, name) for root, _, names in os.walk(feed, followlinks=True) for name in names)
        for path in files:
            if not path.endswith((".json", ".xml", ".ndjson")):
                continue
            with open(path, "rb") as file:
                content = file.read()
            if path.endswith(".ndjson"):
                for number, line in enumerate(content.splitlines(), 1):
                    if line.strip():
                        yield f"{path}:{number}", release_of(path, given), line, "json"
            else:
                yield path, release_of(path, given), content, path.rsplit(".", 1)[1]


@lru_cache(maxsize=1 << 18)
def place(path):
    """One spelling of a path for both engines."""
    path = re.sub(r"/\*.*?\*/", "", path or "")
    path = re.sub(r"\.ofType\(\w+\)", "", path)
    path = path.replace("[x]", "")
    return re.sub(r"\.resource\b(?=\.\w+\[)", ".resource", path)


def hallmark(binary, staged, extra):
    """{number: findings} of one release's folder of staged messages."""
    found = defaultdict(list)
    for release, folder in staged.items():
        command = [binary, "check", folder, "--rules", RULES, "--format", "ndjson", "--show-values", "--fail-on", "never", "--no-config", "--fhir-version", release]
        for one in extra:
            if one.startswith(release):
                folder = one.split("=", 1)[1]
                command += ["--package", os.path.join(folder, "package") if os.path.isdir(os.path.join(folder, "package")) else folder]
        run = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
        if run.returncode not in (0, 3):
            sys.exit(f"oracle: hallmark ended with {run.returncode}: {run.stderr[-500:]}")
        for line in run.stdout.splitlines():
            finding = json.loads(line)
            if finding["type"] == "finding":
                match = re.search(r"(\d+)\.(json|xml)$", finding["source"])
                if match:
                    found[int(match.group(1))].append(finding)
    return found


def join(reference, ours):
    """Pairs what both say, nearest first; what stays over is (reference finding, None) or (None, our finding)."""
    rings = ("place and kind", "place", "nearby and kind")
    taken, left, over = set(), list(range(len(reference))), list(ours)
    there = [place(one["path"]) for one in reference]
    at = defaultdict(list)
    for index in left:
        at[there[index]].append(index)
    for ring in rings:
        rest = []
        for finding in over:
            here = place(finding["path"])
            if ring == "nearby and kind":
                near = [i for i in left if i not in taken and (beneath(here, there[i]) or beneath(there[i], here)) and kin(reference[i]["id"], finding["rule"])]
            else:
                near = [i for i in at[here] if i not in taken and (ring == "place" or kin(reference[i]["id"], finding["rule"]))]
            if not near:
                rest.append(finding)
            # One cause may be said several times by the reference engine: all of one kind at one place are one.
            taken.update(near if ring == "place and kind" else [i for i in near if there[i] == there[near[0]]])
        over = rest
    return [(reference[i], None) for i in left if i not in taken] + [(None, finding) for finding in over]


def beneath(below, above):
    return below.startswith(above) and below[len(above) :][:1] in ("", ".", "[")


def kind(other, finding):
    return (other["id"] if other else "-", finding["rule"] if finding else "-")


def load_known(path):
    """Rows of fixtures/oracle-known.tsv: (reference id, rule, where it applies, who is right)."""
    known = []
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            for line in file:
                if line.startswith("#") or not line.strip():
                    continue
                reference, rule, where, right, _, _ = line.rstrip("\n").split("\t")
                known.append((reference, rule, None if where == "*" else re.compile(where), right))
    return known


def judged(known, other, finding):
    """Who is right in a difference of a judged kind; `where` is searched in the element's path without indices and the words."""
    reference, rule = kind(other, finding)
    one = other or finding
    words = re.sub(r"\[\d+\]", "", place(one["path"])) + " " + (one.get("text") or one.get("says") or "")
    for first, second, where, right in known:
        if first == reference and second == rule and (where is None or where.search(words)):
            met[(first, second, where and where.pattern)] += 1
            return right
    return None


met = Counter()


def main():
    options = arguments()
    feeds = options.feeds or [os.path.join(REPOSITORY, "fixtures", "feeds")]
    try:
        reference = Reference(options.cache, options.packages, options.extra)
    except Missing as missing:
        print(f"oracle: skipped: {missing}")
        return 0
    if not os.path.exists(options.hallmark):
        sys.exit(f"oracle: no hallmark at {options.hallmark}: cargo build --profile quick, or HALLMARK=FILE")
    messages, staged, counts = [], {}, Counter()
    stage = os.path.join(options.cache, f"stage-{os.getpid()}")
    for number, (name, release, content, ending) in enumerate(collect(feeds, options.fhir_version)):
        folder = os.path.join(stage, release)
        if release not in staged:
            os.makedirs(folder, exist_ok=True)
            staged[release] = folder
        path = os.path.join(folder, f"{number:06}.{ending}")
        with open(path, "wb") as file:
            file.write(content)
        messages.append((name, release, digest(content), path))
    try:
        ours = hallmark(options.hallmark, staged, beside(reference))
        theirs = reference.verdicts([(mark, release, path) for _, release, mark, path in messages], options.kept)
    finally:
        reference.close()
        subprocess.run(["rm", "-r", stage], check=False)
    known = load_known(options.known)
    groups, agree, faults, settled = defaultdict(list), 0, 0, Counter()
    lines = []
    for number, (name, release, mark, path) in enumerate(messages):
        answer = theirs.get(mark)
        if answer is None:
            continue
        if re.search(r"Malformed|JsonSyntax|XMLStream|DataFormatException|EOFException", answer.get("fault", "")):
            answer = {"findings": [("fatal", "not-well-formed", "", 0, answer["fault"])]}
        if "fault" in answer:
            faults += 1
            counts[answer["fault"][:100]] += 1
            continue
        said = [dict(zip(("severity", "id", "path", "line", "text"), row)) for row in answer["findings"]]
        said = [one | {"id": refined(re.sub(r"^http.*/StructureDefinition/", "", one["id"] or "?"), one["text"])} for one in said if one["severity"] in ERRORS]
        mine = [one for one in ours.get(number, []) if one["severity"] in ERRORS]
        same = bool(said) == bool(mine)
        differences = join(said, mine)
        agree += same
        if not same:
            rights = {judged(known, *pair) for pair in differences}
            settled["not judged" if None in rights else "reference" if "reference" in rights else "hallmark"] += 1
        for pair in differences:
            verdict = judged(known, *pair)
            side = "decides" if not same else "besides"
            one = pair[0] or pair[1]
            lines.append((name, side, *kind(*pair), verdict or "", place(one["path"]), (one.get("text") or one.get("says"))))
            if (not same or options.all) and (options.judged or not verdict):
                groups[(side, *kind(*pair))].append((name, one))
    for (side, one, rule), found in sorted(groups.items(), key=lambda item: (item[0][0] == "besides", -len({n for n, _ in item[1]}))):
        print(f"{side}\t{len({name for name, _ in found})} messages\t{len(found)} times\t{one}\t{rule}")
        places = Counter()
        for name, finding in sorted(found, key=lambda item: os.path.getsize(item[0].split(":")[0]) if os.path.exists(item[0].split(":")[0]) else 0):
            where = re.sub(r"\[\d+\]", "", place(finding["path"]))
            if places[where] == 0 and len(places) <= 3:
                print(f"    {name}  {place(finding['path'])}  {(finding.get('text') or finding.get('says'))[:220]}")
            places[where] += 1
    if options.list:
        with open(options.list, "w", encoding="utf-8") as file:
            for line in lines:
                file.write("\t".join(str(part).replace("\t", " ").replace("\n", " ") for part in line) + "\n")
    total = agree + sum(settled.values())
    for fault, count in counts.most_common(5):
        print(f"reference engine broke off\t{count}\t{fault}")
    share = 100 * (agree + settled["hallmark"]) / total if total else 100
    print(
        f"oracle: {total} messages: {agree} agree on error or no error; {settled['hallmark']} differ and are judged for hallmark, "
        f"{settled['reference']} for the reference engine, {settled['not judged']} are not judged: {share:.2f}% right or equal; "
        f"{len({(one, rule) for side, one, rule in groups if side == 'decides'})} kinds not judged; the reference engine broke off on {faults}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
