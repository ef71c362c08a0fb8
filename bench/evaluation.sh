#!/usr/bin/env bash
# Pages of evaluation over twenty million cases.
exec python3 "$(dirname "$0")/evaluation.py" "$@"
