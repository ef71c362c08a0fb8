# Part of ./run: the tests, the fuzzers, and the sum of it all.
# shellcheck shell=bash

COUNTS=build/test/counts   # "passed failed skipped", one line for each thing that was run
VERDICTS=build/test/verdicts

count() { echo "$1 $2 ${3:-0}" >>"$COUNTS"; }

failures() { awk '{n += $2} END {print n + 0}' "$COUNTS"; }

# step NAME COMMAND…: runs it in a shell of its own that stops at the first error, and remembers time and verdict.
# Never call it in a condition: bash would then not stop at errors.
step() {
  local name=$1 start=$SECONDS before status verdict
  shift
  before=$(failures)
  say "$name"
  set +e
  (set -e; "$@")
  status=$?
  set -e
  if ((status != 0)) && (($(failures) == before)); then count 0 1; fi
  if ((status == 0)); then verdict=ok; else verdict=FAILED; fi
  printf '%-8s %5d s  %s\n' "$verdict" "$((SECONDS - start))" "$name" >>"$VERDICTS"
  say "$name: $verdict, $((SECONDS - start)) s"
  return 0
}

# ctest_of PRESET [CTEST ARGS]: a crash or a time-out counts as one failure, else each test case counts.
ctest_of() {
  local preset=$1 status=0
  shift
  rm -rf "build/$preset/results"
  mkdir -p "build/$preset/results"
  ctest --preset "$preset" -j "$JOBS" --timeout 900 --output-junit "results/ctest.xml" "$@" || status=$?
  python3 tools/run/count.py "build/$preset/results" >>"$COUNTS"
  return "$status"
}

build_and_ctest() {
  local preset=$1 target=$2
  shift 2
  configure_and_build "$preset" "$target"
  ctest_of "$preset" "$@"
}

# fuzz_all SECONDS: every fuzzer for so long, as many at once as there are cores. What it finds new stays in build/.
fuzz_all() {
  local seconds=$1 fuzzers=() path name
  configure_and_build clang fuzzers
  for path in build/clang/fuzz/*; do
    if [[ -f $path && -x $path ]]; then fuzzers+=("$(basename "$path")"); fi
  done
  ((${#fuzzers[@]})) || { say "no fuzzers"; return 0; }
  mkdir -p build/fuzz
  local status=0
  printf '%s\n' "${fuzzers[@]}" | xargs -P "$JOBS" -I{} bash tools/run/fuzz_one.sh {} "$seconds" || status=1
  for name in "${fuzzers[@]}"; do
    if [[ -f build/fuzz/$name.ok ]]; then count 1 0; else count 0 1; fi
  done
  return "$status"
}

# All fuzzers together within that many seconds of the wall clock.
fuzz_within() {
  local total=$1 n each
  n=$(find fuzz -maxdepth 1 -name '*.cpp' | wc -l)
  ((n > 0)) || return 0
  each=$((total * JOBS / n))
  fuzz_all "$((each < 3 ? 3 : each))"
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# npm_counted SCRIPT: runs it when ui/package.json has it. What it counted itself is added to the sum: our own line
# "N passed, N failed", or Vitest's "Tests  N failed | N passed (N)".
npm_counted() {
  local script=$1 status=0 log=build/test/npm-$1.log line passed failed
  grep -q "\"$script\":" ui/package.json || return 0
  (cd ui && NO_COLOR=1 npm run --silent "$script") 2>&1 | tee "$log" || status=$?
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed|^ *Tests +.*passed' "$log" | tail -1 || true)
  passed=$(grep -oE '[0-9]+ passed' <<<"$line" | cut -d' ' -f1 || true)
  failed=$(grep -oE '[0-9]+ failed' <<<"$line" | cut -d' ' -f1 || true)
  if [[ -n $line ]]; then count "${passed:-0}" "${failed:-0}"; elif ((status == 0)); then count 1 0; fi
  return "$status"
}

# The web application in a real browser against a demo that has lived for ten days, on a free port and on loopback only.
browser_tests() {
  local port pid status=0
  [[ -f ui/package.json ]] || { say "no web application yet"; return 0; }
  port=$(free_port)
  build/release/zhili demo --days 10 --listen "127.0.0.1:$port" >build/test/demo.log 2>&1 &
  pid=$!
  # shellcheck disable=SC2064
  trap "kill $pid 2>/dev/null || true" EXIT
  for _ in $(seq 1500); do
    if grep -q "http://localhost:$port" build/test/demo.log; then break; fi
    kill -0 "$pid" 2>/dev/null || { cat build/test/demo.log; return 1; }
    sleep 0.2
  done
  export ZHILI_URL="http://127.0.0.1:$port"
  npm_counted e2e || status=$?
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  return "$status"
}

sum_up() {
  local passed failed skipped
  read -r passed failed skipped < <(awk '{p += $1; f += $2; s += $3} END {print p + 0, f + 0, s + 0}' "$COUNTS")
  printf '\n'
  cat "$VERDICTS"
  if ((skipped > 0)); then printf '%s skipped\n' "$skipped"; fi
  printf '%s passed, %s failed\n' "$passed" "$failed"
  ((failed == 0)) || exit 1
}

test_verb() {
  local scope=${1:-}
  case "$scope" in "" | --fast | --all) ;; *) die "./run test [--fast|--all], not: $scope" ;; esac
  mkdir -p build/test
  : >"$COUNTS"
  : >"$VERDICTS"
  if [[ $scope == --fast ]]; then
    step "setup" setup_debian
    (($(failures) == 0)) || sum_up
    step "fast tests" build_and_ctest dev fast_tests -L fast
    sum_up
    return 0
  fi
  step "setup" setup
  (($(failures) == 0)) || sum_up
  step "build the program and its tests" build all
  (($(failures) == 0)) || sum_up
  step "unit and scenario tests, both databases, rules of the house" ctest_of release
  if [[ $scope == --all ]]; then
    step "every test under the sanitizers, built by gcc" build_and_ctest asan all
    step "every test under the sanitizers, built by clang" build_and_ctest clang all
    step "fuzzers, 20 minutes" fuzz_within 1200
  else
    step "fast tests under the sanitizers, built by clang" build_and_ctest clang fast_tests -L fast
    step "fuzzers, two and a half minutes" fuzz_within 150
  fi
  step "web application: unit tests" npm_counted test
  step "web application: in the browser" browser_tests
  sum_up
}

fuzz_verb() {
  local seconds=${1:-60}
  [[ $seconds =~ ^[0-9]+$ ]] || die "./run fuzz [SECONDS], not: $seconds"
  mkdir -p build/test
  : >"$COUNTS"
  : >"$VERDICTS"
  step "setup" setup
  step "fuzzers, $seconds s each" fuzz_all "$seconds"
  sum_up
}
