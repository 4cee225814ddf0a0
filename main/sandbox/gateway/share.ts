/** The file share at work: finds what was written, uploads it in the background, and keeps the books of the write-back cache. */
import { mkdirSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { forEachBounded } from '../../../shared/flow/pool.ts'
import type { Metrics } from '../control/metrics.ts'
import type { ControlState } from '../control/state.ts'
import type { FastClock, SandboxObjects } from '../contract.ts'
import type { Faults } from '../faultPlan.ts'
import { crawl } from './shareCrawl.ts'
import { openShareIndex, pathOf, type ShareFile } from './shareIndex.ts'
import { openUplink } from './uplink.ts'
import { upload, type UploadParts } from './upload.ts'

export type ShareOptions = {
  readonly root: string
  readonly bucket: string
  readonly prefix: string
  readonly gatewayId: string
  readonly cacheBytes: number
  readonly uplinkBytesPerSecond: number | undefined
  readonly quietMs: number
  readonly multipartAbove: number
  readonly folderObjects: boolean
  /** How long to rest between two looks at the folder (real time). */
  readonly restMs: number
}

export type ShareServices = {
  readonly state: ControlState
  readonly clock: FastClock
  readonly cloud: SandboxObjects
  readonly faults: Faults
  readonly metrics: Metrics
  /** Told of what is tried again. */
  readonly onTrouble: (error: unknown) => void
}

export type CacheBooks = {
  readonly allocatedBytes: number
  readonly usedPercent: number
  readonly dirtyPercent: number
  readonly failingFiles: number
  readonly dirtyFiles: number
}

export interface Share {
  /**
   * Whether the cache takes this many more bytes; if so, they are counted as dirty from now on, until they are seen in the folder.
   * False from 90 % dirty on (S3 File Gateway User Guide, "CachePercentDirty"): where the mount of a real gateway refuses the write.
   */
  admit(bytes: number): boolean
  books(): CacheBooks
  failing(limit: number): readonly string[]
  /** Resolves when everything written so far is in S3 or given up. */
  settle(signal: AbortSignal): Promise<void>
  /** How often looking or uploading ended in an error that was tried again. */
  readonly troubles: number
  close(): Promise<void>
}

const width = 4
const refusedFrom = 0.9
const pageSize = 200

export function openShare(options: ShareOptions, services: ShareServices): Share {
  mkdirSync(options.root, { recursive: true })
  const { state, metrics } = services
  const stop = new AbortController()
  const index = openShareIndex(state)
  const admissions = openAdmissions()
  let unnamable = 0
  let looks = 0
  let troubles = 0
  const books = (): CacheBooks => {
    const dirty = Math.min(options.cacheBytes, index.totals.dirtyBytes + admissions.bytes())
    return {
      allocatedBytes: options.cacheBytes,
      usedPercent: (100 * Math.min(options.cacheBytes, Math.max(dirty, index.totals.bytes))) / options.cacheBytes,
      dirtyPercent: (100 * dirty) / options.cacheBytes,
      failingFiles: index.totals.failingFiles + unnamable,
      dirtyFiles: index.totals.dirtyFiles,
    }
  }
  const report = (): void => {
    const now = books()
    const used = (now.usedPercent / 100) * now.allocatedBytes
    metrics.set('CachePercentDirty', now.dirtyPercent)
    metrics.set('CachePercentUsed', now.usedPercent)
    metrics.set('CacheUsed', used)
    metrics.set('CacheFree', now.allocatedBytes - used)
    metrics.set('TotalCacheSize', now.allocatedBytes)
    metrics.set('FilesFailingUpload', now.failingFiles)
    metrics.set('FileSharesUnavailable', 0)
    metrics.set('IndexEvictions', 0)
    metrics.flush()
  }
  const parts: UploadParts = {
    ...options,
    cloud: services.cloud,
    index,
    faults: services.faults,
    uplink: openUplink(options.uplinkBytesPerSecond, stop.signal),
    onUploaded: (bytes) => {
      metrics.add('CloudBytesUploaded', bytes)
    },
  }
  const onRemoved = (file: ShareFile): void => {
    const key = options.prefix + pathOf(file) + (file.folder ? '/' : '')
    if (services.cloud.head(options.bucket, key) !== undefined) services.cloud.delete(options.bucket, key)
  }
  const onWritten = (bytes: number): void => {
    admissions.seen(bytes)
    if (bytes > 0) metrics.add('WriteBytes', bytes)
  }
  const look = async (): Promise<void> => {
    const found = await crawl({ root: options.root, state, index, folderObjects: options.folderObjects, onWritten, onRemoved }, stop.signal)
    unnamable = found.unnamable
    // Ordinals count the files in the order of their paths, among those waiting when there are enough of them.
    if (services.faults.choosesByOrdinal('fail-upload')) services.faults.choose('fail-upload', (ordinal) => nthWaiting(ordinal))
    if (index.totals.dirtyFiles === 0)
      state.run('UPDATE notifications SET done = ? WHERE done IS NULL AND kind = ?', services.clock.now(), 'upload')
    looks += 1
    report()
  }
  const nthWaiting = (ordinal: number): string | undefined => {
    const files = index.dirty(undefined, ordinal * 2 + pageSize).filter((file) => !file.folder)
    const file = files[ordinal - 1]
    return file === undefined ? undefined : options.prefix + pathOf(file)
  }
  const send = async (): Promise<void> => {
    let after: ShareFile | undefined
    for (;;) {
      const page = index.dirty(after, pageSize)
      await forEachBounded(page, width, stop.signal, async (file) => {
        try {
          await upload(parts, file)
        } catch (error) {
          troubles += 1
          services.onTrouble(error)
        }
      })
      after = page.at(-1)
      if (page.length < pageSize) return
    }
  }
  const again = async (work: () => Promise<void>, effort: number): Promise<void> => {
    while (!stop.signal.aborted) {
      const began = performance.now()
      try {
        await work()
      } catch (error) {
        if (!stop.signal.aborted) troubles += 1
        services.onTrouble(error)
      }
      // A share of many files takes long to look through: most of the time is left to the uploads.
      const rest = Math.max(options.restMs, effort * (performance.now() - began))
      await delay(rest, undefined, { signal: stop.signal }).catch(() => undefined)
    }
  }
  const working = Promise.all([again(look, 4), again(send, 0)])

  return {
    admit(bytes) {
      const dirty = index.totals.dirtyBytes + admissions.bytes()
      if (dirty >= refusedFrom * options.cacheBytes || dirty + bytes > options.cacheBytes) return false
      admissions.add(bytes)
      report()
      return true
    },
    books,
    failing: (limit) => index.failing(limit).map((file) => options.prefix + pathOf(file)),
    async settle(signal) {
      const from = looks
      const settled = (): boolean => looks >= from + 2 && index.totals.dirtyFiles === 0
      while (!settled()) {
        if (stop.signal.aborted) throw new Error('the share was closed')
        await delay(10, undefined, { signal })
      }
      admissions.clear()
      report()
    },
    get troubles() {
      return troubles
    },
    async close() {
      stop.abort()
      await working
      metrics.flush()
    },
  }
}

const admissionLastsMs = 5_000

/**
 * Bytes that were admitted and not yet seen in the folder. A writer may admit and then write nothing (the file was there already, or it was
 * killed): what does not show up is forgotten after 5 to 10 seconds.
 */
function openAdmissions() {
  let fresh = 0
  let older = 0
  let turnedAt = performance.now()
  const turn = (): void => {
    const now = performance.now()
    if (now - turnedAt < admissionLastsMs) return
    older = now - turnedAt < 2 * admissionLastsMs ? fresh : 0
    fresh = 0
    turnedAt = now
  }
  return {
    bytes(): number {
      turn()
      return fresh + older
    },
    add(bytes: number): void {
      turn()
      fresh += bytes
    },
    seen(bytes: number): void {
      turn()
      const fromOlder = Math.min(older, bytes)
      older -= fromOlder
      fresh = Math.max(0, fresh - (bytes - fromOlder))
    },
    clear(): void {
      fresh = 0
      older = 0
    },
  }
}
