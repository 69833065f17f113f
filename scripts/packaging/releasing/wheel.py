"""Wheels and archives of a binary, the same bytes for the same content: fixed order, times and modes."""
import base64
import gzip
import hashlib
import io
import pathlib
import stat
import tarfile
import time
import zipfile

from releasing import toolchain
from releasing.pins import PACKAGING, ROOT

METADATA = """Metadata-Version: 2.4
Name: valuelint
Version: {version}
Summary: Checks the values.yaml files of Helm charts against a standard
License-Expression: Apache-2.0 AND BSD-2-Clause AND BSD-3-Clause AND MIT
License-File: LICENSE
License-File: LICENSE.libraries
Requires-Python: >=3.8
Description-Content-Type: text/markdown

{readme}"""


def file_name(version, target):
    return f"valuelint-{version}-py3-none-{'.'.join(toolchain.TARGETS[target][2])}.whl"


def add(archive, name, data, when, mode=0o644):
    entry = zipfile.ZipInfo(name, time.gmtime(when)[:6])
    entry.external_attr = (stat.S_IFREG | mode) << 16
    entry.create_system = 3  # Unix, wherever it is written
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, data, compresslevel=9)


def write_wheel(folder, version, target, program, licences, when):
    """Writes the wheel with `program` into `folder`; its path. `when` is the time of its entries."""
    info = f"valuelint-{version}.dist-info"
    tags = "".join(f"Tag: py3-none-{tag}\n" for tag in toolchain.TARGETS[target][2])
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    python = {f"valuelint/{path.name}": path.read_bytes() for path in sorted((PACKAGING / "python" / "valuelint").glob("*.py"))}
    files = {
        **python,
        f"valuelint-{version}.data/scripts/valuelint": program.read_bytes(),
        f"{info}/METADATA": METADATA.format(version=version, readme=readme).encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: valuelint\nRoot-Is-Purelib: false\n{tags}".encode(),
        f"{info}/licenses/LICENSE": (ROOT / "LICENSE").read_bytes(),
        f"{info}/licenses/LICENSE.libraries": licences.encode(),
    }
    record = ""
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(data)}\n"
    path = folder / file_name(version, target)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            add(archive, name, data, when, 0o755 if name.endswith("/scripts/valuelint") else 0o644)
        add(archive, f"{info}/RECORD", (record + f"{info}/RECORD,,\n").encode(), when)
    return path


def write_archive(path, top, files, when):
    """Writes a tar.gz of `files`, as name -> (bytes, mode), below the folder `top`."""
    with open(path, "wb") as raw, gzip.GzipFile("", "wb", mtime=0, fileobj=raw) as packed, \
            tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, (data, mode) in sorted(files.items()):
            entry = tarfile.TarInfo(f"{top}/{name}")
            entry.size, entry.mode, entry.mtime = len(data), mode, when
            archive.addfile(entry, io.BytesIO(data))
    return pathlib.Path(path)
