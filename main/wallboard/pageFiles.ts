/** The files of the wallboard's page, and no others: what its HTML names, and what those files import. Read once; no address is ever made into a path. */
import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Fault } from '../../shared/faults/fault.ts'

export type PageFile = { readonly type: string; readonly body: Buffer }

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}
const firstFile = 'wallboard.html'
const mostFiles = 200

/** Paths as they are asked for ("/", "/assets/x.js") and what is answered. @throws Fault wallboard-failed when the page was not built. */
export function pageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const files = new Map<string, PageFile>()
  const waiting = [firstFile]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const path = name === firstFile ? '/' : `/${name}`
    const type = types[extname(name)]
    if (files.has(path) || type === undefined) continue
    if (files.size >= mostFiles) throw new Fault('wallboard-failed', { page: 'too many files' })
    const body = read(folder, name)
    // A text in a script may look like the name of a file.
    if (body === undefined) continue
    files.set(path, { type, body })
    if (extname(name) !== '.svg' && extname(name) !== '.woff2') waiting.push(...namedIn(body.toString('utf8'), name))
  }
  return files
}

/** Built files name each other relatively, by file names of letters, digits, dots, hyphens and underscores. */
function namedIn(text: string, from: string): readonly string[] {
  const found = [...text.matchAll(/["'(](\.?\/?(?:assets\/)?[\w.-]+\.(?:js|css|svg|woff2))["')]/g)].map((match) => match[1] ?? '')
  return found.map((name) => {
    const plain = name.replace(/^\.?\//, '')
    return from.startsWith('assets/') && name.startsWith('./') ? `assets/${plain.replace(/^assets\//, '')}` : plain
  })
}

function read(folder: string, name: string): Buffer | undefined {
  try {
    return readFileSync(join(folder, name))
  } catch (error) {
    if (name !== firstFile) return undefined
    throw new Fault('wallboard-failed', { page: 'not built' }, { cause: error })
  }
}
