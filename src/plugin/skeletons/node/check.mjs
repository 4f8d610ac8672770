// Finds packages without a version. Change `findings` to what must hold in your workspace.
import { readFileSync } from "node:fs";

function findings({ name, version }) {
  return version === null ? [{ message: "has no version", package: name }] : [];
}

function answer(request) {
  switch (`${request.role} ${request.ask}`) {
    case "check findings":
      return { findings: request.packages.flatMap(findings) };
    default:
      return { error: "unknown role or ask" };
  }
}

console.log(JSON.stringify({ relman: [1], name: "__NAME__", version: "0.1.0", roles: ["check"] }));
const line = readFileSync(0, "utf8");
if (line !== "") console.log(JSON.stringify(answer(JSON.parse(line))));
