"""pandas in chunks, text columns by its C reader. usage: pandas_chunked.py CODES FILES OUT

Lines with too few cells are filled up and those with too many show in an eighth column; no line has a number.
"""
import glob
import sys

import pandas as pd

codes, files, out = sys.argv[1:]
KEY = ["myndighed", "initiativ", "konto", "maaned"]
COLUMNS = ["myndighed", "bogfoeringsdato", "initiativ", "konto", "leverandoer_cvr", "beloeb", "tekst", "mere"]
known = {
    column: set(pd.read_csv(f"{codes}/{table}.csv", dtype=str)["code"])
    for column, table in (("myndighed", "authorities"), ("initiativ", "initiatives"), ("konto", "accounts"))
}
parts, rejected = [], 0
for path in sorted(glob.glob(files)):
    chunks = pd.read_csv(
        path, sep=";", names=COLUMNS, skiprows=1, dtype="str", keep_default_na=False, na_values=[""], chunksize=1_000_000
    )
    for lines in chunks:
        day = pd.to_datetime(lines["bogfoeringsdato"], format="%d-%m-%Y", errors="coerce")
        amount = lines["beloeb"].fillna("")
        good = amount.str.fullmatch(r"-?(\d+|\d{1,3}(\.\d{3})+),\d\d")
        holds = good & day.between("2016-01-01", "2020-12-31") & lines["tekst"].notna() & lines["mere"].isna()
        holds &= lines["leverandoer_cvr"].fillna("").str.fullmatch("[1-9][0-9]{7}")
        for column, values in known.items():
            holds &= lines[column].isin(values)
        kept = lines[holds]
        digits = amount[holds].str.replace(".", "", regex=False).str.replace(",", "", regex=False)
        kept = kept.assign(maaned=day[holds].dt.strftime("%Y-%m"), oere=digits.astype("int64"))
        parts.append(kept.groupby(KEY)["oere"].agg(["sum", "size"]))
        rejected += len(lines) - len(kept)
facts = pd.concat(parts).groupby(level=KEY).sum()
facts.columns = ["oere", "linjer"]
facts.to_csv(out, sep=";")
print(rejected, "rejected")
