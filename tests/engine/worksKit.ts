/** A small rehearsal that is open as the application has it open: session, works and snapshots. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { approvePlan, orderDevices } from '../../main/engine/steps.ts'
import { makeRehearsalMigration } from '../../main/engine/prepareRehearsal.ts'
import { migrationIn, newRehearsalFolder, readRecipe } from '../../main/engine/rehearsalFolder.ts'
import { closeSession, openSession, type OpenedSession } from '../../main/engine/session.ts'
import { openSnapshots, type Snapshots } from '../../main/engine/snapshot/snapshots.ts'
import { openWorks, type Works } from '../../main/engine/works/works.ts'
import type { Notice } from '../../shared/contract/engineWire.ts'
import type { WorkState } from '../../shared/contract/snapshot.ts'

export type OpenRehearsal = {
  readonly session: OpenedSession
  readonly works: Works
  readonly snapshots: Snapshots
  readonly notices: Notice[]
  /** The newest work of a kind. */
  work(kind: WorkState['kind']): WorkState
  /** Resolves when the newest work of this kind is in one of the states. */
  reaches(kind: WorkState['kind'], ...states: readonly WorkState['state'][]): Promise<WorkState>
  close(): Promise<void>
}

/** Small batches, so that a small archive has several and a stop falls between them. */
export function newRehearsal(home: string, instances: number): string {
  const folder = newRehearsalFolder(home, { archive: null, instances, seed: 1, speed: 600_000 }, undefined)
  const recipe = readRecipe(folder)
  if (recipe === undefined) throw new Error('the folder has no recipe')
  makeRehearsalMigration(folder, recipe)
  const migration = migrationIn(folder)
  const file = join(migration, 'migration.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as { rehearsal: Record<string, unknown> }
  config.rehearsal['batchBytes'] = 1_500_000
  writeFileSync(file, JSON.stringify(config))
  return migration
}

export async function openRehearsal(migration: string): Promise<OpenRehearsal> {
  const session = await openSession(migration, { environment: process.env })
  const notices: Notice[] = []
  const works = openWorks(session, (notice) => notices.push(notice))
  const snapshots = openSnapshots({ startedAt: 1, pid: process.pid }, session, works)
  const work = (kind: WorkState['kind']): WorkState => {
    const found = works.states().findLast((one) => one.kind === kind)
    if (found === undefined) throw new Error(`no work of kind ${kind}`)
    return found
  }
  return {
    session,
    works,
    snapshots,
    notices,
    work,
    async reaches(kind, ...states) {
      await until(
        () => {
          const now = works.states().findLast((one) => one.kind === kind)
          if (now?.state === 'failed' && !states.includes('failed')) throw new Error(`${kind} failed: ${JSON.stringify(now.fault)}`)
          return now !== undefined && states.includes(now.state)
        },
        `${kind} ${states.join(' or ')}`,
      )
      return work(kind)
    },
    async close() {
      snapshots.close()
      await works.close()
      await session.views.close()
      await closeSession(session)
    },
  }
}

/** As a person does: prepare, scan, plan with the older studies by device, approve, order. */
export async function planAndOrder(open: OpenRehearsal): Promise<void> {
  const { session, works } = open
  for (const work of [
    { kind: 'prepare' },
    { kind: 'scan' },
    { kind: 'plan', rule: {}, answers: { division: { kind: 'by-study-date', deviceBefore: '20150401' } } },
  ] as const) {
    works.start(work)
    await open.reaches(work.kind, 'done')
  }
  approvePlan(session.migration, 'Ada Lovelace')
  const { migration, wiring, signal } = session
  const watch = (): never => {
    throw new Error('ordering has no stage')
  }
  await orderDevices({ migration, wiring, signal, watch }, 'Ada Lovelace')
}

export async function until(holds: () => boolean, what: string): Promise<void> {
  const end = performance.now() + 180_000
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never: ${what}`)
    await delay(10)
  }
}
