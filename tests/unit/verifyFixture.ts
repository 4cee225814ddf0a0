/** What verification tests start from: a real archive folder, scanned and sent by a real journal, and a store in memory in place of S3. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Archive } from '../../shared/domain/archive.ts'
import type { ItemVerdict } from '../../shared/domain/verification.ts'
import type { Fault } from '../../shared/faults/fault.ts'
import type { StageEvent } from '../../shared/flow/stage.ts'
import type { Placement } from '../../shared/ports/journal.ts'
import type { ListedObject, ObjectHead, ObjectPart, ObjectStore } from '../../shared/ports/objectStore.ts'
import type { Source } from '../../shared/ports/source.ts'
import { bytes, MiB } from '../../shared/units/bytes.ts'
import { toBase64 } from '../../shared/units/digest.ts'
import { compareUtf8, pathText } from '../../shared/units/itemPath.ts'
import { createJournal, type OpenJournal } from '../../main/journal/openJournal.ts'
import { openFolderSource } from '../../main/source/folderSource.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

export const never: AbortSignal = new AbortController().signal
export const bucket = 'hospital-archive'

export type Moved = {
  readonly archive: Archive
  readonly root: string
  readonly source: Source
  readonly journal: OpenJournal
  readonly world: TestWorld
  /** Full key of a path. */
  key(path: string): string
  verdictOf(path: string): ItemVerdict
  close(): Promise<void>
}

export type MoveOptions = {
  readonly files: Readonly<Record<string, string>>
  readonly prefix?: string
  /** Tar key → paths that travel in it. */
  readonly batches?: Readonly<Record<string, readonly string[]>>
  /** Paths that were planned and never sent. */
  readonly unsent?: readonly string[]
}

/** An archive whose items the journal holds as sent, with the digests of their bytes. */
export async function moved(options: MoveOptions): Promise<Moved> {
  const root = mkdtempSync(join(tmpdir(), 'firn-verify-'))
  const world = testWorld()
  const prefix = options.prefix ?? 'pacs/'
  mkdirSync(join(root, 'archive'))
  for (const [path, body] of Object.entries(options.files)) {
    mkdirSync(dirname(join(root, 'archive', path)), { recursive: true })
    writeFileSync(join(root, 'archive', path), body)
  }
  const journal = createJournal(join(root, 'journal.db'), world, { name: 'test', kind: 'rehearsal' })
  const archive = journal.addArchive({ root: join(root, 'archive'), bucket, prefix, clutter: { ignore: [] } })
  const source = openFolderSource(archive.root, { patientKey: new Uint8Array(32), prefix, workers: 1 })
  await scan(journal, archive, source)
  await send(journal, archive, source, options)
  return {
    archive,
    root: archive.root,
    source,
    journal,
    world,
    key: (path) => prefix + path,
    verdictOf(path) {
      for (const item of journal.evidence()) if (item.key === prefix + path && item.verdict !== undefined) return item.verdict
      throw new Error('no verdict')
    },
    async close() {
      await source.close()
      journal.close()
      rmSync(root, { recursive: true })
    },
  }
}

async function scan(journal: OpenJournal, archive: Archive, source: Source): Promise<void> {
  const { id } = journal.beginScan(archive.id, 0)
  for (let folders = journal.pendingFolders(id, 8); folders.length > 0; folders = journal.pendingFolders(id, 8)) {
    for (const folder of folders) {
      const known = (paths: Parameters<typeof journal.known>[1]) => journal.known(archive.id, paths)
      for await (const part of source.listFolder(folder, archive.clutter, known, never)) journal.recordPart(id, archive.id, part)
      journal.foldersDone(id, [{ folder, ignored: 0 }])
    }
  }
  journal.settle(id, archive.id)
  journal.finishScan(id, 0)
}

async function send(journal: OpenJournal, archive: Archive, source: Source, { batches = {}, unsent = [] }: MoveOptions): Promise<void> {
  const plan = journal.beginPlan('{}', '{}', 0)
  const device = journal.addDevice(plan, { ordinal: 1, wave: 1, snowballType: 'V3_5S', capacity: 'T240', usable: bytes(MiB) })
  const batchIds = new Map(Object.keys(batches).map((key) => [key, journal.addBatch(plan, device, key)]))
  const batchOf = (path: string): string | undefined => Object.entries(batches).find(([, members]) => members.includes(path))?.[0]
  const items = [...journal.studies(bytes(MiB))].flatMap((study) => [...journal.itemsOf(study.id)])
  const placements = items.map((item): Placement => {
    const path = pathText(item.path) ?? ''
    const batch = batchOf(path)
    const batchId = batch === undefined ? undefined : batchIds.get(batch)
    return {
      item,
      route: batchId === undefined ? 'share' : 'device',
      key: archive.prefix + path,
      deviceId: batchId === undefined ? undefined : device,
      batchId,
    }
  })
  journal.place(plan, placements)
  journal.finishPlan(plan)
  const going = placements.filter(({ item }) => !unsent.includes(pathText(item.path) ?? ''))
  const sent = await Promise.all(
    going.map(async ({ item }) => {
      const wanted = (['SHA256', 'CRC64NVME'] as const).map((algorithm) => ({ algorithm, from: 0, to: item.size }))
      const taken = await source.digests(item.path, item, wanted, never)
      if (taken.kind !== 'read') throw new Error(`digests: ${taken.kind}`)
      const [sha256 = new Uint8Array(), crc64nvme = new Uint8Array()] = taken.digests
      return { itemId: item.id, etag: undefined, versionId: undefined, sha256, crc64nvme }
    }),
  )
  journal.intend(sent.map((one) => one.itemId))
  journal.sent(sent)
}

export type Kept = { body: string; head?: Partial<ObjectHead>; parts?: readonly number[]; fault?: Fault; listedSize?: number }

/** An S3 with single-part SHA-256 objects unless told otherwise. */
export class MemoryStore implements ObjectStore {
  readonly objects = new Map<string, Kept>()
  readonly asked = { heads: 0, parts: 0, reads: 0 }
  /** By key: which version parts and bytes were asked of. */
  readonly versionsAsked = new Map<string, string[]>()
  /** Called before each HEAD: what somebody else does meanwhile. */
  meanwhile: (key: string) => void = () => undefined

  put(key: string, body: string, more: Omit<Kept, 'body'> = {}): void {
    this.objects.set(key, { body, ...more })
  }
  async *list(_bucket: string, prefix: string): AsyncGenerator<ListedObject, void> {
    for (const key of [...this.objects.keys()].sort(compareUtf8)) {
      const kept = this.objects.get(key)
      if (kept === undefined || !key.startsWith(prefix)) continue
      await Promise.resolve()
      yield { key, size: kept.listedSize ?? Buffer.byteLength(kept.body), etag: '', storageClass: 'STANDARD' }
    }
  }
  async head(_bucket: string, key: string): Promise<ObjectHead | undefined> {
    this.asked.heads += 1
    this.meanwhile(key)
    const kept = this.objects.get(key)
    if (kept === undefined) return undefined
    if (kept.fault !== undefined) throw kept.fault
    return {
      size: Buffer.byteLength(kept.body),
      etag: createHash('md5').update(kept.body).digest('hex'),
      versionId: 'v1',
      checksumType: 'FULL_OBJECT',
      checksums: [{ algorithm: 'SHA256', value: toBase64(createHash('sha256').update(kept.body).digest()) }],
      encryption: 'AES256',
      customerKey: false,
      storageClass: 'STANDARD',
      metadata: {},
      ...kept.head,
    }
  }
  async parts(_bucket: string, key: string, versionId: string | undefined): Promise<readonly ObjectPart[] | undefined> {
    this.asked.parts += 1
    this.#noteVersion(key, 'parts', versionId)
    return this.objects.get(key)?.parts?.map((size, at) => ({ partNumber: at + 1, size, checksums: [] }))
  }
  async *read(_bucket: string, key: string, versionId: string | undefined): AsyncGenerator<Uint8Array, void> {
    this.asked.reads += 1
    this.#noteVersion(key, 'read', versionId)
    await Promise.resolve()
    yield Buffer.from(this.objects.get(key)?.body ?? '')
  }
  #noteVersion(key: string, call: string, versionId: string | undefined): void {
    this.versionsAsked.set(key, [...(this.versionsAsked.get(key) ?? []), `${call} ${versionId ?? 'of whatever is current'}`])
  }
  async close(): Promise<void> {
    await Promise.resolve()
  }
}

export async function outcomeOf<Outcome>(events: AsyncIterable<StageEvent<Outcome>>): Promise<{ outcome: Outcome; troubles: Fault[] }> {
  const troubles: Fault[] = []
  for await (const event of events) {
    if (event.kind === 'trouble') troubles.push(event.fault)
    if (event.kind === 'finished') return { outcome: event.outcome, troubles }
  }
  throw new Error('the stage ended without a word')
}
