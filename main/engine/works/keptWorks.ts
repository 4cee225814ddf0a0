/** Works that outlive the engine's process: works.json in the migration's folder, read work by work, written whole. */
import { join } from 'node:path'
import { z } from 'zod'
import { workReasons } from '../../../shared/domain/work.ts'
import type { Log } from '../../../shared/ports/world.ts'
import { readKept, writeKept } from '../keptFile.ts'
import { startedWork } from './startedWork.ts'

const keptWork = z.strictObject({
  id: z.string().min(1).max(64),
  work: startedWork,
  state: z.enum(['waiting', 'running', 'paused']),
  because: z.enum(workReasons).nullable(),
  /** How often in a row the engine's process has ended within this work's first minute. */
  cutShort: z.number().int().nonnegative(),
})
export type KeptWork = z.infer<typeof keptWork>

const worksFile = z.object({ format: z.literal(1), pausedAll: z.boolean(), works: z.array(z.unknown()).max(1000) })

export type KeptWorks = { readonly pausedAll: boolean; readonly works: readonly KeptWork[] }

export function readWorks(migrationFolder: string, log: Log): KeptWorks {
  const kept = readKept(fileIn(migrationFolder), worksFile, log)
  if (kept === undefined) return { pausedAll: false, works: [] }
  const works: KeptWork[] = []
  for (const one of kept.works) {
    const parsed = keptWork.safeParse(one)
    if (parsed.success) works.push(parsed.data)
    else log.warn('works', 'kept-work-dropped', { place: works.length })
  }
  return { pausedAll: kept.pausedAll, works }
}

/** @throws what the file system says. */
export function writeWorks(migrationFolder: string, kept: KeptWorks): void {
  writeKept(fileIn(migrationFolder), { format: 1, ...kept })
}

function fileIn(migrationFolder: string): string {
  return join(migrationFolder, 'works.json')
}
