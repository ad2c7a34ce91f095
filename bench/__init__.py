"""The benchmark: our site and form beside peers, as ratios measured in one run; `make bench` writes `bench/REPORT.md`."""
