# Makes an entry of each change whose subject begins with `feat: `. Change `package` to what your changelogs say.

function file(path, text) {}

function package(name,    n, entries) {
  for (n = 1; n <= changes; n++) {
    if (subjects[n] !~ /^feat: ./) continue
    entries = entries (entries == "" ? "" : ",") "{\"type\":\"added\",\"text\":" json(substr(subjects[n], 7)) "}"
  }
  if (entries == "") return
  packages = packages (packages == "" ? "" : ",") "{\"name\":" json(name) ",\"entries\":[" entries "]}"
}

function answer() {
  if (asked["role"] " " asked["ask"] == "notes entries") return "{\"packages\":[" packages "]}"
  return "{\"error\":\"unknown role or ask\"}"
}
