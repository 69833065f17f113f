"""scripts/packaging/pins.json: which versions of foreign sources and tools a release is made of, and their hashes."""
import hashlib
import json
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent.parent
PACKAGING = ROOT / "scripts" / "packaging"
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "valuelint-tests"

with open(PACKAGING / "pins.json", encoding="utf-8") as _file:
    PINS = json.load(_file)
LIBRARIES = PINS["libraries"]


class Unavailable(Exception):
    """Something from outside cannot be had here; the text says what, and why."""


class Failed(Exception):
    """A step of a release went wrong; the text is what is to be read."""


def hash_of(path):
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() if hasattr(hashlib, "file_digest") \
            else hashlib.sha256(file.read()).hexdigest()


def expect_hash(path, wanted):
    """Raises Failed where the file is not the one that is pinned."""
    found = hash_of(path)
    if found not in wanted:
        raise Failed(f"{path}: sha256 is {found}, but scripts/packaging/pins.json has {' or '.join(wanted)}")
