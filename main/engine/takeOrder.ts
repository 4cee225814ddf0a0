/** On the other workstation: a folder is made from a work order, in which that one device is loaded and inspected. */
import { chmodSync, copyFileSync, lstatSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { parseMigrationConfig, type MigrationConfig } from '../../shared/contract/migrationConfig.ts'
import type { ArchiveId } from '../../shared/domain/item.ts'
import type { Transfer } from '../../shared/domain/transfer.ts'
import type { WorkOrder } from '../../shared/domain/workOrder.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import type { Journal } from '../../shared/ports/journal.ts'
import { statOf } from '../files/openReadOnly.ts'
import { readJournal } from '../journal/openJournal.ts'
import { readOrderConfig } from '../journal/workOrders.ts'
import { requireApart } from './apart.ts'
import { filesOf, newFolder, openMigration, type OpenMigration } from './migrationFolder.ts'
import { createPatientKey } from './patientKey.ts'
import { realWorld } from './world.ts'

export type Taking = {
  /** The order, a file. */
  readonly order: string
  readonly folder: string
  readonly person: string
  /** Where each archive is on this workstation. */
  readonly roots: ReadonlyMap<ArchiveId, string>
  /** Of the AWS credentials on this workstation. */
  readonly profile?: string | undefined
  /** Of a rehearsal: the folder whose simulated AWS has the device. */
  readonly rehearsalOf?: string | undefined
}

const lookedAt = 100

/**
 * @throws Fault work-order-unfit for a file that is none · migration-exists for a folder that is not empty · bad-input for an archive that is missing, or
 * that is not the one that was scanned. Nothing is left behind then.
 */
export function takeOrder(
  wanted: Taking,
  environment: NodeJS.ProcessEnv,
): { readonly order: WorkOrder; readonly migration: OpenMigration } {
  const { folder, roots, person } = wanted
  const { order, archives, config } = read(wanted)
  for (const id of archives)
    if (!roots.has(id)) throw new Fault('bad-input', { field: '--archive', problem: `say where archive ${id} is here, as ${id}=/path` })
  requireApart('folder', folder, [...roots.values()])
  newFolder(folder)
  const files = filesOf(folder)
  try {
    createPatientKey(files.patientKey, environment['FIRN_KEY_PASSPHRASE'])
    copyFileSync(wanted.order, files.journal)
    chmodSync(files.journal, 0o600)
    if (wanted.rehearsalOf !== undefined) symlinkSync(filesOf(resolve(wanted.rehearsalOf)).sandbox, files.sandbox, 'junction')
    writeFileSync(files.config, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 })
    const migration = openMigration(folder, environment)
    try {
      for (const id of archives) migration.journal.placeArchive(id, resolve(roots.get(id) ?? ''))
      for (const id of archives) requireSame(migration.journal, order, id)
      migration.journal.append('work-order-taken', { workOrder: order.id, device: order.deviceId, person })
      migration.signer()
      return { order, migration }
    } catch (error) {
      migration.close()
      throw error
    }
  } catch (error) {
    rmSync(folder, { recursive: true, force: true })
    throw error
  }
}

function read({ order: file, profile, rehearsalOf }: Taking): {
  readonly order: WorkOrder
  readonly archives: readonly ArchiveId[]
  readonly config: MigrationConfig
} {
  try {
    const journal = readJournal(file, realWorld({ info: ignore, warn: ignore, error: ignore }))
    try {
      const order = journal.takenOrder()
      if (order === undefined) throw new Fault('work-order-unfit', { problem: 'the file is not a work order' })
      // Keys in a secret store are those of one machine.
      const { keptKeys: _keptKeys, profile: theirs, ...config } = parseMigrationConfig(JSON.parse(readOrderConfig(file)))
      const used = profile ?? theirs
      if ((rehearsalOf !== undefined) !== (config.rehearsal !== undefined))
        throw new Fault('bad-input', { field: '--rehearsal-of', problem: 'is for the order of a rehearsal, and needed there' })
      return {
        order,
        archives: journal.archives().map(({ id }) => id),
        config: { ...config, ...(used === undefined ? {} : { profile: used }) },
      }
    } finally {
      journal.close()
    }
  } catch (error) {
    if (isFault(error) && error.code !== 'journal-damaged' && error.code !== 'not-a-migration') throw error
    throw new Fault('work-order-unfit', { problem: 'the file is not a work order' }, { cause: error })
  }
}

const ignore = (): void => undefined

/**
 * An order of another archive, or one mounted so that times differ, would leave everything behind as changed.
 * @throws Fault bad-input when not one of the first files has the size and time that were scanned.
 */
function requireSame(journal: Journal, { deviceId }: WorkOrder, archive: ArchiveId): void {
  const root = journal.archives().find(({ id }) => id === archive)?.root ?? ''
  let looked = 0
  for (const item of waitingOf(journal, deviceId)) {
    if (item.archiveId !== archive) continue
    if (isThere(root, item)) return
    looked += 1
    if (looked >= lookedAt) break
  }
  if (looked > 0)
    throw new Fault('bad-input', {
      field: '--archive',
      problem: `none of the first ${looked} files of archive ${archive} is in that folder with the size and time that were scanned`,
    })
}

function* waitingOf(journal: Journal, deviceId: number): Iterable<Transfer> {
  yield* journal.waiting({ route: 'device', deviceId })
  for (const batch of journal.waitingBatches(deviceId)) yield* journal.members(batch.id)
}

function isThere(root: string, { path, size, mtimeUs }: Transfer): boolean {
  try {
    const seen = statOf(lstatSync(Buffer.concat([Buffer.from(root), Buffer.from('/'), path])))
    return seen.size === size && seen.mtimeUs === mtimeUs
  } catch {
    return false
  }
}
