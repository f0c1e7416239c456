#!/usr/bin/env bash
# Asks real servers, which nobody wrote for Sandgate, the same things directly and through Sandgate, and compares
# statuses, fields and bodies byte for byte. Needs nginx, python3, curl, openssl and jq; listens on free ports of
# 127.0.0.1; takes a minute or two and 1 GiB in the temporary folder. Exits with 1 where anything differs.
#
#   docs/first-run/run.sh            all ways: HTTP/1.1, HTTP/1.1 over TLS, HTTP/2 by prior knowledge, HTTP/2 over TLS
#   docs/first-run/run.sh h1 h2tls   these only
set -uo pipefail

home=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
started=()
cases=0
differing=0
ways=("$@")
((${#ways[@]})) || ways=(h1 h1tls h2c h2tls)

clean_up() {
  local pid
  for pid in ${started[@]+"${started[@]}"}; do
    kill -TERM "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
  done
  rm -rf "$work"
}
trap clean_up EXIT

say() { printf '%s\n' "$*"; }

die() {
  say "first-run: $*" >&2
  exit 1
}

differs() {
  differing=$((differing + 1))
  say "DIFFERS $*"
}

start() {
  "$@" >"$work/$name.out" 2>"$work/$name.err" &
  pid=$!
  started+=("$pid")
}

free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# await FILE PATTERN: the first line that matches, within 60 seconds (the launcher may have to build).
await() {
  local tries
  for ((tries = 0; tries < 600; tries++)); do
    grep -m 1 -- "$2" "$1" 2>/dev/null && return
    sleep 0.1
  done
  cat "$1" >&2
  die "no line like '$2' in $1"
}

make_files() {
  mkdir -p "$work/www/dir/deep" "$work/www/up" "$work/www/small" "$work/tls"
  head -c $((200 * 1024 * 1024)) /dev/urandom >"$work/www/big.bin"
  head -c 1000003 /dev/urandom >"$work/www/odd.bin"
  : >"$work/www/empty.txt"
  printf '<!doctype html><title>home</title>home\n' >"$work/www/index.html"
  printf 'deep\n' >"$work/www/dir/deep/index.html"
  printf 'space\n' >"$work/www/with space.txt"
  printf 'umlaut\n' >"$work/www/$(printf 'gr\xc3\xbc\xc3\x9fe').txt"
  printf 'plus\n' >"$work/www/a+b&c=d;e.txt"
  seq 1 20000 >"$work/www/numbers.txt"
  local i
  for ((i = 1; i <= 200; i++)); do head -c $((i * 37)) /dev/urandom >"$work/www/small/$i.bin"; done
  openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj /CN=localhost \
    -addext 'subjectAltName=DNS:localhost,DNS:nginx.test,DNS:secure.test,DNS:python.test,IP:127.0.0.1' \
    -keyout "$work/tls/server.key" -out "$work/tls/server.pem" 2>/dev/null || die "openssl made no certificate"
}

start_nginx() {
  nginx_port=$(free_port)
  secure_port=$(free_port)
  cat >"$work/nginx.conf" <<NGINX
daemon off; master_process off; worker_processes 1; pid $work/nginx.pid; error_log $work/nginx.log;
events { worker_connections 1024; }
http {
  default_type application/octet-stream; access_log off; keepalive_requests 100000;
  types { text/html html; text/plain txt; }
  client_body_temp_path $work/t1; proxy_temp_path $work/t2; fastcgi_temp_path $work/t3;
  uwsgi_temp_path $work/t4; scgi_temp_path $work/t5;
  gzip on; gzip_min_length 100; gzip_types text/plain; gzip_proxied any;
  server {
    listen 127.0.0.1:$nginx_port;
    listen 127.0.0.1:$secure_port ssl;
    ssl_certificate $work/tls/server.pem; ssl_certificate_key $work/tls/server.key;
    root $work/www; client_max_body_size 0;
    location /up/ { dav_methods PUT DELETE; }
    location /narrow/ { client_max_body_size 1k; dav_methods PUT; }
    location = /seen {
      add_header X-Seen-Method \$request_method; add_header X-Seen-Type "\$content_type";
      add_header X-Seen-Test "\$http_x_test"; add_header X-Seen-Cookie "\$http_cookie";
      add_header X-Seen-Authorization "\$http_authorization"; return 200 "\$request_uri \$args\n";
    }
    location = /moved { return 302 /dir/deep/; }
    location = /cookies { add_header Set-Cookie "a=1; Path=/"; add_header Set-Cookie "b=2; HttpOnly"; return 200 "ok\n"; }
    location = /nothing { return 204; }
    location = /away { add_header Retry-After 7 always; return 503 "away\n"; }
    location = /broken { return 500; }
    location = /teapot { return 418 "short and stout\n"; }
    location = /latin { add_header X-Latin "gr\xfc\xdfe"; return 200 "ok\n"; }
    location = /private { return 401 "who?\n"; }
  }
}
NGINX
  name=nginx start nginx -c "$work/nginx.conf" -e "$work/nginx.log"
}

start_python() {
  name=python start python3 -u -m http.server --bind 127.0.0.1 --directory "$work/www" 0
  python_port=$(await "$work/python.out" 'port' | sed 's/.* port \([0-9]*\).*/\1/')
}

# The shape of conf/examples/header.json: one pool for each server, a second listener with TLS.
start_sandgate() {
  jq --arg nginx "http://127.0.0.1:$nginx_port" --arg secure "https://localhost:$secure_port" \
    --arg python "http://127.0.0.1:$python_port" --arg tls "$work/tls/server" '
      del(."$schema") | .pools.python as $pool | .routes[0] as $route
      | .listeners.public.port = 0
      | .listeners.secure = {host: "127.0.0.1", port: 0, tls: {certificate: ($tls + ".pem"), key: ($tls + ".key")}}
      | .admin.port = 0
      | .pools = {nginx: $nginx, secure: $secure, python: $python}
      | .pools |= map_values(. as $url | $pool | .host = "preserve" | .instances.urls = [$url])
      | .pools.secure.instances.trust = $tls + ".pem"
      | .routes = [("nginx", "secure", "python") as $name
          | $route | .name = $name | .pool = $name | .hosts = [$name + ".test"]]' \
    "$home/conf/examples/header.json" >"$work/sandgate.json" || die "jq made no config"
  name=sandgate start "$home/sandgate" run "$work/sandgate.json"
  sandgate_pid=$pid
  public_port=$(await "$work/sandgate.err" 'public listens' | sed 's/.*://')
  tls_port=$(await "$work/sandgate.err" 'secure listens' | sed 's/.*://')
  await "$work/sandgate.err" ': open' >/dev/null
}

# fetch SIDE SERVER PATH CURL-ARGUMENT...: SIDE is direct or via. Body, head and status into files.
fetch() {
  local side=$1 server=$2 path=$3 url
  shift 3
  local how=(-m 60 -sS --path-as-is -H "Host: $server.test")
  local out=(-o "$work/$side.body" -D "$work/$side.head" -w '%{http_code} %{size_download} %{num_connects}\n')
  [[ " $* " != *' -o '* ]] || out=()
  if [[ $side == direct ]]; then
    how+=(--http1.1)
    case $server in
      nginx) url=http://127.0.0.1:$nginx_port ;;
      secure) url=https://127.0.0.1:$secure_port how+=(-k) ;;
      python) url=http://127.0.0.1:$python_port ;;
    esac
  else
    how+=(-H "X-Session-Id: ${session[$server]}")
    case $way in
      h1) url=http://127.0.0.1:$public_port how+=(--http1.1) ;;
      h1tls) url=https://127.0.0.1:$tls_port how+=(-k --http1.1) ;;
      h2c) url=http://127.0.0.1:$public_port how+=(--http2-prior-knowledge) ;;
      h2tls) url=https://127.0.0.1:$tls_port how+=(-k --http2) ;;
    esac
  fi
  : >"$work/$side.body"
  : >"$work/$side.head"
  curl "${how[@]}" ${out[@]+"${out[@]}"} "$@" "$url$path" >"$work/$side.status" 2>"$work/$side.curl"
  echo "curl: $?" >>"$work/$side.status"
}

# The fields that should be equal: all but those of one connection, of one moment, and Sandgate's own. A multipart
# boundary is another each time.
fields() {
  tr -d "\r" <"$1" | grep -a : \
    | sed -E 's/^([^:]*):/\L\1:/; s/boundary=.*/boundary=B/' \
    | grep -aviE '^(connection|keep-alive|transfer-encoding|date|via|x-request-id|x-session-id):' | LC_ALL=C sort
}

body_sum() {
  # after -I the head stands where the body would
  ! head -c 5 "$1" | grep -aq "^HTTP/" || return 0
  if grep -aqi 'multipart/byteranges' "${1%.body}.head"; then
    sed -E 's/^--[0-9]{10,}/--B/' "$1" | sha256sum
  else
    sha256sum <"$1"
  fi
}

status_of() { cut -d' ' -f1 "$work/$1.status" | head -1; }

# same WHAT SERVER PATH CURL-ARGUMENT...
same() {
  local what=$1
  shift
  cases=$((cases + 1))
  fetch direct "$@"
  fetch via "$@"
  local told="$way $1: $what ($2)"
  cmp -s <(sed 's/ [0-9]*$//' "$work/direct.status") <(sed 's/ [0-9]*$//' "$work/via.status") \
    || differs "$told: status, size: $(tr '\n' ' ' <"$work/direct.status") / $(tr '\n' ' ' <"$work/via.status")" \
      "$(cat "$work/via.curl")"
  [[ $(body_sum "$work/direct.body") == $(body_sum "$work/via.body") ]] || differs "$told: body"
  diff <(fields "$work/direct.head") <(fields "$work/via.head") >"$work/diff" \
    || differs "$told: fields: $(grep -a '^[<>]' "$work/diff" | tr '\n' ' ')"
}

# stored WHAT SERVER FILE CURL-ARGUMENT...: the upload arrives whole, and is answered the same, twice (201, then 204).
stored() {
  local what=$1 server=$2 file=$3 side round
  shift 3
  cases=$((cases + 1))
  rm -f "$work"/www/up/*
  for round in first second; do
    for side in direct via; do
      fetch "$side" "$server" "/up/$side" "$@" <"$file"
      cmp -s "$file" "$work/www/up/$side" || differs "$way $server: $what: $round $side: not what was sent" \
        "$(tr '\n' ' ' <"$work/$side.status") $(cat "$work/$side.curl")"
    done
    [[ $(status_of direct) == "$(status_of via)" ]] \
      || differs "$way $server: $what: $round: $(status_of direct) / $(status_of via)"
  done
  rm -f "$work"/www/up/*
}

# many SERVER: 200 files over one connection; with HTTP/2 then 50 at a time. curl 7.88 fails the second transfer of an
# HTTP/2 connection by prior knowledge, with nginx too, so that way is left out.
many() {
  local server=$1 connects extra
  [[ $way != h2c ]] || return 0
  for extra in '' '--parallel --parallel-immediate --parallel-max 50'; do
    [[ ! $extra || $way == h2tls ]] || continue
    cases=$((cases + 1))
    mkdir -p "$work/got"
    # shellcheck disable=SC2086 # words of their own
    fetch via "$server" '/small/[1-200].bin' $extra -o "$work/got/#1.bin" -w '%{http_code} %{num_connects}\n'
    diff -rq "$work/www/small" "$work/got" >"$work/diff" \
      || differs "$way $server: 200 files $extra: $(head -3 "$work/diff" | tr '\n' ' ') $(head -c 300 "$work/via.curl")"
    connects=$(awk '$1 == 200 { n += $2 } END { print n }' "$work/via.status")
    [[ $extra || $connects == 1 ]] || differs "$way $server: 200 files took $connects connections"
    rm -rf "$work/got"
  done
}

open_session() {
  session[$1]=$(curl -m 10 -sS -D - -o /dev/null -H "Host: $1.test" "http://127.0.0.1:$public_port/" \
    | tr -d '\r' | sed -n 's/^x-session-id: //Ip')
  [[ ${session[$1]} ]] || die "no session at $1"
}

pages() {
  local s=$1
  same 'a page' "$s" /
  same 'the same once more' "$s" /index.html
  same 'a page in a folder' "$s" /dir/deep/
  same 'an empty file' "$s" /empty.txt
  same 'no such page' "$s" /no/such/page
  same 'a query' "$s" '/index.html?a=b&c=%20+%2F?&&='
  same 'a space in the name' "$s" /with%20space.txt
  same 'UTF-8 in the name' "$s" /gr%C3%BC%C3%9Fe.txt
  same 'lower-case escapes' "$s" /gr%c3%bc%c3%9fe.txt
  same 'other signs in the name' "$s" '/a+b&c=d;e.txt'
  same 'the same, escaped' "$s" /a%2Bb%26c%3Dd%3Be.txt
  same 'a folder without its slash' "$s" /dir/deep
  same 'a long query' "$s" "/index.html?$(printf 'x%.0s' {1..7000})"
  same 'HEAD' "$s" /numbers.txt -I
  same 'HEAD of what is not there' "$s" /no -I
  same 'HEAD of an empty file' "$s" /empty.txt -I
  same 'an odd size' "$s" /odd.bin
  same '200 MiB' "$s" /big.bin
  same 'HEAD of 200 MiB' "$s" /big.bin -I
  same 'not changed since' "$s" /numbers.txt -z "$(date -u -d '+1 day' '+%a, %d %b %Y %T GMT')"
  same 'changed since' "$s" /numbers.txt -z 'Thu, 01 Jan 2004 00:00:00 GMT'
  same 'a method nobody knows' "$s" /index.html -X BREW
  same 'OPTIONS' "$s" /index.html -X OPTIONS
  same 'POST where there is none' "$s" /index.html -d x=1
}

more_pages() {
  local s=$1 etag range
  for range in 0-99 100- -100 0-0 199999999-209715200 0-0,10-20,-5 0-99,50-150,1000000- 5-1 abc 999999999999- -0; do
    same "range $range" "$s" /big.bin -r "$range"
  done
  same 'a range of another unit' "$s" /odd.bin -H 'Range: lines=1-2'
  same 'a range under gzip' "$s" /numbers.txt -r 5-50 -H 'Accept-Encoding: gzip'
  etag=$(curl -m 10 -sS -I "http://127.0.0.1:$nginx_port/numbers.txt" | tr -d '\r' | sed -n 's/^etag: //Ip')
  same 'If-None-Match, same' "$s" /numbers.txt -H "If-None-Match: $etag"
  same 'If-None-Match, weak' "$s" /numbers.txt -H "If-None-Match: W/$etag, \"x\""
  same 'If-None-Match, other' "$s" /numbers.txt -H 'If-None-Match: "x"'
  same 'If-Match, other' "$s" /numbers.txt -H 'If-Match: "x"'
  same 'If-Range, same' "$s" /numbers.txt -r 0-9 -H "If-Range: $etag"
  same 'If-Range, other' "$s" /numbers.txt -r 0-9 -H 'If-Range: "x"'
  same 'gzip' "$s" /numbers.txt -H 'Accept-Encoding: gzip'
  same 'gzip, HEAD' "$s" /numbers.txt -I -H 'Accept-Encoding: gzip'
  same 'gzip, undone by curl' "$s" /numbers.txt --compressed
  same 'gzip refused' "$s" /numbers.txt -H 'Accept-Encoding: identity'
  same 'what arrives' "$s" '/seen?a=b&c=%zz' -H 'X-Test: 1' -H 'Cookie: a=1; b=2' -u me:secret
  same 'what arrives of a form' "$s" /seen -d a=b
  same 'Latin-1 in a field' "$s" /seen -H "$(printf 'X-Test: gr\xfc\xdfe')"
  same 'Latin-1 in an answer' "$s" /latin
  same '100 fields' "$s" /seen $(printf -- '-H X-N%d:%d ' $(seq 1 200))
  same 'a redirect' "$s" /moved
  same 'two cookies' "$s" /cookies
  same '204' "$s" /nothing
  same '401' "$s" /private
  same '418' "$s" /teapot
  same '500' "$s" /broken
  same '503' "$s" /away
  same 'double slashes' "$s" //dir//deep/
  same 'an empty form' "$s" /seen --data-binary ''
  same 'DELETE of nothing' "$s" /up/none -X DELETE
  # curl 7.88 loses an HTTP/2 answer that ends before its request does, nginx's and HAProxy's too
  [[ $way != h2* ]] || return 0
  same 'a body that is refused' "$s" /narrow/x -T "$work/www/odd.bin"
  same 'a body that is refused, told first' "$s" /narrow/x -T "$work/www/odd.bin" -H 'Expect: 100-continue'
}

uploads() {
  local s=$1
  stored 'a small upload' "$s" "$work/www/index.html" -T "$work/www/index.html"
  stored 'an empty upload' "$s" "$work/www/empty.txt" -T "$work/www/empty.txt"
  stored 'an odd upload' "$s" "$work/www/odd.bin" -T "$work/www/odd.bin"
  stored 'with Expect' "$s" "$work/www/odd.bin" -T "$work/www/odd.bin" -H 'Expect: 100-continue'
  stored 'without Expect' "$s" "$work/www/odd.bin" -T "$work/www/odd.bin" -H 'Expect:'
  stored 'small with Expect' "$s" "$work/www/index.html" -T "$work/www/index.html" -H 'Expect: 100-continue'
  stored 'without a length' "$s" "$work/www/odd.bin" -T -
  stored 'nothing, without a length' "$s" "$work/www/empty.txt" -T -
  stored '200 MiB' "$s" "$work/www/big.bin" -T "$work/www/big.bin"
  stored '200 MiB without a length' "$s" "$work/www/big.bin" -T -
}

declare -A session=()
make_files
start_nginx
start_python
start_sandgate
for server in nginx secure python; do open_session "$server"; done
say "$("$home/sandgate" version | tr '\n' ',') $(nginx -v 2>&1), $(python3 --version), $(curl --version | head -1 | cut -d' ' -f1-2)"
for way in "${ways[@]}"; do
  before=$SECONDS
  for server in nginx secure python; do
    pages "$server"
    [[ $server == python ]] || more_pages "$server"
    [[ $server == python ]] || uploads "$server"
    many "$server"
  done
  say "$way: $cases cases so far, $differing differ, $((SECONDS - before)) s"
done
cat "$work/sandgate.err" | grep -E 'WARN|ERROR|Exception' && differs "Sandgate complained"
kill -TERM "$sandgate_pid"
wait "$sandgate_pid"
code=$?
((code == 0)) || differs "Sandgate ended with $code"
lines=$(wc -l <"$work/sandgate.out")
jq -e . "$work/sandgate.out" >/dev/null || differs "a line of the access log is not JSON"
say "access log: $lines lines; $(jq -r .reason "$work/sandgate.out" | sort | uniq -c | sort -rn | tr -s ' \n' ' ')"
say "$cases cases, $differing differ"
((differing == 0))
