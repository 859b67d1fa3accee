"""report.html: what became of a product, told to somebody who has never seen the simulator."""

from analysis.report.build import write_report

__all__ = ["write_report"]
