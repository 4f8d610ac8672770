// Is asked whether a release is done, and then to do it. Change `probe` and `perform`: the same key must not act twice.
import { readFileSync } from "node:fs";

function probe(key, releases) {
  return { state: "absent" };
}

function perform(key, releases) {
  return { error: "nothing is done yet", help: "write what `perform` does" };
}

function answer(request) {
  switch (`${request.role} ${request.ask}`) {
    case "__ROLE__ probe":
      return probe(request.key, request.releases);
    case "__ROLE__ perform":
      return perform(request.key, request.releases);
    default:
      return { error: "unknown role or ask" };
  }
}

console.log(JSON.stringify({ relman: [1], name: "__NAME__", version: "0.1.0", roles: ["__ROLE__"] }));
const line = readFileSync(0, "utf8");
if (line !== "") console.log(JSON.stringify(answer(JSON.parse(line))));
