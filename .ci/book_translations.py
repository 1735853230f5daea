#!/usr/bin/env python3
"""Keeps the translated pages of docs/ in step with the English ones.

The first line of a translation names the pages that it was made from, each with its git blob:

    <!-- translation of docs/backup.md 3f2a9c1b7d04 -->

Without arguments: lists the translations whose English pages have changed since then, with the command that shows what
changed. That is no error (with `--strict` it is). An error is a translation without that line, one of a page that is gone, and one
with commands that the English page does not have.

`--done PAGE…`: these are up to date again.
"""

import argparse
import hashlib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ("fr", "de")
MARK = re.compile(r"<!-- translation of (.+) -->\n")
SOURCE = re.compile(r"(docs/\S+\.md) ([0-9a-f]{12})(?:, )?")
FENCED = re.compile(r"^```(\w+)\n(.*?)^```", re.DOTALL | re.MULTILINE)
NOTES = {
    "fr": "> La [page anglaise]({}) est plus récente que cette traduction.",
    "de": "> Die [englische Seite]({}) ist neuer als diese Übersetzung.",
}


def blob(page):
    """The name that git gives to the content of a page, cut short. Nothing if there is no such page."""
    file = ROOT / page
    if not file.is_file():
        return None
    data = file.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()[:12]


def language(page):
    """The language of a translated page."""
    parts = Path(page).parts
    return parts[1] if len(parts) > 2 and parts[1] in LANGUAGES else None


def sources(page):
    """The English pages that a translation was made from, and what they were then."""
    mark = MARK.match((ROOT / page).read_text())
    return SOURCE.findall(mark[1]) if mark else []


def behind(page):
    """Those that have changed since."""
    return [(source, then) for source, then in sources(page) if blob(source) != then]


def note(page):
    """What a reader is told at the top of a translation that is behind."""
    if not language(page):
        return None
    for source, _ in behind(page):
        if source == "docs/SUMMARY.md":
            # No page.
            continue
        up = "../" * (len(Path(page).parts) - 2)
        return NOTES[language(page)].format(up + source.removeprefix("docs/"))
    return None


def commands(page):
    """Its blocks of code, without comments, which are translated."""
    for kind, code in FENCED.findall((ROOT / page).read_text()):
        lines = (re.sub(r"(^|\s+)#.*", "", line) for line in code.splitlines())
        yield kind, "\n".join(line for line in lines if line)


def errors(page):
    if not sources(page):
        yield f"{page}: its first line does not say which page it is a translation of"
        return
    known = set()
    for source, _ in sources(page):
        if blob(source) is None:
            yield f"{page}: {source} is gone"
        else:
            known.update(commands(source))
    for kind, code in commands(page):
        if (kind, code) not in known:
            yield f"{page}: not in the English page:\n{code}"


def done(page):
    file = ROOT / page
    text = file.read_text()
    mark = MARK.match(text)
    if mark is None:
        sys.exit(f"{page}: its first line does not say which page it is a translation of")
    head = mark[0]
    new = SOURCE.sub(lambda found: found[0].replace(found[2], blob(found[1])), head)
    file.write_text(new + text.removeprefix(head))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--strict", action="store_true", help="being behind is an error")
    parser.add_argument("--done", nargs="+", metavar="PAGE", default=[], help="these are up to date again")
    arguments = parser.parse_args()
    for page in arguments.done:
        done(Path(page).resolve().relative_to(ROOT).as_posix())
    failed = False
    for file in sorted(file for name in LANGUAGES for file in ROOT.glob(f"docs/{name}/**/*.md")):
        page = file.relative_to(ROOT).as_posix()
        if file.name == "SUMMARY.md":
            continue
        for error in errors(page):
            failed = True
            print(f"ERROR: {error}", file=sys.stderr)
        for source, then in behind(page):
            failed = failed or arguments.strict
            print(f"BEHIND: {page}: git diff {then} {source}")
    sys.exit(failed)


if __name__ == "__main__":
    main()
