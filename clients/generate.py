"""Makes the generated files of the clients from openapi.json. Needs npx, for openapi-typescript, and rustfmt."""

import hashlib
import json
import pathlib
import re
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = HERE / "openapi.json"
OPENAPI_TYPESCRIPT = "openapi-typescript@7.13.0"

RUST = """//! The operations of the API. {note}

/// The SHA-256 of the document.
pub const DOCUMENT_SHA256: &str = "{digest}";

/// Whether the same call again is harmless.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeat {{
    /// It is.
    Always,
    /// It is with an `Idempotency-Key`.
    WithKey,
    /// It is not known to be.
    Never,
}}

/// An operation, by the name that it has in the OpenAPI document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {{
    pub(crate) method: &'static str,
    pub(crate) path: &'static str,
    pub(crate) repeat: Repeat,
}}

impl Operation {{
    const fn new(method: &'static str, path: &'static str, repeat: Repeat) -> Self {{
        Self {{ method, path, repeat }}
    }}

{constants}}}
"""

# Without a key, and safe to repeat all the same: the first call decides, and the second one finds it done.
REPEATABLE = {
    "approvePayout",
    "cancelInvoice",
    "cancelPayout",
    "cancelVoucher",
    "decode",
    "openLink",
    "settleInvoice",
    "stopLink",
}


def operations(document):
    """Each operation: its id, method, path, and whether it may be repeated."""
    for path, methods in sorted(document["paths"].items()):
        for method, operation in sorted(methods.items()):
            headers = [p["name"] for p in operation.get("parameters", []) if p["in"] == "header"]
            name = operation["operationId"]
            if "Idempotency-Key" in headers:
                repeat = "key"
            elif method in ("get", "put", "delete") or name in REPEATABLE:
                repeat = "yes"
            else:
                repeat = "no"
            yield name, method.upper(), path, repeat


def python_type(schema):
    """A type hint for a schema: exact for plain values, `Any` for what has no plain hint."""
    if "$ref" in schema:
        return schema["$ref"].rsplit("/", 1)[1]
    for union in ("oneOf", "anyOf"):
        if union in schema:
            return " | ".join(dict.fromkeys(python_type(one) for one in schema[union]))
    kinds = schema.get("type")
    if kinds is None:
        return "Any"
    names = []
    for kind in [kinds] if isinstance(kinds, str) else kinds:
        match kind:
            case "array":
                names.append(f"list[{python_type(schema.get('items', {}))}]")
            case "object":
                names.append("dict[str, Any]")
            case "string":
                names.append("str")
            case "integer":
                names.append("int")
            case "number":
                names.append("float")
            case "boolean":
                names.append("bool")
            case "null":
                names.append("None")
    return " | ".join(dict.fromkeys(names))


def models(document):
    """Every object of the document as a `TypedDict`; everything else as an alias."""
    objects, aliases = [], []
    for name, schema in sorted(document["components"]["schemas"].items()):
        properties, required = dict(schema.get("properties", {})), set(schema.get("required", []))
        for part in schema.get("allOf", []):
            if "$ref" in part:
                part = document["components"]["schemas"][part["$ref"].rsplit("/", 1)[1]]
            properties |= part.get("properties", {})
            required |= set(part.get("required", []))
        if not properties:
            aliases.append(f"{name}: TypeAlias = {python_type(schema)!r}")
            continue
        fields = []
        for field, of in sorted(properties.items()):
            hint = python_type(of)
            fields.append(f"    {field!r}: {hint if field in required else f'NotRequired[{hint}]'!r},")
        text = "\n".join(fields).replace('"', "'")
        objects.append(f"{name} = TypedDict({name!r}, {{\n{text}\n}})")
    return "\n\n".join(objects), "\n".join(aliases)


def rust(rows, digest, note):
    """Each operation as a constant."""
    repeats = {"yes": "Always", "key": "WithKey", "no": "Never"}
    constants = []
    for name, method, path, repeat in rows:
        constant = re.sub(r"(?=[A-Z])", "_", name).upper()
        constants.append(
            f"    /// `{name}`\n    pub const {constant}: Self = "
            f"Self::new({json.dumps(method)}, {json.dumps(path)}, Repeat::{repeats[repeat]});\n"
        )
    file = HERE / "rust" / "src" / "operations.rs"
    file.write_text(RUST.format(note=note, digest=digest, constants="".join(constants)))
    subprocess.run(["rustfmt", "--edition", "2024", str(file)], check=True)


def main():
    text = DOCUMENT.read_bytes()
    document = json.loads(text)
    digest = hashlib.sha256(text).hexdigest()
    note = "Made by clients/generate.py from clients/openapi.json: do not edit."
    rows = list(operations(document))

    typescript = HERE / "typescript" / "src"
    lines = [
        f"  {name}: {{ method: {json.dumps(method)}, path: {json.dumps(path)}, repeat: {json.dumps(repeat)} }},"
        for name, method, path, repeat in rows
    ]
    (typescript / "operations.js").write_text(
        f"// {note}\n\n/** The SHA-256 of the document. */\nexport const DOCUMENT_SHA256 = {json.dumps(digest)};\n\n"
        "/** Each operation of the API; `repeat`: whether the same call again is harmless, or is with a key. */\n"
        "export const OPERATIONS = Object.freeze({\n" + "\n".join(lines) + "\n});\n"
    )
    subprocess.run(
        ["npx", "--yes", OPENAPI_TYPESCRIPT, str(DOCUMENT), "--output", str(typescript / "schema.d.ts")],
        check=True,
    )

    rust(rows, digest, note)
    package = HERE / "python" / "src" / "facture_client"
    lines = [f"    {name!r}: ({method!r}, {path!r}, {repeat!r})," for name, method, path, repeat in rows]
    (package / "_operations.py").write_text(
        f'"""{note}"""\n\n# The SHA-256 of the document.\nDOCUMENT_SHA256 = {digest!r}\n\n'
        "# Each operation: its method, its path, and whether the same call again is harmless, or is with a key.\n"
        "OPERATIONS: dict[str, tuple[str, str, str]] = {\n" + "\n".join(lines) + "\n}\n"
    )
    objects, aliases = models(document)
    (package / "models.py").write_text(
        f'"""The API\'s objects. {note}"""\n\nfrom typing import Any, NotRequired, TypeAlias, TypedDict\n\n'
        f"{objects}\n\n{aliases}\n".rstrip() + "\n"
    )


if __name__ == "__main__":
    main()
