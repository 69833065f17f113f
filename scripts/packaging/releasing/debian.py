"""The Debian package, of the program with the system's libraries."""
import email.utils
import os
import pathlib
import re
import shutil

from releasing import binary
from releasing.binary import run
from releasing.pins import PACKAGING, Failed

CHANGELOG = """valuelint ({version}) unstable; urgency=medium

  * See CHANGELOG.md.

 -- {maintainer}  {day}
"""


def build(release):
    """Builds the package into the release's folder; its path, and what was checked of it."""
    folder = release.work / "debian" / f"valuelint-{release.version}"
    binary.copy_project(folder)
    shutil.copytree(PACKAGING / "debian", folder / "debian")
    (folder / "debian" / "rules").chmod(0o755)
    control = (folder / "debian" / "control").read_text(encoding="utf-8")
    maintainer = re.search(r"^Maintainer: (.+)$", control, re.M)[1]
    (folder / "debian" / "changelog").write_text(
        CHANGELOG.format(version=release.version, maintainer=maintainer, day=email.utils.formatdate(release.when)), encoding="utf-8")
    run(["dpkg-buildpackage", "--build=binary", "--unsigned-changes", "--unsigned-buildinfo"], cwd=folder,
        env={**os.environ, "VALUELINT_COMMIT": release.commit, "DEB_BUILD_OPTIONS": "noautodbgsym nocheck"})
    made = sorted(folder.parent.glob("valuelint_*.deb"))
    if len(made) != 1:
        raise Failed(f"{len(made)} packages were built instead of one")
    checked = "not checked: no lintian"
    if shutil.which("lintian"):
        run(["lintian", "--allow-root", "--fail-on", "error,warning", made[0]])
        checked = "lintian without errors and warnings"
    return pathlib.Path(shutil.copy(made[0], release.out)), checked
