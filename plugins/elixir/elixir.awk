# Reads a request, one line of JSON, and prints where the version is in each file. See elixir.sh.

BEGIN {
  FS = "\n"
  SIGIL = "^~([a-z]|[A-Z][A-Z0-9]*)(\"\"\"|\047\047\047|[/|\"\047([{<])"
}
{ read_request($0); print answer(); exit }

# The request. Between two quotes there is a string, unless the second one is escaped; what is outside of strings tells
# how deep they are, and below which keys. Strings are kept as they are written, escapes included, but for the texts.

function read_request(json,    pieces, count, n, inside) {
  count = split(json, pieces, "\"")
  for (n = 1; n <= count; n++) {
    if (!inside) {
      read_structure(pieces[n])
      begin_string()
      inside = 1
    } else if (match(pieces[n], /\\+$/) && RLENGTH % 2) {
      add_to_string(substr(pieces[n], 1, length(pieces[n]) - 1), "\"")
    } else {
      add_to_string(pieces[n], "")
      end_string()
      inside = 0
    }
  }
}

function read_structure(piece,    n, c) {
  for (n = 1; n <= length(piece); n++) {
    c = substr(piece, n, 1)
    if (c ~ /[[{]/) {
      depth++
      awaits_key[depth] = is_object[depth] = (c == "{")
    } else if (c == ",") {
      awaits_key[depth] = is_object[depth]
    } else if (c ~ /[]}]/) {
      depth--
      if (depth == 2 && key[1] == "files") end_file()
    }
  }
}

function begin_string() {
  is_key = awaits_key[depth]
  is_text = !is_key && depth == 3 && key[1] == "files" && key[3] == "text"
  string = ""
  if (is_text) begin_text()
}

function add_to_string(piece, quote) {
  if (is_text) {
    decode(piece)
    text_line = text_line quote
  } else {
    string = string piece (quote ? "\\\"" : "")
  }
}

function end_string() {
  if (is_text) {
    see_line(text_line)
  } else if (is_key) {
    key[depth] = string
    awaits_key[depth] = 0
  } else if (depth == 1) {
    asked[key[1]] = string
  } else if (depth == 3 && key[1] == "files" && key[3] == "path") {
    path = string
  }
}

# Adds what is written in JSON to the text, of which only the current line is kept.
function decode(piece,    parts, count, n, c) {
  count = split(piece, parts, "\\")
  text_line = text_line parts[1]
  for (n = 2; n <= count; n++) {
    c = substr(parts[n], 1, 1)
    if (c == "n") {
      see_line(text_line)
      text_line = substr(parts[n], 2)
    } else if (c == "u") {
      text_line = text_line character(substr(parts[n], 2, 4)) substr(parts[n], 6)
    } else if (c == "") {
      n++
      text_line = text_line "\\" parts[n]
    } else {
      text_line = text_line (c == "t" ? "\t" : c == "/" ? "/" : "\r") substr(parts[n], 2)
    }
  }
}

# Returns a character, or as many bytes as it has in UTF-8: which ones matters in ASCII and for the byte order mark.
# Half of a surrogate pair is two bytes.
function character(hex,    n, code) {
  for (n = 1; n <= 4; n++) code = code * 16 + index("0123456789abcdef", tolower(substr(hex, n, 1))) - 1
  if (code < 128) return code ? sprintf("%c", code) : "?"
  return code < 2048 || code > 55295 && code < 57344 ? "??" : "\357\273\277"
}

# The text of a file, line by line. A line is looked at by its outline, as long as the line, in which a comment is
# spaces and what is in a string is `~`. `closer` ends the string that goes on; `is_raw`: a backslash in it is only that.

function begin_text() {
  text_line = closer = state = ""
  offset = brackets = project = 0
  split("", attribute_at)
  split("", attribute_text)
}

function see_line(line,    name) {
  draw_outline(line)
  if (match(outline, /^ *@[a-z_]+ +"~+" *$/)) {
    name = outline
    gsub(/[^a-z_]/, "", name)
    attribute_text[name] = quoted(line, 1)
    attribute_at[name] = quoted_at
  }
  if (outline ~ /^ *def +project *(\( *\))? *(do *$|, *do:)/) project = brackets + 1
  look_for_version(line)
  offset += length(line) + 1
}

# Goes from bracket to bracket and from key to key: `version:` counts in the list that `project` returns, not below it.
function look_for_version(line,    at, token, value) {
  at = 1
  while (match(substr(outline, at), /[][(){}]|[A-Za-z0-9_@]+:/)) {
    token = substr(outline, at + RSTART - 1, RLENGTH)
    at += RSTART - 1 + RLENGTH
    value = substr(outline, at)
    if (token ~ /[[({]/) {
      brackets++
    } else if (token ~ /[])}]/) {
      brackets--
      if (token == "]" && brackets < project) project = 0
    } else if (token == "version:" && project && brackets == project) {
      if (value ~ /^ *"~+" *(,|\]|$)/) {
        state = "string"
        text = quoted(line, at)
        text_at = quoted_at
      } else if (match(value, /^ *@[a-z_]+ *(,|\]|$)/)) {
        state = "attribute"
        attribute = substr(value, 1, RLENGTH)
        gsub(/[^a-z_]/, "", attribute)
      } else {
        state = "computed"
      }
    }
  }
}

# Returns what is between the first quotes from `at`; `quoted_at` is the offset of its first byte in the text.
function quoted(line, at,    start) {
  start = at + index(substr(outline, at), "\"")
  quoted_at = offset + start - 1
  return substr(line, start, index(substr(outline, start), "\"") - 1)
}

function draw_outline(line) {
  rest = line
  sub(/^\357\273\277/, "   ", rest)
  gsub(/[\t\r]/, " ", rest)
  outline = ""
  while (rest != "") {
    if (closer != "") {
      pass_string()
    } else if (match(rest, /["\047#~?]/)) {
      draw(RSTART - 1, "")
      pass_mark()
    } else {
      draw(length(rest), "")
    }
  }
}

# Draws the next bytes of the line, as they are or as so many marks.
function draw(count, mark,    drawn) {
  drawn = substr(rest, 1, count)
  rest = substr(rest, count + 1)
  if (mark != "") gsub(/./, mark, drawn)
  outline = outline drawn
}

function pass_mark() {
  if (rest ~ /^#/) {
    draw(length(rest), " ")
  } else if (match(rest, SIGIL)) {
    closer = substr(rest, 1, RLENGTH)
    is_raw = closer ~ /^~[A-Z]/
    sub(/^~[A-Za-z0-9]+/, "", closer)
    if (index("([{<", closer)) closer = substr(")]}>", index("([{<", closer), 1)
    draw(RLENGTH, "~")
  } else if (match(rest, /^("""|\047\047\047|["\047])/)) {
    closer = substr(rest, 1, RLENGTH)
    is_raw = 0
    draw(RLENGTH, closer == "\"" ? "" : "~")
  } else if (outline !~ /[A-Za-z0-9_]$/ && match(rest, /^\?(\\.|.)/)) {
    draw(RLENGTH, "~")
  } else {
    draw(1, "")
  }
}

function pass_string(    ends, escape) {
  ends = index(rest, closer)
  escape = is_raw ? 0 : index(rest, "\\")
  if (escape && (!ends || escape < ends)) {
    draw(escape + 1, "~")
  } else if (!ends) {
    draw(length(rest), "~")
  } else {
    draw(ends - 1, "~")
    draw(length(closer), closer == "\"" ? "" : "~")
    closer = ""
  }
}

# The answer.

function end_file(    found) {
  if (state == "attribute" || state == "" && !project && "version" in attribute_text) {
    if (state == "") attribute = "version"
    state = attribute in attribute_text ? "string" : "computed"
    text = attribute_text[attribute]
    text_at = attribute_at[attribute]
    field = "@" attribute
  } else {
    field = "version"
  }
  if (state == "string" && text ~ /^[0-9A-Za-z.+_-]+$/) {
    found = "\"places\":[{\"field\":\"" field "\",\"start\":" text_at ",\"end\":" (text_at + length(text))
    found = found ",\"text\":\"" text "\"}]"
  } else if (state == "") {
    found = problem("`version:` not found in `project`", "write `version: \\\"1.2.3\\\"` or `@version \\\"1.2.3\\\"`")
  } else {
    found = problem("the version is not a plain string", "write it as one string, or name the file that holds it")
  }
  files = files (files == "" ? "" : ",") "{\"path\":\"" path "\"," found "}"
}

function problem(message, help) {
  return "\"places\":[],\"problems\":[{\"message\":\"" message "\",\"help\":\"" help "\"}]"
}

function answer(    request) {
  request = asked["role"] " " asked["ask"]
  if (request == "manifest places") return "{\"files\":[" files "]}"
  return "{\"error\":\"the request `" request "` is not known\",\"help\":\"expected `manifest places`\"}"
}
