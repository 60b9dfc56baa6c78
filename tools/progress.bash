# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# For sourcing. Says what goes on while long commands run: on a terminal one line that updates,
# elsewhere (logs, CI) plain lines, so that neither is flooded. All of it goes to standard error.

SECONDS=${PROGRESS_SECONDS:-0}  # a script that another one calls goes on with its clock
progress_job=''  # the process group of the running command, for progress_stop

note() { printf '[%4d s] %s\n' "$SECONDS" "$*" >&2; }

# Starts COMMAND in a process group of its own, so that one kill ends all of it, and so that a trap
# here runs at once and not only when the command is over.
start_group() {
    set -m
    "$@" </dev/null &
    progress_job=$!
    set +m
}

# wait_group returns the status of what start_group has started.
wait_group() {
    local status=0
    wait "$progress_job" || status=$?
    progress_job=''
    return "$status"
}

# progress LABEL LOG COMMAND...  runs COMMAND with its output in LOG and returns its status; 77 is a
# skip.
progress() {
    local label=$1 log=$2 status=0
    shift 2
    start_group "$@" >"$log" 2>&1
    progress_watch "$label" "$log"
    wait_group || status=$?
    progress_close "$label" "$log" "$status"
    return "$status"
}

progress_watch() {
    local label=$1 log=$2 line last='' next=$((SECONDS + 5))
    while kill -0 "$progress_job" 2>/dev/null; do
        if [ -t 2 ]; then
            line="[$(printf '%4d' "$SECONDS") s] $label: $(progress_last_line "$log")"
            printf '\r\033[K%.*s' "$(($(tput cols 2>/dev/null || echo 80) - 1))" "$line" >&2
        elif [ "$SECONDS" -ge "$next" ]; then
            line=$(progress_last_line "$log")
            [ "$line" = "$last" ] || note "$label: $line"
            last=$line next=$((SECONDS + 5))
        fi
        sleep 0.2
    done
}

# ninja and others update their line with carriage returns; mmdebstrap puts "I: " before its own.
progress_last_line() {
    tail -c 2000 "$1" | tr '\r' '\n' | awk 'NF { line = $0 } END { sub(/^I: /, "", line); print line }'
}

progress_close() {
    local label=$1 log=$2 status=$3
    [ ! -t 2 ] || printf '\r\033[K' >&2
    case $status in
        0) note "$label: done" ;;
        77) note "$label: skipped" ;;
        *)
            tail -n 60 "$log" >&2
            note "$label: failed with status $status; all of the output: $log"
            ;;
    esac
}

# For traps: ends what progress runs, if anything, and waits so that it can clean up after itself.
progress_stop() {
    [ -n "$progress_job" ] || return 0
    kill -TERM -- "-$progress_job" 2>/dev/null || true
    wait "$progress_job" 2>/dev/null || true
    progress_job=''
}
