/** The import at AWS: objects of a returned device become objects of the cloud bucket, tar batches become their members. */
import type { Readable } from 'node:stream'
import { forEachBounded } from '../../../shared/flow/pool.ts'
import { MiB } from '../../../shared/units/bytes.ts'
import { rot, sameStreams } from '../control/bytesOnTheWay.ts'
import { text, type ControlState } from '../control/state.ts'
import type { PutOptions, SandboxObjects, StoredObject } from '../contract.ts'
import { putBy } from '../countedStore.ts'
import type { Faults } from '../faultPlan.ts'
import { damageOf, isMarked, largestArchive, memberKey, members, type Member } from './archive.ts'
import { openImportLog, type ImportLog, type LogEntry } from './importLog.ts'

export type ImportParts = {
  readonly state: ControlState
  readonly cloud: SandboxObjects
  readonly faults: Faults
  /** Whether an archive stays as an object beside its extracted members. AWS does not say; Firn does not count on it. */
  readonly keepArchives: boolean
}

const width = 4
const pageSize = 1000
const logBatch = 200
/** A single PUT takes 5 GiB; a larger member goes up in parts. */
const largestPut = 5 * 1024 * MiB

/**
 * Imports every object of the job's buckets. After an abort or a kill the same call goes on: what the log has is not done again, and what
 * was put but not logged is recognised by its bytes, so no second version comes to be.
 */
export async function runImport(
  parts: ImportParts,
  jobId: string,
  buckets: readonly string[],
  device: SandboxObjects,
  signal: AbortSignal,
): Promise<void> {
  const log = openImportLog(parts.state, jobId)
  const begun = log.begin()
  if (begun.done) return
  if (!begun.counted) {
    let objects = 0
    let bytes = 0
    for (const object of everyObject(device, buckets, signal)) {
      objects += 1
      bytes += object.size
    }
    await settleOrdinals(parts, jobId, buckets, device, signal)
    log.counted(objects, bytes)
  }
  const one = new OneObject(parts, log, device, begun.attempts > 1)
  await forEachBounded(everyObject(device, buckets, signal), width, signal, (object) => one.import(object, signal))
  await log.finish(parts.cloud, signal)
}

function* everyObject(device: SandboxObjects, buckets: readonly string[], signal: AbortSignal): Generator<StoredObject> {
  for (const bucket of buckets) {
    if (device.bucket(bucket) === undefined) continue
    let after: string | undefined
    for (;;) {
      if (signal.aborted) return
      const page = device.list(bucket, '', after, pageSize)
      yield* page
      const last = page.at(-1)
      if (last === undefined || page.length < pageSize) break
      after = last.key
    }
  }
}

class OneObject {
  readonly #parts: ImportParts
  readonly #log: ImportLog
  readonly #device: SandboxObjects
  readonly #again: boolean

  constructor(parts: ImportParts, log: ImportLog, device: SandboxObjects, again: boolean) {
    this.#parts = parts
    this.#log = log
    this.#device = device
    this.#again = again
  }

  async import(object: StoredObject, signal: AbortSignal): Promise<void> {
    if (this.#log.isDone(object.bucket, object.key)) return
    const entries = isMarked(object) ? await this.#extract(object, signal) : [await this.#whole(object)]
    this.#log.done(object.bucket, object.key, object.size, entries)
  }

  async #whole(object: StoredObject): Promise<LogEntry> {
    const sizes = object.parts?.map((part) => part.size)
    const options = { metadata: object.metadata, contentType: object.contentType }
    await this.#put(object.bucket, object.key, object.size, () => this.#device.read(object), sizes, options)
    return { bucket: object.bucket, key: object.key, archive: '', size: object.size, reason: undefined }
  }

  /** A tar that cannot be, or is planned not to be, extracted is imported as it is and named in the failure log. */
  async #extract(archive: StoredObject, signal: AbortSignal): Promise<readonly LogEntry[]> {
    const obstacle = await this.#obstacle(archive)
    if (obstacle !== undefined) {
      const entry = await this.#whole(archive)
      return [entry, { ...entry, archive: archive.key, reason: obstacle }]
    }
    let entries: LogEntry[] = []
    for await (const member of members(this.#device.read(archive))) {
      signal.throwIfAborted()
      if (member.kind === 'folder') continue
      const key = member.kind === 'file' ? memberKey(archive.key, member.name) : undefined
      const named = key ?? `${archive.key}#${member.at}`
      if (this.#again && this.#log.has(archive.bucket, named, archive.key)) continue
      if (key !== undefined) await this.#member(archive, key, member)
      const reason = key !== undefined ? undefined : member.kind === 'file' ? 'InvalidMemberName' : 'UnsupportedMemberType'
      entries.push({ bucket: archive.bucket, key: named, archive: archive.key, size: member.size, reason })
      if (entries.length < logBatch) continue
      this.#log.add(entries)
      entries = []
    }
    if (this.#parts.keepArchives) entries.push(await this.#whole(archive))
    return entries
  }

  async #obstacle(archive: StoredObject): Promise<string | undefined> {
    if (archive.size > largestArchive) return 'ArchiveTooLarge'
    if (this.#parts.faults.strikes('leave-tar-unextracted', archive.key)) return 'ArchiveNotExtracted'
    const damage = await damageOf(this.#device.read(archive), () => undefined)
    return damage === undefined ? undefined : 'ArchiveDamaged'
  }

  async #member(archive: StoredObject, key: string, member: Member): Promise<void> {
    const sizes = member.size > largestPut ? evenParts(member.size) : undefined
    let first = true
    // The stream of the archive can be read once; a second look goes by the member's place in it.
    const content = (): Readable => {
      if (!this.#again && first) {
        first = false
        return member.open()
      }
      return this.#device.read(archive, member.at, member.at + member.size)
    }
    await this.#put(archive.bucket, key, member.size, content, sizes, {})
  }

  async #put(
    bucket: string,
    key: string,
    size: number,
    content: () => Readable,
    sizes: readonly number[] | undefined,
    options: PutOptions,
  ): Promise<void> {
    const { cloud, faults } = this.#parts
    if (faults.strikes('drop-object', key)) return
    const body = size > 0 && faults.strikes('rot-byte', key) ? (): Readable => rot(content(), size) : content
    if (this.#again) {
      const there = cloud.head(bucket, key)
      if (there !== undefined && there.size === size && (await sameStreams(body(), cloud.read(there)))) return
    }
    if (sizes === undefined) await cloud.put(bucket, key, body(), putBy('import', options))
    else await cloud.putInParts(bucket, key, body(), sizes, putBy('import', options))
  }
}

function evenParts(size: number): readonly number[] {
  const part = 512 * MiB
  return Array.from({ length: Math.ceil(size / part) }, (_, at) => Math.min(part, size - at * part))
}

/** Where the fault plan names victims by their place among the sorted keys, the keys are gathered on disk and counted out. */
async function settleOrdinals(
  parts: ImportParts,
  jobId: string,
  buckets: readonly string[],
  device: SandboxObjects,
  signal: AbortSignal,
): Promise<void> {
  const { state, faults } = parts
  const tarWanted = faults.choosesByOrdinal('leave-tar-unextracted')
  const keyWanted = faults.choosesByOrdinal('rot-byte') || faults.choosesByOrdinal('drop-object')
  if (!tarWanted && !keyWanted) return
  const gather = (tar: boolean, key: string): void => {
    state.run('INSERT OR IGNORE INTO import_keys VALUES (?, ?, ?)', jobId, tar ? 1 : 0, key)
  }
  const nth =
    (tar: boolean) =>
    (ordinal: number): string | undefined =>
      text(
        state.row('SELECT key FROM import_keys WHERE job = ? AND tar = ? ORDER BY key LIMIT 1 OFFSET ?', jobId, tar ? 1 : 0, ordinal - 1)?.[
          'key'
        ],
      )
  for (const object of everyObject(device, buckets, signal)) if (isMarked(object)) gather(true, object.key)
  faults.choose('leave-tar-unextracted', nth(true))
  if (keyWanted) {
    for (const object of everyObject(device, buckets, signal)) {
      if (!isMarked(object) || object.size > largestArchive || faults.strikes('leave-tar-unextracted', object.key)) {
        gather(false, object.key)
        continue
      }
      await damageOf(device.read(object), (member) => {
        const key = member.kind === 'file' && member.size > 0 ? memberKey(object.key, member.name) : undefined
        if (key !== undefined) gather(false, key)
      })
    }
    faults.choose('rot-byte', nth(false))
    faults.choose('drop-object', nth(false))
  }
  signal.throwIfAborted()
  state.run('DELETE FROM import_keys WHERE job = ?', jobId)
}
