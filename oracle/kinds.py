"""Which findings of the two engines say the same."""

import re
from functools import lru_cache

# Beginning of a message id of the reference engine -> rules of hallmark.
KIN = [
    (r"Validation_VAL_Profile_Minimum|Extension_EXT_.*_Min", "HM0105 HM0121 HM0191 HM0952"),
    (r"Validation_VAL_Profile_Maximum", "HM0106 HM0122"),
    (r"Validation_VAL_Profile_NotAllowed|Validation_VAL_Profile_NotSlice|.*SLICING.*|Validation_VAL_Profile_.*Slice.*", "HM0120 HM0101 HM0107 HM0106 HM0121"),
    (r"Validation_VAL_Profile_OutOfOrder|.*SLICE.*ORDER.*", "HM0102 HM0123"),
    (r"Type_Specific_Checks_DT_.*|MEASURE_.*", "HM0111 HM0112 HM0113 HM0114 HM0144 HM0115 HM0130 HM0137 HM0138"),
    (r"Terminology_.*|TERMINOLOGY_.*|.*CODE.*", "HM0115 HM0116 HM0117 HM0118 HM0119 HM0155 HM0111"),
    (r"Extension_.*", "HM0125 HM0126 HM0127 HM0107"),
    (r"Reference_.*|REFERENCE_.*|Validation_VAL_.*Ref.*", "HM0128 HM0129 HM0130 HM0131 HM0148"),
    (r"Bundle_.*|BUNDLE_.*|Validation_.*BUNDLE.*", "HM0145 HM0146 HM0147 HM0148 HM0149 HM0129 HM0128"),
    (r"Fixed_Type_Checks_.*|.*FIXED.*|.*PATTERN.*", "HM0109 HM0110"),
    (r".*#.*|INVARIANT.*|Inv.*", "HM0141 HM0142 HM0139 HM0133 HM0132 HM0111 HM0144"),
    (r"XHTML_.*|.*XHTML.*", "HM0139 HM0140 HM0156"),
    (r"Validation_VAL_Unknown.*|Validation_VAL_Profile_Unknown.*|UNDEFINED.*|Element_.*|This_.*|.*property.*", "HM0101 HM0134 HM0107"),
    (r".*JSON.*|.*XML.*|Object_.*|.*Array.*|.*Property.*", "HM0006 HM0007 HM0008 HM0009 HM0010 HM0011 HM0012 HM0013 HM0101 HM0103 HM0104"),
    (r"Terminology_PassThrough_TX_Message:unit|Terminology_.*|TYPE_SPECIFIC_CHECKS_DT_QTY.*", "HM0825"),
    (r"Language_.*|ALL_OK|.*", ""),
]
KIN = [(re.compile(pattern + r"\Z"), set(rules.split())) for pattern, rules in KIN]


@lru_cache(maxsize=1 << 16)
def kin(reference, rule):
    return any(pattern.match(reference) and rule in rules for pattern, rules in KIN)


# Ids that the reference engine gives to many things at once, told apart by their words.
WORDS = [
    ("Terminology_PassThrough_TX_Message", [("Error processing unit", "unit"), ("Unknown code", "unknown-code"), ("Unable to expand", "expand"), ("ValueSet/languages", "languages"), ("is not in valueset", "not-in-set"), ("Inappropriate CodeSystem", "other-system")]),
    ("?", [("must be a JSON Array", "json-array"), ("must be an Array", "json-array"), ("must be a JSON Object", "json-object"), ("Unable to find resourceType", "no-type"), ("Unrecognised property", "json-property"), ("This property must be", "json-shape"), ("has no value", "no-value"), ("must be simple value", "json-simple"), ("must be an object", "json-object"), ("Attribute", "xml-attribute"), ("document must have", "document")]),
]


def refined(reference, text):
    for name, words in WORDS:
        if reference == name:
            for part, tail in words:
                if part in text:
                    return f"{name}:{tail}"
    return reference
