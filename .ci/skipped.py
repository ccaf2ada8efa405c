"""List what a run of pytest skipped, from its JUnit report: a file, or a test, a line.

python .ci/skipped.py report.xml
"""

import sys
from pathlib import Path
from xml.etree import ElementTree


def main(report: str) -> None:
    found: dict[str, None] = {}
    for case in ElementTree.parse(report).iter("testcase"):
        if case.find("skipped") is None:
            continue
        module, name = case.get("classname") or "", case.get("name") or ""
        if not module:  # skipped as a whole
            found[name.replace(".", "/") + ".py"] = None
        else:
            found[f"{module.replace('.', '/')}.py::{name.partition('[')[0]}"] = None
    print("\n".join(each for each in found if Path(each.partition("::")[0]).exists()))


if __name__ == "__main__":
    main(sys.argv[1])
