#!/bin/sh
# Builds the dashboard into dist/. Two builds at once wait for each other, and the second finds its work done.
set -eu
cd "$(dirname "$0")"

if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
  echo "Dashboard: Node 20.19 or later is needed to build it, with npm (Debian: apt-get install nodejs npm; or https://nodejs.org). With BuildWeb=false an existing dist folder is taken as it is." >&2
  exit 1
fi
node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' || {
  echo "Dashboard: Node 20.19 or later is needed to build it; this is $(node --version)." >&2
  exit 1
}

if command -v flock >/dev/null; then
  exec 9>.build.lock
  flock 9
fi

if [ ! node_modules/.package-lock.json -nt package-lock.json ]; then
  npm ci --no-audit --no-fund --loglevel=error || { echo "Dashboard: npm ci failed; the lines above say why." >&2; exit 1; }
  touch node_modules/.package-lock.json
fi

if [ -f dist/index.html ] && [ -z "$(find . -path ./node_modules -prune -o -path ./dist -prune -o -name '.build.*' -prune -o -type f -newer dist/index.html -print)" ]; then
  exit 0
fi

# Built beside and then put in place, so that nobody ever sees half of it.
rm -rf .build.new
npm run --silent build -- --outDir .build.new || { echo "Dashboard: its build failed; the lines above say why." >&2; exit 1; }
rm -rf dist
mv .build.new dist
touch dist/index.html
