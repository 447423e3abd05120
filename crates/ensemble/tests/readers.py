"""Reads an ensemble with DuckDB and polars, as the book shows it. Called by tests/store.rs with the folder."""

import sys

run = sys.argv[1]
try:
    import duckdb
    import polars as pl
except ImportError as missing:
    print(f"skipped: {missing.name} is not installed")
    sys.exit(0)

bands = duckdb.sql(f"""
    SELECT p.product, p.zone, p.quarter, quantile_cont(p.spot_usd_per_kg::DOUBLE, 0.5) AS median, any_value(b.median_usd_per_kg) AS ours
    FROM '{run}/prices/*.parquet' p JOIN '{run}/bands.parquet' b USING (product, zone, quarter)
    GROUP BY ALL
""").fetchall()
assert bands, "the join is empty"
for product, zone, quarter, median, ours in bands:
    assert abs(median - ours) <= 1e-6 * max(1.0, abs(ours)), (product, zone, quarter, median, ours)

losses = pl.scan_parquet(f"{run}/losses/*.parquet").group_by("place").agg(pl.col("loss_kusd").median()).collect()
ours = dict(pl.read_parquet(f"{run}/loss_bands.parquet").select("place", "median_kusd").iter_rows())
for place, median in losses.iter_rows():
    assert abs(median - ours[place]) <= 1e-6 * max(1.0, abs(ours[place])), (place, median, ours[place])

inputs = pl.read_parquet(f"{run}/inputs.parquet")["input"].to_list()
draws = pl.scan_parquet(f"{run}/draws/*.parquet").collect_schema().names()
assert draws == ["path", *inputs], "draws have a column per input"
print(f"read {len(bands)} bands and {len(losses)} losses")
