"""ingest.py ENGINE PROGRAM FOLDER: the text logs of a folder into Parquet, by `PROGRAM flows ingest` or by Polars, a line of JSON.

Polars writes one file for each source, all columns of the default format, addresses as text, unsorted, zstd. What it needs to start
does not count; what the program needs to start does.
"""
import glob, json, os, resource, subprocess, sys, tempfile, time

engine, program, folder = sys.argv[1:4]
files = sorted(path for path in glob.glob(f"{folder}/*") if os.path.isfile(path))
COLUMNS = {
    "version": "Int32", "account_id": "String", "interface_id": "String", "srcaddr": "String", "dstaddr": "String",
    "srcport": "Int32", "dstport": "Int32", "protocol": "Int32", "packets": "Int64", "bytes": "Int64", "start": "Int64",
    "end": "Int64", "action": "String", "log_status": "String",
}

with tempfile.TemporaryDirectory() as out:
    whose = resource.RUSAGE_SELF
    if engine == "polars":
        import polars as pl
        schema = {name: getattr(pl, kind) for name, kind in COLUMNS.items()}
        before, begun = resource.getrusage(whose), time.perf_counter()
        for number, path in enumerate(files):
            read = pl.scan_csv(path, separator=" ", has_header=False, skip_rows=1, null_values="-", quote_char=None, schema=schema)
            read.sink_parquet(f"{out}/{number}.parquet", compression="zstd", row_group_size=262144)
    else:
        whose = resource.RUSAGE_CHILDREN
        before, begun = resource.getrusage(whose), time.perf_counter()
        # Status 5 says that a line was no record.
        command = [program, "flows", "ingest", "--quiet", *files, "--lake", out]
        done = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode not in (0, 5):
            sys.exit(done.stderr)
    wall, after = time.perf_counter() - begun, resource.getrusage(whose)
    import pyarrow.parquet as pq
    made = glob.glob(f"{out}/**/*.parquet", recursive=True)
    rows = sum(pq.ParquetFile(path).metadata.num_rows for path in made)
work = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
print(json.dumps(dict(q="ingest", rows=rows, best=round(wall, 3), cpu=round(work, 3), rss_mb=after.ru_maxrss // 1024)))
