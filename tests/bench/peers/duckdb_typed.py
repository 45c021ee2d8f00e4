"""DuckDB with its typed reader and its store of rejected lines. usage: duckdb_typed.py CODES FILES OUT

What an analyst would write: dates and decimals by the reader, codes and period in SQL. The store knows the lines
the reader rejects; those the SQL rejects have no line number.
"""
import sys

import duckdb

codes, files, out = sys.argv[1:]
db = duckdb.connect()
db.execute("set threads = 2; set preserve_insertion_order = false")
for table in ("authorities", "initiatives", "accounts"):
    db.execute(f"create table {table} as from read_csv('{codes}/{table}.csv', header = true, all_varchar = true)")
db.execute(f"""
    create table facts as
    select myndighed, initiativ, konto, strftime(bogfoeringsdato, '%Y-%m') as maaned,
           (sum(beloeb) * 100)::bigint as oere, count(*) as linjer
    from read_csv('{files}', header = true, auto_detect = false, delim = ';', quote = '"', escape = '"',
        decimal_separator = ',', thousands = '.', dateformat = '%d-%m-%Y', store_rejects = true, rejects_limit = 0,
        columns = {{'myndighed': 'VARCHAR', 'bogfoeringsdato': 'DATE', 'initiativ': 'VARCHAR', 'konto': 'VARCHAR',
                    'leverandoer_cvr': 'UINTEGER', 'beloeb': 'DECIMAL(18,2)', 'tekst': 'VARCHAR'}})
    where bogfoeringsdato between date '2016-01-01' and date '2020-12-31'
      and leverandoer_cvr between 10000000 and 99999999
      and myndighed in (from authorities) and initiativ in (from initiatives) and konto in (from accounts)
    group by all
""")
db.execute(f"copy facts to '{out}' (header, delimiter ';')")
db.execute(f"copy (from reject_errors) to '{out}.rejected' (header, delimiter ';')")
