/**
 * Type check of every floor: `tsc -b`, and then proof that each source was in it. A floor that a tsconfig forgets passes by not being seen.
 * `node scripts/check/floors.mjs [FOLDER]`
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const ignored = new Set(['node_modules', '.tsbuild', '.runtime', '.vitest', 'dist', 'out', 'rehearsals', 'coverage'])

/** All folders at the top that hold TypeScript. */
function floorsOf(root) {
  const folders = readdirSync(root, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && !entry.name.startsWith('.') && !ignored.has(entry.name),
  )
  return folders.map(({ name }) => name).filter((name) => typescriptIn(join(root, name)).length > 0)
}

function typescriptIn(folder) {
  const found = readdirSync(folder, { recursive: true, withFileTypes: true })
  return found.filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name)).map((entry) => join(entry.parentPath, entry.name))
}

/** Sources that the compiler did not read, by what it wrote down itself in each floor's .tsbuildinfo. */
export function unread(root) {
  return floorsOf(root).flatMap((floor) => {
    const record = join(root, '.tsbuild', floor, 'tsconfig.tsbuildinfo')
    if (!existsSync(record)) return [`${floor}/ as a whole: tsconfig.json does not refer to it`]
    const read = new Set(JSON.parse(readFileSync(record, 'utf8')).fileNames.map((name) => resolve(dirname(record), name)))
    return typescriptIn(join(root, floor))
      .filter((file) => !read.has(file))
      .map((file) => relative(root, file))
  })
}

if (import.meta.main) {
  const root = resolve(process.argv[2] ?? dirname(dirname(dirname(fileURLToPath(import.meta.url)))))
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const { status } = spawnSync(process.execPath, [compiler, '-b', '--pretty', 'false', root], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const missed = status === 0 ? unread(root) : []
  for (const name of missed) process.stdout.write(`not type-checked: ${name}\n`)
  process.exitCode = status === 0 && missed.length === 0 ? 0 : 1
}
