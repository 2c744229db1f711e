"""Ways to write a manifest so that some reader of YAML or JSON takes it for one, and a careless gate for none."""

# ruff: noqa: E501  (tables: one way a line)

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Disguise = Callable[[str], bytes]

API = "apiVersion: changegate.dev/v1\n"
KIND = "kind: ModelRelease\n"
OTHER = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n"


def manifest(name: str) -> str:
    """A manifest that is in order, as YAML."""
    return f"""{API}{KIND}metadata:
  name: {name}
  owner: research-ml
spec:
  version: 0.1.0
  risk: {{tier: low, exposure: research}}
  artifacts:
    - name: model
      role: model
      uri: s3://models/{name}/0.1.0/model.safetensors
"""


def value(name: str) -> dict[str, Any]:
    """The same as a value."""
    return {
        "apiVersion": "changegate.dev/v1",
        "kind": "ModelRelease",
        "metadata": {"name": name, "owner": "research-ml"},
        "spec": {
            "version": "0.1.0",
            "risk": {"tier": "low", "exposure": "research"},
            "artifacts": [{"name": "model", "role": "model", "uri": f"s3://models/{name}/0.1.0/model.safetensors"}],
        },
    }


def as_json(name: str, **more: Any) -> str:
    return json.dumps(value(name), **more)


def rest(name: str) -> str:
    """All of it but what says whose it is."""
    return manifest(name).removeprefix(API + KIND)


def escaped(text: str, form: str = "\\u{:04x}") -> str:
    """A text with every letter as an escape."""
    return "".join(form.format(ord(letter)) for letter in text)


def hidden_api(name: str, form: str = "\\x{:02x}") -> str:
    return f'"{escaped("apiVersion", form)}": "{escaped("changegate.dev/v1", form)}"\n{KIND}{rest(name)}'


def binary(text: str) -> str:
    return "!!binary " + base64.b64encode(text.encode()).decode()


# Of each: the suffix of the file, and its bytes for a name.
UNREADABLE: dict[str, tuple[str, Disguise]] = {
    "utf-8 with a mark": ("yaml", lambda name: b"\xef\xbb\xbf" + manifest(name).encode()),
    "utf-16": ("yaml", lambda name: manifest(name).encode("utf-16")),
    "utf-16 little": ("yaml", lambda name: manifest(name).encode("utf-16-le")),
    "utf-16 big": ("json", lambda name: as_json(name).encode("utf-16-be")),
    "utf-32": ("yaml", lambda name: manifest(name).encode("utf-32")),
    "utf-32 big": ("yaml", lambda name: manifest(name).encode("utf-32-be")),
    "utf-16 with escapes": ("json", lambda name: ("{" + hidden_api(name, "\\u{:04x}").partition("\n")[0] + "}").encode("utf-16")),
    "latin-1": ("yaml", lambda name: (manifest(name) + "# é\n").encode("latin-1")),
    "mark inside": ("yaml", lambda name: ("# a\n---\n\ufeff" + manifest(name)).encode()),
    "next line": ("yaml", lambda name: manifest(name).replace("\n", "\x85").encode()),
    "line separator": ("yaml", lambda name: manifest(name).replace("\n", "\u2028").encode()),
    "paragraph separator": ("yaml", lambda name: manifest(name).replace("\n", "\u2029").encode()),
    "carriage returns": ("yaml", lambda name: manifest(name).replace("\n", "\r").encode()),
    "tabs": ("yaml", lambda name: manifest(name).replace("  ", "\t").encode()),
    "a zero": ("yaml", lambda name: (manifest(name) + "# \0\n").encode()),
    "comments in JSON": ("json", lambda name: ("// note\n" + as_json(name)).encode()),
    "a comma too many": ("json", lambda name: (as_json(name)[:-1] + ",}").encode()),
    "a comma too many, escaped": ("json", lambda name: ("{" + hidden_api(name, "\\u{:04x}").partition("\n")[0] + ",}").encode()),
    "JSON lines": ("json", lambda name: (json.dumps({"a": 1}) + "\n" + as_json(name) + "\n").encode()),
    "JSON lines, named so": ("jsonl", lambda name: (json.dumps({"a": 1}) + "\n" + as_json(name) + "\n").encode()),
    "single quotes in JSON": ("json", lambda name: as_json(name).replace('"', "'").encode()),
    "no quotes in JSON": ("json", lambda name: as_json(name).replace('"apiVersion"', "apiVersion").encode()),
    "JSON5": ("json5", lambda name: ("{ // note\n" + as_json(name)[1:-1] + ", /* b */ }").encode()),
    "JSON with comments": ("jsonc", lambda name: ("/* note */\n" + as_json(name)).encode()),
    "more documents than are read": ("yaml", lambda name: ("a: 1\n---\n" * 256 + manifest(name)).encode()),
    "more documents, escaped": ("yaml", lambda name: ("a: 1\n---\n" * 256 + hidden_api(name)).encode()),
    "larger than is read": ("yaml", lambda name: (manifest(name) + "# pad\n" * 200_000).encode()),
    "larger, escaped": ("yaml", lambda name: ("# pad\n" * 200_000 + hidden_api(name)).encode()),
    "larger, as bytes": ("yaml", lambda name: ("# pad\n" * 200_000 + f"apiVersion: {binary('changegate.dev/v1')}\n{KIND}").encode()),
    "larger, folded": ("json", lambda name: (" " * 1_100_000 + as_json(name).replace("dev/v1", "dev\\/v1")).encode()),
    "more nodes than are read": ("yaml", lambda name: (f"{OTHER}data: [{'0, ' * 100_000}]\n---\n{manifest(name)}").encode()),
    "deeper than is read": ("yaml", lambda name: (f"a: {'[' * 70}{']' * 70}\n---\n{manifest(name)}").encode()),
    "behind a fault": ("yaml", lambda name: (f"{OTHER}data: 'open\n---\n{manifest(name)}").encode()),
    "behind a fault, escaped": ("yaml", lambda name: (f"{OTHER}data: [\n---\n{hidden_api(name)}").encode()),
    "behind an unknown alias": ("yaml", lambda name: (f"a: *b\n---\n{manifest(name)}").encode()),
    "behind a hundred faults": ("yaml", lambda name: ("".join(f"{n}: 1\n" for n in range(101)) + f"---\n{manifest(name)}").encode()),
    "another YAML": ("yaml", lambda name: f"%YAML 2.0\n---\n{manifest(name)}".encode()),
    "a template of Helm": ("yaml", lambda name: ("{{- if .Values.on }}\n" + manifest(name) + "{{- end }}\n").encode()),
    "a template of Jinja": ("yaml", lambda name: ("{% if on %}\n" + manifest(name) + "{% endif %}\n").encode()),
    "a mark in a text": ("yaml", lambda name: f'{OTHER}data: "\n---\n{manifest(name)}"\n'.encode()),
}  # fmt: skip
"""What this gate does not read to its end."""

REFUSED: dict[str, tuple[str, Disguise]] = {
    "a second apiVersion": ("yaml", lambda name: ("apiVersion: v1\n" + manifest(name)).encode()),
    "a second kind": ("yaml", lambda name: ("kind: Config\n" + manifest(name)).encode()),
    "a second apiVersion, escaped": ("yaml", lambda name: ("apiVersion: v1\n" + hidden_api(name)).encode()),
    "a second kind, escaped": ("yaml", lambda name: (f'kind: Config\n{API}"\\x6bind": "\\x4dodelRelease"\n{rest(name)}').encode()),
    "a second apiVersion in JSON": ("json", lambda name: ('{"apiVersion": "v1", ' + as_json(name)[1:]).encode()),
    "a second one in JSON, escaped": ("json", lambda name: (b'{"apiVersion": "v1", "\\u0061piVersion": "changegate\\u002edev/v1"}')),
    "a second one with a tag": ("yaml", lambda name: (f"apiVersion: v1\napiVersion: !!str changegate.dev/v1\n{KIND}{rest(name)}").encode()),
    "a second one by an alias": ("yaml", lambda name: (f"x: &x changegate.dev/v1\napiVersion: v1\n? apiVersion\n: *x\n{KIND}{rest(name)}").encode()),
    "a key that is an alias": ("yaml", lambda name: (f"x: &x apiVersion\ny: &y changegate.dev/v1\n*x : *y\nkind: A\n{rest(name)}").encode()),
    "a merge": ("yaml", lambda name: (f"<<: {{{API.strip()}, {KIND.strip()}}}\n{rest(name)}").encode()),
    "a merge of an alias": ("yaml", lambda name: (f"x: &x\n  y: &y changegate.dev/v1\nz: &z {{apiVersion: *y}}\n<<: *z\n{rest(name)}").encode()),
    "a merge of a list": ("yaml", lambda name: (f"<<: [{{a: 1}}, {{{API.strip()}}}]\n{rest(name)}").encode()),
    "a merge by its tag": ("yaml", lambda name: (f'!!merge "<<": {{"apiVersion": "changegate\\x2edev/v1"}}\n{rest(name)}').encode()),
    "a merge of the kind alone": ("yaml", lambda name: (f"<<: {{{KIND.strip()}}}\n{rest(name)}").encode()),
    "a tag on the value": ("yaml", lambda name: manifest(name).replace(": changegate", ": !!str changegate").encode()),
    "a tag on the key": ("yaml", lambda name: ("!!str " + manifest(name)).encode()),
    "a tag of one's own": ("yaml", lambda name: ("!Release\n" + manifest(name)).encode()),
    "bytes": ("yaml", lambda name: (f"apiVersion: {binary('changegate.dev/v1')}\nkind: {binary('ModelRelease')}\n{rest(name)}").encode()),
    "bytes by the long tag": ("yaml", lambda name: (f"apiVersion: !<tag:yaml.org,2002:binary> Y2hhbmdlZ2F0ZS5kZXYvdjE=\nkind: A\n{rest(name)}").encode()),
    "bytes by a prefix": ("yaml", lambda name: (f"%TAG !y! tag:yaml.org,2002:\n---\napiVersion: !y!binary Y2hhbmdlZ2F0ZS5kZXYvdjE=\n{rest(name)}").encode()),
    "an older YAML": ("yaml", lambda name: f"%YAML 1.1\n---\n{manifest(name)}".encode()),
    "a prefix for tags": ("yaml", lambda name: f"%TAG ! tag:a,2000:\n---\n{manifest(name)}".encode()),
}  # fmt: skip
"""What this gate reads, and refuses as it is written."""

MISTAKEN: dict[str, tuple[str, Disguise]] = {
    "a list of Kubernetes": ("yaml", lambda name: (f"apiVersion: v1\nkind: List\nitems:\n- {as_json(name)}\n").encode()),
    "a list of another name": ("yaml", lambda name: (f"apiVersion: v1\nkind: ModelReleaseList\nitems:\n- {as_json(name)}\n").encode()),
    "a list without a name": ("json", lambda name: json.dumps({"items": [{"a": 1}, value(name)]}).encode()),
    "a list in a list": ("json", lambda name: json.dumps({"kind": "List", "items": [{"kind": "List", "items": [value(name)]}]}).encode()),
    "a template of OpenShift": ("yaml", lambda name: (f"apiVersion: template.openshift.io/v1\nkind: Template\nobjects: [{as_json(name)}]\n").encode()),
    "a resource list": ("yaml", lambda name: (f"apiVersion: config.kubernetes.io/v1\nkind: ResourceList\nitems: [{as_json(name)}]\n").encode()),
    "a bare list": ("yaml", lambda name: f"- {as_json(name)}\n".encode()),
    "a bare list of JSON": ("json", lambda name: json.dumps([value(name)]).encode()),
    "keys in another case": ("json", lambda name: as_json(name).replace('"apiVersion"', '"APIVersion"').replace('"kind"', '"Kind"').encode()),
    "keys in another case, in YAML": ("yaml", lambda name: manifest(name).replace("apiVersion", "apiversion").replace("kind:", "KIND:").encode()),
    "a second key in another case": ("json", lambda name: ('{"apiVersion": "v1", ' + as_json(name).replace("apiVersion", "ApiVersion")[1:]).encode()),
    "comments in front of keys": ("jsonc", lambda name: (b'{ // a\n "apiVersion": "changegate.dev/v1", // b\n "kind": "ModelRelease" }')),
    "an unknown version": ("yaml", lambda name: manifest(name).replace("dev/v1", "dev/v2").encode()),
    "no version": ("yaml", lambda name: manifest(name).replace("dev/v1", "dev").encode()),
    "a letter too few": ("yaml", lambda name: manifest(name).replace("changegate.dev", "changgate.dev").encode()),
    "capital letters": ("yaml", lambda name: manifest(name).replace("changegate.dev", "ChangeGate.dev").encode()),
    "a value of a template": ("yaml", lambda name: manifest(name).replace("changegate.dev/v1", '"{{ .Values.api }}"').encode()),
    "a value that is put in": ("yaml", lambda name: manifest(name).replace("changegate.dev/v1", "${API}").encode()),
    "no apiVersion": ("yaml", lambda name: manifest(name).removeprefix(API).encode()),
    "a list of one": ("yaml", lambda name: manifest(name).replace(": changegate.dev/v1", ": [changegate.dev/v1]").encode()),
    "a kind that is none": ("yaml", lambda name: manifest(name).replace("ModelRelease", "Modelrelease").encode()),
    "JSON in a file of YAML, cut": ("yaml", lambda name: as_json(name)[:-1].encode()),
    "a suffix in capitals": ("JSON", lambda name: ("// a\n" + as_json(name)).encode()),
}  # fmt: skip
"""What is no manifest as it stands, and could be meant as one or taken for one."""

READ: dict[str, tuple[str, Disguise]] = {
    "as it is": ("yaml", lambda name: manifest(name).encode()),
    "the other suffix": ("yml", lambda name: manifest(name).encode()),
    "JSON": ("json", lambda name: as_json(name, indent=2).encode()),
    "JSON in YAML": ("yaml", lambda name: as_json(name).encode()),
    "a suffix of capitals": ("YAML", lambda name: manifest(name).encode()),
    "escapes": ("yaml", lambda name: hidden_api(name).encode()),
    "escapes in JSON": ("json", lambda name: as_json(name).replace("changegate.dev/v1", "\\u0063hangegate\\u002edev\\/v1").encode()),
    "a folded text": ("yaml", lambda name: manifest(name).replace("changegate.dev/v1", '"change\\\n  gate.dev/v1"').encode()),
    "a block": ("yaml", lambda name: manifest(name).replace("changegate.dev/v1", ">-\n  changegate.dev/v1").encode()),
    "an anchor": ("yaml", lambda name: manifest(name).replace("changegate.dev/v1", "&a changegate.dev/v1").encode()),
    "a key with a mark": ("yaml", lambda name: f"? apiVersion\n: changegate.dev/v1\n{KIND}{rest(name)}".encode()),
    "the last key": ("yaml", lambda name: (rest(name) + KIND + API).encode()),
    "behind another document": ("yaml", lambda name: f"{OTHER}---\n{manifest(name)}".encode()),
    "behind an end": ("yaml", lambda name: f"a: 1\n...\n---\n{manifest(name)}...\n".encode()),
    "line ends of Windows": ("yaml", lambda name: manifest(name).replace("\n", "\r\n").encode()),
    "this YAML": ("yaml", lambda name: f"%YAML 1.2\n---\n{manifest(name)}".encode()),
    "quotes": ("yaml", lambda name: manifest(name).replace("changegate.dev/v1", "'changegate.dev/v1'").encode()),
}  # fmt: skip
"""What is a manifest, and judged as one."""

BENIGN: dict[str, tuple[str, bytes]] = {
    "deployment": ("yaml", b"apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: a, labels: {app: a}}\nspec: {}\n"),
    "crd": ("yaml", b"apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nspec: {names: {kind: Release}}\n"),
    "list": ("yaml", b"apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: Secret}\n- {apiVersion: v1, kind: ConfigMap}\n"),
    "another vendor": ("yaml", b"apiVersion: models.acme.example/v1\nkind: ModelRelease\nmetadata: {name: a}\n"),
    "helm chart": ("yaml", b"apiVersion: v2\nname: serving\nversion: 0.1.0\ndependencies: []\n"),
    "helm template": ("yaml", b"{{- if .Values.on }}\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: {{ .Release.Name }}\n{{- end }}\n"),
    "helm values": ("yaml", b"image: {repository: a, tag: '1'}\nanchors: &a {b: 1}\nmerged:\n  <<: *a\n  c: 2\n"),
    "compose": ("yaml", b"x-base: &base {image: a}\nservices:\n  a: {<<: *base, command: [b]}\n  b: {<<: [*base]}\n"),
    "cloudformation": ("yaml", b"Resources:\n  A: {Type: 'AWS::S3::Bucket', Properties: {Name: !Sub '${B}-c', Arn: !GetAtt A.Arn}}\n"),
    "two equal keys": ("yaml", b"apiVersion: v1\napiVersion: v1\nkind: Secret\nkind: Secret\ndata: {a: 1, a: 2}\n"),
    "bytes": ("yaml", b"apiVersion: v1\nkind: Secret\ndata: {a: !!binary aGVsbG8gd29ybGQ=}\n"),
    "docs of ours": ("yaml", b"apiVersion: v1\nkind: ConfigMap\ndata:\n  example.yaml: |\n    apiVersion: changegate.dev/v1\n    kind: ModelRelease\n"),
    "our other kinds": ("yaml", b"apiVersion: changegate.dev/v1\nkind: FeatureContract\nmetadata: {name: z, version: 1}\n"),
    "a schema": ("json", json.dumps({"properties": {"apiVersion": {"const": "changegate.dev/v1"}, "kind": {"const": "ModelRelease"}}}).encode()),
    "a large list": ("json", json.dumps([{"id": number, "text": "a\nb\u00e9\\d"} for number in range(40_000)]).encode()),
    "openapi": ("json", json.dumps({"openapi": "3.1.0", "paths": {f"/{n}": {"get": {"description": "\\w+\n" * 20}} for n in range(9_000)}}).encode()),
    "a notebook": ("json", json.dumps({"cells": [{"source": ["print('\\u0063')\n"], "outputs": [{"data": "iVBOR" * 9}]}], "nbformat": 4}).encode()),
    "JSON lines": ("json", b'{"a": 1}\n{"a": 2}\n'),
    "JSON with comments": ("jsonc", b'// tsconfig\n{"compilerOptions": {"strict": true,}}\n'),
    "renovate": ("json5", b"{extends: ['config:base'], // all\n}\n"),
    "latin-1": ("yaml", "name: é\n".encode("latin-1")),
    "utf-16": ("yaml", "name: a\nvalue: b\n".encode("utf-16")),
    "words": ("yaml", b"just words\n"),
    "an argo application set": ("yaml", b"apiVersion: argoproj.io/v1alpha1\nkind: ApplicationSet\nspec: {template: {metadata: {name: '{{name}}'}}}\n"),
    "kustomization": ("yaml", b"apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n"),
    "ansible": ("yaml", b"- hosts: all\n  tasks:\n    - name: '{{ a }}'\n      when: x is defined\n"),
    "an inventory with kinds": ("yaml", b"kinds: [ModelRelease, Dataset]\nowners: {ModelRelease: a}\n"),
}  # fmt: skip
"""What is none of ours, and stays quiet."""
