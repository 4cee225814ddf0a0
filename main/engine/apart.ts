/** Firn's own folders and the archives lie apart: an archive is only read, and what Firn writes must not become part of one. */
import { existsSync, realpathSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { Fault } from '../../shared/faults/fault.ts'

/** @throws Fault bad-input when one of the folders is, or lies inside, the other. Links are followed; a folder need not exist yet. */
export function requireApart(field: string, folder: string, roots: readonly string[]): void {
  const own = whereItIs(folder)
  for (const root of roots.map(whereItIs)) {
    if (contains(root, own)) throw new Fault('bad-input', { field, problem: 'lies inside an archive, which Firn only reads' })
    if (contains(own, root))
      throw new Fault('bad-input', { field, problem: 'holds an archive; Firn keeps its own folders apart from archives' })
  }
}

function contains(outer: string, inner: string): boolean {
  const way = relative(outer, inner)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(outer, way) === inner)
}

/** The real path; of a folder that is not there yet, what its nearest existing parent gives. */
function whereItIs(folder: string): string {
  const full = resolve(folder)
  if (existsSync(full)) return realpathSync(full)
  const parent = dirname(full)
  return parent === full ? full : join(whereItIs(parent), full.slice(parent.length))
}
