#!/usr/bin/env bash
# Runs the fault suites alone: the proxy, the wires, the table of faults and the random interleavings.
#
#   tests/faults.sh           as tests/run.sh does
#   tests/faults.sh --long    with 3,000 interleavings, others each time (MKA1_MODEL_RUNS and MKA1_MODEL_SEED win)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
case ${1:-} in
    '') ;;
    --long)
        export MKA1_MODEL_RUNS=${MKA1_MODEL_RUNS:-3000} MKA1_MODEL_SEED=${MKA1_MODEL_SEED:-random}
        ;;
    *) echo "unknown argument: $1" >&2; exit 2 ;;
esac

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
dotnet build tests/Mka1.Edge.Resilience.Tests -c Release -nodeReuse:false -v quiet

# The tests start servers of their own to break them; this one sees to it that there are programs to start.
tests/with-servers.sh dotnet test tests/Mka1.Edge.Resilience.Tests/bin/Release/net10.0/Mka1.Edge.Resilience.Tests.dll \
    --filter 'FullyQualifiedName~.Wires.|FullyQualifiedName~.Interleavings.|FullyQualifiedName~.Rows.' \
    --logger 'console;verbosity=normal'
