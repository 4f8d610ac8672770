// Finds the version in lines `version = 1.2.0`. Change `LINE` to what your files look like.
import { readFileSync } from "node:fs";

// The file may begin with a byte order mark.
const LINE = /^\uFEFF?version = ([^\s]+)/gm;

function look({ path, text }) {
  const places = [...text.matchAll(LINE)].map((found) => {
    // Places are counted in bytes, and JavaScript counts otherwise.
    const at = found.index + found[0].length - found[1].length;
    const start = Buffer.byteLength(text.slice(0, at));
    return { field: "version", start, end: start + Buffer.byteLength(found[1]), text: found[1] };
  });
  if (places.length > 0) return { path, places };
  return { path, problems: [{ message: "version not found", help: "expected a line `version = 1.2.0`" }] };
}

function answer(request) {
  switch (`${request.role} ${request.ask}`) {
    case "manifest places":
      return { files: request.files.map(look) };
    default:
      return { error: "unknown role or ask" };
  }
}

console.log(JSON.stringify({ relman: [1], name: "__NAME__", version: "0.1.0", roles: ["manifest"] }));
const line = readFileSync(0, "utf8");
if (line !== "") console.log(JSON.stringify(answer(JSON.parse(line))));
