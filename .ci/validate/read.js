// read.js json|jsonc|yaml FILE: prints the file's value as one JSON text. YAML with the failsafe schema: every scalar is the text that it is.
const fs = require("fs");
const [form, path] = process.argv.slice(2);
const text = fs.readFileSync(path, "utf8").replace(/^\uFEFF/, "");
const readers = {
  json: JSON.parse,
  jsonc: (text) => {
    const errors = [];
    const value = require("jsonc-parser").parse(text, errors, { allowTrailingComma: true });
    if (errors.length > 0) throw new Error(JSON.stringify(errors));
    return value;
  },
  yaml: (text) => require("yaml").parse(text, { schema: "failsafe" }),
};
const value = readers[form](text);
console.log(JSON.stringify(value));
