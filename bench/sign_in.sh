#!/usr/bin/env bash
# Signing in by password, fifty times a second, while others read.
exec python3 "$(dirname "$0")/sign_in.py" "$@"
