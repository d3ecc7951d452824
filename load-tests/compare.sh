#!/usr/bin/env bash
# Mka1.Edge beside the ways a user could go instead: straight to the model server, nginx, plain YARP, Portkey's gateway. All get
# the same bodies in interleaved rounds of one run; the report goes to load-tests/results/DATE.md. Installs what is missing:
# nginx, redis-server, postgresql, nodejs and npm from Debian (root or sudo only), Portkey from npm.
#
#   load-tests/compare.sh                         about 10 minutes
#   load-tests/compare.sh --quick                 one short round of each, and no report file
#   load-tests/compare.sh --sides yarp,edge       some sides (of nginx,yarp,edge,edge-stored,portkey; direct always takes part)
#   load-tests/compare.sh --rounds 7 --seconds 5 --connections 32 --deltas 64 --rate 1000 --results FILE
#   load-tests/compare.sh --itt 5 --connections 256     streams whose deltas come one at a time, as a model decodes them
#   load-tests/compare.sh --edge-program FILE     a gateway that has been published elsewhere
#   load-tests/compare.sh --no-build              what was built before
set -euo pipefail
called="load-tests/compare.sh $*"
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. tests/lib/servers.sh

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
sides=nginx,yarp,edge,edge-stored,portkey
results=load-tests/results/$(date +%F).md
build=yes
arguments=()
while [ $# -gt 0 ]; do
    case $1 in
        --quick) arguments+=(--rounds 1 --seconds 2); results= ;;
        --no-build) build=no ;;
        --sides) sides=$2; shift ;;
        --results) results=$2; shift ;;
        --rounds | --seconds | --connections | --deltas | --itt | --rate | --edge-program) arguments+=("$1" "$2"); shift ;;
        *) echo "unknown argument: $1" >&2; exit 2 ;;
    esac
    shift
done
with() { case ",$sides," in *",$1,"*) return 0 ;; *) return 1 ;; esac; }

packages=()
! with nginx || [ -x /usr/sbin/nginx ] || packages+=(nginx-light)
! with portkey || command -v node >/dev/null || packages+=(nodejs)
! with portkey || command -v npm >/dev/null || packages+=(npm)
[ ${#packages[@]} = 0 ] || apt_install "${packages[@]}"
! with edge-stored || servers_install
! with portkey || [ -f load-tests/peers/node_modules/@portkey-ai/gateway/build/start-server.js ] || (cd load-tests/peers && npm ci --ignore-scripts --loglevel=error)
[ $build = no ] || dotnet build load-tests/Mka1.Edge.LoadTests -c Release -v quiet -nodeReuse:false

PATH=$PATH:/usr/sbin
versions="commit $(git rev-parse --short HEAD)"
! with nginx || versions="$versions, $(nginx -v 2>&1 | sed 's/nginx version: //')"
! with yarp || versions="$versions, YARP 2.1.0"
! with portkey || versions="$versions, Portkey $(sed -n 's/.*gateway": "\(.*\)".*/\1/p' load-tests/peers/package.json) on node $(node --version)"
! with edge-stored || versions="$versions, $("$(postgres_bin)/postgres" --version), Redis $(redis-server --version | sed 's/.*v=\([^ ]*\).*/\1/')"
versions="$versions; load average before it $(cut -d' ' -f1 /proc/loadavg)"

# The client reads answers on the threads that learn of them.
[ -z "$results" ] || arguments+=(--results "$results")
DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS=1 dotnet load-tests/Mka1.Edge.LoadTests/bin/Release/net10.0/Mka1.Edge.LoadTests.dll \
    compare --sides "$sides" --portkey "$PWD/load-tests/peers" --versions "$versions" --called "$called" "${arguments[@]}"
