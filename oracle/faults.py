"""Faults that are put into clean messages: each kind is one function of a tree of JSON members and a random source."""

import copy
import re

DATES = ["2020-13-01", "2020-02-30", "2020-1-1", "20200101", "2020-01-01T10:00", "2020-01-01T10:00:00", "2020-01-01T10:00:00Z", "2020-01-01T24:00:00Z", "2020-01-01T23:59:60Z",
         "2020-01-01T10:00:00+14:30", "2020-01-01T10:00:00.123456789+01:00", "0000-01-01", "2020-01-01 ", "2020-W01", "12:00", "2020", "2020-01", "1899-01-01", "2020-01-01t10:00:00z", "2020-01-01T10:00Z", "-2020"]
NUMBERS = [0, -1, 1.0, 0.1, 1e5, 2147483648, -2147483649, 1.10, 99999999999999999999, 12345678901234567890.123]
URIS = ["urn:oid:1.2.3", "urn:oid:3.1.2", "urn:oid:01.2", "urn:uuid:0D9C4B0A-56B1-4C8B-9A5C-1A6D3A2F9B11", "urn:uuid:1", "URN:uuid:0d9c4b0a-56b1-4c8b-9a5c-1a6d3a2f9b11", "http://example.com/a b", "relative/a",
        "", "#a", "http://", "mailto:a@example.com", "http://example.com/ä", "example", "http://hl7.org/fhir", "urn:ietf:rfc:3986", "HTTP://EXAMPLE.COM", "http:// example.com"]
TEXTS = ["", " ", "  two  spaces", " leading", "trailing ", "line\nbreak", "tab\there", "a\u00a0b", "\u00a0", "x\u0001y", "é", "<b>mark-up</b>", "a" * 70, "a_b", "A.B-c", "ünïcode", "null", "true", "0", "👍"]
REFERENCES = ["Patient/1", "Patient/1 ", "Patient", "patient/1", "Patient/1/_history/1", "Patient/1/_history", "Patient/", "/Patient/1", "#missing", "#", "Practitioner/abc", "Organisation/1", "Medication/m_1", "http://example.com/fhir/Patient/1", "http://example.com/fhir/Patient",
              "http://example.com/x", "urn:uuid:0d9c4b0a-56b1-4c8b-9a5c-1a6d3a2f9b11", "urn:oid:1.2.3", "Patient?identifier=x|1", "Device/1#a", "Patient/" + "a" * 65, "Unknown/1", "Patient/a b", "https://fhir.example.com/Organization/1", "Observation/1"]
VALUES = {"valueString": "Words", "valueBoolean": True, "valueCode": "a", "valueInteger": 3, "valueDateTime": "2020-01-01", "valueQuantity": {"value": 1, "unit": "mg"}, "valueCoding": {"system": "http://example.com/s", "code": "a"},
          "valueCodeableConcept": {"text": "Words"}, "valueReference": {"reference": "Patient/1"}, "valueUri": "http://example.com/a", "valueDecimal": 1.5, "valuePeriod": {"start": "2020-01-01"}, "valueIdentifier": {"value": "a"}, "valueDate": "2020-01-01",
          "valueTime": "10:00:00", "valueInstant": "2020-01-01T10:00:00Z", "valueMarkdown": "Words", "valueAttachment": {"title": "Words"}, "valueRange": {"low": {"value": 1}}, "valueRatio": {"numerator": {"value": 1}, "denominator": {"value": 1}}, "valueId": "a", "valueHumanName": {"family": "Words"},
          "valueDuration": {"value": 1, "system": "http://unitsofmeasure.org", "code": "d"}, "valueUnknown": "a", "valueBackboneElement": {"id": "a"}, "valuePositiveInt": 1, "valueUnsignedInt": 1, "valueBase64Binary": "aGVsbG8=", "valueCanonical": "http://example.com/a", "valueUrl": "http://example.com/a"}
DIVS = ['<div xmlns="http://www.w3.org/1999/xhtml"></div>', "<div><p>Words</p></div>", '<div xmlns="http://www.w3.org/1999/xhtml"><script>a</script></div>', '<div xmlns="http://www.w3.org/1999/xhtml"><p onclick="a">Words</p></div>', "Words",
        '<div xmlns="http://www.w3.org/1999/xhtml"><p>Words</div>', '<div xmlns="http://www.w3.org/1999/xhtml"><p>&nbsp;Words &eacute;</p></div>', '<div xmlns="http://www.w3.org/1999/xhtml"><p>&unknown;</p></div>', '<div xmlns="http://www.w3.org/1999/xhtml"><form>Words</form></div>',
        '<div xmlns="http://www.w3.org/1999/xhtml"><img src="#a" alt="a"/></div>', '<div xmlns="http://www.w3.org/1999/xhtml"><a href="javascript:x">Words</a></div>', '<div xmlns="http://www.w3.org/1999/xhtml" lang="en"><table><tr><td>Words</td></tr></table></div>',
        '<div xmlns="http://www.w3.org/1999/xhtml"><ul>Words</ul></div>', '<div xmlns="http://www.w3.org/1999/xhtml"><P>Words</P></div>', '<div xmlns="http://www.w3.org/1999/xhtml"> </div>', '<p xmlns="http://www.w3.org/1999/xhtml">Words</p>', '<div xmlns="http://www.w3.org/1999/xhtml"><!-- a -->Words</div>',
        '<div xmlns="http://www.w3.org/1999/xhtml"><p style="color:red" class="a" id="b" title="c">Words</p></div>', '<div xmlns="http://www.w3.org/1999/xhtml"><p colspan="2">Words</p></div>', '<div xmlns="http://www.w3.org/1999/xhtml"><iframe src="a">Words</iframe></div>', '<div xmlns="http://www.w3.org/1999/xhtml"><br/></div>', '<h:div xmlns:h="http://www.w3.org/1999/xhtml"><h:p>Words</h:p></h:div>']


def places(tree, want=None):
    """Every (holder, key, value) of a message, members and items."""
    out, stack = [], [tree]
    while stack:
        here = stack.pop()
        for key, value in list(here.items()) if isinstance(here, dict) else list(enumerate(here)):
            if key == "resourceType":
                continue
            if want is None or want(key, value):
                out.append((here, key, value))
            if isinstance(value, (dict, list)):
                stack.append(value)
    return out


def pick(rng, tree, want=None):
    found = places(tree, want)
    return rng.choice(found) if found else None


def objects(tree):
    """Every object that is no resource, and every resource."""
    return [value for _, _, value in places(tree, lambda _, v: isinstance(v, dict))] + [tree]


def member(rng, tree, *names):
    return pick(rng, tree, lambda k, v: k in names)


def absent(rng, tree):
    here, key, _ = pick(rng, tree)
    del here[key]
    return True


def twice(rng, tree):
    found = pick(rng, tree, lambda k, v: isinstance(v, list) and v)
    if not found:
        return False
    _, _, items = found
    items.append(copy.deepcopy(rng.choice(items)))
    return True


def many(rng, tree):
    found = pick(rng, tree, lambda k, v: isinstance(v, list) and v)
    found[2].extend(copy.deepcopy(found[2][:1]) * rng.choice([2, 3, 5])) if found else None
    return bool(found)


def misnamed(rng, tree):
    found = pick(rng, tree, lambda k, v: isinstance(k, str))
    here, key, value = found
    new = rng.choice([key + "s", key[:-1] or "x", key.capitalize(), "unknown", key.swapcase(), "_" + key, key + "_x", "Unknown"])
    if new in here:
        return False
    here[new] = here.pop(key)
    return True


def added(rng, tree):
    here = rng.choice(objects(tree))
    key, value = rng.choice([("comment", "Words"), ("display", "Words"), ("status", "active"), ("value", 1), ("fhir_comments", ["a"]), ("text", "Words"), ("text", {"status": "generated", "div": DIVS[0]}), ("meta", {"tag": [{"code": "a"}]}), ("id", "x"), ("name", "Words"), ("language", "en-GB"), ("implicitRules", "http://example.com/a"), ("use", "official"), ("url", "http://example.com/a"), ("system", "http://example.com/a"), ("userSelected", True), ("period", {"start": "2020-01-01"}), ("assigner", {"display": "Words"}), ("type", "Patient"), ("identifier", {"value": "a"}), ("identifier", [{"value": "a"}]), ("resourceType", "Patient"), ("language", "xx-bogus-1"), ("code", "a"), ("unit", "mg"), ("comparator", "<")])
    if key in here:
        return False
    here[key] = value
    return True


def scalar(rng, tree, guard, values):
    found = pick(rng, tree, lambda k, v: not isinstance(v, (dict, list)) and guard(k, v))
    if not found:
        return False
    here, key, value = found
    new = rng.choice(values)
    if new == value:
        return False
    here[key] = new
    return True


def dated(rng, tree):
    return scalar(rng, tree, lambda k, v: isinstance(v, str) and re.match(r"\d{4}(-\d\d)?|\d\d:\d\d:\d\d$", v) is not None and len(v) < 36, DATES)


def numbered(rng, tree):
    return scalar(rng, tree, lambda k, v: isinstance(v, (int, float)) and not isinstance(v, bool), NUMBERS)


def located(rng, tree):
    return scalar(rng, tree, lambda k, v: isinstance(v, str) and re.match(r"http|urn", v) is not None, URIS)


def worded(rng, tree):
    return scalar(rng, tree, lambda k, v: isinstance(v, str), TEXTS)


def coded(rng, tree):
    found = pick(rng, tree, lambda k, v: isinstance(v, str) and k in ("code", "status", "use", "type", "intent", "gender", "system", "kind", "mode", "priority", "relationship", "comparator", "rank", "language", "contentType", "currency", "display", "version"))
    if not found:
        return False
    here, key, value = found
    here[key] = rng.choice([value + "x", value.upper(), value.capitalize(), "unknown", "active", "final", "completed", "entered-in-error", value + " ", "http://hl7.org/fhir/administrative-gender", "http://snomed.info/sct", "http://loinc.org", "http://unitsofmeasure.org", "http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "a  b", "Words"])
    return True


def coding(rng, tree):
    found = pick(rng, tree, lambda k, v: isinstance(v, dict) and "code" in v and isinstance(v["code"], str))
    if not found:
        return False
    value = found[2]
    deed = rng.choice(["system", "swap", "display", "second", "version", "nocode"])
    if deed == "system":
        return value.pop("system", None) is not None
    if deed == "swap":
        value["system"] = rng.choice(["http://snomed.info/sct", "http://hl7.org/fhir/contact-point-use", "http://hl7.org/fhir/observation-status", "http://terminology.hl7.org/CodeSystem/observation-category", "http://hl7.org/fhir/observation-category", "http://unitsofmeasure.org", "http://example.com/s", "snomed", "http://hl7.org/fhir/ValueSet/observation-status", "http://snomed.info/sct/"])
    elif deed == "display":
        value["display"] = rng.choice(["Other words", "", "a" * 300])
    elif deed == "second":
        if isinstance(found[0], list):
            found[0].append({"system": rng.choice([value.get("system", "http://example.com/s"), "http://example.com/s"]), "code": rng.choice(["zz", value["code"]])})
        else:
            return False
    elif deed == "version":
        value["version"] = "2.0"
    else:
        del value["code"]
    return True


def shaped(rng, tree):
    here, key, value = pick(rng, tree, lambda k, v: isinstance(k, str))
    new = rng.choice([None, {}, [], [value], [[value]], [None], [{}], "", str(value), 1, True, {"value": value}, [value, value] if not isinstance(value, list) else value[0]])
    if new == value:
        return False
    here[key] = new
    return True


def item(rng, tree):
    found = pick(rng, tree, lambda k, v: isinstance(k, int))
    if not found:
        return False
    found[0][found[1]] = rng.choice([None, {}, [], "", "Words", 1, [found[2]]])
    return True


def sibling(rng, tree):
    found = pick(rng, tree, lambda k, v: isinstance(k, str) and not k.startswith("_"))
    here, key, value = found
    word = rng.choice([{"id": "e1"}, {}, None, [], {"extension": []}, {"extension": [{"url": "http://example.com/unknown", "valueString": "Words"}]}, {"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}, [{"id": "e1"}], [None], [None, {"id": "e1"}], {"value": "a"}, {"id": "a b"}, "Words", [{}], {"fhir_comments": ["a"]}])
    here["_" + key] = word
    if rng.random() < 0.3:
        del here[key]
    return True


def chosen(rng, tree):
    found = pick(rng, tree, lambda k, v: isinstance(k, str) and re.match(r"(value|onset|effective|deceased|multipleBirth|occurrence|performed|medication|abatement|asNeeded|product|item|subject|timing|scheduled|born|age|defaultValue)[A-Z]", k) is not None)
    if not found:
        return False
    here, key, value = found
    stem = re.match(r"[a-z]+(?:Birth|Needed|Value)?", key).group(0)
    tail, new = rng.choice(list(VALUES.items()))
    name = stem + tail[5:]
    if name in here:
        return False
    if rng.random() < 0.75:
        del here[key]
    here[name] = copy.deepcopy(new)
    return True


def referred(rng, tree):
    found = pick(rng, tree, lambda k, v: k == "reference" and isinstance(v, str))
    if not found:
        return False
    here = found[0]
    deed = rng.random()
    if deed < 0.6:
        here["reference"] = rng.choice(REFERENCES)
    elif deed < 0.75:
        here["type"] = rng.choice(["Patient", "Organization", "Unknown", "http://hl7.org/fhir/StructureDefinition/Patient", "patient"])
    elif deed < 0.85:
        del here["reference"]
        here["display"] = "Words"
    elif deed < 0.95:
        here["identifier"] = {"system": rng.choice(URIS), "value": "1"}
    else:
        del here["reference"]
    return True


def extended(rng, tree):
    here = rng.choice(objects(tree))
    made = rng.choice([
        {"url": "http://example.com/unknown", "valueString": "Words"}, {"url": "http://hl7.org/fhir/StructureDefinition/unknown", "valueString": "Words"}, {"url": "relative", "valueString": "Words"}, {"valueString": "Words"}, {"url": "http://example.com/unknown"},
        {"url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": {"city": "Leeds"}}, {"url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueString": "Leeds"}, {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}, {"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "nonsense"},
        {"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 1}, {"url": "http://hl7.org/fhir/StructureDefinition/humanname-own-prefix", "valueString": "van"}, {"url": "http://hl7.org/fhir/StructureDefinition/iso21090-nullFlavor", "valueCode": "UNK"}, {"url": "http://example.com/unknown", "valueString": "Words", "extension": [{"url": "a", "valueString": "b"}]},
        {"url": "", "valueString": "Words"}, {"url": "http://hl7.org/fhir/StructureDefinition/patient-nationality", "extension": [{"url": "code", "valueCodeableConcept": {"text": "Words"}}]}, {"url": "http://hl7.org/fhir/StructureDefinition/patient-nationality", "extension": [{"url": "wrong", "valueString": "Words"}]}, {"url": "https://fhir.hl7.org.uk/StructureDefinition/unknown", "valueString": "Words"},
        {"url": "http://hl7.org/fhir/StructureDefinition/rendered-value", "valueString": "Words"}, {"url": "http://hl7.org/fhir/StructureDefinition/translation", "extension": [{"url": "lang", "valueCode": "cy"}, {"url": "content", "valueString": "Words"}]}, {}, "Words", {"url": "http://example.com/unknown", "valueUnknown": "Words"}])
    key = rng.choice(["extension", "extension", "extension", "modifierExtension"])
    held = here.get(key)
    here[key] = (held if isinstance(held, list) else []) + [copy.deepcopy(made)]
    return True


def extension_inside(rng, tree):
    found = pick(rng, tree, lambda k, v: k in ("extension", "modifierExtension") and isinstance(v, list) and v and isinstance(v[0], dict))
    if not found:
        return False
    one = rng.choice(found[2])
    value = next((k for k in one if k.startswith("value")), None) if isinstance(one, dict) else None
    deed = rng.choice(["url", "value", "novalue", "nested", "move", "typo", "twice", "modifier"])
    if deed == "url":
        one.pop("url", None)
    elif deed == "typo":
        one["url"] = one.get("url", "") + rng.choice(["x", "/", "|1.0", " "])
    elif deed == "value" and value:
        del one[value]
        name, new = rng.choice(list(VALUES.items()))
        one[name] = copy.deepcopy(new)
    elif deed == "novalue" and value:
        del one[value]
    elif deed == "nested":
        one.setdefault("extension", []).append({"url": "http://example.com/unknown", "valueString": "Words"})
    elif deed == "twice":
        found[2].append(copy.deepcopy(one))
    elif deed == "modifier":
        found[0]["modifierExtension"] = found[0].pop("extension", None) or found[0].get("modifierExtension")
    else:
        other = rng.choice(objects(tree))
        if other is one or other is found[0]:
            return False
        other["extension"] = (other.get("extension") if isinstance(other.get("extension"), list) else []) + [copy.deepcopy(one)]
    return True


def narrated(rng, tree):
    resources = [o for o in objects(tree) if "resourceType" in o]
    here = rng.choice(resources)
    here["text"] = {"status": rng.choice(["generated", "additional", "empty", "extensions", "wrong"]), "div": rng.choice(DIVS)}
    if rng.random() < 0.15:
        del here["text"][rng.choice(["status", "div"])]
    return True


def bundled(rng, tree):
    found = pick(rng, tree, lambda k, v: k == "entry" and isinstance(v, list) and v and isinstance(v[0], dict) and ("resource" in v[0] or "fullUrl" in v[0]))
    if not found:
        return False
    bundle, entries = found[0], found[2]
    one = rng.choice(entries)
    deed = rng.randrange(14)
    if deed == 0:
        one.pop("fullUrl", None)
    elif deed == 1:
        one["fullUrl"] = rng.choice(entries).get("fullUrl", "urn:uuid:0d9c4b0a-56b1-4c8b-9a5c-1a6d3a2f9b11")
    elif deed == 2:
        bundle["type"] = rng.choice(["document", "message", "transaction", "transaction-response", "batch", "batch-response", "history", "searchset", "collection", "wrong"])
    elif deed == 3:
        one.pop("resource", None)
    elif deed == 4:
        one["request"] = {"method": rng.choice(["GET", "POST", "PUT", "DELETE", "WRONG"]), "url": "Patient"}
    elif deed == 5:
        one["search"] = {"mode": rng.choice(["match", "include", "outcome"]), "score": rng.choice([0.5, 2])}
    elif deed == 6:
        bundle["total"] = rng.choice([0, 1, 99])
    elif deed == 7:
        bundle["link"] = [{"relation": rng.choice(["self", "next"]), "url": "http://example.com/a"}] * rng.choice([1, 2])
    elif deed == 8:
        one["fullUrl"] = rng.choice(["http://example.com/fhir/Patient/other", "urn:uuid:1", "Patient/1", "urn:oid:1.2.3", "http://example.com/fhir/Patient/1/_history/1"])
    elif deed == 9:
        entries.reverse()
    elif deed == 10:
        entries.append(copy.deepcopy(one))
    elif deed == 11:
        if isinstance(one.get("resource"), dict):
            one["resource"].pop("id", None)
    elif deed == 12:
        one["response"] = {"status": rng.choice(["200", "200 OK", "x"])}
    else:
        entries.append({"fullUrl": "urn:uuid:7d9c4b0a-56b1-4c8b-9a5c-1a6d3a2f9b11", "resource": {"resourceType": "Basic", "id": "b", "code": {"text": "Words"}}})
    return True


def contained(rng, tree):
    resources = [o for o in objects(tree) if "resourceType" in o]
    here = rng.choice(resources)
    made = rng.choice([{"resourceType": "Organization", "id": "c1", "name": "Words"}, {"resourceType": "Organization", "name": "Words"}, {"resourceType": "Patient", "id": "#c1"}, {"resourceType": "Unknown", "id": "c1"}, {"id": "c1"}, {"resourceType": "Organization", "id": "c1", "name": "Words", "contained": [{"resourceType": "Patient", "id": "c2"}]},
                       {"resourceType": "Organization", "id": "c1", "name": "Words", "meta": {"versionId": "1", "lastUpdated": "2020-01-01T00:00:00Z"}}, {"resourceType": "Organization", "id": "c1", "name": "Words", "meta": {"security": [{"code": "a"}]}}, {"resourceType": "Organization", "id": "c1"}, "Words"])
    here["contained"] = (here.get("contained") if isinstance(here.get("contained"), list) else []) + [copy.deepcopy(made)]
    if rng.random() < 0.6:
        found = pick(rng, tree, lambda k, v: k == "reference" and isinstance(v, str))
        if found:
            found[0]["reference"] = "#c1"
    return True


def identified(rng, tree):
    here = rng.choice(objects(tree))
    here["id"] = rng.choice(["a b", "a" * 65, "a_b", "", "é", "ok", "#a", "a/b", 1, "A.1-b", "ok\n", "urn:uuid:1"])
    if rng.random() < 0.3:
        rng.choice(objects(tree))["id"] = here["id"]
    return True


def claimed(rng, tree):
    resources = [o for o in objects(tree) if "resourceType" in o]
    meta = rng.choice(resources).setdefault("meta", {})
    if not isinstance(meta, dict):
        return False
    meta["profile"] = rng.choice([["http://example.com/unknown"], ["http://hl7.org/fhir/StructureDefinition/Patient"], ["http://hl7.org/fhir/StructureDefinition/vitalsigns"], ["relative"], [""], ["http://hl7.org/fhir/StructureDefinition/Patient|9.9"], ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"], ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"], ["http://hl7.org/fhir/ValueSet/observation-status"], meta.get("profile", []) * 2, ["http://hl7.org/fhir/StructureDefinition/bp"], ["http://hl7.org/fhir/StructureDefinition/DomainResource"]])
    if rng.random() < 0.2:
        meta[rng.choice(["security", "tag"])] = [{"system": "http://example.com/s", "code": "a"}] * rng.choice([1, 2])
    return True


def attached(rng, tree):
    found = pick(rng, tree, lambda k, v: isinstance(v, dict) and ("contentType" in v or "data" in v))
    if not found:
        return False
    one = found[2]
    key, value = rng.choice([("size", 3), ("size", 5), ("hash", "aGVsbG8="), ("hash", "qvTGHdzF6KLavt4PO0gs2a6pQ00="), ("data", "not base64!"), ("data", "aGVsbG8"), ("data", "aGVs\nbG8="), ("data", ""), ("contentType", "text"), ("contentType", "text/plain; charset=utf-8"), ("language", "english"), ("url", "relative a")])
    one[key] = value
    return True


def measured(rng, tree):
    found = pick(rng, tree, lambda k, v: isinstance(v, dict) and ("value" in v and isinstance(v["value"], (int, float)) or "start" in v or "low" in v or "numerator" in v))
    if not found:
        return False
    one = found[2]
    if "start" in one:
        one["end"] = rng.choice(["1999-01-01", "2035", "2024-03", "2024-03-01T10:00:00", "2024-03-01T10:00:00+05:00"])
    elif "low" in one:
        one["high"] = rng.choice([{"value": 0}, {"value": 5, "unit": "g", "system": "http://unitsofmeasure.org", "code": "g"}, {"comparator": "<", "value": 9}])
    elif "numerator" in one:
        one[rng.choice(["numerator", "denominator"])] = rng.choice([{}, {"value": 0}, {"comparator": "<", "value": 9}])
    else:
        key, value = rng.choice([("code", "wrong unit"), ("code", "g"), ("system", "http://example.com/s"), ("system", "relative"), ("comparator", "=="), ("comparator", ">="), ("unit", ""), ("value", "1"), ("value", -1)])
        one[key] = value
    return True


def typed(rng, tree):
    resources = [o for o in objects(tree) if "resourceType" in o]
    here = rng.choice(resources)
    new = rng.choice(["Unknown", "patient", "", None, "Basic", "DomainResource", "Resource", "Parameters", 1])
    if new is None:
        del here["resourceType"]
    else:
        here["resourceType"] = new
    return True


def swapped(rng, tree):
    one = pick(rng, tree, lambda k, v: isinstance(k, str))
    two = pick(rng, tree, lambda k, v: isinstance(k, str))
    if one[0] is two[0] or one[1] == two[1]:
        return False
    two[0][one[1]] = copy.deepcopy(one[2])
    return True


FAULTS = [(absent, 6), (twice, 2), (many, 1), (misnamed, 3), (added, 4), (dated, 4), (numbered, 3), (located, 4), (worded, 5), (coded, 5), (coding, 5), (shaped, 5), (item, 2), (sibling, 5), (chosen, 4), (referred, 5), (extended, 5), (extension_inside, 5),
          (narrated, 3), (bundled, 5), (contained, 3), (identified, 3), (claimed, 2), (attached, 2), (measured, 3), (typed, 1), (swapped, 2)]


def mutate(rng, message):
    """A message with one fault, or some: (names of the faults, message)."""
    tree = copy.deepcopy(message)
    names = []
    wanted = rng.choices([1, 2, 3, 5], [70, 18, 8, 4])[0]
    for _ in range(40):
        fault = rng.choices([f for f, _ in FAULTS], [w for _, w in FAULTS])[0]
        try:
            done = fault(rng, tree)
        except (TypeError, AttributeError, KeyError, IndexError):
            # An earlier fault left a shape that this one does not fit.
            done = False
        if done:
            names.append(fault.__name__)
        if len(names) == wanted:
            break
    return names, tree
