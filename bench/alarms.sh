#!/usr/bin/env bash
# From a message of a device to an alarm, beside Node-RED with Mosquitto.
exec python3 "$(dirname "$0")/alarms.py" "$@"
