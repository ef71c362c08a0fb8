#!/usr/bin/env bash
# How well reports of one thing are found in a real year, and what finding them costs with a million reports.
set -euo pipefail
cd "$(dirname "$0")/.."
tool=build/release/bench-tools/same_thing
year=../shared/data/boston311/boston311_2015.csv.xz
if [[ -f $year ]]; then "$tool" quality packs "$year"; else echo "skipped: there is no $year"; fi
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$tool" cost packs "$folder" 1000000
