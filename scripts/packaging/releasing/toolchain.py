"""zig's C compiler, from PyPI's package `ziglang`: compiles and links for every target without anything of the target's."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from releasing.pins import CACHE, PACKAGING, PINS, Unavailable

# Target -> zig's name of it, meson's (system, cpu family, cpu), and the wheel's platform tags. A static binary asks
# nothing of the system's C library, so that it runs on any that the tags can name.
TARGETS = {
    "linux-x86_64": ("x86_64-linux-musl", ("linux", "x86_64", "x86_64"),
                     ("manylinux_2_12_x86_64", "manylinux2010_x86_64", "musllinux_1_1_x86_64")),
    "linux-aarch64": ("aarch64-linux-musl", ("linux", "aarch64", "aarch64"),
                      ("manylinux_2_17_aarch64", "manylinux2014_aarch64", "musllinux_1_1_aarch64")),
    "macos-x86_64": ("x86_64-macos.11.0", ("darwin", "x86_64", "x86_64"), ("macosx_11_0_x86_64",)),
    "macos-arm64": ("aarch64-macos.11.0", ("darwin", "aarch64", "aarch64"), ("macosx_11_0_arm64",)),
}

# meson asks a compiler for its linker by `-Wl,--version`, which zig's does not know. UndefinedBehaviorSanitizer is on in zig's
# debug builds. zig's own time stamps and paths are kept out of the binary by the flags that binary.py gives.
WRAPPER = """#!/bin/sh
case " $* " in
*" -Wl,--version "*) echo "{linker}"; exit 0 ;;
esac
exec "{zig}" {command} "$@"
"""
LINKERS = {"linux": "LLD 19.0.0 (compatible with GNU linkers)", "darwin": "LLD 19.0.0 (ld64.lld)"}


def find_zig():
    """The path of the zig program, installed into the cache folder where it is not there yet."""
    pin = PINS["python"]["ziglang"]
    folder = CACHE / f"ziglang-{pin['version']}"
    zig = folder / "ziglang" / "zig"
    if zig.exists():
        return zig
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as temporary:
        temporary = pathlib.Path(temporary)
        wanted = " ".join([f"ziglang=={pin['version']}"] + [f"--hash=sha256:{digest}" for digest in pin["sha256"]])
        (temporary / "requirements.txt").write_text(wanted + "\n", encoding="utf-8")
        words = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1",
                 "--no-deps", "--no-compile", "--only-binary", ":all:", "--require-hashes", "--target", temporary / "zig",
                 "--requirement", temporary / "requirements.txt"]
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Unavailable(f"PyPI's ziglang {pin['version']} cannot be had here:\n{done.stdout}{done.stderr}")
        shutil.rmtree(folder, ignore_errors=True)
        os.replace(temporary / "zig", folder)
    return zig


def write_tools(target, folder):
    """Writes the compiler's and archiver's wrappers and meson's cross file into `folder`; the cross file's path."""
    zig = find_zig()
    triple, (system, family, cpu), _ = TARGETS[target]
    folder.mkdir(parents=True, exist_ok=True)
    for name, command in (("cc", f"cc -target {triple} -fno-sanitize=undefined"), ("ar", "ar"), ("ranlib", "ranlib")):
        (folder / name).write_text(WRAPPER.format(zig=zig, command=command, linker=LINKERS[system]), encoding="utf-8")
        (folder / name).chmod(0o755)
    lines = ["[binaries]", *(f"{name} = '{folder / program}'" for name, program in (("c", "cc"), ("ar", "ar"), ("ranlib", "ranlib"))),
             "[built-in options]", *(
                 ["c_link_args = ['-static', '-Wl,-s']"] if system == "linux" else
                 ["c_link_args = ['-Wl,-s']", f"c_args = ['-isystem', '{PACKAGING / 'macos'}']"]),
             "[host_machine]", f"system = '{system}'", f"cpu_family = '{family}'", f"cpu = '{cpu}'", "endian = 'little'"]
    (folder / "cross.ini").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder / "cross.ini"
