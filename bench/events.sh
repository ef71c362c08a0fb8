#!/usr/bin/env bash
# Live events to many listeners: what they cost, and how far behind they are.
exec python3 "$(dirname "$0")/events.py" "$@"
