#!/usr/bin/env python3
"""Holds the command to the shared golden data: golden.py SHARED

Runs SHARED/check/golden.py, checks perplexities and templates, and prints how many cases passed of how many. Exit 0 iff
all passed.
"""
import glob
import json
import os
import re
import subprocess
import sys
import tempfile

shared = sys.argv[1]
golden = f"{shared}/golden"

def names(kind):
    return sorted(os.path.basename(f)[:-5] for f in glob.glob(f"{golden}/{kind}/*.json"))


def run(kind):
    return subprocess.run([sys.executable, f"{shared}/check/golden.py", kind]).returncode == 0


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


def template_cases():
    """All renders and snippets, each with the line that the command is given."""
    for name in names("templates"):
        data = json.load(open(f"{golden}/templates/{name}.json"))
        for case in data["cases"]:
            line = {"now": data["now"]}
            if "context" in case:
                line |= {"template": case["template"]} | case["context"]
            else:
                line |= {"template": data["template"], "documents": None} | case["options"]
                line |= {key: data[key] for key in ("bos_token", "eos_token")}
                line |= {key: case[key] for key in ("messages", "tools")}
            yield name, case, line


def renders(case, answer):
    if "expected" in case:
        return answer.get("text") == case["expected"]
    exact = case["error"]["kind"] == "raise_exception"
    return "error" in answer and (not exact or answer["error"] == case["error"]["message"])


def templates():
    """One run of the command for all templates: exact texts, exact refusals, and an error where Python has one."""
    cases = list(template_cases())
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl", encoding="utf-8") as batch:
        batch.writelines(json.dumps(line, ensure_ascii=False) + "\n" for _, _, line in cases)
        batch.flush()
        command = ["./thermocline", "template", "--batch", batch.name]
        result = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    answers = [json.loads(line) for line in result.stdout.split("\n") if line]
    if len(answers) != len(cases):
        print(f"FAIL templates: {len(answers)} answers for {len(cases)} cases {result.stderr.strip()[-200:]}")
        return False
    failed = [(name, case["id"], y) for (name, case, _), y in zip(cases, answers) if not renders(case, y)]
    for name, case, answer in failed[:30]:
        print(f"FAIL {name} {case}: {str(answer)[:200]}")
    snippets = sum("context" in case for _, case, _ in cases)
    print(
        f"templates: {len(cases) - len(failed)} of {len(cases)} cases passed"
        f" ({len(names('templates')) - 1} templates, {snippets} snippets)"
    )
    return not failed


def tokenizer_rows():
    files = [json.load(open(f)) for f in glob.glob(f"{golden}/tokenizers/*.json")]
    rows = sum(row["category"] != "invalid_utf8" for data in files for row in data["rows"])
    print(f"tokenizers: {rows} strings, three encodings each")


good = [run("logits"), run("tokenizers"), perplexity(), templates()]
tokenizer_rows()
sys.exit(0 if all(good) else 1)
