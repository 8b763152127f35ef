"""Compares two folders of descriptors row for row and byte for byte: compare.py EXPECTED GOT ROWS [COLUMN...]."""

import sys

from pyspark.sql import SparkSession


def main(expected, got, rows, columns):
    spark = (
        SparkSession.builder.master("local[1]")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .getOrCreate()
    )
    a = spark.read.parquet(expected)
    b = spark.read.parquet(got)
    if columns:
        a, b = a.select(columns), b.select(columns)
    written = b.count()
    # a task that ran twice may have left its rows twice: equal ones are one
    b = b.dropDuplicates()
    found = {
        "rows of one machine": a.count(),
        "rows of the cluster": b.count(),
        "paths of the cluster": b.select("path").distinct().count(),
    }
    differ = a.exceptAll(b).count() + b.exceptAll(a).count()
    broken = spark.read.parquet(got).where("error is not null").count()
    spark.stop()
    wrong = {name: count for name, count in found.items() if count != rows}
    if wrong or differ or broken:
        sys.exit(f"error: outputs must be equal and have {rows} rows, got {wrong or found}, {differ} rows that differ, {broken} with an error")
    print(f"equal: {rows} rows in {', '.join(columns) or 'all columns'}, byte for byte; {written - rows} more were written twice")


main(sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4:])
