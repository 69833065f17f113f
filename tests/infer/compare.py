"""A draft of `valuelint init` against a standard that was written by hand."""
import json
import pathlib


def read_draft(path):
    """path -> what the draft says of it; and old place -> path, of what it suggests."""
    properties, spellings = {}, {}

    def walk(schema, above):
        required = schema.get("required", [])
        for key, below in schema.get("properties", {}).items():
            name = f"{above}.{key}" if above else key
            annotation = below.get("x-valuelint", {})
            types = below.get("type", [])
            said = {"types": sorted([types] if isinstance(types, str) else types), "required": key in required}
            if "default" in below:
                said["default"] = below["default"]
            if "derive" in annotation:
                said["derived"] = annotation["derive"]
            elif said.get("default") == "${chart}":
                said["derived"] = "chart.name"
            properties[name] = said
            for suggestion in annotation.get("suggested", []):
                spellings[suggestion["path"]] = name
            walk(below, name)

    walk(json.loads(pathlib.Path(path).read_text(encoding="utf-8")), "")
    return properties, spellings


def share(part, whole):
    return part / whole if whole else 1.0


def compare(expected, properties, spellings):
    """Name of a measure -> (share, what is behind it)."""
    paths = expected["paths"]
    found = [path for path in paths if path in properties]
    same = [path for path in found if sorted(paths[path]["types"]) == properties[path]["types"]]
    required = [path for path in paths if paths[path].get("required")]
    met = [path for path in required if properties.get(path, {}).get("required")]
    claimed = [path for path, said in properties.items() if said["required"]]
    too_many = [path for path in claimed if not paths.get(path, {}).get("required")]
    defaults = [path for path in paths if "default" in paths[path]]
    right = [path for path in defaults if "default" in properties.get(path, {})
             and properties[path]["default"] == paths[path]["default"]
             and isinstance(properties[path]["default"], bool) == isinstance(paths[path]["default"], bool)]
    wrong = [path for path in defaults if path not in right
             and ("default" in properties.get(path, {}) or "derived" in properties.get(path, {}))]
    derived = [path for path in paths if "derived" in paths[path]]
    named = [path for path in derived if properties.get(path, {}).get("derived") == paths[path]["derived"]]
    true = [old for old in spellings if expected["spellings"].get(old) == spellings[old]]
    return {
        "paths found": (share(len(found), len(paths)), sorted(set(paths) - set(found))),
        "types equal": (share(len(same), len(found)), [(p, properties[p]["types"]) for p in found if p not in same]),
        "required found": (share(len(met), len(required)), sorted(set(required) - set(met))),
        "required too many": (share(len(too_many), len(claimed)), too_many),
        "defaults found": (share(len(right), len(defaults)), [(p, properties.get(p, {}).get("default"))
                                                             for p in defaults if p not in right]),
        "defaults wrong": (share(len(wrong), len(defaults)), wrong),
        "derived named": (share(len(named), len(derived)), sorted(set(derived) - set(named))),
        "spellings right": (share(len(true), len(spellings)), sorted(set(spellings) - set(true))),
        "spellings found": (share(len(true), len(expected["spellings"])),
                            sorted(set(expected["spellings"]) - set(true))),
    }


# What a draft has to reach: at least, or at most.
LIMITS = {
    "paths found": (0.95, 1), "types equal": (0.92, 1), "required found": (0.95, 1), "required too many": (0, 0.05),
    "defaults found": (0.8, 1), "defaults wrong": (0, 0.05), "derived named": (1, 1), "spellings right": (0.8, 1),
    "spellings found": (0.8, 1),
}
