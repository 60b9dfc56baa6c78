# SPDX-License-Identifier: Apache-2.0
# Reads the TSV of tools/bench and prints what was asked for beside what was measured. mawk's awk:
# a line is not continued inside parentheses.
BEGIN { FS = "\t" }
$4 != "" {
    median[$1, $2] = $4
    faults[$1, $2] = $7
}

function row(what, got, most) {
    printf "  %-42s %9.2f  asked %6.2f  %s\n", what, got, most, got <= most ? "ok" : "short"
}
function none(what) { printf "  %-42s not measured\n", what }
function known(section, name) { return (section, name) in median }
function ratio(what, section, name, against_section, against, most) {
    if (known(section, name) && known(against_section, against))
        row(what, median[section, name] / median[against_section, against], most)
    else
        none(what)
}
function own_faults(what, most) {
    if (known("default", "caisson") && known("default", "true"))
        row(what, faults["default", "caisson"] - faults["default", "true"], most)
    else
        none(what)
}
# The time of one more bind must not grow with those that are there.
function linear(what, most,    few, many) {
    if (!known("binds 30", "caisson") || !known("binds 2000", "caisson")) return none(what)
    few = (median["binds 300", "caisson"] - median["binds 30", "caisson"]) / 270
    many = (median["binds 2000", "caisson"] - median["binds 300", "caisson"]) / 1700
    row(what, many / few, most)
}

END {
    ratio("default: caisson / floor", "default", "caisson", "default", "floor", 2)
    ratio("default: caisson / bwrap", "default", "caisson", "default", "bwrap", 0.45)
    ratio("default: caisson / ch-run", "default", "caisson", "default", "ch-run", 0.45)
    ratio("default: caisson as ch-run / floor", "default", "caisson as ch-run", "default", "floor", 2)
    ratio("default: caisson as ch-run / ch-run", "default", "caisson as ch-run", "default", "ch-run", 0.5)
    ratio("system calls: caisson / floor", "calls default", "caisson", "calls default", "floor", 1.5)
    own_faults("page faults before exec", 40)
    ratio("2,000 binds: caisson / floor", "binds 2000", "caisson", "binds 2000", "floor", 1.5)
    linear("one bind: of 300-2,000 / of 30-300", 1.25)
    ratio("enter / bare calls", "enter", "enter", "enter", "floor", 1.2)
    ratio("compile and enter / bare calls", "enter", "compile and enter", "enter", "floor", 1.2)
    ratio("sealed 4 KiB handed over / bare calls", "memory", "sealed 4 KiB", "memory", "bare calls", 1.3)
    ratio("plain copy / 1 GiB filled and sealed", "memory", "filled 1 GiB", "memory", "copied 1 GiB", 1.11)
    ratio("merge: 1,000 binds / ten", "merge", "1000 merged", "merge", "10 merged", 2)
    ratio("launch: from 4 GB / from 10 MB", "launch", "4096 MB", "launch", "10 MB", 1.2)
}
