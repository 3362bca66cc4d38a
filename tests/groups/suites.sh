# Groups that run what was built. Sourced by tests/run.

group_core() {
  build release
  boost_cases 'Core' core --test-dir build/release/tests/core
}

group_relay() {
  build release
  boost_cases 'Relay' relay --test-dir build/release/tests/proxy
}

group_wasm() {
  build wasm
  boost_cases 'Core as WASM' wasm-core --preset wasm
  build_tracker
  node_cases 'The shipped module' wasm tests/wasm/*_test.mjs
}

group_js() {
  build_tracker
  node_cases 'Tracker' js tests/js/*_test.mjs
}

group_browser() {
  build release
  build_tracker
  node_cases 'Tracker in Chromium' browser tests/browser/*_test.mjs
}

group_loss() {
  build release
  build_tracker
  node_cases 'Nothing lost' loss tests/browser/loss/*_test.mjs
}

group_e2e() {
  build release
  build_tracker
  node_cases 'End to end' e2e tests/e2e/*_test.mjs
}

# They wait most of the time, so they do it side by side.
group_rows() {
  build release
  files_at_once=20 node_cases 'Verdicts through the relay' rows tests/e2e/rows/*_test.mjs
}

group_faults() {
  local kills=25
  if $is_full; then kills=300; fi
  build release
  WAYPOST_FAULTS_KILLS=$kills \
    node_cases 'The relay dies' faults tests/faults/*_test.mjs
}

group_fuzz() {
  local count=5000
  if $is_full; then count=100000; fi
  build release
  boost_cases 'Corpora' corpora --test-dir build/release/tests/fuzz
  build wasm waypost.wasm
  WAYPOST_FUZZ_COUNT=$count \
    node_cases 'Native and WASM judge alike' differential tests/fuzz/*_test.mjs
  if $is_full; then
    require_packages clang libclang-rt-14-dev
    build fuzz
    node_cases 'Fuzzing, a minute each' fuzzing tests/fuzz/fuzz.mjs
  fi
}

group_simulation() {
  local seeds=200
  if $is_full; then seeds=10000; fi
  build release
  one_case "$seeds worlds" worlds env WAYPOST_SIMULATION_SEEDS=$seeds \
    build/release/tests/core/core_tests --run_test=delivery_simulation
  if $is_full; then
    node_cases 'Planted bugs' planted-bugs tests/core/planted_bugs/*_test.mjs
  fi
}

group_sanitizers() {
  build asan-ubsan
  boost_cases 'Native suites' sanitizers --preset asan-ubsan
}

group_tsan() {
  build tsan
  boost_cases 'Suites of the relay' tsan --preset tsan
}
