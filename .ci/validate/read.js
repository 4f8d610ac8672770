// read.js json|yaml FILE: prints the file's value as one JSON text. YAML with the failsafe schema: every scalar is the text that it is.
const fs = require("fs");
const [form, path] = process.argv.slice(2);
const text = fs.readFileSync(path, "utf8").replace(/^\uFEFF/, "");
const value = form === "json" ? JSON.parse(text) : require("yaml").parse(text, { schema: "failsafe" });
console.log(JSON.stringify(value));
