#!/usr/bin/env bash
# A limit of 1,000 requests a second over three real doors that share one Redis, under three times as many from three wrk, one
# a door, after 15 s in which everything grows warm. Tells the answers of 200 in each second of the clients' clock, and what Redis had to do for them. Needs wrk,
# redis-server, redis-cli, curl, jq and python3.
#
#   docs/first-run/fleet-limit.sh [SECONDS [PERMITS]]     60 1000 unless given
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seconds=${1:-60}
permits=${2:-1000}
connections=20
work=$(mktemp -d)
started=()

clean_up() {
  local pid
  for pid in ${started[@]+"${started[@]}"}; do
    kill -TERM "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
  rm -rf "$work"
}
trap 'clean_up || true' EXIT

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# wait_for FILE TEXT PID: until the program has printed it.
wait_for() {
  until grep -qs "$2" "$1"; do
    kill -0 "$3" || { cat "$1" >&2 && exit 1; }
    sleep 0.2
  done
}

redis_port=$(free_port)
redis-server --port "$redis_port" --bind 127.0.0.1 --save '' --dir "$work" >"$work/redis" 2>&1 &
started+=($!)
wait_for "$work/redis" 'Ready to accept' $!
"$home/sandgate" bench sandbox --port 0 >"$work/sandbox" 2>&1 &
started+=($!)
wait_for "$work/sandbox" 'listens on' $!
sandbox=$(sed -n 's/.*listens on //p' "$work/sandbox")

doors=()
for node in a b c; do
  cat >"$work/$node.json" <<CONFIG
{
  "listeners": { "public": { "host": "127.0.0.1", "port": 0 } },
  "node": { "id": "$node", "advertise": "127.0.0.1" },
  "table": {
    "type": "redis", "url": "redis://127.0.0.1:$redis_port",
    "keys": [{ "id": "try", "secret": "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff" }]
  },
  "pools": { "one": { "instances": { "type": "static", "urls": ["$sandbox"] } } },
  "accessLog": false,
  "routes": [{
    "name": "all", "pool": "one",
    "policies": [{ "rateLimit": { "key": "route", "permits": $permits, "per": "1s", "scope": "fleet" } }]
  }]
}
CONFIG
  SANDGATE_JAVA_OPTS=-Xmx256m "$home/sandgate" run "$work/$node.json" 2>"$work/$node.err" &
  started+=($!)
  wait_for "$work/$node.err" ': open' $!
  doors+=("$(sed -n 's/.*public listens.*://p' "$work/$node.err")")
done

# Each connection waits between its requests, so that together they ask for three times the permits.
wait_ms=$((connections * 1000 / permits))
cat >"$work/count.lua" <<LUA
local threads = {}
function setup(thread) table.insert(threads, thread) end
function init() passed, refused = {}, {} end
function delay() return $wait_ms end
function response(status)
  local second, into = tostring(os.time()), status == 200 and passed or refused
  into[second] = (into[second] or 0) + 1
end
function done()
  for _, thread in ipairs(threads) do
    for second, count in pairs(thread:get("passed")) do print("second", second, count, 0) end
    for second, count in pairs(thread:get("refused")) do print("second", second, 0, count) end
  end
end
LUA

warm=()
for port in "${doors[@]}"; do
  wrk -t1 -c"$connections" -d15s -s "$work/count.lua" "http://127.0.0.1:$port/" >/dev/null &
  warm+=($!)
done
wait "${warm[@]}"
redis-cli -p "$redis_port" config resetstat >/dev/null
cpu() { redis-cli -p "$redis_port" info cpu | awk -F'[:\r]' '/^used_cpu_(user|sys):/ { sum += $2 } END { print sum }'; }
cpu_before=$(cpu)
load_before=$(cut -d' ' -f1 /proc/loadavg)
loads=()
for at in 0 1 2; do
  wrk -t1 -c"$connections" -d"${seconds}s" -s "$work/count.lua" "http://127.0.0.1:${doors[at]}/" >"$work/wrk$at" &
  loads+=($!)
done
wait "${loads[@]}"
cpu_after=$(cpu)
redis-cli -p "$redis_port" info commandstats | tr -d '\r' >"$work/commands"

python3 - "$work" "$seconds" "$permits" "$load_before" "$cpu_before" "$cpu_after" <<'PYTHON'
import re, statistics, sys
work, seconds, permits, load, before, after = sys.argv[1], *map(float, sys.argv[2:])
passed, refused, doors = {}, {}, []
for at in range(3):
    mine = 0
    for line in open(f"{work}/wrk{at}"):
        if line.startswith("second"):
            _, second, good, bad = line.split()
            passed[int(second)] = passed.get(int(second), 0) + int(good)
            refused[int(second)] = refused.get(int(second), 0) + int(bad)
            mine += int(good)
    doors.append(mine)
whole = sorted(passed)[1:-1]  # the first and the last are not whole seconds of the clock
counts = [passed[second] for second in whole]
for line in range(0, len(counts), 10):
    print(f"{line + 1:3} " + " ".join(f"{count:5}" for count in counts[line:line + 10]))
calls = sum(int(c) for c in re.findall(r"^cmdstat_(?:evalsha|eval):calls=(\d+)", open(f"{work}/commands").read(), re.M))
asked = [count + refused.get(second, 0) for second, count in zip(whole, counts)]
enough = [count for count, all in zip(counts, asked) if all >= 1.2 * permits]
print(f"load average before: {load}; whole seconds: {len(counts)}; limit: {permits:.0f} a second")
print(f"asked a second: mean {statistics.mean(asked):.0f}, least {min(asked)}, most {max(asked)}")
print(f"200 a second: mean {statistics.mean(counts):.1f}, least {min(counts)}, most {max(counts)}")
print(f"200 in the {len(enough)} seconds in which a fifth more than the limit was asked:"
      f" mean {statistics.mean(enough):.1f}, least {min(enough)}, most {max(enough)}")
print(f"200 by door: {', '.join(map(str, doors))}")
print(f"scripts that Redis ran: {calls / seconds:.0f} a second; its CPU: {(after - before) / seconds * 100:.2f} % of a core")
PYTHON
