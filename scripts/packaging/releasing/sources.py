"""The libraries' sources, as Debian's source packages have them: the orig tar, whose hash is pinned.

Source packages are asked of the mirrors that this machine's apt already uses: a list of `deb-src` lines is derived from its
index targets, and apt-get works on that list in a folder of its own, so that the machine's configuration stays as it is."""
import os
import pathlib
import subprocess
import tarfile
import tempfile

from releasing.pins import CACHE, LIBRARIES, Unavailable, expect_hash

TARGETS = "$(ORIGIN)|$(REPO_URI)|$(RELEASE)|$(COMPONENT)"


def find_archives():
    """Library -> the path of its source archive in the cache folder; fetches those that are missing."""
    folder = CACHE / "sources"
    folder.mkdir(parents=True, exist_ok=True)
    found = {name: folder / LIBRARIES[name]["archive"] for name in LIBRARIES}
    missing = [name for name in LIBRARIES if not found[name].exists()]
    if missing:
        with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
            fetch(missing, pathlib.Path(temporary))
            for name in missing:
                expect_hash(pathlib.Path(temporary) / LIBRARIES[name]["archive"], [LIBRARIES[name]["sha256"]])
                os.replace(pathlib.Path(temporary) / LIBRARIES[name]["archive"], found[name])
    for name, path in found.items():
        expect_hash(path, [LIBRARIES[name]["sha256"]])
    return found


def run_apt(words, folder):
    try:
        done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    except OSError as error:
        raise Unavailable(f"the libraries' sources come from Debian's source packages, but {error}") from error
    if done.returncode:
        raise Unavailable(f"$ {' '.join(words)}\n{done.stdout}{done.stderr}")
    return done.stdout


def fetch(names, folder):
    """Puts the archives of `names` into `folder`."""
    targets = run_apt(["apt-get", "indextargets", "--format", TARGETS, "Created-By: Packages"], folder).splitlines()
    # Of a release only the suite that it began with: it has all orig tars, and mirrors keep it whole.
    lines = sorted({"deb-src {} {} {}".format(*target.split("|")[1:]) for target in targets
                    if target.startswith("Debian|") and "-" not in target.split("|")[2]})
    if not lines:
        raise Unavailable("apt-get knows no mirror of Debian; on Debian, run `apt-get update` first")
    (folder / "list").write_text("\n".join(lines) + "\n", encoding="utf-8")
    for made in ("lists/partial", "cache/archives/partial", "state"):
        (folder / made).mkdir(parents=True)
    options = [f"-oDir::Etc::SourceList={folder}/list", "-oDir::Etc::SourceParts=/dev/null",
               f"-oDir::State::Lists={folder}/lists", f"-oDir::Cache={folder}/cache", "-oAPT::Sandbox::User=",
               "-oDebug::NoLocking=1", "-oAcquire::Languages=none"]
    run_apt(["apt-get", *options, "update"], folder)
    for name in names:
        run_apt(["apt-get", *options, "source", "--download-only", "--tar-only",
                 f"{LIBRARIES[name]['debian']}={version_of(name, options, folder)}"], folder)


def version_of(name, options, folder):
    """The newest of Debian's versions of the library whose upstream part is the pinned one."""
    package, pinned = LIBRARIES[name]["debian"], LIBRARIES[name]["version"]
    shown = run_apt(["apt-cache", *options, "showsrc", "--only-source", package], folder)
    versions = [line.split()[1] for line in shown.splitlines() if line.startswith("Version: ")]
    for version in versions:
        if version.rsplit("-", 1)[0].split(":")[-1].removesuffix(".dfsg") == pinned:
            return version
    raise Unavailable(f"this machine's Debian has no source package of {package} {pinned}, but of {', '.join(versions)}")


def unpack(name, archive, folder):
    """Makes `folder` hold the library's source."""
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        with tarfile.open(archive) as packed:
            if hasattr(tarfile, "data_filter"):
                packed.extraction_filter = tarfile.data_filter
            packed.extractall(temporary)
        (inner,) = pathlib.Path(temporary).iterdir()
        os.replace(inner, folder)


def licence_texts(archives):
    """Library -> the text of its licence, out of the archives."""
    texts = {}
    for name, archive in archives.items():
        with tarfile.open(archive) as packed:
            members = {member.name.split("/", 1)[-1]: member for member in packed.getmembers()}
            parts = [packed.extractfile(members[path]).read().decode("utf-8") for path in LIBRARIES[name]["license-files"]]
            # Of a C file only the first comment.
            parts = [part[:part.index("*/")].replace("/*", "").strip() if part.startswith("/*") else part.strip() for part in parts]
        texts[name] = "\n\n".join(parts) + "\n"
    return texts
