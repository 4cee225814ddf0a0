/** Lists of studies that are safe to free: made, signed by two people, and written for a person to act on. Nothing here deletes. */
import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { stringify } from 'csv-stringify/sync'
import { isSigned, samePerson, verdictsHoldFor, type FreeItem, type FreeList } from '../../shared/domain/freeing.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { forEachBounded } from '../../shared/flow/pool.ts'
import { toHex } from '../../shared/units/digest.ts'
import { day } from '../../shared/units/duration.ts'
import { pathForDisplay, pathFromBytes } from '../../shared/units/itemPath.ts'
import type { FileSink } from '../evidence/fileSink.ts'
import { statOf } from '../files/openReadOnly.ts'
import type { OpenMigration } from './migrationFolder.ts'
import { patientsIn, type KeptPatients } from './patientList.ts'
import { requireWhole } from './workOrderRules.ts'

type Migration = Pick<OpenMigration, 'journal' | 'world' | 'patientKey'>

const looksAtOnce = 16

/** @throws Fault nothing-to-free when no study is proven and old enough; bad-input for a list of patients that cannot be read. */
export async function makeFreeList(
  { journal, world, patientKey }: Migration,
  wanted: { readonly person: string; readonly olderThanDays: number; readonly keepPatients: string | undefined },
): Promise<{ readonly list: FreeList; readonly patients: KeptPatients | undefined }> {
  const { person, olderThanDays, keepPatients } = wanted
  requireWhole(journal)
  const keptPatients = keepPatients === undefined ? [] : await patientsIn(keepPatients, patientKey)
  const at = Math.round(world.clock.now())
  const verifiedSince = at - verdictsHoldFor * day
  const studies = journal.freeable({ changedBefore: (at - olderThanDays * day) * 1000, verifiedSince, keptPatients })
  return journal.together(() => {
    const list = journal.addFreeList({ at, person, olderThanDays, keptPatients: keptPatients.length }, studies, verifiedSince, digestOf)
    if (list.studies === 0) throw new Fault('nothing-to-free')
    const { id, items, bytes, digest } = list
    const patients = keepPatients === undefined ? undefined : { listed: keptPatients.length, found: journal.patientsFound(keptPatients) }
    journal.append('free-list-made', {
      list: id,
      person,
      studies: list.studies,
      items,
      bytes,
      digest,
      keptPatients: keptPatients.length,
      patientsFound: patients?.found ?? 0,
    })
    return { list, patients }
  })
}

/** @throws Fault free-list-changed, bad-input when there is no such list or this person has signed it already. */
export function signFreeList({ journal, world }: Migration, id: number, person: string): FreeList {
  return journal.together(() => {
    const list = listOf(journal, id)
    requireUnchanged(journal, list, since(world))
    if (list.signatures.some((one) => samePerson(one.person, person)))
      throw new Fault('bad-input', { field: '--person', problem: 'has signed this list already; the second signature is another person’s' })
    journal.signFreeList(id, person, Math.round(world.clock.now()))
    journal.append('free-list-signed', { list: id, person, digest: list.digest })
    return listOf(journal, id)
  })
}

export type Freed = {
  readonly list: FreeList
  readonly studies: number
  readonly items: number
  readonly bytes: number
  /** Studies of which a file is not at the source as it was read, or not there: they are in no file. */
  readonly withdrawn: number
}

/** The sinks: a table for people, digests that `sha256sum -c` takes, and paths ended by NUL, which every shell's tools take whatever is in a name. */
export type FreeFiles = Readonly<Partial<Record<'table' | 'sums' | 'paths', FileSink | undefined>>>

export const freeColumns = ['archive', 'study', 'path', 'size', 'sha256_hex', 'bucket', 'key', 'version_id', 'verified_at'] as const

/**
 * Looks at every file once more, and writes those of studies that are wholly as they were read.
 * @throws Fault free-list-unsigned, free-list-changed, disk-full.
 */
export async function writeFreeList({ journal, world }: Migration, id: number, files: FreeFiles, signal: AbortSignal): Promise<Freed> {
  const list = listOf(journal, id)
  if (!isSigned(list)) throw new Fault('free-list-unsigned', { list: id, signatures: list.signatures.length })
  const verifiedSince = since(world)
  requireUnchanged(journal, list, verifiedSince)
  const roots = new Map(journal.archives().map((archive) => [archive.id, Buffer.from(archive.root)]))
  const file = (item: FreeItem): Buffer => Buffer.concat([roots.get(item.archiveId) ?? Buffer.alloc(0), Buffer.from('/'), item.path])
  const withdrawn = new Set<number>()
  await forEachBounded(journal.freeItems(id, verifiedSince), looksAtOnce, signal, async (item) => {
    if (!(await isAsRead(file(item), item))) withdrawn.add(item.studyId)
  })
  signal.throwIfAborted()
  await files.table?.write(stringify([[...freeColumns]]))
  const sum = { items: 0, bytes: 0 }
  for (const item of journal.freeItems(id, verifiedSince)) {
    if (withdrawn.has(item.studyId)) continue
    signal.throwIfAborted()
    sum.items += 1
    sum.bytes += item.size
    const path = file(item)
    await files.table?.write(stringify([rowOf(item)]))
    await files.sums?.write(sumLine(path, toHex(item.sha256)))
    await files.paths?.write(Buffer.concat([path, Buffer.of(0)]))
  }
  return { list, studies: list.studies - withdrawn.size, ...sum, withdrawn: withdrawn.size }
}

/** Once the files are on the disk. */
export function recordFreeList({ journal }: Pick<Migration, 'journal'>, { list, ...freed }: Freed, person: string): void {
  journal.append('free-list-written', { list: list.id, person, ...freed })
}

function since(world: Migration['world']): number {
  return world.clock.now() - verdictsHoldFor * day
}

function listOf(journal: Migration['journal'], id: number): FreeList {
  const list = journal.freeLists().find((one) => one.id === id)
  if (list === undefined) throw new Fault('bad-input', { field: 'list', problem: 'there is no such list' })
  return list
}

/** What was signed must be what is written: the digest is taken anew of what is still proven. */
function requireUnchanged(journal: Migration['journal'], list: FreeList, verifiedSince: number): void {
  if (digestOf(journal.freeItems(list.id, verifiedSince)).digest !== list.digest) throw new Fault('free-list-changed', { list: list.id })
}

/** Of each item in order: archive NUL path NUL size NUL sha256 NUL bucket NUL key NUL version LF. */
function digestOf(all: Iterable<FreeItem>): { items: number; bytes: number; digest: string } {
  const hash = createHash('sha256')
  const sum = { items: 0, bytes: 0 }
  for (const item of all) {
    hash.update(`${item.archiveId}\0`).update(item.path)
    hash.update(`\0${item.size}\0${toHex(item.sha256)}\0${item.bucket}\0${item.key}\0${item.versionId}\n`)
    sum.items += 1
    sum.bytes += item.size
  }
  return { ...sum, digest: hash.digest('hex') }
}

async function isAsRead(file: Buffer, { size, mtimeUs }: FreeItem): Promise<boolean> {
  try {
    const stats = await lstat(file)
    const seen = statOf(stats)
    return stats.isFile() && seen.size === size && seen.mtimeUs === mtimeUs
  } catch {
    return false
  }
}

/** `./` keeps a spreadsheet from taking a name for a formula. */
function rowOf(item: FreeItem): (string | number)[] {
  const path = `./${pathForDisplay(pathFromBytes(item.path))}`
  const at = new Date(item.verifiedAt).toISOString()
  return [item.archiveId, item.studyId, path, item.size, toHex(item.sha256), item.bucket, `./${item.key}`, item.versionId, at]
}

/** As GNU sha256sum writes it: a name with a backslash or a line break is escaped, and the line begins with a backslash. */
function sumLine(path: Buffer, sha256: string): Buffer {
  const name = path.toString('latin1')
  const escaped = name
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
  return Buffer.from(`${escaped === name ? '' : '\\'}${sha256}  ${escaped}\n`, 'latin1')
}
