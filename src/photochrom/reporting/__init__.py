"""What became of restored photographs: are they whole, what was done to them, how sure is it.

`verify` compares them with their records and originals; `report` makes a page that shows them.
"""

from photochrom.reporting.checking import check
from photochrom.reporting.making import Made, report
from photochrom.reporting.opening import collected, root_of
from photochrom.reporting.originals import Originals
from photochrom.reporting.verdicts import Totals, Verdict

__all__ = ["Made", "Originals", "Totals", "Verdict", "check", "collected", "report", "root_of"]
