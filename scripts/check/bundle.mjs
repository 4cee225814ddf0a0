/**
 * Budgets of what a window has to load, in bytes after gzip: the screens' entry and all it pulls in at once, the wallboard's page, the preload script.
 * Builds the screens when they are not up to date. `node scripts/check/bundle.mjs`
 */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { buildRenderer } from '../buildRenderer.mjs'

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const out = join(root, 'out')

const budgets = [
  { name: 'screens', files: () => loadedBy('index.html'), most: 700_000 },
  { name: 'wallboard', files: () => loadedBy('wallboard.html'), most: 250_000 },
  { name: 'preload script', files: () => [join(out, 'main/preload/bridge.cjs')].filter(existsSync), most: 4000 },
]

/** Scripts and styles that a page names, and the scripts that those import at once. */
function loadedBy(page) {
  const folder = join(out, 'renderer')
  const html = readFileSync(join(folder, page), 'utf8')
  const waiting = [...html.matchAll(/(?:src|href)="\.\/(assets\/[^"]+\.(?:js|css))"/g)].map(([, file]) => join(folder, file))
  const all = new Set()
  for (let file = waiting.pop(); file !== undefined; file = waiting.pop()) {
    if (all.has(file)) continue
    all.add(file)
    if (!file.endsWith('.js')) continue
    const text = readFileSync(file, 'utf8')
    // Static imports only: what `import(…)` loads comes when it is needed.
    for (const [, imported] of text.matchAll(/(?:\bfrom|\bimport)\s*["'](\.\/[^"']+\.js)["']/g)) waiting.push(join(dirname(file), imported))
  }
  return [...all]
}

/** @returns {readonly { name: string, bytes: number, most: number }[]} what is built; what is not built is not there. */
function measureBundles() {
  return budgets
    .map(({ name, files, most }) => ({ name, most, files: files() }))
    .filter(({ files }) => files.length > 0)
    .map(({ name, most, files }) => ({ name, most, bytes: files.reduce((sum, file) => sum + gzipSync(readFileSync(file)).length, 0) }))
}

if (import.meta.main) {
  await buildRenderer({ quiet: true })
  for (const { name, bytes, most } of measureBundles()) {
    const held = bytes <= most
    process.stdout.write(`${held ? '✓' : '✗'} ${name}: ${(bytes / 1000).toFixed(0)} kB of ${most / 1000} kB after gzip\n`)
    if (!held) process.exitCode = 1
  }
}
