# SPDX-License-Identifier: Apache-2.0
"""bank_sample.py SCHEMA WAY: a message with all that a schema of ISO 20022 allows: each element that may be there is, once, down to
where nobody reads any more; of a choice the first, the second and so on, by WAY."""
import re
import sys
import xml.etree.ElementTree as xml

XS = "{http://www.w3.org/2001/XMLSchema}"
DEEP = 9
schema, first = sys.argv[1], int(sys.argv[2])
root = xml.parse(schema).getroot()
space = root.get("targetNamespace")
types = {x.get("name"): x for x in root if x.tag in (XS + "complexType", XS + "simpleType")}
VALUES = {"date": "2026-11-30", "dateTime": "2026-11-30T08:00:00Z", "boolean": "true", "gYear": "2026", "gYearMonth": "2026-11",
          "gMonth": "--11", "time": "08:00:00Z", "base64Binary": "AAAA", "decimal": "1", "string": "x", "anyURI": "x", "ID": "x", "IDREF": "x"}


def matching(pattern):
    """The shortest text of a pattern, as these schemas write them: classes, each with how many."""
    text = ""
    pattern = re.sub(r"\([^()]*\)\{0,1\}", "", pattern)
    for one, _, least in re.findall(r"(\[[^\]]*\]|\\.|.)(\{(\d+)(?:,\d+)?\}|)", pattern):
        one = one[1] if len(one) > 1 else one       # of a class its first
        text += one * int(least or 1)
    return text


def simple(name):
    if name.startswith("xs:"):
        return VALUES[name[3:]]
    limits = types[name].find(XS + "restriction")
    of = {x.tag[len(XS):]: x.get("value") for x in limits}
    if "enumeration" in of:
        return limits.find(XS + "enumeration").get("value")
    if "pattern" in of:
        return matching(of["pattern"])
    if "length" in of:
        return "x" * int(of["length"])
    return VALUES[limits.get("base")[3:]]


def fill(out, name, depth, way):
    """The content of an element of that type; `way`: which of a choice."""
    type = types.get(name)
    if type is None or type.tag == XS + "simpleType":
        out.text = simple(name)
        return
    content = type.find(XS + "simpleContent")
    if content is not None:
        base = content.find(XS + "extension")
        out.text = simple(base.get("base"))
        for attribute in base.findall(XS + "attribute"):
            out.set(attribute.get("name"), simple(attribute.get("type")))
        return
    group = type.find(XS + "sequence")
    elements = list(group) if group is not None else None
    if elements is None:
        choice = list(type.find(XS + "choice"))
        elements = [choice[way % len(choice)]]
    for element in elements:
        if element.tag == XS + "choice":
            element = list(element)[way % len(list(element))]
        if element.tag == XS + "any":
            xml.SubElement(out, "{urn:x}x")
            continue
        if depth >= DEEP and element.get("minOccurs") == "0":
            continue
        fill(xml.SubElement(out, "{%s}%s" % (space, element.get("name"))), element.get("type"), depth + 1, way)


xml.register_namespace("", space)
document = xml.Element("{%s}Document" % space)
fill(document, "Document", 0, first)
xml.ElementTree(document).write(sys.stdout.buffer, encoding="UTF-8", xml_declaration=True)
