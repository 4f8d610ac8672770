# Is asked whether a release is done, and then to do it. Change `probe` and `perform`: the same asked["key"] must not act twice.

function file(path, text) {}

function package(name) {}

function probe() {
  return "{\"state\":\"absent\"}"
}

function perform() {
  return "{\"error\":\"nothing is done yet\",\"help\":\"write what `perform` does\"}"
}

function answer() {
  if (asked["role"] == "__ROLE__" && asked["ask"] == "probe") return probe()
  if (asked["role"] == "__ROLE__" && asked["ask"] == "perform") return perform()
  return "{\"error\":\"unknown role or ask\"}"
}
