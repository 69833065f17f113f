"""Small charts in folders of their own, for tests of what is read and written where."""
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("VALUELINT", str(ROOT / "build" / "valuelint"))

OLD = "config:\n  logLevel: WARNING\n  serviceName: orders\n"
TEMPLATE = "level: {{ .Values.config.logLevel }}\n"


def write(folder, files):
    """Files as {path: text}; a text that is a tuple is the target of a symbolic link."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, tuple):
            path.symlink_to(text[0])
        else:
            path.write_bytes(text if isinstance(text, bytes) else text.encode())


def chart(name, values=OLD, **others):
    return {f"{name}/Chart.yaml": f"apiVersion: v2\nname: {pathlib.PurePath(name).name}\nversion: 0.1.0\n",
            f"{name}/values.yaml": values, **{f"{name}/{path}": text for path, text in others.items()}}


def read(folder):
    """The bytes of all regular files below `folder`, links not followed."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*"))
            if path.is_file() and not path.is_symlink()}


def run(folder, *arguments, timeout=60):
    return subprocess.run([PROGRAM, *arguments], cwd=folder, capture_output=True, text=True, timeout=timeout,
                          check=False, env={**os.environ, "NO_COLOR": "1"})
