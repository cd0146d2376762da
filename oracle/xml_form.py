"""JSON messages as XML, in the order their members stand in, and faults that only XML can have."""

import re
from xml.sax.saxutils import escape, quoteattr

FHIR = "http://hl7.org/fhir"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def text(value):
    if value is True or value is False:
        return str(value).lower()
    return NOT_XML.sub("", str(value))


def body(tree, extension, lines):
    members = [key for key in tree if key != "resourceType"]
    names = []
    for key in members:
        name = key.lstrip("_")
        if name not in names:
            names.append(name)
    for name in names:
        if not re.fullmatch(r"[A-Za-z_][\w.-]*", name):
            continue
        if extension and name == "url" or name == "id" and "resourceType" not in tree:
            continue
        values, siblings = tree.get(name), tree.get("_" + name)
        values = values if isinstance(values, list) else [values]
        siblings = siblings if isinstance(siblings, list) else [siblings]
        for at in range(max(len(values), len(siblings))):
            value = values[at] if at < len(values) else None
            sibling = siblings[at] if at < len(siblings) else None
            element(name, value, sibling, lines)


def element(name, value, sibling, lines):
    if value is None and not isinstance(sibling, dict):
        return
    if name == "div" and isinstance(value, str):
        lines.append(value if value.startswith("<") else f'<div xmlns="http://www.w3.org/1999/xhtml">{escape(value)}</div>')
        return
    if isinstance(value, dict) and "resourceType" in value:
        kind = str(value["resourceType"])
        lines.append(f"<{name}><{kind}>" if re.fullmatch(r"[A-Za-z]\w*", kind) else f"<{name}><Unknown>")
        body(value, False, lines)
        lines.append(f"</{kind}></{name}>" if re.fullmatch(r"[A-Za-z]\w*", kind) else f"</Unknown></{name}>")
        return
    if isinstance(value, list):
        for one in value:
            element(name, one, None, lines)
        return
    inner = value if isinstance(value, dict) else sibling if isinstance(sibling, dict) else {}
    start = f"<{name}"
    if isinstance(inner.get("id"), (str, int)):
        start += f" id={quoteattr(text(inner['id']))}"
    if name in ("extension", "modifierExtension") and "url" in inner:
        start += f" url={quoteattr(text(inner['url']))}"
    if value is not None and not isinstance(value, dict):
        start += f" value={quoteattr(text(value))}"
    inside = []
    body(inner, name in ("extension", "modifierExtension"), inside)
    lines.append(start + ">" + "\n".join(inside) + f"</{name}>" if inside else start + "/>")


def to_xml(tree):
    kind = tree.get("resourceType")
    if not isinstance(kind, str) or not re.fullmatch(r"[A-Za-z]\w*", kind):
        return None
    lines = []
    body(tree, False, lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<{kind} xmlns="{FHIR}">\n' + "\n".join(lines) + f"\n</{kind}>\n"


def mutate(rng, words):
    """One fault of the form itself, or None where the text has no place for it."""
    starts = [m for m in re.finditer(r"<([a-z]\w*)((?: [\w:]+=\"[^\"]*\")*)(/?)>", words)]
    if not starts:
        return None
    at = rng.choice(starts)
    deed = rng.randrange(12)
    name, attributes, end = at.groups()
    if deed == 0:
        new = f'<{name}{attributes} unknown="a"{end}>'
    elif deed == 1 and "value=" in attributes:
        bare = re.sub(r' value="[^"]*"', "", attributes)
        new = f"<{name}{bare}{end}>"
    elif deed == 2 and "value=" in attributes:
        new = f'<{name} value=""{end}>'
    elif deed == 3 and not end:
        new = f"<{name}{attributes}>Words"
    elif deed == 4:
        new = f'<{name} xmlns="http://example.com/other"{attributes}{end}>'
    elif deed == 5:
        new = f'<{name} xmlns=""{attributes}{end}>'
    elif deed == 6:
        new = f"<!-- a --><?a b?>{at.group(0)}"
    elif deed == 7 and end:
        new = f"{at.group(0)}{at.group(0)}"
    elif deed == 8 and end and "value=" in attributes:
        inside = re.search(r'value="([^"]*)', attributes).group(1)
        new = f"<{name}>{inside}</{name}>"
    elif deed == 9 and end:
        new = f'<unknown value="a"/>{at.group(0)}'
    elif deed == 10 and end and "value=" in attributes:
        new = f'<{name}{attributes}><extension url="http://example.com/unknown"><valueString value="a"/></extension></{name}>'
    elif deed == 11 and end:
        # Two neighbours out of order.
        after = next((s for s in starts if s.start() >= at.end() and words[at.end() : s.start()].strip() == "" and s.group(3)), None)
        if after is None or after.group(1) == name:
            return None
        return words[: at.start()] + after.group(0) + words[at.end() : after.start()] + at.group(0) + words[after.end() :]
    else:
        return None
    return words[: at.start()] + new + words[at.end() :]
