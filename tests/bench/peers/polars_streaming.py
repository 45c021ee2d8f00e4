"""Polars over all-text columns, streaming. usage: polars_streaming.py CODES FILES OUT

It has no store of rejected lines: what does not parse becomes null and is counted, without a line number.
"""
import os
import sys

os.environ["POLARS_MAX_THREADS"] = "2"
import polars as pl  # noqa: E402, the number of threads is read on import

codes, files, out = sys.argv[1:]


def known(column, table):
    return pl.col(column).is_in(pl.read_csv(f"{codes}/{table}.csv", infer_schema=False)["code"].to_list())


COLUMNS = ["myndighed", "bogfoeringsdato", "initiativ", "konto", "leverandoer_cvr", "beloeb", "tekst", "mere"]
lines = pl.scan_csv(
    files, separator=";", has_header=False, skip_rows=1, schema=dict.fromkeys(COLUMNS, pl.String),
    truncate_ragged_lines=True, missing_columns="insert",
)
day = pl.col("bogfoeringsdato").str.to_date("%d-%m-%Y", strict=False)
amount = pl.col("beloeb").str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
amount = amount.cast(pl.Decimal(18, 2), strict=False)
cvr = pl.col("leverandoer_cvr").cast(pl.UInt32, strict=False)
holds = (
    day.is_between(pl.date(2016, 1, 1), pl.date(2020, 12, 31))
    & amount.is_not_null()
    & cvr.is_between(10_000_000, 99_999_999)
    & pl.col("tekst").is_not_null()
    & pl.col("mere").is_null()
    & known("myndighed", "authorities")
    & known("initiativ", "initiatives")
    & known("konto", "accounts")
).fill_null(False)
month = day.dt.year().cast(pl.Int32) * 12 + day.dt.month() - 1
facts = (
    lines.with_columns(month=month, amount=amount, holds=holds)
    .group_by("holds", pl.when("holds").then(pl.struct("myndighed", "initiativ", "konto", "month")).alias("key"))
    .agg(oere=(pl.col("amount").sum() * 100).cast(pl.Int64), linjer=pl.len())
    .collect(engine="streaming")
)
print(facts.filter(~pl.col("holds"))["linjer"].sum(), "rejected")
facts = facts.filter("holds").unnest("key")
text = pl.format("{}-{}", pl.col("month") // 12, (pl.col("month") % 12 + 1).cast(pl.String).str.zfill(2))
facts.select("myndighed", "initiativ", "konto", text.alias("maaned"), "oere", "linjer").write_csv(out, separator=";")
