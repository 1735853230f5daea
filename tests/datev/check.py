"""Checks a DATEV Buchungsstapel: by hand, column by column, and by another program, if it is installed.

    python3 check.py EXTF_Buchungsstapel.csv

Written after DATEV's description of the format (developer.datev.de, "Header" and "Buchungsstapel", format version 13), not after the
program that writes the file. Prints JSON: the number of bookings, what comes to each account, and which reader agreed.
"""

import csv
import io
import json
import re
import sys
from collections import defaultdict
from decimal import Decimal

TEXT = r'"(?:[^"\r\n]|"")*"'
EMPTY = r"(?:\"\")?"
DAY = r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"

# What each field of the first line has to be, in order.
HEADER = [
    r'"EXTF"', "700", "21", '"Buchungsstapel"', "13", DAY + r"\d{9}", "", r'"[A-Z]{0,2}"', r'"\w{0,25}"', '""',
    r"[1-9]\d{3,6}", r"[1-9]\d{0,4}", DAY, "[4-8]", DAY, DAY, r'"[\w.\-/ ]{0,30}"', r'"(?:[A-Z]{2}){0,2}"', "[12]",
    "(?:0|30|40|50|64)?", "[01]?", r'"[A-Z]{3}"', "", '""', "", "", r'"\d{0,2}"', "", "", '""', '"[^"]{0,16}"',
]

# What the columns that are filled have to be, from 1; all others have to be empty.
FILLED = {
    1: r"\d{1,10},\d{2}",
    2: '"[SH]"',
    3: '"EUR"',
    7: r"\d{1,9}",
    8: r"\d{1,9}",
    10: r"(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])",
    11: r'"[a-zA-Z0-9$&%*+\-/]{1,36}"',
    14: r'"(?:[^"\r\n]|""){0,60}"',
    21: r'"(?:[^"\r\n]|""){1,20}"',
    22: r'"(?:[^"\r\n]|""){1,210}"',
    114: "[01]",
}

# Some names at their places; position is what counts.
NAMES = {
    1: "Umsatz (ohne Soll/Haben-Kz)", 2: "Soll/Haben-Kennzeichen", 7: "Konto", 8: "Gegenkonto (ohne BU-Schlüssel)", 9: "BU-Schlüssel",
    10: "Belegdatum", 11: "Belegfeld 1", 14: "Buchungstext", 20: "Beleglink", 37: "KOST1 - Kostenstelle", 48: "Zusatzinformation - Art 1",
    88: "Stück", 95: "Auftragsnummer", 103: "Buchungs GUID", 114: "Festschreibung", 115: "Leistungsdatum", 118: "Generalumkehr (GU)",
    122: "BVV-Position", 125: "Abw. Skontokonto",
}


def fields(line):
    """The fields of a line as they stand there, with their quotation marks."""
    found = re.findall(r'(?:^|;)("(?:[^"]|"")*"|[^;"]*)', line)
    assert len(found) == len(next(csv.reader([line], delimiter=";"))), line
    return found


def by_hand(raw):
    text = raw.decode("cp1252")
    assert text.encode("cp1252") == raw
    assert text.endswith("\r\n") and text.count("\n") == text.count("\r\n")
    first, names, *rows = text[:-2].split("\r\n")
    header = fields(first)
    assert len(header) == len(HEADER) == 31, len(header)
    for place, (pattern, field) in enumerate(zip(HEADER, header), 1):
        assert re.fullmatch(pattern, field), f"header {place}: {field}"
    start, begin, end = header[12], header[14], header[15]
    assert start <= begin <= end < str(int(start) + 10000), "all of one fiscal year"
    names = names.split(";")
    assert len(names) == 125, len(names)
    for place, name in NAMES.items():
        assert names[place - 1] == name, (place, names[place - 1])
    sums = defaultdict(Decimal)
    for row in rows:
        cells = fields(row)
        assert len(cells) == 125, len(cells)
        for place, cell in enumerate(cells, 1):
            assert re.fullmatch(FILLED.get(place, EMPTY), cell), f"column {place}: {cell}"
        day = cells[9][2:] + cells[9][:2]
        years = {begin[:4], end[:4]}
        assert any(begin <= year + day <= end for year in years), cells[9]
        amount = Decimal(cells[0].replace(",", "."))
        assert amount > 0
        if cells[1] == '"H"':
            amount = -amount
        sums[cells[6]] += amount
        sums[cells[7]] -= amount
    return len(rows), sums


def by_another(path):
    """What `mloda-community-german-ledger` reads; `None` where it is not installed."""
    try:
        from mloda.community.feature_groups.experimental.german_ledger.datev import read_batch
    except ImportError:
        return None
    _, legs = read_batch(path)
    sums = defaultdict(Decimal)
    for account, amount in zip(legs["Konto"], legs["Betrag"]):
        sums[account] += amount
    return len(legs["Konto"]) // 2, sums


def main(path):
    with io.open(path, "rb") as file:
        count, sums = by_hand(file.read())
    other = by_another(path)
    if other is not None:
        assert other == (count, sums), (other, sums)
    answer = {"bookings": count, "accounts": {account: str(sums[account]) for account in sorted(sums)}, "reader": other is not None}
    print(json.dumps(answer))


main(sys.argv[1])
