"""Whether the service finds what the command line finds: `python3 service/equal.py HALLMARK SERVE RELEASE FOLDER...`.

Every .json and .xml of the folders is checked by `hallmark check --fhir-version RELEASE` and posted to a server of its own on a free
port of the loopback interface; findings are compared by rule, severity, line, column and path. A Parameters is posted as the
parameter `resource` of another, as the operation asks. Ends with counts; exit 1 where anything differs.
"""

import http.client
import json
import os
import subprocess
import sys
import tempfile

BASES = {"3.0": "/FHIR/STU3", "4.0": "/FHIR/R4"}
DAY = "2026-11-21"


def main(hallmark, serve, release, *folders):
    server = subprocess.Popen([serve, "--listen", "127.0.0.1:0", "--today", DAY, "--quiet"], stderr=subprocess.PIPE, text=True)
    try:
        host, port = server.stderr.readline().strip().rsplit("http://", 1)[1].rsplit(":", 1)
        return compare(http.client.HTTPConnection(host, int(port), timeout=600), hallmark, release, folders)
    finally:
        server.terminate()
        server.wait()


def compare(connection, hallmark, release, folders):
    counts = dict.fromkeys(["messages", "findings", "differ", "notRead"], 0)
    for folder in folders:
        files = sorted(os.path.join(at, name) for at, _, names in os.walk(folder) for name in names if name.endswith((".json", ".xml")))
        expected = by_command(hallmark, release, files)
        for file in files:
            with open(file, "rb") as message:
                body = message.read()
            answer = posted(connection, release, file, body)
            if answer is None:
                counts["notRead"] += 1
                continue
            counts["messages"] += 1
            counts["findings"] += len(answer)
            if answer != expected.get(file, []):
                counts["differ"] += 1
                print(f"{file}: {sorted(set(answer) ^ set(expected.get(file, [])))[:4]}")
    print(counts)
    return 1 if counts["differ"] or not counts["messages"] else 0


def by_command(hallmark, release, files):
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        out = os.path.join(folder, "found.ndjson")
        # Names are numbers, so that nothing of them is masked.
        for number, file in enumerate(files):
            os.symlink(os.path.abspath(file), os.path.join(folder, f"{number:06}.{file.rsplit('.', 1)[1]}"))
        arguments = ["check", folder, "--no-config", "--fhir-version", release, "--today", DAY, "--fail-on", "never", "--quiet", "--format", f"ndjson={out}"]
        names = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
        arguments[1:2] = names
        subprocess.run([hallmark, *arguments], check=True, stderr=subprocess.DEVNULL)
        with open(out, encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                if line["type"] == "finding" and os.path.basename(line["source"])[:6].isdigit():
                    severity = "information" if line["waived"] or line.get("shadow") else line["severity"]
                    file = files[int(os.path.basename(line["source"])[:6])]
                    found.setdefault(file, []).append((line["rule"], severity, line["line"], line["column"], line["path"]))
    return found


def posted(connection, release, file, body):
    form = "xml" if file.endswith(".xml") else "json"
    if form == "json" and b'"Parameters"' in body[:4000] and json.loads(body).get("resourceType") == "Parameters":
        body = b'{"resourceType":"Parameters","parameter":[{"name":"resource","resource":' + body + b"}]}"
    headers = {"content-type": f"application/fhir+{form}", "accept": "application/fhir+json"}
    connection.request("POST", f"{BASES[release]}/$validate", body, headers)
    response = connection.getresponse()
    outcome = json.loads(response.read())
    if response.status not in (200, 400, 422):
        return None
    return [row for row in map(row_of, outcome["issue"]) if row]


def row_of(issue):
    coding = issue.get("details", {}).get("coding", [{}])[0]
    if coding.get("system") != "urn:hallmark:rule":
        return None
    place = {one["url"].rsplit("-", 1)[1]: one for one in issue["extension"]}
    line = place["line"]["valueInteger"] if "line" in place else 0
    column = int(place["col"]["valueString"]) if "col" in place else 0
    return coding["code"], issue["severity"], line, column, issue.get("expression", [""])[0]


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]) if len(sys.argv) > 4 else __doc__)
