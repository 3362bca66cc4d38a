# What a fresh Debian 12 machine needs before the demo or the tests can start. Sourced by demo/run
# and tests/run, so that the two cannot drift apart; it lives here because the tests may use the
# demo, and the demo nothing of theirs but the practice LRS.
#
# Every function returns at once when there is nothing to do. Full output goes to build/log/.

build_packages=(
  cmake ninja-build g++ pkg-config emscripten brotli
  libboost1.81-dev nlohmann-json3-dev libcurl4-openssl-dev libsqlite3-dev libssl-dev
  libspdlog-dev libcli11-dev libtomlplusplus-dev prometheus-cpp-dev libjemalloc-dev
)
web_server_packages=(nginx)
browser_packages=(chromium)
check_packages=(clang-format clang-tidy)

log_folder=build/log
failure_tail_lines=40
ticker=
temporary_policy=

say() { printf '%s\n' "$*"; }

fail() {
  stop_ticker
  printf '\n%s\n' "$*" >&2
  exit 1
}

# Ctrl-C during a step: the step's own process gets the same signal from the terminal.
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'stop_ticker; remove_temporary_policy' EXIT

stop_ticker() {
  if [[ -n $ticker ]]; then
    kill "$ticker" 2>/dev/null || true
    wait "$ticker" 2>/dev/null || true
    ticker=
  fi
  return 0
}

# On a terminal the line of a running step is rewritten each second with the time and what the
# step printed last.
show_progress() { # label log
  local start=$SECONDS last width
  width=$(tput cols 2>/dev/null || echo 80)
  while sleep 1; do
    last=$(tail -c 400 "$2" | tr '\r' '\n' | tr -cd '[:print:]\n' | tail -n 1)
    printf '\r\033[K%s' "$(printf '%s … %d s  %s' "$1" $((SECONDS - start)) "$last" |
      cut -c "1-$((width - 1))")"
  done
}

# step LABEL NAME COMMAND...: one line on the screen; the output in build/log/NAME.log, and its
# end on the screen if the command fails. Returns what the command returned.
step() {
  local label=$1 log=$log_folder/$2.log start=$SECONDS status=0
  shift 2
  mkdir -p "$(dirname "$log")"
  : >"$log"
  printf '%s … ' "$label"
  if [[ -t 1 ]]; then
    show_progress "$label" "$log" &
    ticker=$!
  fi
  "$@" </dev/null >"$log" 2>&1 || status=$?
  stop_ticker
  if [[ -t 1 ]]; then printf '\r\033[K%s … ' "$label"; fi
  if ((status != 0)); then
    say "failed after $((SECONDS - start)) s"
    tail -n "$failure_tail_lines" "$log" | sed 's/^/  | /'
    say "The whole output is in $log."
    return "$status"
  fi
  say "$((SECONDS - start)) s"
}

# require_space FOLDER MIB WHAT
require_space() {
  local free_mib
  free_mib=$(($(df -Pk "$1" | awk 'NR == 2 { print $4 }') / 1024))
  if ((free_mib < $2)); then
    fail "$3 needs about $2 MiB free below $(cd "$1" && pwd), where $free_mib MiB are left." \
      "Make room there and start again."
  fi
}

installed() { # package
  [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

# Debian 12 has two Boost versions that cannot stand beside each other. apt would silently take
# the other one away, with all that needs it.
refuse_other_boost() {
  local other
  other=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' 'libboost1.*-dev' 2>/dev/null |
    awk '$1 == "installed" && $2 ~ /^libboost1\.[0-9]+-dev$/ { print $2; exit }') || true
  if [[ -n $other ]]; then
    fail "$other is installed. Waypost needs libboost1.81-dev, and only one of them can be" \
      "installed. If nothing else on this machine needs $other:" $'\n\n' \
      "   apt-get install libboost1.81-dev" $'\n\n' \
      "(it removes $other), then start again. Otherwise use a container with Debian 12."
  fi
}

# require_packages PACKAGE...
require_packages() {
  local package missing=()
  for package; do
    installed "$package" || missing+=("$package")
  done
  if ((${#missing[@]} == 0)); then return 0; fi

  local os
  os=$(. /etc/os-release 2>/dev/null && echo "$ID $VERSION_ID")
  if [[ $os != 'debian 12' ]] || ! command -v apt-get >/dev/null; then
    fail "Waypost's set-up knows Debian 12; this is ${os:-an unknown system}. Run it in a virtual" \
      "machine or a container with Debian 12."
  fi
  if [[ " ${missing[*]} " == *' libboost1.81-dev '* ]]; then refuse_other_boost; fi
  if ((EUID != 0)); then
    fail "Some Debian packages are missing. Install them as root, then start again:" $'\n\n' \
      "   apt-get update && apt-get install --no-install-recommends ${missing[*]}"
  fi
  require_space /usr 2500 "Installing Debian packages"
  require_space /var/cache 500 "Downloading Debian packages"
  say "Debian packages to install: ${missing[*]}"
  step "Reading Debian's package lists" apt-update apt-get update ||
    fail "The package lists could not be read: is this machine online?"
  # --no-remove: never take anything away from this machine.
  step "Installing ${#missing[@]} Debian packages" apt-install without_starting_services \
    env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends --no-remove \
    -o DPkg::Lock::Timeout=120 "${missing[@]}" ||
    fail "The packages could not be installed; apt's own words are above."
  if [[ " ${missing[*]} " == *' nginx '* && -d /run/systemd/system ]]; then
    systemctl --quiet disable nginx.service || true
  fi
}

# Debian starts a server as soon as it is installed, nginx on port 80. Waypost starts its own nginx
# and leaves that port alone; where the machine has a policy, it stays in force.
without_starting_services() { # command...
  local policy=/usr/sbin/policy-rc.d status=0
  if [[ ! -e $policy ]]; then
    temporary_policy=$policy
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  "$@" || status=$?
  remove_temporary_policy
  return "$status"
}

remove_temporary_policy() {
  if [[ -n $temporary_policy ]]; then rm -f "$temporary_policy"; fi
  temporary_policy=
}

# Prometheus' own checker of rules, in build/promtool/. It is taken out of Debian's package of the
# server, which is not installed: nothing here needs a running Prometheus.
install_promtool() {
  local folder=build/promtool
  if [[ -x $folder/promtool ]]; then return 0; fi
  require_space . 200 "promtool"
  mkdir -p "$folder"
  step "Fetching promtool" promtool fetch_promtool "$folder" ||
    fail "promtool could not be fetched: is this machine online?"
}

fetch_promtool() { # folder
  download_prometheus "$1" || { apt-get update && download_prometheus "$1"; } || return
  dpkg-deb --fsys-tarfile "$1"/prometheus_*.deb | tar -xO ./usr/bin/promtool >"$1/part" &&
    chmod 755 "$1/part" && mv "$1/part" "$1/promtool" && rm "$1"/prometheus_*.deb
}

download_prometheus() { # folder
  (cd "$1" && apt-get download prometheus)
}

require_node() { # oldest version
  command -v node >/dev/null || fail "Node is missing. Install Node $1 or newer, then start again."
  local version
  version=$(node -p process.versions.node)
  if ! printf '%s\n' "$1" "$version" | sort --version-sort --check=quiet; then
    fail "This needs Node $1 or newer; $(command -v node) is $version."
  fi
}

# Debian's Node comes without npm; every other Node brings its own.
npm_packages() {
  if ! command -v npm >/dev/null; then echo npm; fi
}

# file_stamp FILE...: changes when what the files say changes.
file_stamp() { cat "$@" | sha256sum | cut -d ' ' -f 1; }

install_npm_packages() {
  local stamp=build/npm.stamp now
  now="$(file_stamp package-lock.json) $(node -p process.version)"
  if [[ -d node_modules && -f $stamp && $(<"$stamp") == "$now" ]]; then return 0; fi
  require_space . 400 "npm ci"
  step "Installing npm packages" npm-ci npm ci --no-audit --no-fund ||
    fail "npm ci failed; npm's own words are above."
  printf '%s\n' "$now" >"$stamp"
}

# As many compilers at once as there are processors and memory for (1.5 GiB each).
choose_parallelism() {
  if [[ -n ${CMAKE_BUILD_PARALLEL_LEVEL:-} ]]; then return 0; fi
  local by_memory processors
  by_memory=$(awk '/^MemAvailable:/ { print int($2 / 1572864) }' /proc/meminfo)
  processors=$(nproc)
  export CMAKE_BUILD_PARALLEL_LEVEL=$((by_memory < processors ? by_memory : processors))
  if ((CMAKE_BUILD_PARALLEL_LEVEL < 1)); then CMAKE_BUILD_PARALLEL_LEVEL=1; fi
}

# configure PRESET: Ninja itself notices changed CMake files, but not changed presets.
configure() {
  local stamp=build/$1/presets.stamp now
  now=$(file_stamp CMakePresets.json)
  if [[ -f build/$1/build.ninja && -f $stamp && $(<"$stamp") == "$now" ]]; then return 0; fi
  require_space . 2000 "Building Waypost"
  step "Preparing the $1 build" "configure-$1" cmake --preset "$1" ||
    fail "CMake could not prepare the $1 build."
  printf '%s\n' "$now" >"$stamp"
}

# build PRESET [TARGET...]
build() {
  local preset=$1 targets=()
  shift
  if (($# > 0)); then targets=(--target "$@"); fi
  choose_parallelism
  configure "$preset"
  step "Building $preset${1:+ ($*)}" "build-$preset" \
    cmake --build --preset "$preset" "${targets[@]}" ||
    fail "The $preset build failed. If the disk is full or memory ran out, the lines above say so."
}

# The tracker's files, ready to be served, in build/tracker. Written only when something changed, so
# that a running relay does not lose them.
build_tracker() {
  build wasm waypost.wasm
  local stamp=build/tracker.stamp now
  now=$(file_stamp js/*.js js/build.mjs package.json package-lock.json build/wasm/wasm/waypost.wasm)
  if [[ -f build/tracker/manifest.json && -f $stamp && $(<"$stamp") == "$now" ]]; then return 0; fi
  step "Building the tracker" build-tracker node js/build.mjs build/tracker ||
    fail "The tracker could not be built."
  printf '%s\n' "$now" >"$stamp"
}
