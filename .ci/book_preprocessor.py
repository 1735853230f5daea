"""A preprocessor of mdBook, for pages that are read in two places: in the repository and in the book.

- `<!-- in the book: ../FILE -->` and the paragraph after it are replaced by that file of the repository.
- A link to such a file leads to the page that has it.
- A link to a README leads to its page, `index.html`.
- A link to another file outside the book becomes its text and its path, as there is no page to open.
- A translation that is behind its English page says so at its top.
"""

import json
import re
import sys
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath

import book_translations

ROOT = Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r"<!-- in the book: (\S+) -->\n(?:.+\n?)*")
LINK = re.compile(r"(?<!!)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^)\s]+)\)")
FENCED = re.compile(r"(^```.*?^```[ \t]*$)", re.DOTALL | re.MULTILINE)


def folder(file):
    """The folder of a file. Both are paths from the root of the repository."""
    return PurePosixPath(file).parent.as_posix()


def included():
    """For each file of the repository that is a part of a page: the page."""
    return {
        normpath(f"docs/{found[1]}"): f"docs/{page.name}"
        for page in sorted(ROOT.glob("docs/*.md"))
        for found in INCLUDE.finditer(page.read_text())
    }


PAGES = included()


def links(text, change):
    """Changes the links of a text, but not what is code."""
    parts = FENCED.split(text)
    parts[::2] = [LINK.sub(change, part) for part in parts[::2]]
    return "".join(parts)


def content(file, page):
    """The file as a part of the page: Markdown without its title, anything else as code."""
    text = (ROOT / file).read_text()
    if not file.endswith(".md"):
        return f"```{PurePosixPath(file).suffix[1:]}\n{text}```\n"

    def moved(link):
        text, target = link.groups()
        if "://" in target or target.startswith("#"):
            return link[0]
        return f"[{text}]({relpath(normpath(f'{folder(file)}/{target}'), folder(page))})"

    return links(text.partition("\n")[2], moved)


def chapter_text(text, page):
    """The text of a page as it is in the book."""
    text = INCLUDE.sub(lambda found: content(normpath(f"{folder(page)}/{found[1]}"), page), text)

    def followable(link):
        text, target = link.groups()
        path, mark, anchor = target.partition("#")
        if "://" in target or not path:
            return link[0]
        file = normpath(f"{folder(page)}/{path}")
        if file in PAGES:
            return f"[{text}]({relpath(PAGES[file], folder(page))}{mark}{anchor})"
        if file.startswith("docs/"):
            # mdBook makes index.html of it, but links lead to README.html (its issue 984).
            return link[0].replace("README.md", "index.md")
        return f"`{file}`" if file.endswith(text.strip("`")) else f"{text} (`{file}`)"

    note = book_translations.note(page)
    return f"{note}\n\n" * bool(note) + links(text, followable)


def walk(items, root):
    """Every chapter, those below others too. `root` is the book's folder."""
    for item in items:
        chapter = item.get("Chapter") if isinstance(item, dict) else None
        if chapter is None:
            continue
        if chapter["source_path"]:
            chapter["content"] = chapter_text(chapter["content"], f"{root}/{chapter['source_path']}")
        walk(chapter["sub_items"], root)


def main():
    if sys.argv[1:2] == ["supports"]:
        return
    context, book = json.load(sys.stdin)
    walk(book["items"], Path(context["root"]).resolve().relative_to(ROOT).as_posix())
    json.dump(book, sys.stdout)


if __name__ == "__main__":
    main()
