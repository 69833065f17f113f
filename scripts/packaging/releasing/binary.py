"""The static binary for a target: the project's files and the libraries' sources are put into one folder, where the
libraries are meson's subprojects (scripts/packaging/subprojects has their meson.build), and built there as one."""
import os
import pathlib
import shutil
import subprocess

from releasing import sources, toolchain
from releasing.pins import CACHE, LIBRARIES, PACKAGING, ROOT, Failed


def run(words, **options):
    """The output of a command; raises Failed with it where the command fails."""
    words = [str(word) for word in words]
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False,
                          **options)
    if done.returncode:
        raise Failed(f"$ {' '.join(words)}\n{done.stdout}")
    return done.stdout


def tracked_files():
    """The project's files that git tracks, as they are in the working tree."""
    return [name for name in run(["git", "-C", ROOT, "ls-files", "-z"]).split("\0") if name and os.path.lexists(ROOT / name)]


def copy_project(folder):
    """Copies the project's files into `folder`."""
    for name in tracked_files():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target, follow_symlinks=False)


def stage(folder, archives):
    """Fills `folder` with what is built: the project's files, and the libraries below subprojects/."""
    copy_project(folder)
    subprojects = folder / "subprojects"
    subprojects.mkdir()
    for name, archive in archives.items():
        sources.unpack(name, archive, subprojects / name)
        text = (PACKAGING / "subprojects" / name / "meson.build").read_text(encoding="utf-8")
        (subprojects / name / "meson.build").write_text(text.replace("@version@", LIBRARIES[name]["version"]), encoding="utf-8")
        (subprojects / f"{name}.wrap").write_text(
            f"[wrap-file]\ndirectory = {name}\n[provide]\ndependency_names = {LIBRARIES[name]['provides']}\n", encoding="utf-8")


def build(target, staged, folder, commit, tables=""):
    """Builds the staged sources for `target` in `folder`; the program's path. `tables` is the
    folder with the tables that another build made, for a target whose programs do not run here. What zig makes of its own C library is kept in
    the cache folder."""
    cross = toolchain.write_tools(target, folder / "tools")
    cache = str(CACHE / "zig-cache")
    environment = {**os.environ, "ZIG_GLOBAL_CACHE_DIR": cache, "ZIG_LOCAL_CACHE_DIR": cache}
    build_folder = folder / "build"
    lto = "true" if target.startswith("linux") else "false"  # zig's linker for macOS has none
    run(["meson", "setup", build_folder, staged, "--cross-file", cross, "--buildtype=release", "--wrap-mode=forcefallback",
         "--default-library=static", "-Db_staticpic=false", "-Db_pie=false", f"-Db_lto={lto}", "-Dwerror=false",
         "-Dtests=disabled", "-Ddocuments=false", f"-Dtables={tables}", f"-Dcommit={commit}"], env=environment)
    run(["ninja", "-C", build_folder, "valuelint"], env=environment)
    return build_folder / "valuelint"
