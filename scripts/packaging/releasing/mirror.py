"""The files of a mirror of the pre-commit hooks: a repository that installs the wheel, where ours builds from source."""
import shutil

from releasing import toolchain, wheel
from releasing.pins import PACKAGING, ROOT, hash_of

BY_NAME = """The wheel comes by name and version from the index that pip is configured for. That has to be your own, as the name
may be anybody's on a public one: set `PIP_INDEX_URL`, or `PIP_NO_INDEX` and `PIP_FIND_LINKS` (or `PIP_CONFIG_FILE`, to a
file that does), where pre-commit runs. Without any of them the installation fails."""
BY_URL = "The wheels are named by URL and hash in pyproject.toml."
# Target -> the environment marker of the machines that it is for.
MARKERS = {"linux-x86_64": ("linux", "x86_64"), "linux-aarch64": ("linux", "aarch64"), "macos-x86_64": ("darwin", "x86_64"),
           "macos-arm64": ("darwin", "arm64")}


def requirements(version, wheels, url):
    """What the mirror depends on: by name, or where `url` is the folder with the wheels (target -> path), by URL and hash."""
    if not url:
        return [f'"valuelint=={version}"']
    found = []
    for target, path in wheels.items():
        system, machine = MARKERS[target]
        name = wheel.file_name(version, target)
        found.append(f"'valuelint @ {url.rstrip('/')}/{name}#sha256={hash_of(path)} ; "
                     f"sys_platform == \"{system}\" and platform_machine == \"{machine}\"'")
    return found


def hooks():
    """The hooks of .pre-commit-hooks.yaml that pip installs."""
    text = (ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8")
    start, end = text.index("- id: valuelint\n"), text.index("- id: valuelint-system\n")
    return "# valuelint for pre-commit (https://pre-commit.com). Written by valuelint's scripts/release; do not edit.\n" + \
        text[start:end].rstrip() + "\n"


def write_mirror(folder, version, wheels, url=None):
    """Fills `folder` with the mirror's files. `wheels` is target -> path."""
    folder.mkdir(parents=True)
    assert wheels.keys() <= toolchain.TARGETS.keys()
    lines = "\n".join(f"    {requirement}," for requirement in requirements(version, wheels, url))
    for path in sorted((PACKAGING / "mirror").iterdir()):
        text = path.read_text(encoding="utf-8").replace("@version@", version).replace("@dependencies@", lines)
        (folder / path.name).write_text(text.replace("@where@", BY_URL if url else BY_NAME), encoding="utf-8")
    (folder / ".pre-commit-hooks.yaml").write_text(hooks(), encoding="utf-8")
    shutil.copy(ROOT / "LICENSE", folder)
    return folder
