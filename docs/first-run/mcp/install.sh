#!/usr/bin/env bash
# Installs the MCP server and client of package-lock.json into .build/first-run-mcp, which git ignores; does nothing
# where they are there already. The last line it prints is that folder.
#
#   docs/first-run/mcp/install.sh
#
# Exit codes: 1 npm refuses; 77 skipped, as there is no Node.js or no way to npm's registry, which one line tells.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$here/../../../.build/first-run-mcp
# what npm says where it cannot reach its registry, or gets nothing but a proxy's excuses
unreachable='code (E(NOTFOUND|AI_AGAIN|CONN[A-Z]*|TIMEDOUT|NETUNREACH|HOSTUNREACH|5[0-9]{2})|ERR_SOCKET_TIMEOUT)'

skip() {
  printf 'mcp: skipped: %s\n' "$*" >&2
  exit 77
}

command -v node >/dev/null || skip "Node.js is missing (install 20 or newer)"
command -v npm >/dev/null || skip "npm is missing"
major=$(node -p 'process.versions.node.split(".")[0]')
((major >= 20)) || skip "Node.js is $(node --version) (expected: 20 or newer)"

mkdir -p "$folder" || exit 1
folder=$(cd "$folder" && pwd)
if ! cmp -s "$here/package-lock.json" "$folder/installed.json"; then
  rm -f "$folder/installed.json"
  cp "$here/package.json" "$here/package-lock.json" "$folder" || exit 1
  (cd "$folder" && timeout -k 5 60 npm ci --ignore-scripts --no-audit --no-fund --fetch-retries=1 \
    --fetch-retry-mintimeout=1000 --fetch-timeout=20000) >"$folder/npm.log" 2>&1
  case $? in
    0) mv "$folder/package-lock.json" "$folder/installed.json" ;;
    124 | 137) skip "npm's registry did not answer within 60 seconds" ;;
    *)
      if reason=$(grep -m 1 -oE "$unreachable" "$folder/npm.log"); then
        skip "npm's registry is out of reach (${reason#code })"
      fi
      cat "$folder/npm.log" >&2
      printf 'mcp: npm does not install package-lock.json\n' >&2
      exit 1
      ;;
  esac
fi
printf '%s\n' "$folder"
