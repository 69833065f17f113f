"""The bill of materials of a release (CycloneDX 1.5): what is linked into the binaries, with versions, hashes and licences."""
import json
import uuid

from releasing.pins import LIBRARIES, PINS


def components():
    """The foreign code in a static binary, as CycloneDX components."""
    found = []
    for name, pin in LIBRARIES.items():
        found.append({"type": "library", "bom-ref": name, "name": name, "version": pin["version"], "description": pin["about"],
                      "licenses": [{"expression": pin["license"]}], "hashes": [{"alg": "SHA-256", "content": pin["sha256"]}],
                      "purl": f"pkg:deb/debian/{pin['debian']}@{pin['version']}?arch=source"})
    zig = PINS["python"]["ziglang"]
    found.append({"type": "library", "bom-ref": "libc", "name": "zig-libc", "version": zig["version"],
                  "description": "the C library and compiler runtime that zig links: musl's and its own",
                  "licenses": [{"expression": "MIT"}], "hashes": [{"alg": "SHA-256", "content": zig["sha256"][0]}],
                  "purl": f"pkg:pypi/ziglang@{zig['version']}"})
    return found


def text(version, commit, when):
    """The document; the same for the same release."""
    found = components()
    main = {"type": "application", "bom-ref": "valuelint", "name": "valuelint", "version": version,
            "licenses": [{"license": {"id": "Apache-2.0"}}],
            "properties": [{"name": "commit", "value": commit}]}
    document = {
        "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
        "metadata": {"timestamp": when, "component": main},
        "components": found,
        "dependencies": [{"ref": "valuelint", "dependsOn": [component["bom-ref"] for component in found]}],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(document, sort_keys=True))
    document["serialNumber"] = f"urn:uuid:{serial}"
    return json.dumps(document, indent=2) + "\n"
