#!/usr/bin/env python3
"""Holds the command to the shared golden data: golden.py SHARED

Runs SHARED/check/golden.py for the cases that are covered, checks perplexities, prints how many passed of how many, and
names the cases that are not covered yet. Exit 0 iff all covered cases passed.
"""
import glob
import json
import os
import re
import subprocess
import sys

shared = sys.argv[1]
golden = f"{shared}/golden"
COVERED = {
    "logits": r"^(stories260K-.*|llama-(gqa|mha-tied|bias|ropelinear)|llama31-.*|llama-q-(f16|bf16|q8_0|q4_0|q6_k)"
    r"|nemotron|pwri-llama-.*|default-q8_0)$",
    "tokenizers": r".",
}


def names(kind):
    return sorted(os.path.basename(f)[:-5] for f in glob.glob(f"{golden}/{kind}/*.json"))


def run(kind):
    check = [sys.executable, f"{shared}/check/golden.py", kind, "--only", COVERED[kind]]
    result = subprocess.run(check, capture_output=True, text=True)
    print(result.stdout, end="")
    missing = [n for n in names(kind) if not re.search(COVERED[kind], n)]
    print(f"{kind}: not covered yet: {' '.join(missing) or 'none'}")
    return result.returncode == 0


def perplexity():
    data = json.load(open(f"{golden}/perplexity/ppl.json"))
    passed = 0
    for case, expected in data["perplexity"].items():
        type_, context = re.match(r"(\S+) ctx (\d+)", case).groups()
        command = ["./thermocline", "perplexity", f"{golden}/models/stories260K-{type_}.gguf"]
        command += ["--file", f"{golden}/perplexity/{data['text']}", "--ctx", context, "--json"]
        result = subprocess.run(command, capture_output=True, text=True)
        value = json.loads(result.stdout)["perplexity"] if result.returncode == 0 else float("nan")
        good = abs(value / expected["ppl"] - 1) < (1e-3 if type_ == "f32" else 1e-2)
        passed += good
        if not good:
            print(f"FAIL {case}: {value} for {expected['ppl']} {result.stderr.strip()[-200:]}")
    print(f"perplexity: {passed} of {len(data['perplexity'])} passed")
    return passed == len(data["perplexity"])


good = [run("logits"), run("tokenizers"), perplexity()]
print(f"templates: not covered yet: all {len(names('templates'))}")
sys.exit(0 if all(good) else 1)
