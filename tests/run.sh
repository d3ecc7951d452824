#!/usr/bin/env bash
# Builds everything once and runs every test. Needs the .NET 10 SDK; installs the rest from Debian's packages when it is
# missing and it may (root or sudo). Asks nothing. The last line is "N passed, N failed"; the exit status is 1 if any failed.
#
#   tests/run.sh                     everything
#   tests/run.sh --without-servers   without Redis and Postgres
set -euo pipefail
exec </dev/null
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/lib/servers.sh
. tests/lib/results.sh

with_servers=yes
for argument in "$@"; do
    case $argument in
        --with-servers) with_servers=yes ;;
        --without-servers) with_servers=no ;;
        *) echo "unknown argument: $argument" >&2; exit 2 ;;
    esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
work=$(mktemp -d)
chmod 711 "$work" # Postgres, which runs as another user, has its data below
trap 'servers_stop; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

step() { printf '\n== %s\n' "$*"; }

# Registries fail now and then; a second try is not a second opinion on the code.
retry() {
    local try
    for try in 1 2 3; do
        if "$@"; then return 0; fi
        sleep $((try * 2))
    done
    return 1
}

step "Tools"
packages=()
command -v node >/dev/null || packages+=(nodejs)
command -v npm >/dev/null || packages+=(npm)
command -v curl >/dev/null || packages+=(curl)
[ ${#packages[@]} = 0 ] || apt_install "${packages[@]}" || echo "could not install: ${packages[*]}"
command -v promtool >/dev/null || apt_install prometheus || echo "could not install prometheus: its tests are skipped, and say so"
[ $with_servers = no ] || servers_install || echo "could not install redis-server and postgresql; --without-servers leaves them out"
echo "dotnet $(dotnet --version), node $(node --version 2>/dev/null || echo missing)"

# Neither build nodes nor a compiler server may outlive this script.
step "Build"
retry dotnet restore Mka1.Edge.sln -nodeReuse:false -v quiet
dotnet build Mka1.Edge.sln -c Release --no-restore -nodeReuse:false -p:UseSharedCompilation=false -v quiet

if [ $with_servers = yes ]; then
    step "Redis and Postgres"
    servers_start "$work" || true
    count_check "redis-cli ping answers PONG" redis_answers
    count_check "psql -c 'select 1' answers 1" postgres_answers
fi

# run_tests NAME RESULTS [FILTER…]
run_tests() {
    local name=$1 results=$2
    shift 2
    timeout --kill-after=15 900 dotnet test "tests/$name/bin/Release/net10.0/$name.dll" "$@" \
        --logger "trx;LogFileName=$results.trx" --logger "console;verbosity=minimal" --results-directory "$work/results"
}

for project in tests/*/*.csproj; do
    name=$(basename "$project" .csproj)
    # Holds tests only in a build with TorchSharp; MSBuild takes the property from the environment: Torch=cpu tests/run.sh
    [ "$name" != Mka1.Edge.Inference.Torch.Tests ] || [ -n "${Torch:-}" ] || continue
    step "$name"
    status=0
    run_tests "$name" "$name" || status=$?
    # A few failed tests get a second run of their own: one that only the machine's load failed passes there, and is named
    # as flaky in the end; one that fails for a reason fails again.
    if [ "$status" = 1 ] && [ -s "$work/results/$name.trx" ] && filter=$(failed_methods "$work/results/$name.trx") && [ -n "$filter" ]; then
        step "$name, what failed once more"
        run_tests "$name" "$name.again" --filter "$filter" || true
        ! count_flaky "$work/results/$name.trx" "$work/results/$name.again.trx" || continue
    fi
    count_trx "$name" "$work/results/$name.trx" "$status"
done

step "npm clients"
status=0
(
    cd tests/clients
    retry npm ci --loglevel=error
    timeout --kill-after=15 240 node --test --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$work/npm.tap"
) || status=$?
count_tap "npm clients" "$work/npm.tap" "$status"

step "Deployment files"
status=0
(
    cd deploy/checks
    retry npm ci --loglevel=error
    timeout --kill-after=15 300 node --test --test-reporter=spec --test-reporter-destination=stdout \
        --test-reporter=tap --test-reporter-destination="$work/deploy.tap"
) || status=$?
count_tap "deployment files" "$work/deploy.tap" "$status"

servers_stop
summary
