"""Makes profiles with constraints of every kind, and messages that meet or miss them.

    python3 oracle/definitions.py OUT [--count N] [--seed N]

OUT/definitions-stu3 and -r4 hold the profiles, OUT/of-definitions-stu3 and -r4 the messages that claim them. Then
`just oracle --extra 3.0=OUT/definitions-stu3 --extra 4.0=OUT/definitions-r4 OUT/of-definitions-stu3 OUT/of-definitions-r4`.
"""

import argparse
import json
import os
import random
import sys

CORE = "http://hl7.org/fhir/StructureDefinition/"
HOME = "https://oracle.test/StructureDefinition/"
SETS = {"3.0": {"use": "identifier-use", "name": "name-use", "gender": "administrative-gender"}, "4.0": {"use": "identifier-use|4.0.1", "name": "name-use", "gender": "administrative-gender"}}


class Author:
    def __init__(self, rng, release):
        self.rng, self.release, self.elements = rng, release, []

    def element(self, path, name=None, **members):
        ident = f"Patient.{path}" if path else "Patient"
        plain = ".".join(part.split(":")[0] for part in ident.split("."))
        self.elements.append({"id": ident, "path": plain} | ({"sliceName": name} if name else {}) | members)

    def binding(self, name, strength):
        url = f"http://hl7.org/fhir/ValueSet/{name}"
        return {"strength": strength} | ({"valueSet": url} if self.release == "4.0" else {"valueSetReference": {"reference": url}})

    def target(self, *names):
        urls = [CORE + name for name in names]
        return [{"code": "Reference", "targetProfile": urls}] if self.release == "4.0" else [{"code": "Reference", "targetProfile": url} for url in urls]

    def profile_type(self, code, url):
        return [{"code": code, "profile": [url] if self.release == "4.0" else url}]

    # One kind of constraint each.
    def cardinality(self):
        path = self.rng.choice(["identifier", "name", "telecom", "gender", "birthDate", "address", "photo", "contact", "communication", "generalPractitioner", "maritalStatus", "deceased[x]", "active", "name.family", "identifier.system", "identifier.value", "telecom.use", "contact.name", "communication.preferred", "contact.telecom"])
        low = self.rng.choice([0, 0, 1, 1, 2])
        high = self.rng.choice(["0", "1", "2", "*"])
        single = path in ("gender", "birthDate", "maritalStatus", "deceased[x]", "active", "name.family", "identifier.system", "identifier.value", "telecom.use", "contact.name", "communication.preferred")
        if single:
            low, high = min(low, 1), "1" if low else self.rng.choice(["0", "1"])
        elif high != "*" and low > int(high):
            high = "*"
        self.element(path, min=low, max=high)

    def fixed(self):
        path, members = self.rng.choice([
            ("gender", {"fixedCode": "male"}), ("active", {"fixedBoolean": True}), ("birthDate", {"fixedDate": "1980-01-01"}), ("name.family", {"fixedString": "Words"}), ("identifier.system", {"fixedUri": "http://example.com/one"}),
            ("maritalStatus", {"fixedCodeableConcept": {"text": "Words"}}), ("name.period", {"fixedPeriod": {"start": "2020-01-01"}}), ("telecom.rank", {"fixedPositiveInt": 1}), ("identifier", {"fixedIdentifier": {"system": "http://example.com/one", "value": "1"}}), ("multipleBirth[x]", {"fixedInteger": 2, "type": [{"code": "integer"}]}), ("name.given", {"fixedString": "Given"})])
        self.element(path, **members)

    def pattern(self):
        path, members = self.rng.choice([
            ("maritalStatus", {"patternCodeableConcept": {"coding": [{"system": "http://example.com/s", "code": "a"}]}}), ("identifier", {"patternIdentifier": {"system": "http://example.com/one"}}), ("name", {"patternHumanName": {"use": "official"}}),
            ("telecom", {"patternContactPoint": {"system": "phone"}}), ("communication.language", {"patternCodeableConcept": {"text": "Words"}}), ("gender", {"patternCode": "male"}), ("name", {"patternHumanName": {"given": ["Given"]}}), ("identifier.type", {"patternCodeableConcept": {"coding": [{"code": "a"}, {"code": "b"}]}}), ("name.period", {"patternPeriod": {"start": "2020-01-01"}})])
        self.element(path, **members)

    def bound(self):
        path, set_ = self.rng.choice([("identifier.use", "name-use"), ("name.use", "identifier-use"), ("maritalStatus", "administrative-gender"), ("telecom.system", "contact-point-system"), ("communication.language", "administrative-gender"), ("name.use", "name-use"), ("contact.gender", "name-use"), ("maritalStatus", "unknown-set")])
        self.element(path, binding=self.binding(set_, self.rng.choice(["required", "required", "extensible", "preferred", "example"])))

    def typed(self):
        path, code = self.rng.choice([("deceased[x]", "boolean"), ("deceased[x]", "dateTime"), ("multipleBirth[x]", "integer"), ("multipleBirth[x]", "boolean")])
        self.element(path, type=[{"code": code}])

    def target_of(self):
        path = self.rng.choice(["generalPractitioner", "managingOrganization"])
        self.element(path, type=self.target("Organization" if path == "managingOrganization" else self.rng.choice(["Practitioner", "Organization"])))

    def limited(self):
        path, members = self.rng.choice([("birthDate", {"minValueDate": "1990-01-01"}), ("birthDate", {"maxValueDate": "1979-12-31"}), ("telecom.rank", {"maxValuePositiveInt": 1}), ("name.family", {"maxLength": 4}), ("name.text", {"maxLength": 3}), ("multipleBirth[x]", {"minValueInteger": 2, "type": [{"code": "integer"}]}), ("identifier.value", {"maxLength": 1})])
        self.element(path, **members)

    def invariant(self):
        where, expression = self.rng.choice([
            ("", "name.exists() or identifier.exists()"), ("", "name.count() <= 1"), ("", "gender = 'male' implies birthDate.exists()"), ("", "telecom.where(system = 'phone').exists()"), ("", "identifier.all(system.exists())"), ("", "name.family.all(length() > 3)"),
            ("", "birthDate < @1990-01-01"), ("", "birthDate <= today()"), ("", "deceased.is(boolean) or deceased.empty()"), ("", "(deceased as boolean) = true"), ("", "name.given.distinct().count() = name.given.count()"), ("", "identifier.value.matches('^[0-9]+$')"), ("", "extension('http://example.com/unknown').empty()"),
            ("name", "family.exists() xor text.exists()"), ("name", "given.count() < 3"), ("identifier", "value.startsWith('1')"), ("identifier", "system.exists() and value.exists()"), ("telecom", "rank.exists() implies rank < 2"), ("contact", "name.exists() or telecom.exists()"), ("identifier", "period.empty() or period.start <= period.end"),
            ("", "generalPractitioner.resolve().is(Practitioner) or generalPractitioner.empty()"), ("", "managingOrganization.reference.startsWith('Organization/')"), ("", "maritalStatus.coding.where(code = 'a').exists()"), ("", "name.select(family | text).count() > 0"), ("", "contact.all(gender.exists())"), ("name", "use in ('official' | 'usual')"), ("", "active"), ("", "name[0].family = 'Words'"), ("", "iif(active = true, name.exists(), true)"), ("", "multipleBirth.ofType(integer) > 1"), ("", "identifier.select(system & '|' & value).isDistinct()"), ("", "nonsense("), ("", "telecom.value.contains('0')"), ("", "name.period.start.exists() implies name.period.start >= @2020"), ("", "children().count() > 3"), ("", "descendants().where($this is string).exists()"), ("", "name.trace('n').repeat(period).empty()"), ("", "birthDate.toString().length() = 10"), ("", "contained.empty()")])
        if where:
            self.element(where, constraint=[self.constraint(expression)])
        else:
            self.elements.insert(0, {"id": "Patient", "path": "Patient", "constraint": [self.constraint(expression)]})

    def constraint(self, expression):
        return {"key": f"or-{self.rng.randrange(1000)}", "severity": self.rng.choice(["error", "error", "error", "warning"]), "human": "made", "expression": expression}

    def sliced(self):
        rules, ordered = self.rng.choice(["open", "open", "closed", "openAtEnd"]), self.rng.random() < 0.2
        shape = self.rng.choice(["value", "value", "pattern", "exists", "two", "nested", "type", "code", "choice", "resolve"])
        low, high = self.rng.choice([0, 1, 1, 2]), self.rng.choice(["1", "1", "*"])
        if high == "1":
            low = min(low, 1)

        def slicing(*discriminators):
            return {"discriminator": [{"type": t, "path": p} for t, p in discriminators], "rules": rules, "ordered": ordered}

        if shape == "value":
            self.element("identifier", slicing=slicing(("value", "system")))
            for name, system in (("one", "http://example.com/one"), ("two", "http://example.com/two"))[: self.rng.choice([1, 2])]:
                self.element(f"identifier:{name}", name, min=low, max=high)
                self.element(f"identifier:{name}.system", min=1, fixedUri=system)
                if self.rng.random() < 0.4:
                    self.element(f"identifier:{name}.value", min=1, **({"maxLength": 1} if self.rng.random() < 0.5 else {}))
        elif shape == "pattern":
            self.element("telecom", slicing=slicing((self.rng.choice(["pattern", "value"]), "$this")))
            self.element("telecom:phone", "phone", min=low, max=high, patternContactPoint={"system": "phone"})
        elif shape == "exists":
            self.element("name", slicing=slicing(("exists", "family")))
            self.element("name:with", "with", min=low, max=high)
            self.element("name:with.family", min=1)
            self.element("name:without", "without", min=0, max="1")
            self.element("name:without.family", max="0")
        elif shape == "two":
            self.element("telecom", slicing=slicing(("value", "system"), ("value", "use")))
            self.element("telecom:home", "home", min=low, max=high)
            self.element("telecom:home.system", min=1, fixedCode="phone")
            self.element("telecom:home.use", min=1, fixedCode="home")
        elif shape == "nested":
            self.element("identifier", slicing=slicing(("value", "type.coding.code")))
            self.element("identifier:typed", "typed", min=low, max=high)
            self.element("identifier:typed.type", min=1)
            self.element("identifier:typed.type.coding", min=1)
            self.element("identifier:typed.type.coding.code", min=1, fixedCode="a")
        elif shape == "type":
            self.element("deceased[x]", slicing={"discriminator": [{"type": "type", "path": "$this"}], "rules": self.rng.choice(["open", "closed"]), "ordered": False})
            self.element("deceased[x]:deceasedBoolean", "deceasedBoolean", min=min(low, 1), max="1", type=[{"code": "boolean"}])
        elif shape == "code":
            self.element("maritalStatus.coding", slicing=slicing(("value", "system")))
            self.element("maritalStatus.coding:s", "s", min=low, max=high)
            self.element("maritalStatus.coding:s.system", min=1, fixedUri="http://example.com/s")
            self.element("maritalStatus.coding:s.code", min=1, **({"fixedCode": "a"} if self.rng.random() < 0.5 else {}))
        elif shape == "choice":
            self.element("name", slicing=slicing(("value", "use")))
            self.element("name:official", "official", min=low, max=high)
            self.element("name:official.use", min=1, **({"fixedCode": "official"} if self.rng.random() < 0.6 else {"patternCode": "official"}))
            self.element("name:official.given", min=1, max="2")
        else:
            self.element("generalPractitioner", slicing=slicing(("type", "resolve()")))
            self.element("generalPractitioner:org", "org", min=low, max=high, type=self.target("Organization"))

    def extended(self):
        url = HOME + self.rng.choice(["simple", "complex", "coded"]) + ("-r4" if self.release == "4.0" else "-stu3")
        where = self.rng.choice(["", "", "name.", "birthDate."])
        self.element(f"{where}extension", slicing={"discriminator": [{"type": "value", "path": "url"}], "rules": self.rng.choice(["open", "open", "closed"]), "ordered": False})
        low, high = self.rng.choice([(0, "1"), (1, "1"), (0, "0"), (1, "*"), (0, "*")])
        self.element(f"{where}extension:made", "made", min=low, max=high, type=self.profile_type("Extension", url))

    def content(self):
        self.rng.choice([lambda: self.element("contact", min=1), lambda: self.element("contact.relationship", min=1), lambda: self.element("link", max="0"), lambda: self.element("communication.language.coding", min=1), lambda: self.element("name.given", max="1"), lambda: self.element("meta", min=1), lambda: self.element("text", min=1), lambda: self.element("contained", max="0"), lambda: self.element("extension", max="0"), lambda: self.element("modifierExtension", max="0"), lambda: self.element("id", min=1), lambda: self.element("birthDate.extension", min=1)])()

    KINDS = [cardinality, cardinality, fixed, pattern, bound, typed, target_of, limited, invariant, invariant, invariant, sliced, sliced, sliced, sliced, extended, extended, content]


ORDER = ["id", "meta", "implicitRules", "language", "text", "contained", "extension", "modifierExtension", "identifier", "active", "name", "telecom", "gender", "birthDate", "deceased[x]", "address", "maritalStatus", "multipleBirth[x]", "photo", "contact", "animal", "communication", "generalPractitioner", "managingOrganization", "link"]


def definition(url, kind, type_, base, elements, release):
    made = {"resourceType": "StructureDefinition", "url": url, "name": url.rsplit("/", 1)[-1].replace("-", ""), "status": "draft", "fhirVersion": "4.0.1" if release == "4.0" else "3.0.2", "kind": kind, "abstract": False, "type": type_, "baseDefinition": base, "derivation": "constraint", "differential": {"element": elements}}
    return made


def extensions(rng, release):
    tail = "-r4" if release == "4.0" else "-stu3"
    for name, context in (("simple", ["Patient", "Patient.name"]), ("complex", ["Patient"]), ("coded", ["Element"])):
        elements = [{"id": "Extension", "path": "Extension"}]
        if name == "complex":
            elements += [{"id": "Extension.extension:a", "path": "Extension.extension", "sliceName": "a", "min": 1, "max": "1"}, {"id": "Extension.extension:a.url", "path": "Extension.extension.url", "fixedUri": "a"}, {"id": "Extension.extension:a.value[x]", "path": "Extension.extension.value[x]", "type": [{"code": "string"}]},
                         {"id": "Extension.url", "path": "Extension.url", "fixedUri": HOME + name + tail}, {"id": "Extension.value[x]", "path": "Extension.value[x]", "max": "0"}]
        else:
            elements += [{"id": "Extension.extension", "path": "Extension.extension", "max": "0"}, {"id": "Extension.url", "path": "Extension.url", "fixedUri": HOME + name + tail}, {"id": "Extension.value[x]", "path": "Extension.value[x]", "min": 1, "type": [{"code": "string" if name == "simple" else "code"}]}]
            if name == "coded":
                author = Author(rng, release)
                elements[-1]["binding"] = author.binding("administrative-gender", "required")
        made = definition(HOME + name + tail, "complex-type", "Extension", CORE + "Extension", elements, release)
        if release == "4.0":
            made["context"] = [{"type": "element", "expression": one} for one in context]
        else:
            made |= {"contextType": "resource", "context": context}
        yield made


def patient(rng, release, url):
    tail = "-r4" if release == "4.0" else "-stu3"
    ext = [{"url": HOME + "simple" + tail, "valueString": "Words"}, {"url": HOME + "complex" + tail, "extension": [{"url": "a", "valueString": "Words"}]}, {"url": HOME + "coded" + tail, "valueCode": "male"}, {"url": HOME + "coded" + tail, "valueCode": "wrong"}, {"url": HOME + "simple" + tail, "valueCode": "a"}, {"url": HOME + "complex" + tail, "valueString": "a"}]
    pools = {
        "extension": ext, "contained": [{"resourceType": "Organization", "id": "o1", "name": "Words"}],
        "identifier": [{"system": "http://example.com/one", "value": "1"}, {"system": "http://example.com/one", "value": "12"}, {"system": "http://example.com/two", "value": "2"}, {"value": "3"}, {"use": "old", "system": "http://example.com/three", "value": "a4"}, {"type": {"coding": [{"code": "a"}]}, "value": "5"}, {"type": {"coding": [{"code": "b"}, {"code": "a"}]}, "system": "http://example.com/one", "value": "6", "period": {"start": "2020", "end": "2019"}}],
        "name": [{"family": "Words"}, {"use": "official", "family": "Words", "given": ["Given"]}, {"text": "Some words"}, {"use": "usual", "family": "Wo", "given": ["Given", "Other", "Given"]}, {"use": "official", "given": ["Other"], "period": {"start": "2020-01-01"}}, {"use": "old", "text": "a", "extension": [rng.choice(ext)]}],
        "telecom": [{"system": "phone", "value": "01130000000"}, {"system": "phone", "value": "1", "use": "home"}, {"system": "email", "value": "a@example.com", "rank": 1}, {"system": "phone", "use": "work", "value": "0", "rank": 2}],
        "contact": [{"name": {"family": "Words"}, "gender": "male"}, {"telecom": [{"system": "phone", "value": "1"}]}, {"relationship": [{"text": "Words"}], "name": {"text": "Words"}}],
        "communication": [{"language": {"text": "Words"}}, {"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "en"}]}, "preferred": True}],
        "generalPractitioner": [{"reference": "Practitioner/1"}, {"reference": "Organization/1"}, {"reference": "#o1"}, {"display": "Words"}], "address": [{"city": "Leeds"}], "photo": [{"title": "Words", "url": "http://example.com/a"}], "link": [{"other": {"reference": "Patient/2"}, "type": "seealso"}],
        "gender": ["male", "female"], "active": [True, False], "birthDate": ["1980-01-01", "1995-05", "2000"], "deceasedBoolean": [True, False], "deceasedDateTime": ["2020-01-01"], "maritalStatus": [{"text": "Words"}, {"coding": [{"system": "http://example.com/s", "code": "a"}]}, {"coding": [{"system": "http://example.com/s", "code": "b"}, {"system": "http://example.com/t", "code": "a"}]}, {"coding": [{"system": "http://hl7.org/fhir/administrative-gender", "code": "male"}]}],
        "multipleBirthInteger": [1, 2], "multipleBirthBoolean": [True], "managingOrganization": [{"reference": "Organization/1"}, {"reference": "#o1"}, {"display": "Words"}],
        "text": [{"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">Words</div>'}],
    }
    many = {"extension", "contained", "identifier", "name", "telecom", "contact", "communication", "generalPractitioner", "address", "photo", "link"}
    body = {"resourceType": "Patient"}
    if rng.random() < 0.9:
        body["id"] = "made"
    body["meta"] = {"profile": [url]}
    for name, pool in pools.items():
        if name.endswith(("DateTime", "Boolean")) and any(k.startswith(name[:8]) for k in body):
            continue
        if rng.random() < (0.7 if name in ("identifier", "name", "telecom") else 0.2 if name == "contained" else 0.4):
            body[name] = [rng.choice(pool) for _ in range(rng.choice([1, 1, 2, 3]))] if name in many else rng.choice(pool)
    if "birthDate" in body and rng.random() < 0.15:
        body["_birthDate"] = {"extension": [rng.choice(ext)]}
    if "contained" in body:
        body["contained"] = body["contained"][:1]
        if "#o1" not in json.dumps(body):
            body["managingOrganization"] = {"reference": "#o1"}
    elif "#o1" in json.dumps(body):
        body["contained"] = pools["contained"]
    return body


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--count", type=int, default=250, help="profiles of each release")
    parser.add_argument("--messages", type=int, default=8, help="messages that claim each")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    for release, name in (("3.0", "stu3"), ("4.0", "r4")):
        rng = random.Random(f"{options.seed} {release}")
        held, told = os.path.join(options.out, f"definitions-{name}"), os.path.join(options.out, f"of-definitions-{name}")
        os.makedirs(held, exist_ok=True)
        os.makedirs(told, exist_ok=True)
        for made in extensions(rng, release):
            with open(os.path.join(held, made["name"] + ".json"), "w", encoding="utf-8") as file:
                json.dump(made, file, indent=1)
        for number in range(options.count):
            author = Author(rng, release)
            kinds = rng.sample(author.KINDS, rng.choice([1, 1, 1, 2]))
            for kind in kinds:
                kind(author)
            # One element may be constrained once; elements stand in the order of the base.
            seen, elements = set(), []
            for element in author.elements:
                if element["id"] not in seen:
                    seen.add(element["id"])
                    elements.append(element)
            elements.sort(key=lambda e: -1 if e["path"] == "Patient" else ORDER.index(e["path"].split(".")[1]))
            url = f"{HOME}made-{name}-{number}"
            with open(os.path.join(held, f"made-{number}.json"), "w", encoding="utf-8") as file:
                json.dump(definition(url, "resource", "Patient", CORE + "Patient", [{"id": "Patient", "path": "Patient"}] * (elements[0]["path"] != "Patient") + elements, release), file, indent=1)
            for turn in range(options.messages):
                title = "+".join(sorted({kind.__name__ for kind in kinds}))
                with open(os.path.join(told, f"{number:03}-{turn}-{title}.json"), "w", encoding="utf-8") as file:
                    json.dump(patient(rng, release, url), file, indent=1, ensure_ascii=False)
    return 0


if __name__ == "__main__":
    sys.exit(main())
