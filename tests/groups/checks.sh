# Groups that look at the source. Sourced by tests/run.

cpp_files() { git ls-files '*.cpp' '*.hpp'; }

group_tidy() { node_cases 'Rules of the tree' tidy tests/tidy/*_test.mjs; }

group_format() {
  mapfile -t files < <(cpp_files)
  one_case 'C++ (clang-format)' format-cpp clang-format --dry-run -Werror "${files[@]}"
  one_case 'JavaScript (prettier)' format-js node_modules/.bin/prettier --check .
}

group_prometheus() {
  one_case 'Rules for Prometheus' rules build/promtool/promtool check rules \
    deploy/prometheus/waypost.rules.yml
  one_case 'When they fire' rules-tests build/promtool/promtool test rules \
    tests/prometheus/waypost.rules.test.yml
}

group_lint() {
  one_case 'ESLint' eslint node_modules/.bin/eslint .
  one_case 'Types of the tracker' tsc-js node_modules/.bin/tsc -p tsconfig.json
  one_case 'Types of the programs for Node' tsc-node node_modules/.bin/tsc -p tsconfig.node.json
}

# clang-tidy reads the release build's compile commands, and headers that the build makes.
group_tidy_cpp() {
  build release
  node_cases 'clang-tidy' tidy_cpp tests/tidy/clang_tidy.mjs
}
