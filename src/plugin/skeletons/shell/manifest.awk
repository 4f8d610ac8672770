# Finds the version in lines `version = 1.2.0`. Change `PREFIX`, or `file`, to what your files look like.

BEGIN { PREFIX = "version = " }

function file(path, text,    all, count, n, line, mark, at, places) {
  count = lines(text, all)
  for (n = 1; n <= count; n++) {
    line = decoded(all[n])
    # A byte order mark, with which some editors begin a file, is 3 bytes before the first line.
    mark = n == 1 && line ~ /^\357\273\277/ ? 3 : 0
    if (substr(line, mark + 1, length(PREFIX)) == PREFIX) {
      places = places (places == "" ? "" : ",") place(at + mark + length(PREFIX), substr(line, mark + 1 + length(PREFIX)))
    }
    at += length(line) + 1
  }
  if (places == "") problems = ",\"problems\":[{\"message\":\"version not found\",\"help\":\"expected a line `version = 1.2.0`\"}]"
  else problems = ""
  files = files (files == "" ? "" : ",") "{\"path\":" json(path) ",\"places\":[" places "]" problems "}"
}

# A place as the answer has it: `start` is counted in bytes, from 0.
function place(start, text) {
  sub(/[ \t\r].*$/, "", text)
  return "{\"field\":\"version\",\"start\":" (start + 0) ",\"end\":" (start + length(text)) ",\"text\":\"" text "\"}"
}

function package(name) {}

function answer() {
  if (asked["role"] " " asked["ask"] == "manifest places") return "{\"files\":[" files "]}"
  return "{\"error\":\"unknown role or ask\"}"
}
