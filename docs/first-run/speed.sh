#!/usr/bin/env bash
# A look at speed, not a benchmark: one nginx through Sandgate and through HAProxy, in turn, with wrk. Both proxies pin
# by the same header, neither logs. Needs nginx, haproxy, wrk, curl and jq. Tells requests a second and CPU
# microseconds a request (utime + stime of the proxy's process) of each round, and the ratio of the medians.
#
#   docs/first-run/speed.sh [SECONDS [ROUNDS [CONNECTIONS]]]     5 3 32 unless given
set -euo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
seconds=${1:-5}
rounds=${2:-3}
connections=${3:-32}
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

nginx_port=$(free_port)
haproxy_port=$(free_port)
mkdir "$work/www"
head -c 1024 /dev/urandom >"$work/www/1k"
cat >"$work/nginx.conf" <<NGINX
daemon off; master_process off; pid $work/nginx.pid; error_log $work/nginx.log;
events { worker_connections 4096; }
http {
  access_log off; keepalive_requests 1000000000; client_body_temp_path $work/t1; proxy_temp_path $work/t2;
  fastcgi_temp_path $work/t3; uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  server { listen 127.0.0.1:$nginx_port; root $work/www; }
}
NGINX
cat >"$work/haproxy.cfg" <<HAPROXY
defaults
  mode http
  timeout connect 2s
  timeout client 60s
  timeout server 60s
  option forwardfor
listen public
  bind 127.0.0.1:$haproxy_port
  stick-table type string len 64 size 10k expire 30m
  stick on req.hdr(X-Session-Id)
  server one 127.0.0.1:$nginx_port
HAPROXY
jq --arg url "http://127.0.0.1:$nginx_port" '
  del(."$schema", .admin) | .accessLog = false | .listeners.public.port = 0
  | .pools.python.instances.urls = [$url]
  | .routes[0].affinity[0].header.generate = false' "$home/conf/examples/header.json" >"$work/sandgate.json"

nginx -c "$work/nginx.conf" -e "$work/nginx.log" &
started+=($!)
haproxy -db -f "$work/haproxy.cfg" >/dev/null 2>&1 &
haproxy_pid=$!
started+=("$haproxy_pid")
"$home/sandgate" run "$work/sandgate.json" 2>"$work/err" &
sandgate_pid=$!
started+=("$sandgate_pid")
until grep -q ': open' "$work/err"; do
  kill -0 "$sandgate_pid"
  sleep 0.2
done
sandgate_port=$(sed -n 's/.*public listens.*://p' "$work/err")

ticks() { awk '{ sub(/.*\) /, ""); print $12 + $13 }' "/proc/$1/stat"; }

# load PORT SECONDS: requests done, and a second; fails where one was not answered with 2xx.
load() {
  wrk -t1 -c"$connections" -d"$2s" -H 'X-Session-Id: speed' "http://127.0.0.1:$1/1k" >"$work/wrk"
  if grep -E 'Non-2xx|Socket errors' "$work/wrk" >&2; then return 1; fi
  awk '/ requests in / { done = $1 } /Requests\/sec/ { print done, $2 }' "$work/wrk"
}

# A cold JVM may take longer than wrk waits for an answer; that is not measured.
warm_up() { wrk -t1 -c"$connections" -d"$2s" -H 'X-Session-Id: speed' "http://127.0.0.1:$1/1k" >/dev/null; }

measure() {
  local name=$1 port=$2 pid=$3 before requests rate
  before=$(ticks "$pid")
  load "$port" "$seconds" >"$work/done"
  read -r requests rate <"$work/done"
  awk -v name="$name" -v ticks=$(($(ticks "$pid") - before)) -v hz="$(getconf CLK_TCK)" -v n="$requests" -v rate="$rate" \
    'BEGIN { printf "%s %.0f %.1f\n", name, rate, ticks / hz * 1e6 / n }' | tee -a "$work/$name"
}

median() { awk -v at="$2" '{ print $at }' "$work/$1" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }

warm_up "$sandgate_port" "$seconds"
warm_up "$sandgate_port" "$seconds"
warm_up "$haproxy_port" 2
for ((round = 0; round < rounds; round++)); do
  measure sandgate "$sandgate_port" "$sandgate_pid"
  measure haproxy "$haproxy_port" "$haproxy_pid"
done
awk -v a="$(median sandgate 2)" -v b="$(median haproxy 2)" -v c="$(median sandgate 3)" -v d="$(median haproxy 3)" \
  'BEGIN { printf "medians: Sandgate / HAProxy: requests a second %.2f, CPU a request %.1f\n", a / b, c / d }'
cut -d' ' -f1-3 /proc/loadavg
