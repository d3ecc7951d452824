#!/usr/bin/env bash
# How long a published gateway takes from the start of its process to its first answer, with and without code compiled ahead of time:
#
#   load-tests/startup.sh [ROUNDS]     7 rounds by default, the two taking turns
#
# Publishes both as the Dockerfile does, starts each in front of a scripted model server, and prints the median, least and most of the
# times to the first 200 of /healthz and of a response. Needs the .NET SDK and node. STARTUP_KEEP=DIR keeps what was published.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=${STARTUP_KEEP:-$(mktemp -d)}
[ -n "${STARTUP_KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
publish() {
    [ -x "$work/$1/Mka1.Edge.Gateway" ] || dotnet publish gateway/Mka1.Edge.Gateway -c Release -a "$(uname -m | sed 's/x86_64/x64/;s/aarch64/arm64/')" \
        --self-contained false "-p:PublishReadyToRun=$2" -o "$work/$1" -nodeReuse:false -v quiet
}
mkdir -p "$work"
publish jit false
publish r2r true
node load-tests/startup.mjs "${1:-7}" "$work/r2r/Mka1.Edge.Gateway" "$work/jit/Mka1.Edge.Gateway"
