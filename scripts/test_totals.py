"""Reads one suite's xUnit result file; prints its totals, then why tests were skipped, then which failed and how."""

import collections
import sys
import xml.etree.ElementTree as ElementTree

assemblies = ElementTree.parse(sys.argv[1]).getroot().iter("assembly")
passed = failed = skipped = 0
reasons = collections.Counter()
failures = []
for assembly in assemblies:
    passed += int(assembly.get("passed", 0))
    # An error is a fixture or a clean-up that failed.
    failed += int(assembly.get("failed", 0)) + int(assembly.get("errors", 0))
    skipped += int(assembly.get("skipped", 0))
    for test in assembly.iter("test"):
        if test.get("result") == "Skip":
            reasons[(test.findtext("reason") or "no reason given").strip()] += 1
    for owner in [*assembly.iter("test"), *assembly.iter("error")]:
        failure = owner.find("failure")
        if failure is not None:
            text = (failure.findtext("message") or "").strip() + "\n" + (failure.findtext("stack-trace") or "").strip()
            failures.append((owner.get("name") or owner.get("type") or "?", text))

print(passed, failed, skipped)
for reason, count in reasons.items():
    print(f"{count} skipped: {reason}")
for name, text in failures:
    print(f"FAILED {name}\n    " + "\n    ".join(text.splitlines()))
