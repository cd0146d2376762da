"""Messages made up from definitions: for every profile a few, with what is required and a share of what is allowed."""

import glob
import json
import os
import random

PRIMITIVES = {
    "boolean": [True, False], "integer": [1, 12, -3], "positiveInt": [1, 7], "unsignedInt": [0, 5], "decimal": [1.5, 37.2, 100],
    "string": ["Words", "Some more words"], "markdown": ["*Words*"], "id": ["a1", "b-2"], "code": ["a"],
    "uri": ["http://example.com/a", "urn:uuid:0d9c4b0a-56b1-4c8b-9a5c-1a6d3a2f9b11"], "url": ["http://example.com/a"],
    "canonical": ["http://example.com/Canonical/a"], "oid": ["urn:oid:1.2.840.1"], "uuid": ["urn:uuid:0d9c4b0a-56b1-4c8b-9a5c-1a6d3a2f9b11"],
    "date": ["2024-03-01", "2023-11", "2022"], "dateTime": ["2024-03-01T10:15:00+00:00", "2024-03-01", "2024-03"],
    "instant": ["2024-03-01T10:15:00.000Z"], "time": ["10:15:00"], "base64Binary": ["aGVsbG8="],
}
OUTSIDE = {
    "http://snomed.info/sct": ("73211009", None), "http://loinc.org": ("85354-9", None), "http://unitsofmeasure.org": ("mg", None),
    "urn:ietf:bcp:47": ("en-GB", None), "urn:ietf:bcp:13": ("text/plain", None), "urn:iso:std:iso:4217": ("GBP", None),
}
XHTML = '<div xmlns="http://www.w3.org/1999/xhtml"><p>Words</p></div>'


# What the invariants of a type ask for beyond cardinalities, as the least that meets them.
NEEDS = {
    "Condition": {"clinicalStatus": "active", "verificationStatus": "confirmed"}, "AllergyIntolerance": {"clinicalStatus": "active", "verificationStatus": "confirmed"},
    "Observation": {"valueQuantity": {"value": 3, "unit": "mg", "system": "http://unitsofmeasure.org", "code": "mg"}}, "Organization": {"name": "Words"},
    "Appointment": {"start": "2024-03-01T10:00:00Z", "end": "2024-03-01T10:15:00Z"}, "ValueSet": {"compose": {"include": [{"system": "http://example.com/s"}]}},
    "AppointmentResponse": {"actor": {"reference": "Patient/x1"}}, "CapabilityStatement": {"description": "Words", "format": ["json"]},
    "Binary": {"contentType": "text/plain"}, "Patient": {}, "Group": {"code": {"text": "Words"}}, "Location": {"name": "Words"}, "ResearchSubject": {},
    "QuestionnaireResponse": {"questionnaire": "http://example.com/q"}, "NutritionOrder": {"oralDiet": {"type": [{"text": "Words"}]}}, "Timing": {"event": ["2024-03-01"]},
    "OperationDefinition": {}, "CarePlan": {}, "ImplementationGuide": {"definition": {"resource": [{"reference": {"reference": "Patient/x1"}}]}},
}


class Node:
    def __init__(self, element):
        self.element, self.children, self.slices = element, [], []

    def name(self):
        return self.element["path"].rsplit(".", 1)[-1]


class Definitions:
    """Snapshots, value sets and code systems of one release."""

    def __init__(self, folders):
        self.by_url, self.sets, self.systems, self.trees, self.codes = {}, {}, {}, {}, {}
        for folder in folders:
            for path in sorted(glob.glob(os.path.join(folder, "**", "*.json"), recursive=True)):
                with open(path, encoding="utf-8") as file:
                    try:
                        resource = json.load(file)
                    except ValueError:
                        continue
                if not isinstance(resource, dict) or "url" not in resource:
                    continue
                into = {"StructureDefinition": self.by_url, "ValueSet": self.sets, "CodeSystem": self.systems}.get(resource.get("resourceType"))
                if into is None:
                    continue
                before = into.get(resource["url"])
                if before and "snapshot" in before and "snapshot" not in resource:
                    continue
                into[resource["url"]] = resource

    def tree(self, url):
        url = url.split("|")[0]
        if url in self.trees:
            return self.trees[url]
        definition = self.by_url.get(url)
        if not definition or "snapshot" not in definition:
            self.trees[url] = None
            return None
        nodes, root = {}, None
        for element in definition["snapshot"]["element"]:
            node = Node(element)
            ident = element.get("id") or element["path"]
            nodes[ident] = node
            if root is None:
                root = node
                continue
            head, _, tail = ident.rpartition(".")
            if ":" in tail:
                owner = nodes.get((head + "." if head else "") + tail.split(":")[0])
                (owner.slices if owner else []).append(node)
            elif head in nodes:
                nodes[head].children.append(node)
        self.trees[url] = root
        root.nodes = nodes
        return root

    def code(self, url, rng, depth=0, system=None):
        """A code of a value set that can be told without a server: (system, code, display)."""
        held = self.sets.get((url or "").split("|")[0])
        if not held or depth > 4:
            return None
        options = []
        wanted = system
        for include in held.get("compose", {}).get("include", []):
            system = include.get("system")
            if wanted and system and system != wanted:
                continue
            for concept in include.get("concept", [])[:40]:
                options.append((system, concept["code"], concept.get("display")))
            if "concept" in include or not system:
                for other in include.get("valueSet", []) if not system else []:
                    found = self.code(other, rng, depth + 1, wanted)
                    if found:
                        options.append(found)
                continue
            if system in OUTSIDE:
                options.append((system, *OUTSIDE[system]))
            elif "filter" not in include:
                options.extend((system, c["code"], c.get("display")) for c in self.systems.get(system, {}).get("concept", [])[:40])
        return rng.choice(options) if options else None


class Maker:
    def __init__(self, definitions, rng, release):
        self.held, self.rng, self.release = definitions, rng, release
        self.core = "http://hl7.org/fhir/StructureDefinition/"

    def resource(self, url, generous=0.4):
        definition = self.held.by_url[url]
        root = self.held.tree(url)
        self.generous = generous
        body = {"resourceType": definition["type"]}
        made = self.fill(root, 0, definition["type"])
        made.pop("resourceType", None)
        body |= made
        body["id"] = "made"
        self.finish(root, body, definition["type"])
        if definition.get("derivation") == "constraint":
            body.setdefault("meta", {})["profile"] = [url]
        return body

    def finish(self, root, body, kind):
        """Adds what the type's invariants ask for, in the place that the definition gives it."""
        for name, value in NEEDS.get(kind, {}).items():
            stem = "value" if name.startswith("value") else name
            if any(key.startswith(stem) for key in body) or kind == "Observation" and ("dataAbsentReason" in body or "component" in body):
                continue
            child = next((c for c in root.children if c.name() in (name, stem + "[x]")), None)
            if child is None or child.element.get("max") == "0":
                continue
            types = [t.get("code") for t in child.element.get("type", [])]
            if stem == "value" and (child.slices or types != ["Quantity"] and len(types) < 4 or child.children):
                self.generous = 2
                self.member(body, child, 0, kind)
                continue
            if types == ["CodeableConcept"] and isinstance(value, str):
                system = "http://terminology.hl7.org/CodeSystem/" + {"Condition": "condition", "AllergyIntolerance": "allergyintolerance"}[kind]
                value = {"coding": [{"system": system + ("-clinical" if name == "clinicalStatus" else "-ver-status" if kind == "Condition" else "-verification"), "code": value}]}
            if types == ["Reference"] and isinstance(value, str):
                value = {"reference": value}
            body[name] = value
        if kind in ("Appointment", "AppointmentResponse"):
            for one in body.get("participant", []):
                one.setdefault("actor", {"reference": "Patient/x1"})
        order = [c.name() for c in root.children]
        place = {key: next((at for at, name in enumerate(order) if key == name or name.endswith("[x]") and key.startswith(name[:-3])), 99) for key in body}
        place["resourceType"] = -1
        for key in sorted(body, key=place.get):
            body[key] = body.pop(key)

    def fill(self, node, depth, owner):
        """The members of an object by the node's children."""
        body = {}
        for child in node.children:
            self.member(body, child, depth, owner)
        return body

    def member(self, body, child, depth, owner):
        element, name = child.element, child.name()
        if name in ("contained", "implicitRules", "text", "meta", "id") and element.get("min", 0) == 0:
            if not (name == "meta" and any(s.element.get("min") for s in child.slices)):
                return
        high = element.get("max", "*")
        if high == "0":
            return
        choice = name.endswith("[x]")
        picked = []
        # What is asked for by slices, then what the element itself asks for, then a share of what may be.
        for piece in child.slices:
            low = piece.element.get("min", 0)
            if piece.element.get("max") == "0":
                continue
            wanted = low or (1 if self.rng.random() < self.share(depth) else 0)
            picked += [piece] * wanted
        if choice and picked:
            picked = [next((p for p in picked if p.element.get("min", 0)), self.rng.choice(picked))]
        low = element.get("min", 0)
        if name not in ("extension", "modifierExtension"):
            closed = element.get("slicing", {}).get("rules") == "closed"
            while len(picked) < low:
                picked.append(self.rng.choice(child.slices) if choice and child.slices else child)
            if not picked and not closed and self.rng.random() < self.share(depth):
                picked.append(child)
        if high != "*":
            picked = picked[: int(high)]
        values = []
        for piece in picked:
            value, kind = self.value(piece, depth, owner, child)
            if value is not None:
                values.append((value, kind))
        if not values:
            return
        if choice:
            value, kind = values[0]
            body[name[:-3] + kind[0].upper() + kind[1:]] = value
        elif element.get("base", {}).get("max", high) not in ("0", "1"):
            body[name] = [value for value, _ in values]
        else:
            body[name] = values[0][0]

    def share(self, depth):
        return self.generous if depth == 0 else self.generous / 2 if depth == 1 else 0.03 if depth < 4 else 0

    def value(self, node, depth, owner, base):
        element = node.element
        for key, fixed in element.items():
            if key.startswith("fixed"):
                return fixed, self.kind_of(element, key[5:])
        if "contentReference" in element:
            target = element["contentReference"].split("#")[-1]
            root = self.root_of(node, owner)
            other = root.nodes.get(target) if root else None
            return (self.fill(other, depth + 1, owner) or None, "") if other and depth < 4 else (None, "")
        types = element.get("type") or base.element.get("type") or []
        types = [t for t in types if t.get("code")]
        if not types:
            return None, ""
        chosen = self.rng.choice(types)
        code = chosen["code"].rsplit("/", 1)[-1].replace("System.String", "string").replace("System.", "").lower() if "fhirpath" in chosen["code"] else chosen["code"]
        for key, pattern in element.items():
            if key.startswith("pattern"):
                pattern = json.loads(json.dumps(pattern))
                if isinstance(pattern, dict) and node.children:
                    pattern = self.fill(node, depth + 1, owner) | pattern
                return pattern, self.kind_of(element, key[7:])
        binding = element.get("binding") or base.element.get("binding") or {}
        set_url = binding.get("valueSet") or binding.get("valueSetUri") or (binding.get("valueSetReference") or {}).get("reference")
        if code in PRIMITIVES:
            found = self.held.code(set_url, self.rng) if set_url and code in ("code", "string", "uri") else None
            if found:
                return (found[1] if code != "uri" else found[1]), code
            if set_url and code == "code" and binding.get("strength") == "required":
                value = {"languages": "en-GB", "mimetypes": "text/plain", "currencies": "GBP"}.get(set_url.split("|")[0].rsplit("/", 1)[-1])
                return value, code
            return self.rng.choice(PRIMITIVES[code]), code
        if code == "xhtml":
            return XHTML, code
        if code in ("Resource", "DomainResource"):
            return {"resourceType": "Basic", "id": "b", "code": {"text": "Words"}}, code
        found = self.held.code(set_url, self.rng) if set_url and code in ("Coding", "CodeableConcept", "Quantity") else None
        coding = {k: v for k, v in zip(("system", "code", "display"), found) if v} if found else {}
        if code == "Reference":
            return self.reference(element, chosen, types, node), code
        profile = chosen.get("profile")
        profile = profile[0] if isinstance(profile, list) else profile
        if code == "Extension":
            made = self.extension(profile, node, depth) if profile else self.bear(node, self.fill(node, depth + 1, owner)) if node.children else None
            return made, code
        if node.children:
            made = self.fill(node, depth + 1, owner)
        else:
            tree = self.held.tree(profile) if profile else None
            tree = tree or self.held.tree(self.core + code)
            if tree is None or depth > 5:
                return None, code
            made = self.fill(tree, depth + 1, owner)
        if coding:
            if code == "Coding":
                made |= {k: v for k, v in coding.items() if k not in made or k != "system"} if "system" not in made or made["system"] == coding.get("system") else {}
            elif code == "CodeableConcept" and not made.get("coding"):
                made["coding"] = [coding]
            elif code == "CodeableConcept":
                for one in made["coding"]:
                    if one.get("code") in PRIMITIVES["code"]:
                        same = self.held.code(set_url, self.rng, system=one.get("system"))
                        if same:
                            one |= {k: v for k, v in zip(("system", "code", "display"), same) if v}
            elif code == "Quantity" and "code" not in made:
                made |= {k: v for k, v in coding.items() if k != "display"}
        if not made:
            made = self.least(code)
        return made or None, code

    def kind_of(self, element, tail):
        types = [t["code"] for t in element.get("type", []) if t.get("code")]
        return next((t for t in types if t.lower() == tail.lower()), types[0] if types else tail)

    def root_of(self, node, owner):
        root = self.held.tree(self.core + node.element["path"].split(".")[0])
        return root

    def least(self, code):
        return {
            "CodeableConcept": {"text": "Words"}, "Coding": {"display": "Words"}, "Identifier": {"value": "x1"}, "HumanName": {"family": "Words"},
            "Period": {"start": "2024-03-01"}, "Quantity": {"value": 3}, "Annotation": {"text": "Words"}, "Address": {"city": "Leeds"},
            "ContactPoint": {"system": "phone", "value": "01130000000"}, "Range": {"low": {"value": 1}}, "Attachment": {"url": "http://example.com/a", "title": "Words"},
            "Ratio": {"numerator": {"value": 1}, "denominator": {"value": 2}}, "Timing": {"event": ["2024-03-01"]}, "Meta": {"versionId": "1"},
            "Age": {"value": 3, "system": "http://unitsofmeasure.org", "code": "a", "unit": "years"}, "Dosage": {"text": "Words"},
            "Duration": {"value": 3, "system": "http://unitsofmeasure.org", "code": "d", "unit": "days"}, "ContactDetail": {"name": "Words"},
            "Money": {"value": 3, "system": "urn:iso:std:iso:4217", "code": "GBP"} if self.release == "3.0" else {"value": 3, "currency": "GBP"},
            "SimpleQuantity": {"value": 3}, "UsageContext": None,
        }.get(code)

    def reference(self, element, chosen, types, node):
        targets = []
        for one in types:
            target = one.get("targetProfile")
            targets += target if isinstance(target, list) else [target] if target else []
        targets = [t.split("|")[0] for t in targets]
        names = [self.held.by_url[t]["type"] if t in self.held.by_url else t.rsplit("/", 1)[-1] for t in targets]
        names = [n for n in names if n.isalpha() and n != "Resource"] or ["Patient"]
        made = {"reference": f"{self.rng.choice(names)}/x1"}
        if node.children:
            made = self.fill(node, 3, "Reference") | made
        elif self.rng.random() < 0.2:
            made["display"] = "Words"
        return made

    def extension(self, url, node, depth):
        tree = self.held.tree(url)
        definition = self.held.by_url.get(url)
        if tree is None or depth > 5:
            return None
        made = self.fill(tree, max(depth, 1) if depth else 1, "Extension")
        made.pop("id", None)
        made["url"] = definition["url"]
        return self.bear(tree, made)

    def bear(self, tree, made):
        """An extension that has a value or parts, as its definition allows, or None."""
        if "extension" not in made and not any(k.startswith("value") for k in made):
            value = next((c for c in tree.children if c.name() == "value[x]"), None)
            inner = next((c for c in tree.children if c.name() == "extension"), None)
            if value is not None and value.element.get("max") != "0":
                chosen = self.rng.choice(value.slices) if value.slices else value
                got, kind = self.value(chosen, 2, "Extension", value)
                if got is not None:
                    made["value" + kind[0].upper() + kind[1:]] = got
            else:
                for piece in inner.slices if inner else []:
                    got, _ = self.value(piece, 2, "Extension", inner)
                    if got and len(got) > 1:
                        made["extension"] = [got]
                        break
        if "extension" not in made and not any(k.startswith("value") for k in made):
            return None
        if "extension" in made:
            made = {k: v for k, v in made.items() if not k.startswith("value")}
        return {k: made[k] for k in ("url", "extension", *[m for m in made if m.startswith("value")]) if k in made}


def bearer(held, maker, url):
    """A small resource that carries the extension where its context allows, or None."""
    definition = held.by_url[url]
    contexts = definition.get("context") or []
    paths = [c if isinstance(c, str) else c.get("expression", "") for c in contexts]
    extension = maker.extension(url, None, 0)
    if extension is None:
        return None
    for path in maker.rng.sample(paths, len(paths)):
        part = path.split(".")
        if path in ("Element", "*", "Resource", "DomainResource", "Any"):
            part = ["Patient"]
        base = maker.core + part[0]
        if base not in held.by_url or any("[" in p or ":" in p for p in part):
            continue
        if held.by_url[base]["kind"] != "resource":
            part = {"Address": ["Patient", "address"], "HumanName": ["Patient", "name"], "ContactPoint": ["Patient", "telecom"], "Identifier": ["Patient", "identifier"], "CodeableConcept": ["Patient", "maritalStatus"], "Reference": ["Patient", "managingOrganization"]}.get(part[0])
            if not part or "." in path:
                continue
            base = maker.core + "Patient"
        if held.by_url[base].get("abstract"):
            continue
        body = maker.resource(base, 0.0)
        slot = body
        for step in part[1:]:
            root = held.tree(base)
            at = root.nodes.get(".".join([part[0], *part[1 : part.index(step) + 1]]))
            if at is None:
                slot = None
                break
            if step not in slot:
                value, kind = maker.value(at, 1, part[0], at)
                if value is None:
                    slot = None
                    break
                many = at.element.get("base", {}).get("max", at.element.get("max")) not in ("1", "0")
                slot[step] = [value] if many else value
            inner = slot[step][0] if isinstance(slot[step], list) else slot[step]
            if not isinstance(inner, dict):
                if isinstance(slot[step], list):
                    slot = slot.setdefault("_" + step, [{}])[0]
                else:
                    slot = slot.setdefault("_" + step, {})
            else:
                slot = inner
        if slot is None:
            continue
        root = held.tree(url).element
        key = "modifierExtension" if any(e.get("isModifier") for e in [root]) else "extension"
        slot[key] = slot.get(key, []) + [extension]
        return body
    return None


def all_made(definitions, release, seed, each=3):
    """(name, message) for every profile of resources and every extension."""
    for url in sorted(definitions.by_url):
        definition = definitions.by_url[url]
        if definitions.tree(url) is None or definition.get("abstract") or definition["kind"] == "logical":
            continue
        for turn in range(each):
            rng = random.Random(f"{seed} {url} {turn}")
            maker = Maker(definitions, rng, release)
            maker.generous = 0.1
            name = url.rsplit("/", 1)[-1]
            if definition["kind"] == "resource":
                yield url, f"{name}-{turn}", maker.resource(url, (0.0, 0.15, 0.4, 0.6)[turn % 4])
            elif definition["type"] == "Extension" and turn == 0 and name != "Extension":
                body = bearer(definitions, maker, url)
                if body:
                    yield url, f"{name}-{turn}", body
