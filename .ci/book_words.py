"""The pages for shops quote the buttons and the texts of facture's pages. This checks that they say what the pages say: each
quotation in docs/shop, docs/fr and docs/de is a text, or a part of one, in locales/ of that language. What is said elsewhere,
such as by a wallet, is set in italics there.
"""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
QUOTED = {"en": r"“([^”]+)”", "fr": r"«([^»]+)»", "de": r"„([^“]+)“"}
# Neither is what a page says: a program's output, and descriptions of pictures.
NO_TEXT = re.compile(r"^```.*?^```$|<[^>]*>", re.DOTALL | re.MULTILINE)


def plain(text):
    """Without what differs between a page and a text file: apostrophes, line breaks, spaces that don't break."""
    return " ".join(text.replace("'", "’").split())


def texts(language):
    """All texts of a language, in one."""
    lines = (ROOT / f"locales/{language}.ftl").read_text().splitlines()
    values = (re.sub(r"^\s*[\w.-]+ =", "", line) for line in lines if not line.startswith("#"))
    return "\n".join(map(plain, values))


def main():
    wrong = False
    for language, quotation in QUOTED.items():
        known = texts(language)
        folder = "shop" if language == "en" else language
        for file in sorted(ROOT.glob(f"docs/{folder}/**/*.md")):
            for quoted in re.findall(quotation, NO_TEXT.sub("", file.read_text())):
                if plain(quoted).rstrip(".") not in known:
                    wrong = True
                    print(f"ERROR: {file.relative_to(ROOT)}: no page says “{plain(quoted)}”", file=sys.stderr)
    sys.exit(wrong)


if __name__ == "__main__":
    main()
