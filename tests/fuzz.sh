#!/usr/bin/env bash
# Runs the fuzzers for as long as it takes, and says how far they are:
#
#   tests/fuzz.sh [--requests N] [--parses N] [--answers N] [--heads N] [--seed S]
#
# --requests  mutated bodies over HTTP, to every route that reads one       (default 1,000,000)
# --parses    mutated inputs of every parser, in process                    (default 20,000,000)
# --answers   mutated answers of a model server                             (default 50,000)
# --heads     mutated requests, head and all, over a socket of their own    (default 10,000)
# --seed      the same seed and counts make the same inputs                    (default: the time)
#
# 0 leaves one out. A finding is printed with its seed and its bytes, and belongs into tests/corpus. Exit status 1 if there was one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
requests=1000000 parses=20000000 answers=50000 heads=10000 seed=$(date +%s)
while [ $# -gt 0 ]; do
    case $1 in
        --requests) requests=$2 ;;
        --parses) parses=$2 ;;
        --answers) answers=$2 ;;
        --heads) heads=$2 ;;
        --seed) seed=$2 ;;
        *) sed -n '2,12s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift 2
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_CLI_USE_MSBUILD_SERVER=0
export MKA1_FUZZ_REQUESTS=$requests MKA1_FUZZ_PARSES=$parses MKA1_FUZZ_ANSWERS=$answers MKA1_FUZZ_HEADS=$heads MKA1_FUZZ_SEED=$seed
work=$(mktemp -d)
export MKA1_FUZZ_PROGRESS=$work/progress
: >"$MKA1_FUZZ_PROGRESS"
shown=
trap '[ -z "$shown" ] || kill "$shown" 2>/dev/null || true; rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

project=tests/Mka1.Edge.Security.Tests
dotnet build "$project" -c Release -nodeReuse:false -p:UseSharedCompilation=false -v quiet
echo "seed $seed"
# A line of each kind every few seconds is enough, but for the last.
show() {
    local line told=-5
    while read -r line; do
        if [[ $line == *" done"* ]] || [ $((SECONDS - told)) -ge 5 ]; then
            told=$SECONDS
            echo "$line"
        fi
    done
}
show < <(exec tail -n +1 --pid=$$ -f "$MKA1_FUZZ_PROGRESS") &
shown=$!

# One after the other: each is to have the machine for itself, and its rate to mean something.
status=0
run() {
    [ "$1" != 0 ] || return 0
    local from
    from=$(date +%s)
    dotnet test "$project/bin/Release/net10.0/Mka1.Edge.Security.Tests.dll" --filter "FullyQualifiedName~$2" \
        --logger "console;verbosity=minimal" >"$work/out" 2>&1 || { status=1; cat "$work/out"; }
    echo "$2: $(($(date +%s) - from)) s" >>"$MKA1_FUZZ_PROGRESS"
}
run "$parses" ParsersTakeAnythingTests.Every_mutation
run "$requests" GatewayTakesAnythingTests.Every_mutation
run "$answers" StreamsSurviveDamageTests.Every_mutation
run "$heads" HeadsTakeAnythingTests.Every_mutation
sleep 2
echo
echo "== seed $seed"
grep ' done' "$MKA1_FUZZ_PROGRESS" || true
[ $status = 0 ] && echo "no finding" || echo "FINDINGS: see above"
exit $status
