"""All artefacts of a release, and the table of what was built, run and compared."""
import concurrent.futures
import os
import pathlib
import shutil
import tarfile
import tempfile
import time
import venv
import zipfile

from releasing import debian, mirror, sbom, toolchain, wheel
from releasing.binary import run
from releasing.pins import CACHE, PINS, ROOT, Failed, hash_of
from releasing.release import Release, Row, read_version, runs_here

NOT_RUN = """The programs for macOS were linked and their headers checked (machine, libraries, code signature), but not run:
the release was made on Linux. On Windows, valuelint runs in WSL with the Linux programs.
"""


def run_release(options):
    release = Release(ROOT / "dist" / read_version())
    if "dirty" in release.commit and not options.allow_dirty:
        raise Failed("tracked files differ from the last commit; commit them, or give --allow-dirty")
    release.stage()
    programs = build_programs(release, options.once)
    built = "built once" if options.once else "built twice, the same bytes"
    wheels = {target: pack(release, target, program, built) for target, program in programs.items()}
    pack_source(release)
    pack_debian(release)
    pack_mirror(release, wheels, options.wheels_at)
    write_image_context(release, programs)
    bill = release.out / f"valuelint-{release.version}.cdx.json"
    bill.write_text(sbom.text(release.version, release.commit, stamp(release)), encoding="utf-8")
    release.rows.append(Row(bill, "-", "-", "CycloneDX 1.5"))
    shutil.rmtree(release.work)
    write_notes(release)
    print((release.out / "RELEASE.md").read_text(encoding="utf-8"))
    return 0


def stamp(release):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(release.when))


def build_programs(release, once):
    """Target -> its program, built twice unless `once`."""
    with concurrent.futures.ThreadPoolExecutor() as pool:
        here = [target for target in toolchain.TARGETS if runs_here(target)]
        others = [target for target in toolchain.TARGETS if target not in here]
        programs = {target: release.build(target, "first") for target in here}
        programs.update(zip(others, pool.map(lambda target: release.build(target, "first"), others)))
    for target, program in programs.items():
        if not once:
            release.expect_same(program, release.build(target, "second, elsewhere"))
    return programs


def documents(release):
    """What goes along with a program: licences, manual and completions, as name -> (bytes, mode)."""
    host = release.dynamic()
    files = {name: (ROOT / name).read_bytes() for name in ("LICENSE", "README.md", "CHANGELOG.md")}
    files["LICENSE.libraries"] = release.licences.encode()
    for page, name in (("valuelint", "valuelint.1"), ("valuelint.yaml", "valuelint.yaml.5")):
        files[f"man/{name}"] = run([host, "man", page]).encode()
    for shell, name in (("bash", "valuelint"), ("zsh", "_valuelint"), ("fish", "valuelint.fish")):
        files[f"completions/{shell}/{name}"] = run([host, "completion", shell]).encode()
    return {name: (data, 0o644) for name, data in files.items()}


def pack(release, target, program, built):
    """The archive and the wheel of a program, each checked; the wheel's path."""
    ran, compared = release.try_program(target, program)
    top = f"valuelint-{release.version}-{target}"
    files = {**documents(release), "valuelint": (program.read_bytes(), 0o755)}
    archive = wheel.write_archive(release.out / f"{top}.tar.gz", top, files, release.when)
    with tempfile.TemporaryDirectory(dir=release.work) as folder, tarfile.open(archive) as packed:
        packed.extractall(folder)
        release.expect_same(program, pathlib.Path(folder, top, "valuelint"))
    release.rows.append(Row(archive, ran, compared, f"{built}; headers; the program has {program.stat().st_size:,} bytes"))

    path = release.wheel(target, program, release.out)
    with zipfile.ZipFile(path) as packed, tempfile.TemporaryDirectory(dir=release.work) as folder:
        inner = pathlib.Path(packed.extract(f"valuelint-{release.version}.data/scripts/valuelint", folder))
        release.expect_same(program, inner)
    checked = "holds the same program"
    if ran == "yes":
        release.try_wheel(path)
        checked += "; in a fresh venv, `python -m valuelint` too"
    release.rows.append(Row(path, ran, compared, checked))
    return path


def pack_source(release):
    """The sdist, and a program built from it by pip, run and compared."""
    versions = [f"{name}=={PINS['python'][name]['version']}" for name in ("meson-python", "meson")]
    tools = CACHE / "-".join(versions).replace("==", "-")
    if not (tools / "ready").exists():
        venv.create(tools, with_pip=True, clear=True)
        run([tools / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *versions])
        (tools / "ready").touch()
    environment = {**os.environ, "PATH": f"{tools / 'bin'}{os.pathsep}{os.environ['PATH']}"}
    name = run([tools / "bin" / "python", "-c", "import mesonpy, sys; print(mesonpy.build_sdist(sys.argv[1]))", release.out],
               cwd=ROOT, env=environment).splitlines()[-1]
    made = release.work / "from-sdist"
    venv.create(made, with_pip=True, clear=True)
    run([made / "bin" / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", release.out / name])
    release.compare([made / "bin" / "valuelint"])
    release.compare([made / "bin" / "python", "-m", "valuelint"])
    release.rows.append(Row(release.out / name, "yes", "same bytes", "built by pip in a fresh venv"))


def pack_debian(release):
    path, checked = debian.build(release)
    unpacked = release.work / "deb"
    run(["dpkg-deb", "-x", path, unpacked])
    release.compare([unpacked / "usr" / "bin" / "valuelint"])
    release.rows.append(Row(path, "yes", "same bytes", checked))


def pack_mirror(release, wheels, url):
    folder = mirror.write_mirror(release.work / "mirror", release.version, wheels, url)
    files = {path.name: (path.read_bytes(), 0o644) for path in folder.iterdir()}
    top = f"valuelint-pre-commit-{release.version}"
    archive = wheel.write_archive(release.out / f"{top}.tar.gz", top, files, release.when)
    release.rows.append(Row(archive, "-", "-", "its hooks are run by tests/e2e/wheel.py"))


def write_image_context(release, programs):
    """The folder that the Dockerfile is built with."""
    folder = release.out / "image"
    folder.mkdir()
    for architecture, target in (("amd64", "linux-x86_64"), ("arm64", "linux-aarch64")):
        shutil.copy(programs[target], folder / f"valuelint-{architecture}")
    shutil.copy(ROOT / "LICENSE", folder)
    (folder / "LICENSE.libraries").write_text(release.licences, encoding="utf-8")


def write_notes(release):
    """RELEASE.md and SHA256SUMS."""
    lines = [f"# valuelint {release.version}", "", f"Commit {release.commit}.", "",
             "| artefact | bytes | run here | compared with the dynamic program | checked |", "|---|---|---|---|---|"]
    lines += [f"| {row.path.name} | {row.path.stat().st_size:,} | {row.run} | {row.compared} | {row.checked} |"
              for row in release.rows]
    (release.out / "RELEASE.md").write_text("\n".join(lines) + "\n\n" + NOT_RUN, encoding="utf-8")
    paths = sorted(path for path in release.out.rglob("*") if path.is_file())
    sums = "".join(f"{hash_of(path)}  {path.relative_to(release.out)}\n" for path in paths)
    (release.out / "SHA256SUMS").write_text(sums, encoding="utf-8")
