"""Builds the wheel of this repository: nothing but a name for what it depends on. It needs no other package, so that pip has
nothing to fetch for it."""
import base64
import hashlib
import os
import pathlib
import re
import zipfile

TEXT = pathlib.Path(__file__).with_name("pyproject.toml").read_text(encoding="utf-8")
NAME = re.search(r'^name = "(.+)"$', TEXT, re.M)[1]
VERSION = re.search(r'^version = "(.+)"$', TEXT, re.M)[1]
DEPENDENCIES = re.findall(r'^    ["\'](.+)["\'],$', TEXT, re.M)
# One of these says where pip looks; without any it would ask the public index, where the name may be anybody's.
INDEXES = ("PIP_INDEX_URL", "PIP_FIND_LINKS", "PIP_CONFIG_FILE")


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    del config_settings, metadata_directory
    if any("@" not in dependency for dependency in DEPENDENCIES) and not any(os.environ.get(name) for name in INDEXES):
        raise SystemExit(f"{' and '.join(DEPENDENCIES)} must come from your own index: set one of {', '.join(INDEXES)}")
    stem = f"{NAME.replace('-', '_')}-{VERSION}"
    requires = "".join(f"Requires-Dist: {dependency}\n" for dependency in DEPENDENCIES)
    files = {
        f"{stem}.dist-info/METADATA": f"Metadata-Version: 2.1\nName: {NAME}\nVersion: {VERSION}\n{requires}",
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: valuelint\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for name, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(text.encode())}\n"
    files[f"{stem}.dist-info/RECORD"] = record + f"{stem}.dist-info/RECORD,,\n"
    wheel = f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / wheel, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return wheel
