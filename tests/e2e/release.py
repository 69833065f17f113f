#!/usr/bin/env python3
"""scripts/release --check: the static binary for Linux x86-64 and its wheel, beside $VALUELINT."""
import os
import pathlib
import sys

RELEASE = pathlib.Path(__file__).resolve().parent.parent.parent / "scripts" / "release"
os.execv(sys.executable, [sys.executable, str(RELEASE), "--check"])
