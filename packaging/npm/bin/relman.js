#!/usr/bin/env node
// Starts the program of this platform, which is a package of its own: npm installs the one whose os, cpu and libc fit.
const { spawnSync } = require('node:child_process')
const { constants } = require('node:os')

const platform = `${process.platform}-${process.arch}`
const program = process.platform === 'win32' ? 'relman.exe' : 'relman'
// An npm that does not know `libc` installs both. The one for musl runs everywhere, so it is asked for last.
const packages = [`@relman/${platform}`, `@relman/${platform}-musl`]
if (process.platform === 'linux' && !process.report.getReport().header.glibcVersionRuntime) packages.shift()

function find() {
  for (const name of packages) {
    try {
      return require.resolve(`${name}/${program}`)
    } catch {}
  }
}

const path = find()
if (path === undefined) {
  console.error(`error: relman has no program for ${platform}: ${packages.join(' and ')} cannot be found`)
  console.error('help: install without --omit=optional or --no-optional; or use another way to install, such as `cargo install relman`')
  process.exit(1)
}
// What the terminal sends goes to the whole group: the program decides what a Ctrl-C means, and this one waits for it.
for (const signal of ['SIGINT', 'SIGQUIT', 'SIGHUP']) process.on(signal, () => {})
const { status, signal, error } = spawnSync(path, process.argv.slice(2), { stdio: 'inherit' })
if (error) {
  console.error(`error: cannot start ${path}: ${error.message}`)
  process.exit(1)
}
process.exit(signal ? 128 + constants.signals[signal] : status)
