# Runs groups and adds up their test cases. Sourced by tests/run.
#
# A group is a function group_NAME in checks.sh or suites.sh. It runs in a subshell and records what
# it did with the functions at the end of this file; one that records nothing has failed.

record_folder=build/log/tests
failure_tail_lines=200
file_timeout_ms=1800000 # one that hangs is named, and the others go on

start_recording() {
  rm -rf "$record_folder"
  mkdir -p "$record_folder"
  run_start=$SECONDS
}

run_group() { # name
  local name=$1 status=0 start=$SECONDS
  group_record=$record_folder/$name.counts
  : >"$group_record"
  say "$name"
  ("group_$name") || status=$?
  # What ended the group early has not been counted as a case; it must not pass unseen.
  if ((status != 0)) || [[ ! -s $group_record ]]; then
    if ((status == 0)); then say "  No test ran in this group."; fi
    if ! awk '$2 > 0 { found = 1 } END { exit !found }' "$group_record"; then
      echo 0 1 0 >>"$group_record"
    fi
  fi
  say "  $(sum_counts "$group_record") ($((SECONDS - start)) s)"
}

sum_counts() { # file...
  awk '{ passed += $1; failed += $2; skipped += $3 }
    END {
      printf "cases: %d passed, %d failed", passed, failed
      if (skipped > 0) printf ", %d skipped", skipped
    }' "$@"
}

# Prints the closing line; the exit status says whether all passed.
finish_recording() {
  say "All output is in build/log. $((SECONDS - run_start)) s."
  cat "$record_folder"/*.counts | awk '{ passed += $1; failed += $2 }
    END { printf "%d passed, %d failed\n", passed, failed; exit failed > 0 || passed == 0 }'
}

# one_case LABEL NAME COMMAND...: a command that is a single test case, known by its exit status.
one_case() {
  local counts='1 0 0'
  step "  $1" "tests/$2" "${@:3}" || counts='0 1 0'
  echo "$counts" >>"$group_record"
}

# boost_cases LABEL NAME CTEST-ARGUMENT...: what ctest runs, counted by Boost.Test's own report.
boost_cases() {
  local status=0 report=$PWD/$record_folder/$2.xml
  step "  $1" "tests/$2" ctest --output-junit "$report" --output-on-failure --no-tests=error \
    --test-output-size-passed 100000 --timeout 600 --parallel "$(nproc)" "${@:3}" || status=$?
  record_counts "$status" ctest "$report"
}

# node_cases LABEL NAME FILE...: what node's test runner runs, one file after the other unless
# files_at_once says how many.
node_cases() {
  local status=0 report=$record_folder/$2.tap
  step "  $1" "tests/$2" timeout --kill-after 10 3600 node --test \
    --test-concurrency="${files_at_once:-1}" --test-timeout="$file_timeout_ms" \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$report" "${@:3}" || status=$?
  record_counts "$status" tap "$report"
}

record_counts() { # status format report
  node tests/groups/count_cases.mjs "$1" "$2" "$3" >>"$group_record"
}
