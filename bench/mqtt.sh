#!/usr/bin/env bash
# From a message to an alarm: MQTT beside Node-RED, a burst, ten rules at once, deadlines over a restart.
exec python3 "$(dirname "$0")/mqtt.py" "$@"
