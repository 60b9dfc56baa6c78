# SPDX-License-Identifier: Apache-2.0
# Finds the functions of C++ files laid out by clang-format, and measures them. A brace opens
# - a scope, where the text before it is a namespace, a type or extern "C";
# - an initialiser, where it touches the word before it or follows "=", or a parenthesis is open;
# - a function, in any other case, if the text before it has a parenthesis and all around are scopes.
# Variables: allowed (names of files with a limit of 100), all (print every function).

BEGIN {
    for (i = split(allowed, name, /[ \n]+/); i > 0; i--) lenient[name[i]]
}

FNR == 1 { depth = 0; head = ""; head_line = 0; parens = 0; raw_end = ""; in_comment = 0; continued = 0 }

continued || /^[ \t]*#/ { continued = /\\$/; next }

{ scan(bare($0) "\n") }

# The line without comments, and without what is inside of quotes.
function bare(line,    out, c, two, end) {
    out = ""
    while (line != "") {
        if (raw_end != "" || in_comment) {
            end = index(line, in_comment ? "*/" : raw_end)
            if (!end) return out
            line = substr(line, end + length(in_comment ? "*/" : raw_end))
            raw_end = ""; in_comment = 0
            continue
        }
        c = substr(line, 1, 1); two = substr(line, 1, 2)
        if (two == "//") return out
        if (two == "/*") { in_comment = 1; line = substr(line, 3) }
        else if (two == "R\"" && out !~ /[A-Za-z0-9_]$/) {
            end = index(line, "(")
            raw_end = ")" substr(line, 3, end - 3) "\""
            line = substr(line, end + 1); out = out "\"\""
        }
        else if (c == "\"") { sub(/^"([^"\\]|\\.)*"?/, "", line); out = out "\"\"" }
        else if (c == "'" && out !~ /[0-9a-fA-F]$/) { sub(/^'([^'\\]|\\.)*'?/, "", line); out = out "0" }
        else { out = out c; line = substr(line, 2) }
    }
    return out
}

function scan(text,    i, c) {
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (c == "{") open_brace()
        else if (c == "}") close_brace()
        else if (inside == "function" || inside == "initialiser") continue
        else if (c == ";" && parens == 0) { head = ""; head_line = 0 }
        else add_to_head(c)
    }
}

function add_to_head(c) {
    if (c == "(") parens++
    if (c == ")") parens--
    if (!head_line && c !~ /[ \t\n]/) head_line = FNR
    if (head ~ /(public|private|protected)$/ && c == ":") { head = ""; head_line = 0 }
    else head = head c
}

function kind_of(head) {
    if (inside == "function" || inside == "initialiser") return inside
    if (parens > 0 || head ~ /[A-Za-z0-9_>,(=]$/ || head ~ /=[ \t\n]*$/) return "initialiser"
    gsub(/alignas\([^)]*\)|__attribute__\(\(.*\)\)|\[\[[^]]*\]\]/, "", head)
    sub(/template *<.*>[ \t\n]*/, "", head)
    if (head ~ /(^|[ \t\n])(namespace|class|struct|union|enum)[ \t\n]/ && head !~ /\)/) return "scope"
    if (head ~ /(^|[ \t\n])namespace[ \t\n]*$/ || head ~ /extern ""/ && head !~ /\(/) return "scope"
    return head ~ /\(/ ? "function" : "scope"
}

function open_brace() {
    kind[++depth] = kind_of(head)
    if (inside != "function" && kind[depth] == "function") { start = head_line; title = head; nest = depth }
    if (kind[depth] == "scope") { head = ""; head_line = 0 }
    inside = kind[depth]
}

function close_brace() {
    if (kind[depth] == "function" && depth == nest) { record(); head = ""; head_line = 0; nest = 0 }
    if (depth > 0) depth--
    inside = depth > 0 ? kind[depth] : ""
}

function record(    size, limit) {
    size = FNR - start + 1
    limit = FILENAME in lenient ? 100 : 60
    gsub(/[ \t\n]+/, " ", title)
    sub(/^ /, "", title)
    if (FILENAME !~ /^(tests|bench)\//) { sizes[++count] = size; over_median[size]++ }
    if (all) printf "%4d %s:%d: %s\n", size, FILENAME, start, title
    if (size > limit) {
        printf "%s:%d: %d lines, at most %d: %s\n", FILENAME, start, size, limit, title
        bad++
    }
}

END {
    for (seen = 0; seen * 2 < count;) seen += over_median[++median]
    printf "check-sizes: %d functions in include and src, median %d lines, %d too long\n", count, median, bad
    exit bad != 0
}
