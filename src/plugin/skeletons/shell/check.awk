# Finds packages without a version. Change `package` to what must hold in your workspace.

function file(path, text) {}

function package(name) {
  if ("version" in one) return
  findings = findings (findings == "" ? "" : ",") "{\"message\":\"has no version\",\"package\":" json(name) "}"
}

function answer() {
  if (asked["role"] " " asked["ask"] == "check findings") return "{\"findings\":[" findings "]}"
  return "{\"error\":\"unknown role or ask\"}"
}
