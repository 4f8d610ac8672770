#!/usr/bin/env node
// A plugin of relman for OpenAPI: finds `info.version` in a description, JSON or YAML, and in `servers[].url`.
//
// Started once per call: prints a line that says what it is, reads at most one line with a request, and prints a line
// with the answer. Needs Node alone.

import { readFileSync } from "node:fs";

const HELLO = { relman: [1], name: "openapi", version: "1.0.0", roles: ["manifest"] };

/** Why a file cannot be read: what is wrong, what to do, and the characters that it is about. */
class Problem extends Error {
  constructor(message, help, start, end) {
    super(message);
    Object.assign(this, { help, start, end });
  }
}

// Both readers give the scalars of a document one after the other: `{ path, start, end }`, where `path` is the keys and
// indexes that lead to it, and the span is that of the text, quotes included.

/** The scalars of what opens at `at` with `{` or `[`: JSON, or a flow collection of YAML. Returns where it ends. */
function* flow(text, at, path = []) {
  const token = /[\s,:]+|#[^\n]*|[{}[\]]|["']|(?:[^\s,{}[\]:]|:(?![\s,{}[\]])|[ \t]+(?![\s#,{}[\]:]))+/y;
  const open = [];
  let comma = true;
  do {
    token.lastIndex = at;
    const found = token.exec(text)?.[0];
    if (found === undefined) break;
    const quoted = found === '"' || found === "'";
    const start = at;
    at = quoted ? closing(text, at) : token.lastIndex;
    const inner = open.at(-1);
    if (/^[\s,:]/.test(found)) {
      comma ||= found.includes(",");
    } else if (found.startsWith("#")) {
      continue;
    } else if (found === "}" || found === "]") {
      open.pop();
      comma = false;
    } else if (inner?.map && comma) {
      inner.key = unquoted(text.slice(start, at));
      comma = false;
    } else {
      if (inner && !inner.map) inner.key += 1;
      if (found === "{" || found === "[") {
        open.push({ map: found === "{", key: -1 });
        comma = true;
      } else {
        yield { path: [...path, ...open.map((one) => one.key)], start, end: at };
      }
    }
  } while (open.length > 0 && at < text.length);
  return at;
}

/** Returns where the string that opens at `at` ends. */
function closing(text, at) {
  const quote = text[at];
  for (let next = at + 1; next < text.length; next += 1) {
    if (text[next] === "\\" && quote === '"') next += 1;
    else if (text[next] === quote && quote === "'" && text[next + 1] === quote) next += 1;
    else if (text[next] === quote) return next + 1;
  }
  return text.length;
}

function unquoted(text) {
  return /^["']/.test(text) ? text.slice(1, -1) : text.trim();
}

const QUOTED = /"(?:\\.|[^"\\\n])*"|'(?:''|[^'\n])*'/.source;
const PLAIN = /(?:[^\s"'#{}[\],&*!|>%@`-]|-(?=\S))(?:[^\n#]|(?<=\S)#)*?/.source;
const KEY = new RegExp(`(${QUOTED}|${PLAIN})[ \\t]*:(?=\\s|$)`, "y");
const PROPERTIES = /[ \t]*(?:[&!]\S*[ \t]+)*/y;

/** The scalars of YAML in block style. A line is as deep as its keys and dashes are to the right. */
function* yaml(text) {
  const open = [];
  let at = text.startsWith("\ufeff") ? 1 : 0;
  while (at < text.length) {
    const line = at;
    const end = lineEnd(text, at);
    const between = /^(---|\.\.\.)(?=\s|$)/.test(text.slice(at, end));
    if (between && open.length > 0) return;
    if (between) at += "---".length;
    at += text.slice(at, end).search(/[^ ]|$/);
    if (at === end || "#%\r".includes(text[at])) {
      at = end + 1;
      continue;
    }
    for (; /^-(\s|$)/.test(text.slice(at, end)); at += text.slice(at, end).search(/(?<!^)[^ ]|$/)) {
      const before = leave(open, at - line, true);
      open.push({ column: at - line, dash: true, key: before + 1 });
    }
    KEY.lastIndex = at;
    const key = KEY.exec(text);
    if (key) {
      leave(open, at - line, false);
      open.push({ column: at - line, key: unquoted(key[1]) });
      at = KEY.lastIndex;
    }
    PROPERTIES.lastIndex = at;
    at += PROPERTIES.exec(text)[0].length;
    at = yield* value(text, at, end, open);
    at = lineEnd(text, at) + 1;
  }
}

/** Leaves what a line in this column is not inside of. Returns the index of the last item of its list, or -1. */
function leave(open, column, dash) {
  let index = -1;
  const outside = (one) => one.column > column || (one.column === column && (one.dash || !dash));
  while (open.length > 0 && outside(open.at(-1))) {
    const left = open.pop();
    if (left.dash && left.column === column) index = left.key;
  }
  return index;
}

/** The scalars of the value that a line has from `at`. Returns where it ends. */
function* value(text, at, end, open) {
  const path = open.map((one) => one.key);
  const said = text.slice(at, end);
  if (/^[{[]/.test(said)) return yield* flow(text, at, path);
  if (/^[|>]/.test(said)) {
    yield { path, start: at, end: at + 1 };
    return blockEnd(text, end, open.at(-1)?.column ?? -1);
  }
  const stop = /^["']/.test(said) ? closing(text, at) : at + said.replace(/(^|\s+)#[^\n]*$/, "").trimEnd().length;
  if (stop > at) yield { path, start: at, end: stop };
  return Math.max(stop, at);
}

/** Returns where the lines end that are deeper than `column`, or empty. */
function blockEnd(text, at, column) {
  const shallow = new RegExp(`\\n(?! {${column + 1}}|[ \\t]*\\r?(?:\\n|$))`, "g");
  shallow.lastIndex = at;
  return shallow.exec(text)?.index ?? text.length;
}

function lineEnd(text, at) {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Returns the places of a document: that of `info.version` first. */
function places(path, text) {
  const scalars = [...document(path, text)].filter(({ path }) => path[0] === "info" || path[0] === "servers");
  const info = scalars.find(({ path }) => path.join() === "info,version");
  if (!info) throw new Problem("`info.version` not found", 'write it, as in `version: "1.2.3"` under `info:`');
  const version = bare(text, info);
  const written = text.slice(version.start, version.end);
  if (!/^[^\s\\"'*|>]+$/.test(written)) {
    const help = "write it in one line, without escapes";
    throw new Problem("`info.version` is not a plain string", help, info.start, info.end);
  }
  const escaped = written.replace(/[^0-9A-Za-z]/g, "\\$&");
  const whole = new RegExp(`(?<=(?<![0-9A-Za-z.])[vV]?)${escaped}(?![0-9A-Za-z+-]|\\.[0-9])`, "g");
  const urls = scalars.filter(({ path }) => /^servers,\d+,url$/.test(path.join()));
  const carried = urls.flatMap((url) => {
    const found = [...text.slice(url.start, url.end).matchAll(whole)];
    return found.map(({ index }) => {
      const start = url.start + index;
      return { field: `servers[${url.path[1]}].url`, start, end: start + written.length };
    });
  });
  return [{ field: "info.version", ...version }, ...carried];
}

function document(path, text) {
  if (/\.ya?ml$/.test(path)) return yaml(text);
  if (!path.endsWith(".json")) throw new Problem("not a file of OpenAPI", "expected `*.json`, `*.yaml` or `*.yml`");
  try {
    JSON.parse(text.replace("\ufeff", ""));
  } catch (error) {
    throw new Problem(`not valid JSON: ${error.message}`, "fix the file");
  }
  return flow(text, text.search(/[{[]|$/));
}

/** Returns the span of a scalar without its quotes. */
function bare(text, { start, end }) {
  const quotes = /["']/.test(text[start]) ? 1 : 0;
  return { start: start + quotes, end: end - quotes };
}

/** Returns what is found in one file. Offsets are counted in bytes. */
function read({ path, text }) {
  const bytes = (at) => Buffer.byteLength(text.slice(0, at));
  const span = ({ start, end }) => ({ start: bytes(start), end: bytes(end) });
  try {
    const found = places(path, text);
    const taken = (place) => ({ ...place, ...span(place), text: text.slice(place.start, place.end) });
    return { path, places: found.map(taken) };
  } catch (problem) {
    if (!(problem instanceof Problem)) throw problem;
    const { message, help, start } = problem;
    return { path, places: [], problems: [{ message, help, ...(start === undefined ? {} : span(problem)) }] };
  }
}

function answer({ role, ask, files }) {
  if (role !== "manifest" || ask !== "places") {
    return { error: `the request \`${role} ${ask}\` is not known`, help: "expected `manifest places`" };
  }
  return { files: files.map(read) };
}

console.log(JSON.stringify(HELLO));
const line = readFileSync(0, "utf8").split("\n", 1)[0];
if (line.trim()) console.log(JSON.stringify(answer(JSON.parse(line))));
