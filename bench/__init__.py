"""The benchmark: ours side by side with peers, in one run; `make bench` writes what it measured to `bench/REPORT.md`."""
