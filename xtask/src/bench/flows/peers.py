"""peers.py ENGINE KIND FOLDER RUNS: the eleven questions in DuckDB, chDB or Polars, a line of JSON for each.

KIND is `aws` for the Parquet that AWS delivers, where addresses are text, or `lake` for files of the lake, where they are numbers.
One process for each engine, so that its peak memory is its own. Results are fetched in full.
"""
import glob, json, resource, sys, time

engine, kind, folder, runs = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
files = sorted(glob.glob(f"{folder}/**/*.parquet", recursive=True))
lake = kind == "lake"
number = lambda a, b, c, d: ((a * 256 + b) * 256 + c) * 256 + d
needle = number(10, 0, 55, 33) if lake else "10.0.55.33"
first, last = number(10, 0, 12, 0), number(10, 0, 15, 255)
thirds = [f"10.0.{third}." for third in (12, 13, 14, 15)]

literal = lambda value: str(value) if lake else f"'{value}'"
subnet = (f"srcaddr BETWEEN {first} AND {last}" if lake
          else " OR ".join(f"srcaddr LIKE '{prefix}%'" for prefix in thirds))
rank = "ORDER BY c DESC, {0} LIMIT {1}"
SQL = {
    "q1": "SELECT srcaddr, count(*) AS c FROM flows GROUP BY srcaddr " + rank.format("srcaddr", 25),
    "q2": "SELECT srcaddr, count(*) AS c FROM flows WHERE action = 'REJECT' AND dstport = 22 GROUP BY srcaddr "
          + rank.format("srcaddr", 10000),
    "q3": {"duckdb": 'SELECT "start" // 300 * 300 AS t, sum(bytes) AS b FROM flows GROUP BY 1 ORDER BY 1',
           "chdb": "SELECT intDiv(start, 300) * 300 AS t, sum(bytes) AS b FROM flows GROUP BY t ORDER BY t"},
    "q4": "SELECT srcaddr, count(DISTINCT dstport) AS c FROM flows GROUP BY srcaddr " + rank.format("srcaddr", 25),
    "q5": {"duckdb": "SELECT dstport, quantile_cont(bytes, [0.5, 0.95, 0.99]) q, count(*) c FROM flows GROUP BY dstport "
                     "ORDER BY c DESC LIMIT 50",
           "chdb": "SELECT dstport, quantilesTDigest(0.5, 0.95, 0.99)(bytes) q, count() c FROM flows GROUP BY dstport "
                   "ORDER BY c DESC LIMIT 50"},
    "q6": f"SELECT dstaddr, sum(bytes) b FROM flows WHERE {subnet} GROUP BY dstaddr ORDER BY b DESC LIMIT 15",
    "q7": "SELECT srcaddr, dstaddr, sum(bytes) AS b, sum(packets) AS p FROM flows GROUP BY srcaddr, dstaddr "
          "ORDER BY b DESC LIMIT 25",
    "q8": {"duckdb": 'SELECT max("start") t, srcaddr, dstaddr, dstport, arg_max(srcport, "start") sp, '
                     'arg_max(bytes, "start") b FROM flows GROUP BY srcaddr, dstaddr, dstport ORDER BY t DESC LIMIT 1000',
           "chdb": "SELECT max(start) t, srcaddr, dstaddr, dstport, argMax(srcport, start) sp, argMax(bytes, start) b "
                   "FROM flows GROUP BY srcaddr, dstaddr, dstport ORDER BY t DESC LIMIT 1000"},
    "q9": 'SELECT srcaddr, count(*) AS c FROM flows WHERE "start" >= 1767268800 AND "start" < 1767272400 '
          "GROUP BY srcaddr " + rank.format("srcaddr", 25),
    "q10": f'SELECT * FROM flows WHERE srcaddr = {literal(needle)} OR dstaddr = {literal(needle)} '
           'ORDER BY "start" DESC LIMIT 1000',
    "q11": "SELECT dstaddr, count(DISTINCT srcaddr) AS c FROM flows GROUP BY dstaddr " + rank.format("dstaddr", 25),
}


def sql(name):
    text = SQL[name]
    return text if isinstance(text, str) else text[engine]


if engine == "duckdb":
    import duckdb
    connection = duckdb.connect()
    connection.execute("SET threads = 2")
    # It would be drawn between the figures.
    connection.execute("SET enable_progress_bar = false")
    connection.execute(f"CREATE VIEW flows AS SELECT * FROM read_parquet({files!r}, union_by_name = true, hive_partitioning = false)")
    run = lambda name: connection.execute(sql(name)).to_arrow_table().num_rows
elif engine == "chdb":
    import pyarrow
    from chdb import session
    connection = session.Session()
    connection.query("CREATE DATABASE IF NOT EXISTS b ENGINE = Atomic")
    connection.query("USE b")
    pattern = f"{folder}/**/*.parquet"
    connection.query(f"CREATE VIEW flows AS SELECT * FROM file('{pattern}', Parquet) SETTINGS use_hive_partitioning = 0")

    def run(name):
        result = connection.query(sql(name) + " SETTINGS max_threads = 2", "Arrow")
        return pyarrow.ipc.open_file(pyarrow.py_buffer(result.bytes())).read_all().num_rows
else:
    import polars as pl
    key = ["srcaddr", "dstaddr", "dstport"]
    flows = lambda: pl.scan_parquet(files, hive_partitioning=False)
    top = lambda frame, by, count: frame.sort(["c", by], descending=[True, False]).head(count)
    is_subnet = (pl.col("srcaddr").is_between(first, last) if lake
                 else pl.any_horizontal([pl.col("srcaddr").str.starts_with(prefix) for prefix in thirds]))
    at_newest = lambda name: pl.col(name).get(pl.col("start").arg_max())
    PLANS = {
        "q1": lambda: top(flows().group_by("srcaddr").len("c"), "srcaddr", 25),
        "q2": lambda: top(flows().filter((pl.col("action") == "REJECT") & (pl.col("dstport") == 22))
                          .group_by("srcaddr").len("c"), "srcaddr", 10000),
        "q3": lambda: flows().group_by((pl.col("start") // 300 * 300).alias("t")).agg(pl.col("bytes").sum()).sort("t"),
        "q4": lambda: top(flows().group_by("srcaddr").agg(pl.col("dstport").n_unique().alias("c")), "srcaddr", 25),
        "q5": lambda: flows().group_by("dstport").agg(
            *[pl.col("bytes").quantile(share).alias(f"p{share}") for share in (0.5, 0.95, 0.99)], pl.len().alias("c"))
            .sort("c", descending=True).head(50),
        "q6": lambda: flows().filter(is_subnet).group_by("dstaddr").agg(pl.col("bytes").sum())
            .sort("bytes", descending=True).head(15),
        "q7": lambda: flows().group_by("srcaddr", "dstaddr").agg(pl.col("bytes").sum(), pl.col("packets").sum())
            .sort("bytes", descending=True).head(25),
        "q8": lambda: flows().group_by(key).agg(pl.col("start").max().alias("t"), at_newest("srcport").alias("sp"),
                                                at_newest("bytes").alias("b")).sort("t", descending=True).head(1000),
        "q9": lambda: top(flows().filter((pl.col("start") >= 1767268800) & (pl.col("start") < 1767272400))
                          .group_by("srcaddr").len("c"), "srcaddr", 25),
        "q10": lambda: flows().filter((pl.col("srcaddr") == needle) | (pl.col("dstaddr") == needle))
            .sort("start", descending=True).head(1000),
        "q11": lambda: top(flows().group_by("dstaddr").agg(pl.col("srcaddr").n_unique().alias("c")), "dstaddr", 25),
    }
    run = lambda name: PLANS[name]().collect(engine="streaming").height

for name in SQL:
    walls, works, rows = [], [], 0
    for _ in range(runs):
        begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF)
        rows = run(name)
        after = resource.getrusage(resource.RUSAGE_SELF)
        walls.append(time.perf_counter() - begun)
        works.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(json.dumps(dict(engine=engine, q=name, rows=rows, best=round(min(walls), 4), cpu=round(min(works), 4),
                          rss_mb=peak)), flush=True)
