#!/usr/bin/env bash
# The npm clients, unmodified, against the server as users start it: keys, streams, tools, schemas, a SIGTERM at the end.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
server=
cleanup() {
  if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; fi
  rm -rf "$work"
}
trap cleanup EXIT
cp engine/server/src/test/node/* "$work"
(cd "$work" && npm ci --no-audit --no-fund --ignore-scripts >/dev/null)

THERMOCLINE_API_KEY=ci-key ./thermocline serve --port 0 --grace 5 2>"$work/log" &
server=$!
for _ in $(seq 300); do
  grep -q ready "$work/log" && break
  kill -0 "$server" || { cat "$work/log"; exit 1; }
  sleep 0.2
done
port=$(sed -n 's/.*listening on .*:\([0-9]*\)$/\1/p' "$work/log")
(cd "$work" && BASE_URL="http://127.0.0.1:$port/v1" API_KEY=ci-key npm test --silent)
kill -TERM "$server"
wait "$server" && exit 1 || [ $? -eq 143 ]
server=
grep -q stopped "$work/log"
! grep -q WARNING "$work/log"
