# Reads the request, one line of JSON, and calls what plugin.awk defines:
#
#   file(path, text)       for each of `files`
#   package(name)          for each of `packages`; its other strings are in one["version"] and so on, and missing where null; the subjects
#                          of its changes are in subjects[1] to subjects[changes]
#   answer()               at the end; asked["role"], asked["ask"] and asked["key"] are those of the request
#
# Strings stay as JSON writes them, with \001 for an escaped backslash and \002 for an escaped quote: so they can be searched with
# regular expressions, and json() writes them again. lines() and decoded() return what they mean.

{
  gsub(/\\\\/, "\001")
  gsub(/\\"/, "\002")
  count = split($0, piece, "\"")
  for (n = 1; n <= count; n += 2) {
    walk(piece[n])
    if (n == count) break
    if (piece[n + 2] ~ /^[ \t]*:/) key[depth] = piece[n + 1]
    else take(piece[n + 1])
  }
  print answer()
  exit
}

# Counts brackets: `files` and `packages` are lists at depth 2, what is in them is at depth 3, and the changes of a package at depth 5.
function walk(structure,    at, c) {
  for (at = 1; at <= length(structure); at++) {
    c = substr(structure, at, 1)
    if (c == "{" || c == "[") {
      key[++depth] = ""
      if (depth == 3) {
        split("", one)
        changes = 0
      }
    } else if (c == "}" || c == "]") {
      if (depth == 3 && key[1] == "files") file(one["path"], one["text"])
      if (depth == 3 && key[1] == "packages") package(one["name"])
      depth--
    }
  }
}

function take(string) {
  if (depth == 1) asked[key[1]] = string
  if (depth == 3) one[key[3]] = string
  if (depth == 5 && key[3] == "changes" && key[5] == "subject") subjects[++changes] = string
}

# Returns a string as JSON, between quotes.
function json(string) {
  return "\"" replaced(replaced(string, "\001", "\\\\"), "\002", "\\\"") "\""
}

function replaced(text, old, new,    part, count, n, result) {
  count = split(text, part, old)
  result = part[1]
  for (n = 2; n <= count; n++) result = result new part[n]
  return result
}

# Splits a text into lines, each as it is written in the request, and returns how many there are.
function lines(text, into) {
  return split(text, into, /\\n/)
}

# Returns a text with one byte for each byte that it means. Which byte matters only in ASCII, and for the byte order mark.
function decoded(text) {
  gsub(/\\t/, "\t", text)
  gsub(/\\r/, "\r", text)
  gsub(/\\[bf\/]/, "?", text)
  gsub(/\\u00[0-7]./, "?", text)
  gsub(/\\u[fF][eE][fF][fF]/, "\357\273\277", text)
  gsub(/\\u(0[0-7]|[dD][89a-fA-F])../, "??", text)
  gsub(/\\u..../, "???", text)
  return replaced(replaced(text, "\001", "\\"), "\002", "\"")
}
