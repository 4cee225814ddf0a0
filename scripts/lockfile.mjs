/**
 * `npm run lockfile`, after a dependency was added: completes package-lock.json with the native packages of other platforms.
 * A registry inside a company often holds only the platforms in use. `npm install` then leaves the others out of the lockfile,
 * and `npm ci` refuses it. They are entered by name and version, without integrity, which npm adds where it does fetch them.
 */
import { readFileSync, writeFileSync } from 'node:fs'

const systems = /(?:^|[-/])(aix|android|darwin|freebsd|linux|netbsd|openbsd|openharmony|sunos|win32)-/
const processors = [
  [/wasm32/, 'wasm32'],
  [/arm64|aarch64/, 'arm64'],
  [/-arm(-|$)/, 'arm'],
  [/x64/, 'x64'],
  [/ia32/, 'ia32'],
  [/(ppc64|s390x|riscv64|loong64|mips64el)/, undefined],
]

/** @returns {Record<string, object>} what is missing, by its path in the lockfile */
export function missingNatives(packages) {
  const missing = {}
  for (const entry of Object.values(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const path = `node_modules/${name}`
      if (packages[path] !== undefined || missing[path] !== undefined) continue
      if (!/^\d+\.\d+\.\d+/.test(version)) throw new Error(`${name}: no exact version (${version}); npm has to resolve it`)
      missing[path] = {
        version,
        cpu: processorOf(name),
        ...(entry.dev === true && { dev: true }),
        ...licenceOf(entry),
        optional: true,
        ...systemOf(name),
      }
    }
  }
  return missing
}

function processorOf(name) {
  const found = processors.map(([pattern, cpu]) => [pattern.exec(name), cpu]).find(([match]) => match !== null)
  if (found === undefined) throw new Error(`${name}: cannot tell the processor`)
  return [found[1] ?? found[0][1]]
}

function systemOf(name) {
  const system = systems.exec(name)?.[1]
  if (system === undefined) return {}
  const library = system === 'linux' ? /-(gnu|musl)/.exec(name)?.[1] : undefined
  return { os: [system], ...(library !== undefined && { libc: [library === 'gnu' ? 'glibc' : library] }) }
}

function licenceOf(entry) {
  return entry.license === undefined ? {} : { license: entry.license }
}

if (import.meta.main) {
  const file = new URL('../package-lock.json', import.meta.url)
  const lock = JSON.parse(readFileSync(file, 'utf8'))
  const missing = missingNatives(lock.packages)
  lock.packages = Object.fromEntries(Object.entries({ ...lock.packages, ...missing }).toSorted(([a], [b]) => (a < b ? -1 : 1)))
  if (Object.keys(missing).length > 0) writeFileSync(file, `${JSON.stringify(lock, undefined, 2)}\n`)
  process.stdout.write(`${Object.keys(missing).length} native packages of other platforms added\n`)
}
