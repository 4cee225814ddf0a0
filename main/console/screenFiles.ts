/** The built screens, as a table made once at the start: a request is looked up in it as it stands, and no address is ever made into a path. */
import { lstatSync, readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { Fault } from '../../shared/faults/fault.ts'

export type ScreenFile = { readonly type: string; readonly body: Buffer }

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
}
const mostFiles = 2000
const deepest = 4

/** @throws Fault screens-missing. */
export function screenFiles(folder: string): ReadonlyMap<string, ScreenFile> {
  const files = new Map<string, ScreenFile>()
  const look = (from: string, path: string, depth: number): void => {
    for (const entry of readdirSync(from, { withFileTypes: true })) {
      const type = types[extname(entry.name)]
      if (entry.isDirectory() && depth < deepest) look(join(from, entry.name), `${path}${entry.name}/`, depth + 1)
      else if (entry.isFile() && type !== undefined && files.size < mostFiles && lstatSync(join(from, entry.name)).isFile())
        files.set(`${path}${entry.name}`, { type, body: readFileSync(join(from, entry.name)) })
    }
  }
  try {
    look(folder, '/', 0)
  } catch (error) {
    throw new Fault('screens-missing', {}, { cause: error })
  }
  const index = files.get('/index.html')
  if (index === undefined) throw new Fault('screens-missing')
  // The corridor's page is served by its own process, behind its own tokens.
  files.delete('/wallboard.html')
  files.set('/', index)
  return files
}
