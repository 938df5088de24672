# Writes each shell block of a Markdown file to a file of its own in the folder `out`, called line-<number>.<what CI does with it>:
# run, syntax, or unmarked when nothing said what to do with it.
/^[ \t]*```/ {
    if (inside) {
        inside = 0
        if (file != "") close(file)
        next
    }
    inside = 1
    language = $0
    sub(/^[ \t]*`+[ \t]*/, "", language)
    sub(/[ \t{].*$/, "", language)
    file = ""
    if (language ~ /^(bash|sh|shell|console)$/) {
        file = sprintf("%s/line-%04d.%s", out, NR, language == "bash" && mode != "" ? mode : "unmarked")
        printf "" > file
    }
    mode = ""
    next
}
inside {
    if (file != "") print > file
    next
}
/^[ \t]*<!-- ci: run -->[ \t]*$/ { mode = "run"; next }
/^[ \t]*<!-- ci: syntax -->[ \t]*$/ { mode = "syntax"; next }
!/^[ \t]*$/ { mode = "" }
END {
    if (inside) print "unclosed" > sprintf("%s/line-%04d.unmarked", out, NR)
}
