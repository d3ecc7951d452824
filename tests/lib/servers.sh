# Private Redis and Postgres servers on free loopback ports, for tests that need real ones. Sourced, not run.
#
#   servers_install      installs what is missing from Debian's packages (root or sudo only)
#   servers_start DIR    starts both with their data under DIR; exports MKA1_TEST_REDIS and MKA1_TEST_POSTGRES
#   servers_check        asks each one a question; prints a line and returns 1 for a server that does not answer
#   servers_stop         stops what servers_start started

redis_pid=
postgres_pid=

# A command as root: directly, through sudo, or not at all.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then sudo -n "$@"
    else return 1
    fi
}

# Installs Debian packages, without letting their services start on the machine.
apt_install() {
    command -v apt-get >/dev/null || return 1
    local policy=/usr/sbin/policy-rc.d keep=yes status=0
    if [ ! -e "$policy" ]; then
        as_root sh -c "printf '#!/bin/sh\nexit 101\n' > $policy && chmod +x $policy" && keep=no
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 update >&2 || true
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y -o Acquire::Retries=3 --no-install-recommends install "$@" >&2 || status=$?
    [ $keep = yes ] || as_root rm -f "$policy"
    return $status
}

# The directory of the newest Postgres server programs; Debian keeps them off the PATH.
postgres_bin() {
    local found
    found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
    if [ -n "$found" ]; then echo "$found"
    elif command -v initdb >/dev/null; then dirname "$(command -v initdb)"
    else return 1
    fi
}

servers_install() {
    local missing=()
    command -v redis-server >/dev/null || missing+=(redis-server)
    postgres_bin >/dev/null || missing+=(postgresql)
    [ ${#missing[@]} = 0 ] || apt_install "${missing[@]}"
}

# A port that nothing listens on now. Another process may still take it: callers try again with another.
free_port() {
    local port
    while :; do
        port=$((20000 + RANDOM % 12000))
        (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || { echo "$port"; return; }
    done
}

# answers PID COMMAND…: waits until the command succeeds; fails when the process ends first, or after about 30 s.
answers() {
    local pid=$1 try
    shift
    for try in $(seq 300); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

# Postgres refuses to run as root; setpriv replaces itself, so that the process id stays the one we know.
as_postgres() {
    if [ "$(id -u)" = 0 ]; then setpriv --reuid postgres --regid postgres --init-groups "$@"
    else "$@"
    fi
}

redis_start() {
    local dir=$1 port try
    mkdir -p "$dir"
    for try in 1 2 3; do
        port=$(free_port)
        redis-server --port "$port" --bind 127.0.0.1 --save '' --appendonly no --dir "$dir" --daemonize no >"$dir/log" 2>&1 &
        redis_pid=$!
        if answers "$redis_pid" redis-cli -h 127.0.0.1 -p "$port" ping; then
            export MKA1_TEST_REDIS="127.0.0.1:$port"
            return 0
        fi
        stop_pid "$redis_pid"
        redis_pid=
    done
    cat "$dir/log" >&2
    return 1
}

postgres_start() {
    local dir=$1 bin port try
    bin=$(postgres_bin)
    mkdir -p "$dir"
    [ "$(id -u)" != 0 ] || chown postgres "$dir"
    (cd "$dir" && as_postgres "$bin/initdb" -D "$dir/data" -U postgres -A trust -E UTF8 --no-sync) >"$dir.log" 2>&1 || { cat "$dir.log" >&2; return 1; }
    for try in 1 2 3; do
        port=$(free_port)
        (cd "$dir" && exec_as_postgres "$bin/postgres" -D "$dir/data" -p "$port" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$dir") >"$dir.log" 2>&1 &
        postgres_pid=$!
        if answers "$postgres_pid" "$bin/psql" -X -h 127.0.0.1 -p "$port" -U postgres -c 'select 1'; then
            export MKA1_TEST_POSTGRES="Host=127.0.0.1;Port=$port;Username=postgres;Database=postgres"
            return 0
        fi
        stop_pid "$postgres_pid"
        postgres_pid=
    done
    cat "$dir.log" >&2
    return 1
}

exec_as_postgres() {
    if [ "$(id -u)" = 0 ]; then exec setpriv --reuid postgres --regid postgres --init-groups "$@"
    else exec "$@"
    fi
}

servers_start() {
    redis_start "$1/redis" && postgres_start "$1/postgres"
}

redis_answers() {
    [ -n "${MKA1_TEST_REDIS:-}" ] && [ "$(redis-cli -h 127.0.0.1 -p "${MKA1_TEST_REDIS#*:}" ping)" = PONG ]
}

postgres_answers() {
    [ -n "${MKA1_TEST_POSTGRES:-}" ] || return 1
    local port=${MKA1_TEST_POSTGRES#*Port=}
    [ "$("$(postgres_bin)/psql" -X -A -t -h 127.0.0.1 -p "${port%%;*}" -U postgres -c 'select 1')" = 1 ]
}

# SIGINT asks Postgres for a fast shutdown; Redis takes it as SIGTERM.
stop_pid() {
    [ -n "$1" ] || return 0
    kill -INT "$1" 2>/dev/null || true
    wait "$1" 2>/dev/null || true
}

servers_stop() {
    stop_pid "$redis_pid"
    stop_pid "$postgres_pid"
    redis_pid=
    postgres_pid=
}
