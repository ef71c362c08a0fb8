#!/usr/bin/env bash
# From a device to its history: what comes in, what reading costs meanwhile, what a stored point takes.
exec python3 "$(dirname "$0")/sensing.py" "$@"
