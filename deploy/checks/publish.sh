#!/usr/bin/env bash
# Runs what the Dockerfiles run, outside a container: copies exactly what they copy, publishes with their command, starts the result and
# asks it. Minutes of work.
#
#   deploy/checks/publish.sh [gateway|model-server …]     both by default
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
pid=
trap '[ -z "$pid" ] || kill "$pid" 2>/dev/null || true; rm -rf "$work"' EXIT
export DOTNET_CLI_USE_MSBUILD_SERVER=0 DOTNET_NOLOGO=1 MSBUILDDISABLENODEREUSE=1

# publish NAME: into $work/NAME/app.
publish() {
    local file="$root/deploy/docker/$1.Dockerfile" words source
    mkdir -p "$work/$1/src"
    grep '^COPY ' "$file" | grep -v -- '--from' | while read -r _ words; do
        for source in ${words% *}; do
            (cd "$root" && find "$source" \( -name bin -o -name obj -o -name node_modules \) -prune -o -type f -print | tar -cf - -T -) | tar -xf - -C "$work/$1/src"
        done
    done
    local command
    command=$(sed -n 's/^RUN \(dotnet publish .*\)/\1/p' "$file" | sed "s#\$TARGETARCH#$(uname -m | sed 's/x86_64/amd64/;s/aarch64/arm64/')#; s#-o /app#-o $work/$1/app#")
    echo "$1: $command"
    (cd "$work/$1/src" && $command -v quiet)
}

free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# answers URL: within 60 s, while the process lives.
answers() {
    local try
    for try in $(seq 600); do
        if curl -fsS -o /dev/null "$1" 2>/dev/null; then return 0; fi
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

stop() {
    kill -TERM "$pid"
    wait "$pid" || { echo "FAILED: $1 ended with $?"; exit 1; }
    pid=
    echo "ok: $1 is published, answers, and ends when it is told to"
}

check_gateway() {
    publish gateway
    local port
    port=$(free_port)
    printf '{"pools":{"p":{"destinations":{"one":{"address":"http://127.0.0.1:9"}}}},"families":{"f":{"default":"dense","variants":{"dense":{"model":"m","pool":"p"}}}}}' >"$work/edge.json"
    EDGE_CONFIG="$work/edge.json" ASPNETCORE_URLS="http://127.0.0.1:$port" DOTNET_EnableDiagnostics=0 "$work/gateway/app/Mka1.Edge.Gateway" >"$work/log" 2>&1 &
    pid=$!
    answers "http://127.0.0.1:$port/readyz" || { cat "$work/log"; exit 1; }
    "$work/gateway/app/Mka1.Edge.Gateway" health "http://127.0.0.1:$port/readyz"
    stop gateway
}

check_model_server() {
    publish model-server
    local port
    port=$(free_port)
    ModelServer__Model="$root/backends/models/mka1-mini-quantized" ASPNETCORE_URLS="http://127.0.0.1:$port" DOTNET_EnableDiagnostics=0 \
        "$work/model-server/app/Mka1.Edge.ModelServer" >"$work/log" 2>&1 &
    pid=$!
    answers "http://127.0.0.1:$port/health" || { cat "$work/log"; exit 1; }
    curl -fsS "http://127.0.0.1:$port/v1/responses" -H 'Content-Type: application/json' -d '{"model":"mka1-mini-quantized","input":"2 + 2?","max_output_tokens":4}' | head -c 300
    echo
    stop model-server
}

[ $# -gt 0 ] || set -- gateway model-server
for image in "$@"; do "check_${image//-/_}"; done
