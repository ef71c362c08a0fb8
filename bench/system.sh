#!/usr/bin/env bash
# The program as a whole, measured as its users meet it.
exec python3 "$(dirname "$0")/system.py" "$@"
