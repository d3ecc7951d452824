#!/usr/bin/env bash
# Runs a command with private Redis and Postgres servers at hand, and stops them afterwards:
#
#   tests/with-servers.sh dotnet test tests/Mka1.Edge.Stores.Tests
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/lib/servers.sh"
servers_install
work=$(mktemp -d)
chmod 711 "$work" # Postgres, which runs as another user, has its data below
trap 'servers_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
servers_start "$work"
"$@"
