"""Random charts with subcharts, made to meet all that Helm does between values files and templates: aliases, conditions,
tags, import-values, globals, nulls over defaults, libraries, packed charts, ignored files, and options on top."""
import io
import json
import pathlib
import tarfile

NAMES = ("alpha", "beta", "gamma")
KEYS = ("a", "b", "c", "on", "deep")
SCALARS = (None, True, False, 0, 5, 1.5, 1000000, "text", "", "5", "two\nlines\n", [], ["x", None, {"k": "v"}], {})

DUMP = """apiVersion: v1
kind: ConfigMap
metadata:
  name: {name}
data:
  values: |-
    {{{{- toYaml .Values | nindent 4 }}}}
  json: {{{{ toJson .Values | quote }}}}
  who: {{{{ printf "%s %s %s %v" .Chart.Name .Chart.Version .Template.Name .Release | quote }}}}
  root: {{{{ .Chart.IsRoot }}}}
  subs: {{{{ range $name, $sub := .Subcharts }}}}{{{{ $name }}}}={{{{ $sub.Chart.Name }}}} {{{{ end }}}}
  files: {{{{ range $path, $bytes := .Files.Glob "{{*,d/**}}" }}}}{{{{ $path }}}}:{{{{ len $bytes }}}} {{{{ end }}}}
  text: {{{{ .Files.Get "note.txt" | quote }}}}
  mine: {{{{ include "mine" . }}}}
  seen: {{{{ .Values.seen | default "not yet" }}}}
  deps: {{{{ range .Chart.Dependencies }}}}{{{{ .Name }}}}/{{{{ .Alias }}}}/{{{{ .Enabled }}}} {{{{ end }}}}
"""
SET = '{{- $_ := set .Values "seen" (printf "%v %s" .Values.seen .Template.Name) }}\n'


class Maker:
    def __init__(self, chance, folder):
        self.chance, self.folder = chance, pathlib.Path(folder)

    def values(self, depth, names):
        """A map with some of the keys, those of subcharts and globals among them."""
        chance = self.chance
        found = {}
        for key in (*KEYS, *names):
            if chance.random() < 0.4:
                inner = depth > 0 and chance.random() < (0.85 if key in names else 0.4)
                found[key] = self.values(depth - 1, NAMES if key in names else ()) if inner else chance.choice(SCALARS)
                if key in names and not inner and chance.random() < 0.9:
                    del found[key]
        if names and chance.random() < 0.5:
            found["global"] = self.values(1, ())
        if names and chance.random() < 0.3:
            found["tags"] = {chance.choice("pq"): chance.choice((True, False, "no"))}
        if chance.random() < 0.3:
            found["exports"] = {"data": self.values(1, ()), "more": {"b": self.values(0, ())}}
        return found

    def dependency(self, name):
        chance = self.chance
        made = {"name": name, "version": chance.choice(("0.1.0", ">=0.0.1", "~0.1", "^1.0.0" if chance.random() < 0.1 else "*")),
                "repository": ""}
        if chance.random() < 0.3:
            made["alias"] = chance.choice(("other", "left", "right"))
        if chance.random() < 0.4:
            made["condition"] = chance.choice((f"{name}.on", "a", "global.on,b", f"{name}.a.on, on"))
        if chance.random() < 0.3:
            made["tags"] = [chance.choice("pq")]
        if chance.random() < 0.3:
            made["import-values"] = [chance.choice(("data", "more", {"child": "exports.more", "parent": "deep"},
                                                    {"child": "a", "parent": "b.c"}, {"child": "exports", "parent": "."}))]
        return made

    def chart(self, folder, name, depth):
        chance = self.chance
        below = [sub for sub in NAMES if sub != name and chance.random() < 0.5] if depth else []
        library = depth < 2 and chance.random() < 0.15
        about = {"apiVersion": "v2", "name": name, "version": "0.1.0", "type": "library" if library else "application"}
        dependencies = [self.dependency(sub) for sub in below if chance.random() < 0.8]
        for sub in below:
            if chance.random() < 0.15:
                dependencies.append({**self.dependency(sub), "alias": f"again-{sub}"})
        if chance.random() < 0.1:
            about["apiVersion"] = "v1"
            del about["type"]
            (folder / "requirements.yaml").write_text(json.dumps({"dependencies": dependencies}), encoding="utf-8")
        elif dependencies:
            about["dependencies"] = dependencies
        (folder / "Chart.yaml").write_text(json.dumps(about), encoding="utf-8")
        (folder / "values.yaml").write_text(json.dumps(self.values(2, NAMES)), encoding="utf-8")
        (folder / "note.txt").write_text(f"of {name}\n", encoding="utf-8")
        hidden = ("templates/.hidden.yaml",) if name == "root" else ()
        for path in ("d/e/one.txt", "skipped.bak", "templates/deep/er/set.yaml", *hidden):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(SET if path.endswith("set.yaml") else "x: {{ nothing", encoding="utf-8")
        (folder / ".helmignore").write_text("*.bak\n# a comment\n/d/e/no*\n", encoding="utf-8")
        (folder / "templates" / "dump.yaml").write_text(DUMP.format(name=f"{name}-{depth}"), encoding="utf-8")
        for helper in ("_a.tpl", "_z.tpl"):
            if name == "root" or chance.random() < 0.7:
                text = f'{{{{- define "mine" }}}}{name}{helper}{{{{ end -}}}}'
                (folder / "templates" / helper).write_text(text, encoding="utf-8")
        for sub in below:
            inner = folder / "charts" / (sub if chance.random() < 0.9 else f"folder-{sub}")
            inner.mkdir(parents=True)
            self.chart(inner, sub, depth - 1)
            if chance.random() < 0.15:
                pack(inner, sub)

    def setting(self):
        """An argument of --set, --set-string or --set-json, with its option."""
        chance = self.chance
        path = ".".join(chance.choice((*KEYS, *NAMES, "global")) for _ in range(chance.randint(1, 3)))
        if chance.random() < 0.2:
            path += f"[{chance.randint(0, 2)}]"
        option = chance.choice(("set", "set", "set_string", "set_json"))
        if option == "set_json":
            return option, f"{path}={json.dumps(chance.choice(SCALARS))}"
        return option, f"{path}={chance.choice(('x', '5', 'null', 'true', '1.5', '0123', '{p,q}', '', 'a,b=c', '{}', '1000000'))}"

    def release(self):
        """Makes a release; gives what it is rendered with, by the names of the requests' fields."""
        root = self.folder / "root"
        root.mkdir()
        self.chart(root, "root", 2)
        about = json.loads((root / "Chart.yaml").read_text(encoding="utf-8"))
        if self.chance.random() < 0.95 and "type" in about:
            about["type"] = "application"
            (root / "Chart.yaml").write_text(json.dumps(about), encoding="utf-8")
        options = {"chart": str(root), "values": [], "set": [], "set_string": [], "set_json": []}
        for number in range(self.chance.choice((0, 0, 1, 2))):
            overlay = self.folder / f"overlay-{number}.yaml"
            overlay.write_text(json.dumps(self.values(2, NAMES)), encoding="utf-8")
            options["values"].append(str(overlay))
        for _ in range(self.chance.choice((0, 0, 0, 1, 2))):
            option, text = self.setting()
            options[option].append(text)
        return options


def pack(folder, name):
    """Puts a packed chart in the place of its folder."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w:gz") as archive:
        archive.add(folder, arcname=name)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
    (folder.parent / f"{name}-0.1.0.tgz").write_bytes(data.getvalue())
