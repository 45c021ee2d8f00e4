#!/usr/bin/env python3
"""Measures gevinst beside what an analyst would write, and prints a table of ratios.

usage: measure.py [--lines N] [--rounds N] [--only NAME,NAME] [--gevinst PATH] [--folder DIR]

Builds gevinst and the deliveries where they are missing, and keeps them with the peers' packages in target/bench.
The commands of a row run in turn, A B C A B C, on two cores, after one warm-up each and with the files in the page
cache; a figure is the median of the rounds, a ratio the median of each round's own: the machine's mood falls out. Time
and peak memory are those of the whole process, by the system's own account. What each of them found is held against
the deliveries' truth first.
"""
import argparse
import csv
import glob
import os
import re
import statistics
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PIPELINE = f"{HERE}/pipeline"
PEERS = {"DuckDB": "duckdb_typed", "Polars": "polars_streaming", "pandas": "pandas_chunked"}
# A row, by the folder of its deliveries: what the peers expand, and which of them read that.
ROWS = {
    "split": ("spending/*.csv", ("DuckDB", "Polars", "pandas")),
    "big": ("big.csv", ("DuckDB", "Polars", "pandas")),
    "gzip": ("spending/*.csv.gz", ("DuckDB", "unpack")),
    "zstd": ("spending/*.csv.zst", ("DuckDB", "unpack")),
}
# One more: one of the 300 files has changed since the run before, which remembered all of them.
CHANGED = "changed"
UNPACK = {
    "gzip": "import sys,glob,gzip\nfor f in glob.glob(sys.argv[1]): gzip.open(f).read()",
    "zstd": "import sys,glob,zstandard\nfor f in glob.glob(sys.argv[1]): "
    "zstandard.ZstdDecompressor().decompress(open(f,'rb').read())",
}


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=10_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--only", type=lambda text: text.split(","), default=[*ROWS, CHANGED])
    parser.add_argument("--gevinst", help="a binary, where it is not to be built")
    parser.add_argument("--folder", default=f"{ROOT}/target/bench")
    chosen = parser.parse_args()
    rows = [*ROWS, CHANGED]
    if unknown := set(chosen.only) - set(rows):
        parser.error(f"--only: no row is called {', '.join(sorted(unknown))}; there are {', '.join(rows)}")
    return chosen


def prepare(chosen):
    """What the rows need: the binary, the peers' python, the deliveries."""
    python, data = f"{chosen.folder}/peers/bin/python", f"{chosen.folder}/{chosen.lines}"
    if not chosen.gevinst:
        subprocess.run(["cargo", "build", "--release", "--locked"], cwd=ROOT, check=True)
        target = os.environ.get("CARGO_TARGET_DIR", f"{ROOT}/target")
        chosen.gevinst = f"{target}/release/gevinst"
    if not os.path.exists(python):
        subprocess.run([sys.executable, "-m", "venv", f"{chosen.folder}/peers"], check=True)
        pip = [python, "-m", "pip", "install", "--quiet", "-r", f"{HERE}/peers/requirements.txt"]
        subprocess.run(pip, check=True)
    if not os.path.exists(f"{data}/done"):
        print(f"making {chosen.lines} lines in {data}", file=sys.stderr)
        subprocess.run([python, f"{HERE}/deliveries.py", data, str(chosen.lines)], check=True)
        open(f"{data}/done", "w").close()
    return python, data


def delivered(row, data):
    """What the peers expand to the row's deliveries."""
    return f"{data}/{row}/{ROWS[row][0]}"


def commands(row, chosen, python, data):
    """The row's commands by name, gevinst first."""
    files = delivered(row, data)
    check = [chosen.gevinst, "check", PIPELINE, "--deliveries", f"{data}/{row}", "--jobs", "2"]
    named = {"gevinst": [*check, "--facts", f"{data}/gevinst.csv"]}
    for peer in ROWS[row][1]:
        if peer == "unpack":
            named["unpacking alone"] = [python, "-c", UNPACK[row], files]
        else:
            named[peer] = [python, f"{HERE}/peers/{PEERS[peer]}.py", f"{data}/codes", files, f"{data}/{peer}.csv"]
    return named


def run(command, out):
    """Wall seconds, cpu seconds and peak MiB of a command; what it prints goes to `out`."""
    started = time.monotonic()
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    actions = [(os.POSIX_SPAWN_OPEN, 1, out, flags, 0o644)]
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=actions)
    _, status, used = os.wait4(pid, 0)
    wall = time.monotonic() - started
    # 3: gevinst refused more than the pipeline tolerates, and did its work.
    if os.waitstatus_to_exitcode(status) not in (0, 3):
        sys.exit(f"failed: {' '.join(command)}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def warm(files):
    """Reads the files once: what the system let go of them is not for the next command to pay."""
    for path in glob.glob(files):
        with open(path, "rb") as file:
            while file.read(1 << 20):
                pass


def truth(data):
    """Lines accepted, lines refused and øre of the accepted, as the deliveries were made."""
    with open(f"{data}/truth.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    lines, refused, oere = (sum(int(row[name]) for row in rows) for name in ("lines", "refused", "oere"))
    return lines - refused, refused, oere


def found(name, out, data):
    """The same as one of the commands found it; what it does not say is None."""
    if name == "gevinst":
        with open(out, encoding="utf-8") as file:
            text = file.read()
        accepted = re.search(r"^lines: \d+ read = (\d+) posted \+ \d+ superseded \+ (\d+) refused", text, re.M)
        kroner = re.search(r"^DKK: .*= (-?\d+\.\d\d) posted", text, re.M)
        return int(accepted[1]), int(accepted[2]), int(kroner[1].replace(".", ""))
    lines = oere = 0
    with open(f"{data}/{name}.csv", encoding="utf-8") as file:
        # One by one: the system counts what this process holds into the peak of the commands it starts.
        for row in csv.DictReader(file, delimiter=";"):
            lines += int(row["linjer"])
            oere += int(row["oere"])
    return lines, None, oere


def measure(row, chosen, python, data):
    named = commands(row, chosen, python, data)
    wanted = truth(data)
    for name, command in named.items():
        out = f"{data}/{row}.{name.split()[0]}.out"
        run(command, out)
        if name != "unpacking alone":
            told = found(name, out, data)
            if any(mine is not None and mine != true for mine, true in zip(told, wanted)):
                sys.exit(f"{row}: {name} found {told} (lines, refused, øre), and {wanted} is true")
    rounds = []
    for _ in range(chosen.rounds):
        rounds.append({})
        for name, command in named.items():
            warm(delivered(row, data))
            rounds[-1][name] = run(command, os.devnull)
    show(row, rounds)


def changed(chosen, data):
    """A full run beside runs that remember all but the one delivery that gets, or loses, its last line again."""
    split = f"{data}/split/spending"
    files = sorted((entry.stat().st_size, entry.path) for entry in os.scandir(split))
    _, one = files[len(files) // 2]
    with open(one, "rb") as file:
        before = file.read()
    after = before + before[before.rindex(b"\n", 0, -1) + 1 :]
    check = [chosen.gevinst, "check", PIPELINE, "--deliveries", f"{data}/split", "--jobs", "2"]
    named = {
        "gevinst": check,
        "every byte verified": [*check, "--cache", f"{data}/verified"],
        "times trusted": [*check, "--cache", f"{data}/trusted", "--trust-times"],
    }
    rounds = []
    try:
        for number in range(chosen.rounds + 1):
            with open(one, "wb") as file:
                file.write(before if number % 2 else after)
            # A file written a moment ago is looked at twice, for it could be written to again unseen.
            time.sleep(0.1)
            outs = {name: f"{data}/changed.{name.split()[0]}.out" for name in named}
            rounds.append({name: run(command, outs[name]) for name, command in named.items()})
            texts = {open(out, "rb").read() for out in outs.values()}
            if len(texts) > 1:
                sys.exit("changed: what is remembered shows")
    finally:
        with open(one, "wb") as file:
            file.write(before)
    # The first one fills what is remembered.
    show(CHANGED, rounds[1:])


def show(row, rounds):
    """The medians of the rounds, a line for each command."""
    for name in rounds[0]:
        wall, cpu, peak = (statistics.median(each[name][at] for each in rounds) for at in range(3))
        ratio = statistics.median(each[name][0] / each["gevinst"][0] for each in rounds)
        print(f"| {row} | {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {ratio:.2f} |", flush=True)


def main():
    chosen = options()
    python, data = prepare(chosen)
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:2])
    print(f"{chosen.lines} lines, 2 cores, medians of {chosen.rounds} rounds\n")
    print("| deliveries | reader | wall s | cpu s | peak MiB | times gevinst's wall |")
    print("|---|---|--:|--:|--:|--:|")
    for row in chosen.only:
        if row == CHANGED:
            changed(chosen, data)
        else:
            measure(row, chosen, python, data)


if __name__ == "__main__":
    main()
