#!/usr/bin/env python3
"""Makes up ledger deliveries for tests/bench/pipeline, the same ones for the same number of lines.

usage: deliveries.py FOLDER LINES

FOLDER/split/spending/AUTHORITY.csv   one file for each authority of the pipeline, of very different sizes
FOLDER/big/big.csv                    the same lines, shuffled across authorities, in one file
FOLDER/gzip/, FOLDER/zstd/            the split files packed (zstd where the `zstandard` package is at hand)
FOLDER/codes/                         the codes a peer needs to hold lines against
FOLDER/truth.csv                      authority;lines;refused;oere: what a reader must find, counted as lines are made

Of the lines, 5 % have a text in quotes with a delimiter in it, one in 200 doubled quotes, one in 5,000 a line break
in quotes, a third of the amounts dots for thousands, and one in a thousand is wrong in one of six ways. What cannot
be compared with a script that has no notion of it (personal numbers, encodings, resends) is left to the tests.
"""
import csv
import gzip
import os
import random
import sys
import tomllib

PIPELINE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "pipeline")
HEADER = "myndighed;bogfoeringsdato;initiativ;konto;leverandoer_cvr;beloeb;tekst\n"
WORDS = ["Licens", "drift", "hosting", "løn", "konsulent", "support", "udstyr", "rejse", "kursus", "porto", "leje"]
WRONG = 6


def ids(table):
    with open(f"{PIPELINE}/tables/{table}.csv", encoding="utf-8") as file:
        return [row["id"] for row in csv.DictReader(file, delimiter=";")]


def accounts():
    with open(f"{PIPELINE}/contracts/spending.toml", "rb") as file:
        fields = tomllib.load(file)["schema"]["fields"]
    return next(field["constraints"]["enum"] for field in fields if field["name"] == "konto")


def amounts(draw, count):
    """Amounts as written, with what they are in øre."""
    for _ in range(count):
        oere = int(draw.lognormvariate(12, 2)) % 5_000_000_000 + 1
        sign = "-" if draw.random() < 0.04 else ""
        kroner = f"{oere // 100:,}".replace(",", ".") if draw.random() < 1 / 3 else str(oere // 100)
        yield f"{sign}{kroner},{oere % 100:02}", -oere if sign else oere


def texts(draw, count):
    for _ in range(count):
        words, kind = " ".join(draw.choices(WORDS, k=draw.randint(1, 4))), draw.random()
        if kind < 0.0002:
            words = f'"{words}\nside 2"'
        elif kind < 0.005:
            words = f'"{words} ""{draw.choice(WORDS)}"""'
        elif kind < 0.055:
            words = f'"{words}; {draw.choice(WORDS)}"'
        yield words


class Maker:
    """Lines drawn from pools, so that one line costs one draw."""

    def __init__(self):
        draw = self.draw = random.Random(751)
        self.authorities, self.plans, self.accounts = ids("authorities"), ids("initiatives"), accounts()
        days = [f"{d:02}-{m:02}-{y}" for y in range(2016, 2021) for m in range(1, 13) for d in range(1, 29)]
        # One account an initiative: of ten million lines, some seventeen come together in a fact.
        posts = [f"{plan};{draw.choice(self.accounts)}" for plan in self.plans]
        suppliers = [draw.randint(10**7, 10**8 - 1) for _ in range(5000)]
        self.keys = [f"{draw.choice(days)};{draw.choice(posts)};{draw.choice(suppliers)}" for _ in range(1 << 17)]
        self.amounts = list(amounts(draw, 1 << 15))
        self.texts = list(texts(draw, 1 << 16))

    def lines(self, authority, count):
        """Lines of an authority with their øre; `None` for a line to be refused."""
        bits, keys, sums, words = self.draw.getrandbits, self.keys, self.amounts, self.texts
        for _ in range(count):
            drawn = bits(58)
            amount, oere = sums[drawn & 0x7FFF]
            key, text = keys[drawn >> 15 & 0x1FFFF], words[drawn >> 32 & 0xFFFF]
            if drawn >> 48 == 0:  # one in 1,024
                yield self.wrong(authority, key, amount), None
            else:
                yield f"{authority};{key};{amount};{text}\n", oere

    def wrong(self, authority, key, amount):
        day, plan, account, cvr = key.split(";")
        cells = [authority, day, plan, account, cvr, amount, "Licens"]
        match self.draw.randrange(WRONG):
            case 0:
                cells[1] = "31-02" + day[5:]
            case 1:
                cells[1] = day[:6] + "2031"
            case 2:
                cells[3] = "99.99"
            case 3:
                cells[5] = amount.replace(",", ",,")
            case 4:
                cells.pop()
            case 5:
                cells.append("mere")
        return ";".join(cells) + "\n"

    def sizes(self, lines):
        """Lines of each authority: the largest has about a fortieth, the smallest a thousandth of that."""
        weights = [1 / (place + 10) ** 1.2 for place in range(len(self.authorities))]
        sizes = [int(lines * weight / sum(weights)) for weight in weights]
        sizes[0] += lines - sum(sizes)
        return sizes


def spread(parts, draw):
    """The parts' chunks, one of some part at a time, each part's in order."""
    parts = [iter(part) for part in parts]
    while parts:
        place = draw.randrange(len(parts))
        chunk = next(parts[place], None)
        if chunk is None:
            parts.pop(place)
        else:
            yield chunk


def make(folder, lines):
    maker = Maker()
    for form in ("split/spending", "big", "gzip/spending", "zstd/spending", "codes"):
        os.makedirs(f"{folder}/{form}", exist_ok=True)
    for name, codes in (("authorities", maker.authorities), ("initiatives", maker.plans), ("accounts", maker.accounts)):
        with open(f"{folder}/codes/{name}.csv", "w", encoding="utf-8") as file:
            file.write("\n".join(["code", *codes]) + "\n")
    with open(f"{folder}/truth.csv", "w", encoding="utf-8") as truth:
        truth.write("authority;lines;refused;oere\n")
        for authority, count in zip(maker.authorities, maker.sizes(lines)):
            refused = oere = 0
            with open(f"{folder}/split/spending/{authority}.csv", "w", encoding="utf-8", newline="") as file:
                file.write(HEADER)
                for line, amount in maker.lines(authority, count):
                    file.write(line)
                    if amount is None:
                        refused += 1
                    else:
                        oere += amount
            truth.write(f"{authority};{count};{refused};{oere}\n")
    # Records of up to forty authorities meet in a chunk of the big file, and line breaks in quotes stay whole.
    with open(f"{folder}/big/big.csv", "w", encoding="utf-8", newline="") as big:
        big.write(HEADER)
        for chunk in spread((records(f"{folder}/split/spending/{name}.csv") for name in maker.authorities), maker.draw):
            big.write(chunk)
    pack(folder, maker.authorities)


def records(path, count=20):
    """The records of a file, some at a time."""
    with open(path, encoding="utf-8", newline="") as file:
        next(file)
        chunk, held = "", 0
        for line in file:
            chunk += line
            held += 1
            if held >= count and chunk.count('"') % 2 == 0:
                yield chunk
                chunk, held = "", 0
        if chunk:
            yield chunk


def pack(folder, authorities):
    try:
        import zstandard
    except ImportError:
        zstandard = None
    for authority in authorities:
        with open(f"{folder}/split/spending/{authority}.csv", "rb") as file:
            text = file.read()
        with open(f"{folder}/gzip/spending/{authority}.csv.gz", "wb") as file:
            file.write(gzip.compress(text, 6, mtime=0))
        if zstandard:
            with open(f"{folder}/zstd/spending/{authority}.csv.zst", "wb") as file:
                file.write(zstandard.ZstdCompressor(level=3).compress(text))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    make(sys.argv[1], int(sys.argv[2]))
