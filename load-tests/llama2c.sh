#!/bin/sh
# Builds run and runq of a checkout of karpathy/llama2.c, outside this tree, and runs the engine against them.
#   load-tests/llama2c.sh CHECKOUT WORK [arguments of "peer"]
set -eu
checkout=$1 work=$2
shift 2
cd "$(dirname "$0")/.."
for program in run runq; do
    gcc -O3 -march=native -fopenmp -o "$checkout/$program" "$checkout/$program.c" -lm
done
dotnet run -c Release --project load-tests/Mka1.Edge.InferenceBench -- peer --llama2c "$checkout" --work "$work" "$@"
