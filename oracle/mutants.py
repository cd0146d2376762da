"""Makes a feed of mutants: clean messages (made up from every profile, and from feeds given) with faults put in.

    python3 oracle/mutants.py OUT [--count N] [--seed N] [FEED...]

OUT/made-stu3, OUT/made-r4 hold what was made up; OUT/mutants-stu3, OUT/mutants-r4 the mutants of what both engines take as
clean. A mutant's name ends in the faults it holds. `just oracle OUT` compares.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tarfile

import compare
import faults
import made
import xml_form
from reference import OWN, Missing, Reference, say

NAMES = {"3.0": "stu3", "4.0": "r4"}


def core_folder(cache, packages, release):
    """The unpacked core package, whose snapshots the reference engine need not make."""
    for name in os.listdir(packages):
        if name.startswith(OWN[0 if release == "3.0" else 1]) and name.endswith(".tgz"):
            folder = os.path.join(cache, "packages", name[:-4])
            if not os.path.isdir(folder):
                with tarfile.open(os.path.join(packages, name)) as archive:
                    archive.extractall(folder + ".new", filter="data")
                os.rename(folder + ".new", folder)
            return folder
    raise Missing(f"no core package of {release} in {packages}")


def snapshots(reference, release):
    """A folder of snapshots of all profiles that the packages hold as differentials, made by the reference engine."""
    folder = os.path.join(reference.cache, f"snapshots-{release}-{reference.marks[release]}")
    if os.path.isdir(folder):
        return folder
    making = folder + ".new"
    shutil.rmtree(making, ignore_errors=True)
    os.makedirs(making)
    held = made.Definitions([one.split("=", 1)[1] for one in reference.folders if one.startswith(release)])
    urls = [url for url, definition in sorted(held.by_url.items()) if "snapshot" not in definition]
    say(f"{len(urls)} snapshots of {release}")
    lines = [f"{release}\tsnapshot:{url}\t{os.path.join(making, f'{number}.json')}" for number, url in enumerate(urls)]
    failed = [answer["key"] for answer in reference.ask(lines) if "fault" in answer]
    say(f"{len(failed)} of them could not be made: {' '.join(one.rsplit('/', 1)[-1] for one in failed[:12])}")
    os.rename(making, folder)
    return folder


def write(path, words):
    with open(path, "w", encoding="utf-8", errors="surrogatepass") as file:
        file.write(words)


def clean(reference, options, folder, release):
    """Names of the messages of a folder in which neither engine finds an error."""
    messages = list(compare.collect([folder], release))
    keys = [(compare.digest(content), release, name) for name, _, content, _ in messages]
    theirs = reference.verdicts(keys)
    stage = os.path.join(options.cache, f"stage-clean-{os.getpid()}")
    os.makedirs(stage)
    for number, (_, _, content, ending) in enumerate(messages):
        with open(os.path.join(stage, f"{number:06}.{ending}"), "wb") as file:
            file.write(content)
    ours = compare.hallmark(options.hallmark, {release: stage}, compare.beside(reference))
    shutil.rmtree(stage)
    for number, (name, _, content, ending) in enumerate(messages):
        answer = theirs[keys[number][0]]
        bad = "fault" in answer or any(row[0] in compare.ERRORS for row in answer["findings"])
        if not bad and not any(one["severity"] in compare.ERRORS for one in ours.get(number, [])):
            yield name, content, ending


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("feeds", nargs="*")
    parser.add_argument("--count", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--largest", type=int, default=30000, help="bytes of a clean message that is mutated")
    compare.places_of_things(parser)
    options = parser.parse_intermixed_args()
    try:
        reference = Reference(options.cache, options.packages)
    except Missing as missing:
        print(f"oracle: skipped: {missing}")
        return 0
    for release, name in NAMES.items():
        folders = [core_folder(options.cache, options.packages, release)] + [one.split("=", 1)[1] for one in reference.folders if one.startswith(release)]
        held = made.Definitions(folders + [snapshots(reference, release)])
        folder = os.path.join(options.out, f"made-{name}")
        os.makedirs(folder, exist_ok=True)
        profiles = {}
        for url, title, message in made.all_made(held, release, options.seed):
            path = os.path.join(folder, f"{title}.json")
            if url not in profiles or not os.path.exists(path):
                write(path, json.dumps(message, ensure_ascii=False, indent=1))
            profiles.setdefault(url, set()).add(path)
        good = list(clean(reference, options, folder, release))
        names = {one[0] for one in good}
        covered = sum(1 for paths in profiles.values() if paths & names)
        say(f"{release}: {len(profiles)} profiles and extensions, {covered} with a clean message; {len(good)} clean messages made up")
        for feed in options.feeds:
            if compare.release_of(feed, None) == release:
                good += list(clean(reference, options, feed, release))
        good = [one for one in good if one[2] == "json" and len(one[1]) < options.largest]
        trees = []
        for name_, content, _ in good:
            try:
                trees.append((os.path.basename(name_)[:40], json.loads(content)))
            except ValueError:
                pass
        say(f"{release}: {len(trees)} clean messages to mutate")
        rng = random.Random(options.seed)
        folder = os.path.join(options.out, f"mutants-{name}")
        os.makedirs(folder, exist_ok=True)
        for number in range(options.count // 2):
            title, tree = trees[number % len(trees)]
            deeds, mutant = faults.mutate(rng, tree)
            form = rng.random()
            words = None
            if form < 0.3:
                words = xml_form.to_xml(mutant)
            elif form < 0.4:
                words, deeds = xml_form.to_xml(tree), ["xml"]
                words = words and xml_form.mutate(rng, words)
            ending = "xml" if words else "json"
            words = words or json.dumps(mutant, ensure_ascii=rng.random() < 0.3, indent=1)
            write(os.path.join(folder, f"{number:05}-{'+'.join(deeds)}.{ending}"), words)
    reference.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
