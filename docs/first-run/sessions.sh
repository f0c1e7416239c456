#!/usr/bin/env bash
# Many sessions over many sandboxes, each a process of its own: every request of a session must reach the instance that
# holds it, and be counted once. Needs curl, openssl and jq; listens on free ports of 127.0.0.1. Exits with 1 where a
# request went astray or was lost.
#
#   docs/first-run/sessions.sh [SANDBOXES [SESSIONS [ROUNDS]]]     20 200 6 unless given
set -uo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
sandboxes=${1:-20}
sessions=${2:-200}
rounds=${3:-6}
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
trap clean_up EXIT

die() {
  printf 'sessions: %s\n' "$*" >&2
  exit 1
}

# await FILE PATTERN: the first line that matches, within 90 seconds.
await() {
  local tries
  for ((tries = 0; tries < 900; tries++)); do
    grep -m 1 -- "$2" "$1" 2>/dev/null && return
    sleep 0.1
  done
  cat "$1" >&2
  die "no line like '$2' in $1"
}

# One curl for all sessions, 50 requests at a time: HTTP/1.1 in clear and HTTP/2 over TLS, in turn.
ask_all() {
  local round=$1 i url
  for ((i = 0; i < sessions; i++)); do
    url=http://127.0.0.1:$public_port/count
    (((i + round) % 2)) || url=https://127.0.0.1:$tls_port/count
    printf 'next\nurl = "%s"\nheader = "X-Session-Id: session-%d"\noutput = "%s/%d.%d"\ninsecure\nsilent\nshow-error\nmax-time = 30\n' \
      "$url" "$i" "$work/answers" "$i" "$round"
  done | sed 1d >"$work/curl.$round"
  curl --no-progress-meter --parallel --parallel-immediate --parallel-max 50 -K "$work/curl.$round" \
    || die "curl failed in round $round: $?"
}

"$home/sandgate" version || exit 1
openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \
  -keyout "$work/server.key" -out "$work/server.pem" 2>/dev/null || die "openssl made no certificate"
for ((i = 0; i < sandboxes; i++)); do
  SANDGATE_JAVA_OPTS='-Xmx32m -XX:+UseSerialGC -XX:TieredStopAtLevel=1' \
    "$home/sandgate" bench sandbox --port 0 --name "sandbox-$i" >"$work/sandbox.$i" 2>&1 &
  started+=($!)
done
urls=()
for ((i = 0; i < sandboxes; i++)); do
  urls+=("$(await "$work/sandbox.$i" 'listens on' | sed 's/.* on //')")
done
printf '%s\n' "${urls[@]}" | jq -Rn --argjson per $(((sessions + sandboxes - 1) / sandboxes)) --arg tls "$work/server" '{
  listeners: {
    public: {host: "127.0.0.1", port: 0},
    secure: {host: "127.0.0.1", port: 0, tls: {certificate: ($tls + ".pem"), key: ($tls + ".key")}}},
  pools: {sandboxes: {instances: {type: "static", urls: [inputs]}, sessions: {perInstance: $per}}},
  routes: [{name: "all", pool: "sandboxes", affinity: [{header: "X-Session-Id"}]}]}' >"$work/sandgate.json"
"$home/sandgate" run "$work/sandgate.json" >"$work/log" 2>"$work/err" &
door=$!
started+=("$door")
public_port=$(await "$work/err" 'public listens' | sed 's/.*://')
tls_port=$(await "$work/err" 'secure listens' | sed 's/.*://')
await "$work/err" ': open' >/dev/null

mkdir "$work/answers"
before=$SECONDS
for ((round = 1; round <= rounds; round++)); do ask_all "$round"; done
took=$((SECONDS - before))
kill -TERM "$door"
wait "$door" || die "the door ended with $?"

cat "$work"/answers/* | jq -s --argjson sessions "$sessions" --argjson rounds "$rounds" '
  group_by(.session) | {
    requests: (map(length) | add), sessions: length,
    instances: (map(.[].instance) | unique | length),
    mostOnOneInstance: (map(.[0].instance) | group_by(.) | map(length) | max),
    misrouted: map(select((map(.instance) | unique | length) > 1)) | length,
    miscounted: map(select((map(.count) | sort) != [range(1; $rounds + 1)])) | length}
  | ., if .requests == $sessions * $rounds and .sessions == $sessions and .misrouted == 0 and .miscounted == 0
       then "every request where it belongs, in '"$took"' s" else error("astray") end' || exit 1
jq -r '.protocol + " " + (.status | tostring) + " " + .reason' "$work/log" | sort | uniq -c
