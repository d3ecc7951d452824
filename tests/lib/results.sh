# Adds up the results of test runs that speak different languages. Sourced, not run.
#
#   count_check TEXT COMMAND…      one test: passes when the command succeeds
#   count_trx NAME FILE STATUS     the counters of a TRX file; STATUS is what the runner exited with
#   failed_methods FILE            a test filter of the methods that failed in a TRX file; empty when more than ten did
#   count_flaky FILE SECOND        counts the failed tests of FILE as passed if they all did in the SECOND run; else returns 1
#   count_tap NAME FILE STATUS     the summary of node's TAP reporter
#   summary                        prints "N passed, N failed"; returns 1 if any failed

passed=0
failed=0
failures=()
flaky=()

fail() {
    failed=$((failed + $1))
    failures+=("$2")
}

count_check() {
    local text=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok: $text"
    else
        fail 1 "$text"
        echo "FAILED: $text"
    fi
}

# A run that fails without a failed test (a crash, a hang, nothing to run) counts as one failure of its own.
count_run() {
    local name=$1 status=$2 run_passed=$3 run_failed=$4
    passed=$((passed + run_passed))
    if [ "$run_failed" -gt 0 ]; then fail "$run_failed" "$name: $run_failed failed"
    elif [ "$status" != 0 ]; then fail 1 "$name: the runner exited with $status"
    elif [ "$run_passed" = 0 ]; then fail 1 "$name: no test ran"
    fi
}

# counter FILE NAME: an attribute of the first <Counters …/> element.
counter() {
    grep -o '<Counters [^>]*>' "$1" | head -1 | grep -o " $2=\"[0-9]*\"" | grep -o '[0-9]*' || echo 0
}

# The names of failed tests, and the first line of what each said: what is read when a log is cut short is its end.
failed_trx() {
    tr '\n' '\r' <"$1" | grep -o '<UnitTestResult [^>]*outcome="Failed".*' | sed 's/<UnitTestResult /\n&/g' |
        sed -n 's/.*testName="\([^"]*\)".*outcome="Failed".*<Message>\([^\r<]*\).*/  \1: \2/p'
}

count_trx() {
    local name=$1 file=$2 status=$3
    if [ ! -s "$file" ]; then
        fail 1 "$name: no results; the runner exited with $status"
        return
    fi
    local run_passed run_executed
    run_passed=$(counter "$file" passed)
    run_executed=$(counter "$file" executed) # without skipped tests
    count_run "$name" "$status" "$run_passed" $((run_executed - run_passed))
    local line
    while IFS= read -r line; do failures+=("$line"); done < <(failed_trx "$file")
}

failed_methods() {
    local methods
    methods=$(failed_trx "$1" | sed 's/^ *\([^(:]*\).*/\1/' | sort -u)
    [ "$(wc -l <<<"$methods")" -gt 10 ] || paste -sd'|' <<<"$methods" | sed 's/\([^|][^|]*\)/FullyQualifiedName=\1/g'
}

count_flaky() {
    local first=$1 second=$2 executed
    [ -s "$second" ] || return 1
    executed=$(counter "$second" executed)
    [ "$executed" -gt 0 ] && [ "$(counter "$second" passed)" = "$executed" ] || return 1
    passed=$((passed + $(counter "$first" executed)))
    local line
    while IFS= read -r line; do flaky+=("$line"); done < <(failed_trx "$first")
}

# tap FILE NAME: a number of the summary that ends node's TAP output.
tap() {
    grep -o "^# $2 [0-9]*" "$1" | tail -1 | grep -o '[0-9]*$' || echo 0
}

count_tap() {
    local name=$1 file=$2 status=$3
    if [ ! -s "$file" ]; then
        fail 1 "$name: no results; the runner exited with $status"
        return
    fi
    count_run "$name" "$status" "$(tap "$file" pass)" $(($(tap "$file" fail) + $(tap "$file" cancelled)))
}

summary() {
    printf '\n'
    [ ${#flaky[@]} = 0 ] || printf 'FLAKY, passed when run once more: %s\n' "${flaky[@]}"
    [ ${#failures[@]} = 0 ] || printf 'FAILED: %s\n' "${failures[@]}"
    echo "$passed passed, $failed failed"
    [ "$failed" = 0 ]
}
