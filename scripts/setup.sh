# What ./run and ./test have in common: finding and installing what they need, and building. Sourced by both, from the root.

say() { printf '%s\n' "$*" >&2; }

fail() {
  say "$*"
  exit 1
}

need_dotnet() {
  command -v dotnet >/dev/null || fail "The .NET 10 SDK is not installed: see https://dotnet.microsoft.com/download."
  case "$(dotnet --version 2>/dev/null)" in
    10.*) ;;
    *) fail "The .NET 10 SDK is needed (global.json); installed: $(dotnet --list-sdks 2>/dev/null | tr '\n' ' ')" ;;
  esac
}

has() { PATH="$PATH:/usr/sbin:/usr/local/sbin" command -v "$1" >/dev/null; }

# try_install PROGRAM PACKAGES: true when the program is there, or could be installed from Debian's packages.
try_install() {
  has "$1" && return 0
  command -v apt-get >/dev/null || return 1
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  [ -z "$sudo" ] || $sudo true 2>/dev/null || return 1
  say "Installing $2 ..."
  local log
  log="$(mktemp)"
  if ! { $sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $2; } >"$log" 2>&1; then
    tail -5 "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
  has "$1"
}

# try_promtool: Prometheus' checker alone, without the server that its package would start.
try_promtool() {
  has promtool && return 0
  command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || return 1
  say "Fetching promtool ..."
  local folder
  folder="$(mktemp -d)"
  chmod 755 "$folder"
  (cd "$folder" && apt-get update -qq && apt-get download -qq prometheus && dpkg-deb -x prometheus_*.deb . && install usr/bin/promtool /usr/local/bin/) >/dev/null 2>&1
  rm -rf "$folder"
  has promtool
}

# need PROGRAM PACKAGES NAME OTHERWISE: as try_install, and says what is missing where it may not install.
need() {
  try_install "$1" "$2" || fail "$3 is missing and could not be installed here: install it (Debian: apt-get install $2), $4."
}

# The dashboard is built with Node; what is built already needs none. Debian 12's own Node is too old for the bundler.
need_node() {
  [ "${BuildWeb:-true}" = true ] || return 0
  try_install node "nodejs npm" && has npm || fail "Node 20.19 or later with npm is missing and could not be installed here: install it (https://nodejs.org), or set BuildWeb=false where src/Web/Dashboard/dist is built already."
}

# build PROJECT CONFIGURATION: quiet when all is well, MSBuild's messages when it is not.
build() {
  local log started=$SECONDS
  log="$(mktemp)"
  if ! dotnet build "$1" -c "$2" --nologo -v quiet >"$log" 2>&1; then
    grep -E 'error|warn' "$log" | sort -u >&2 || cat "$log" >&2
    rm -f "$log"
    fail "The build failed."
  fi
  rm -f "$log"
  [ $((SECONDS - started)) -lt 3 ] || say "Built in $((SECONDS - started)) s."
}
