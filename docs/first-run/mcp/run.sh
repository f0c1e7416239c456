#!/usr/bin/env bash
# An MCP server and a client that nobody wrote for Sandgate, through it: @modelcontextprotocol/server-everything, in
# Streamable HTTP mode and in HTTP+SSE mode, three instances each, and the TypeScript SDK's own example of a server that
# speaks both, two instances; once through one node, once through two over one Redis, where there is a redis-server. Then
# server-everything once more, as a process pool that starts it by npx. Needs Node.js 20, npm and Linux (/proc); listens on
# free ports of 127.0.0.1; takes about two minutes.
#
#   docs/first-run/mcp/run.sh
#
# Exit codes: 1 where a check fails; 77 skipped, as there is no Linux, no Node.js or no way to npm's registry.
set -uo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
home=$(cd "$here/../../.." && pwd)
work=$(mktemp -d)
started=()
instances=3
per_instance=2

clean_up() {
  local pid
  for pid in ${started[@]+"${started[@]}"}; do
    kill -KILL "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
  started=()
  # whatever demand.mjs started, doors and instances alike, carries this in its environment
  for pid in $(grep -lzxs -- "FIRST_RUN=$work" /proc/[0-9]*/environ | cut -d/ -f3); do
    kill -KILL "$pid" 2>/dev/null
  done
  rm -rf "$work" ${example:+"$example"}
}
trap clean_up EXIT

die() {
  printf 'mcp: %s\n' "$*" >&2
  exit 1
}

# await FILE PATTERN: the first line that matches, within 20 seconds.
await() {
  local tries
  for ((tries = 0; tries < 200; tries++)); do
    grep -m 1 -- "$2" "$1" 2>/dev/null && return
    sleep 0.1
  done
  cat "$1" >&2
  return 1
}

# start_server NAME SCRIPT ARGUMENT...: with no environment but its name, as server-everything tells anyone all of it.
start_server() {
  local name=$1
  shift
  env -i PATH="$PATH" INSTANCE="$name" node --import "$folder/loopback.mjs" "$@" >"$work/$name.log" 2>&1 &
  started+=("$!")
}

# urls NAME...: what the config calls these servers, once they listen.
urls() {
  local name url list=()
  for name in "$@"; do
    url=$(await "$work/$name.log" '^listens on ') || die "$name does not start"
    list+=("\"${url##* }\"")
  done
  (IFS=,; printf '%s' "${list[*]}")
}

# start_door NAME CONFIG: its address in $address, its process in $door.
start_door() {
  "$home/sandgate" run "$2" >"$work/door-$1.log" 2>"$work/door-$1.err" &
  door=$!
  started+=("$door")
  address=$(await "$work/door-$1.err" '^sandgate: public listens on ') || die "the door does not open"
  address=${address##* }
}

# stop PID: SIGTERM, and the exit code that follows within 20 seconds.
stop() {
  local tries
  kill -TERM "$1" || return
  for ((tries = 0; tries < 200; tries++)); do
    kill -0 "$1" 2>/dev/null || break
    sleep 0.1
  done
  ((tries < 200)) || kill -KILL "$1"
  wait "$1"
}

# Two modes are two pools: an instance of one knows nothing of the other's sessions, or of its paths.
everything_config() {
  cat <<JSON
{
  "listeners": { "public": { "host": "127.0.0.1", "port": 0 } },
  "pools": {
    "streamable": {
      "instances": { "type": "static", "urls": [$1] },
      "sessions": { "perInstance": $per_instance },
      "queue": { "maxWait": "500ms" }
    },
    "sse": {
      "instances": { "type": "static", "urls": [$2] },
      "sessions": { "perInstance": $per_instance },
      "queue": { "maxWait": "500ms" }
    }
  },
  "routes": [
    { "name": "streamable", "paths": ["/mcp"], "pool": "streamable", "affinity": ["mcp"], "debug": true },
    {
      "name": "sse", "paths": ["/sse", "/message"], "pool": "sse",
      "affinity": [{ "mcp": { "ssePaths": ["/sse"] } }], "debug": true
    }
  ]
}
JSON
}

# The same as one of several nodes, with more room.
node_config() {
  printf '{ "node": { "id": "%s" },\n' "$1"
  printf '  "table": { "type": "redis", "url": "redis://127.0.0.1:%s", "hold": "1s", "timeout": "1s",\n' "$2"
  printf '    "keys": [{ "id": "first-run", "secret": "known to everybody who reads this script" }] },\n'
  per_instance=20 everything_config "$streamable_urls" "$sse_urls" | sed 1d
}

# Both modes through two nodes that share a table: each request goes to the next node.
two_nodes() {
  local port addresses=() doors=() node
  if ! command -v redis-server >/dev/null; then
    printf 'mcp: two nodes are skipped: redis-server is missing\n' >&2
    return
  fi
  port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => {
    console.log(s.address().port); s.close(); })')
  redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$work" >"$work/redis.log" 2>&1 &
  started+=("$!")
  await "$work/redis.log" 'Ready to accept connections' >/dev/null || die "Redis does not start"
  printf 'through two nodes, Redis %s\n' "$(redis-server --version | sed 's/.* v=\([^ ]*\).*/\1/')"
  for node in a b; do
    node_config "$node" "$port" >"$work/node-$node.json"
    start_door "node-$node" "$work/node-$node.json"
    addresses+=(--node "$address") doors+=("$door")
  done
  timeout --foreground -k 5 90 node "$folder/nodes.mjs" "${addresses[@]}" --instances $instances || return
  for door in "${doors[@]}"; do
    stop "$door" || die "a node ends with $? on SIGTERM"
  done
}

if [[ ! -r /proc/self/environ ]]; then
  printf 'mcp: skipped: there is no /proc to find processes in\n' >&2
  exit 77
fi
folder=$("$here/install.sh") || exit
cp "$here"/*.mjs "$folder" || exit 1
"$home/sandgate" version >"$work/version" || exit 1
everything=$folder/node_modules/@modelcontextprotocol/server-everything
sdk=$folder/node_modules/@modelcontextprotocol/sdk
version_of() { sed -n 's/^ *"version": *"\(.*\)".*/\1/p' "$1/package.json"; }
printf 'node %s, server-everything %s, sdk %s; %s\n' "$(node --version)" "$(version_of "$everything")" \
  "$(version_of "$sdk")" "$(head -n 1 "$work/version")"

streamable=() sse=() both=(both-1 both-2)
for ((i = 1; i <= instances; i++)); do
  streamable+=("streamable-$i") sse+=("sse-$i")
  start_server "streamable-$i" "$everything/dist/index.js" streamableHttp
  start_server "sse-$i" "$everything/dist/index.js" sse
done
for name in "${both[@]}"; do
  start_server "$name" "$sdk/dist/esm/examples/server/sseAndStreamableHttpCompatibleServer.js"
done

streamable_urls=$(urls "${streamable[@]}") && sse_urls=$(urls "${sse[@]}") && both_urls=$(urls "${both[@]}") || exit 1
everything_config "$streamable_urls" "$sse_urls" >"$work/everything.json"
sed -e '/"\$schema"/d' -e 's/"port": *[0-9]*/"port": 0/' \
  -e "s|\"http://127.0.0.1:9001\", *\"http://127.0.0.1:9002\"|$both_urls|" \
  "$home/conf/examples/mcp.json" >"$work/both.json"
start_door everything "$work/everything.json"
everything_door=$door everything_address=$address
start_door both "$work/both.json"
both_door=$door both_address=$address

direct=${streamable_urls%%,*}
timeout --foreground -k 5 75 node "$folder/client.mjs" --everything "$everything_address" --both "$both_address" \
  --direct "${direct//\"/}" --logs "$work" --instances $instances --slots $((instances * per_instance))
result=$?
((result == 0)) || cat "$work"/door-*.err >&2

stop "$everything_door" && stop "$both_door" || die "the door ends with $? on SIGTERM"
((result == 0)) || exit "$result"

if ! two_nodes; then
  cat "$work"/door-node-*.err >&2
  exit 1
fi

# The example as it is, in a folder below that of the installed packages, where npx finds them: it loads nothing.
printf 'on demand, by npx %s\n' "$(npx --version)"
example=$(mktemp -d "$folder/example.XXXXXX") && cp "$home/conf/examples/loopback.mjs" "$example" || exit 1
sed -e '/"\$schema"/d' -e 's/"port": *[0-9]*/"port": 0/' \
  -e "s|\"env\": {|&\"FIRST_RUN\": \"$work\", \"npm_config_offline\": \"true\",|" \
  "$home/conf/examples/mcp-everything.json" >"$example/mcp-everything.json"
timeout --foreground -k 5 90 node "$folder/demand.mjs" --sandgate "$home/sandgate" --run "$work" --logs "$work" \
  --config "$example/mcp-everything.json"
result=$?
((result == 0)) || cat "$work"/door-demand-*.err >&2
exit "$result"
