/** Says whether node_modules is what package-lock.json asks for, cheaply: by a stamp, or by npm's own record of what it installed. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Parts of package.json that decide what is installed. Scripts and descriptions may change without an install. */
const deciding = ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies', 'overrides', 'engines']

/**
 * @param {string} root
 * @param {string} nodeVersion of the Node.js that will run Firn
 */
export function installedPackages(root, nodeVersion) {
  const stamp = join(root, 'node_modules', '.firn-installed')
  const lockText = readFileSync(join(root, 'package-lock.json'), 'utf8')
  const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const hash = createHash('sha256')
    .update(lockText)
    .update(JSON.stringify(deciding.map((part) => manifest[part])))
    .update(`${nodeVersion.split('.')[0]} ${process.platform} ${process.arch}`)
    .digest('hex')
  const write = () => writeFileSync(stamp, hash)
  return {
    isReady() {
      if (existsSync(stamp) && readFileSync(stamp, 'utf8') === hash) return true
      // Installed by hand (`npm ci`, `npm install`): npm writes this record last, so it speaks for the whole tree.
      const record = join(root, 'node_modules', '.package-lock.json')
      if (!existsSync(record) || !agrees(JSON.parse(lockText).packages, JSON.parse(readFileSync(record, 'utf8')).packages)) return false
      write()
      return true
    },
    write,
    count: Object.keys(JSON.parse(lockText).packages).length - 1,
  }
}

/**
 * Every package that the lockfile wants on this machine is recorded in the same version, and no other. An optional package may be
 * absent when it is made for another platform, or when nothing that is installed asks for it.
 */
export function agrees(wanted, recorded, { platform = process.platform, arch = process.arch } = {}) {
  const asked = new Set([wanted[''] ?? {}, ...Object.values(recorded)].flatMap((entry) => askedBy(entry)))
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue
    const found = recorded[path]
    if (found === undefined) {
      const elsewhere = !fits(entry.os, platform) || !fits(entry.cpu, arch) || entry.libc !== undefined
      const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length)
      if (entry.optional === true && (elsewhere || !asked.has(name))) continue
      return false
    }
    if (found.version !== entry.version || found.integrity !== entry.integrity) return false
  }
  return Object.keys(recorded).every((path) => wanted[path] !== undefined)
}

function askedBy({ dependencies, devDependencies, optionalDependencies }) {
  return Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })
}

function fits(list, value) {
  if (list === undefined) return true
  const names = [list].flat()
  return names.includes(value) || (names.every((name) => name.startsWith('!')) && !names.includes(`!${value}`))
}
