#!/usr/bin/env bash
# fuzz_one.sh NAME SECONDS: one fuzzer with its seeds from fuzz/corpus/NAME; prints one line. Part of ./run fuzz.
set -euo pipefail
name=$1 seconds=$2 log=build/fuzz/$1.log
seeds=() words=()
[[ ! -d fuzz/corpus/$name ]] || seeds=("fuzz/corpus/$name")
[[ ! -f fuzz/$name.dict ]] || words=("-dict=fuzz/$name.dict")
mkdir -p "build/fuzz/corpus/$name"
rm -f "build/fuzz/$name.ok"
if "build/clang/fuzz/$name" -max_total_time="$seconds" -timeout=10 -rss_limit_mb=1024 -max_len=65536 \
  -artifact_prefix="build/fuzz/$name-" ${words[@]+"${words[@]}"} "build/fuzz/corpus/$name" \
  ${seeds[@]+"${seeds[@]}"} >"$log" 2>&1; then
  : >"build/fuzz/$name.ok"
  printf 'ok      %s: %s\n' "$name" "$(grep -oE 'Done [0-9]+ runs.*' "$log" | tail -1)"
else
  printf 'FAILED  %s\n' "$name"
  tail -40 "$log"
  printf 'again:  build/clang/fuzz/%s build/fuzz/%s-…\n' "$name" "$name"
  exit 1
fi
