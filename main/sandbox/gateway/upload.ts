/** Uploads one file of the share as an S3 File Gateway does: data first, metadata second, large files in parts of odd sizes. */
import { createReadStream, lstatSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { MiB } from '../../../shared/units/bytes.ts'
import { rot, sameStreams } from '../control/bytesOnTheWay.ts'
import type { PutOptions, SandboxObjects, StoredObject } from '../contract.ts'
import { putBy } from '../countedStore.ts'
import type { Faults } from '../faultPlan.ts'
import { stampOf } from './shareCrawl.ts'
import { pathOf, type ShareFile, type ShareIndex } from './shareIndex.ts'
import type { Uplink } from './uplink.ts'

export type UploadParts = {
  readonly root: string
  readonly bucket: string
  /** '' or ending with '/'. */
  readonly prefix: string
  readonly cloud: SandboxObjects
  readonly index: ShareIndex
  readonly faults: Faults
  readonly uplink: Uplink
  readonly gatewayId: string
  /** A file that was not touched for this long (real time) may go up. */
  readonly quietMs: number
  /** Larger files go up in parts. */
  readonly multipartAbove: number
  readonly onUploaded: (bytes: number) => void
}

/** Keys that S3 can never take are given up; other trouble is tried again with the next round. */
const hopeless = ['KeyTooLongError', 'InvalidURI', 'EntityTooLarge']

/** Read at once and kept for both uploads; larger files are streamed. */
const smallFile = MiB

/** @returns false when the file has to wait. */
export async function upload(parts: UploadParts, file: ShareFile): Promise<boolean> {
  const path = join(parts.root, pathOf(file))
  const key = parts.prefix + pathOf(file) + (file.folder ? '/' : '')
  const before = stampOf(path)
  if (before === undefined || before.stamp !== file.stamp) return false
  if (!file.folder && Math.abs(Date.now() - before.changedMs) < parts.quietMs) return false
  if (!file.folder && parts.faults.strikes('fail-upload', key)) return parts.index.mark(file, 'failing')
  try {
    if (file.folder) await uploadFolder(parts, key, path)
    else await uploadFile(parts, key, path, file.size)
  } catch (error) {
    if (hopeless.includes((error as { code?: string }).code ?? '')) return parts.index.mark(file, 'failing')
    throw error
  }
  const after = stampOf(path)
  // Written meanwhile: what went up is an intermediate version, and the file stays dirty until the next look.
  return after !== undefined && after.stamp === file.stamp && parts.index.mark(file, 'clean')
}

async function uploadFolder(parts: UploadParts, key: string, path: string): Promise<void> {
  if (parts.cloud.head(parts.bucket, key) !== undefined) return
  await parts.cloud.put(
    parts.bucket,
    key,
    Readable.from([], { objectMode: false }),
    putBy('gateway-data', { metadata: metadataOf(path, parts.gatewayId) }),
  )
}

async function uploadFile(parts: UploadParts, key: string, path: string, size: number): Promise<void> {
  const { cloud, bucket } = parts
  const rotten = size > 0 && parts.faults.strikes('rot-byte', key)
  const small = size <= smallFile ? readFileSync(path).subarray(0, size) : undefined
  const content = (): Readable => {
    const bytes = small === undefined ? createReadStream(path, { end: size - 1, highWaterMark: 262_144 }) : bytesOf(small)
    return rotten ? rot(bytes, size) : bytes
  }
  const sizes = size > parts.multipartAbove ? oddParts(size) : undefined
  const metadata = metadataOf(path, parts.gatewayId)
  const there = cloud.head(bucket, key)
  // After a kill the data may be there already, with or without its metadata.
  const known = there !== undefined && there.size === size && (await sameStreams(content(), cloud.read(there)))
  if (known && there.metadata['file-mtime'] === metadata['file-mtime']) return
  let stored: StoredObject | undefined = known ? there : undefined
  if (stored === undefined) {
    const passing = Readable.from(exactly(parts.uplink.pass(content(), parts.onUploaded), size), { objectMode: false })
    stored = await put(
      cloud,
      bucket,
      key,
      passing,
      sizes,
      putBy('gateway-data', { metadata: { 'user-agent': metadata['user-agent'] ?? '' } }),
    )
  }
  // A copy within S3: the bytes that are there, rotten or not.
  await put(cloud, bucket, key, small === undefined ? cloud.read(stored) : content(), sizes, putBy('gateway-metadata', { metadata }))
}

function bytesOf(buffer: Buffer): Readable {
  return Readable.from(buffer.length === 0 ? [] : [buffer], { objectMode: false })
}

function put(
  cloud: SandboxObjects,
  bucket: string,
  key: string,
  body: Readable,
  sizes: readonly number[] | undefined,
  options: PutOptions,
): Promise<StoredObject> {
  return sizes === undefined ? cloud.put(bucket, key, body, options) : cloud.putInParts(bucket, key, body, sizes, options)
}

/** Parts of 5 to 8 MiB whose sizes follow no rule a reader could guess, always the same for the same file size. */
export function oddParts(size: number): readonly number[] {
  const sizes: number[] = []
  let left = size
  let draw = size % 2_147_483_647 || 1
  const scale = Math.max(1, Math.ceil(size / (10_000 * 5 * MiB)))
  while (left > 0) {
    draw = (draw * 48_271) % 2_147_483_647
    const part = Math.min(left, scale * (5 * MiB + (draw % (3 * MiB))))
    sizes.push(part)
    left -= part
  }
  return sizes
}

/** The POSIX facts of a file as user metadata (the schema that AWS's file services share). */
function metadataOf(path: string, gatewayId: string): Readonly<Record<string, string>> {
  const stat = lstatSync(path, { bigint: true })
  return {
    'file-permissions': `0${stat.mode.toString(8)}`,
    'file-owner': String(stat.uid),
    'file-group': String(stat.gid),
    'file-mtime': `${stat.mtimeNs}ns`,
    'file-atime': `${stat.mtimeNs}ns`,
    'user-agent': 'aws-storage-gateway',
    'user-agent-id': gatewayId,
  }
}

/** A file cut short while it was read must not become an object of the size it had. */
async function* exactly(source: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer> {
  let passed = 0
  for await (const chunk of source) {
    passed += chunk.length
    yield chunk
  }
  if (passed !== size) throw new Error(`the file changed while it was read: ${passed} bytes instead of ${size}`)
}
