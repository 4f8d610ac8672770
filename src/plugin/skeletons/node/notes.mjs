// Makes an entry of each change whose subject begins with `feat: `. Change `entries` to what your changelogs say.
import { readFileSync } from "node:fs";

const FEATURE = "feat: ";

function entries({ name, changes = [] }) {
  const features = changes.map((change) => change.subject).filter((subject) => subject.startsWith(FEATURE));
  return { name, entries: features.map((subject) => ({ type: "added", text: subject.slice(FEATURE.length) })) };
}

function answer(request) {
  switch (`${request.role} ${request.ask}`) {
    case "notes entries":
      return { packages: request.packages.map(entries).filter((package_) => package_.entries.length > 0) };
    default:
      return { error: "unknown role or ask" };
  }
}

console.log(JSON.stringify({ relman: [1], name: "__NAME__", version: "0.1.0", roles: ["notes"] }));
const line = readFileSync(0, "utf8");
if (line !== "") console.log(JSON.stringify(answer(JSON.parse(line))));
