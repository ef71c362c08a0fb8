#!/usr/bin/env bash
# Many timers due at once, two processes on one PostgreSQL.
exec python3 "$(dirname "$0")/timers.py" "$@"
