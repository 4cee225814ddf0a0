/** S3Target: load's far side over the S3 protocol, either S3 itself (`cloud`) or the older subset a Snowball's S3 adapter speaks (`device`). */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  UploadPartCommand,
  type CreateMultipartUploadCommandInput,
  type S3Client,
  type StorageClass,
} from '@aws-sdk/client-s3'
import { createHash } from 'node:crypto'
import { Fault } from '../../shared/faults/fault.ts'
import type { Space, SentPart, Target, TargetTraits } from '../../shared/ports/target.ts'
import type { World } from '../../shared/ports/world.ts'
import { bytes, GiB, MiB, TB } from '../../shared/units/bytes.ts'
import { toBase64 } from '../../shared/units/digest.ts'
import { runningCrc64, type RunningCrc64 } from './crc64nvme.ts'
import { awsErrorName, awsErrorStatus, faultFromAws, type AwsCall } from './errors.ts'
import { leanPut } from './leanPut.ts'
import { patient, retrying, type RetryPolicy } from './retrying.ts'

export type Dialect = 'device' | 'cloud'

/** Class, key and tags of an object (S3 API Reference, PutObject). `kmsKeyArn` absent: as the bucket encrypts by itself. */
export type Stored = {
  readonly storageClass?: string | undefined
  readonly kmsKeyArn?: string | undefined
  readonly tags?: Readonly<Record<string, string>> | undefined
}

export type S3TargetOptions = {
  readonly client: S3Client
  readonly bucket: string
  readonly dialect: Dialect
  readonly world: World
  /** How full the device is, where somebody can ask it. */
  readonly space?: (signal: AbortSignal) => Promise<Space | undefined>
  readonly policy?: RetryPolicy
  /** How S3 is to store what is written. Only `cloud`: a device cannot be told. */
  readonly stored?: Stored
  /** Hears of answers that pass by the client's middleware: `undefined` for a good one. */
  readonly seen?: (error: unknown) => void
}

const md5Form = /^[0-9a-f]{32}$/

/** Snowball Edge Developer Guide 2025-11 (limits of the S3 adapter); S3 User Guide 2025-12 (multipart limits). */
const traitsOf: Readonly<Record<Dialect, TargetTraits>> = {
  device: {
    extractsBatches: true,
    largestItem: bytes(5 * TB),
    smallestPart: bytes(5 * MiB),
    largestPart: bytes(2 * GiB),
    mostParts: 10_000,
    checksDigests: false,
    conditional: false,
  },
  cloud: {
    extractsBatches: false,
    largestItem: bytes(50 * TB),
    smallestPart: bytes(5 * MiB),
    largestPart: bytes(5 * GiB),
    mostParts: 10_000,
    checksDigests: true,
    conditional: true,
  },
}

/** The ports' obligations are in shared/ports/target.ts. The client is the caller's: `close` leaves it open. */
export function openS3Target(options: S3TargetOptions): Target {
  const { client, bucket, dialect, world } = options
  const policy = options.policy ?? patient
  const cloud = dialect === 'cloud'
  const stored = cloud ? (options.stored ?? {}) : {}
  const crc = cloud ? runningCrc64() : undefined
  const put = leanPut(client, bucket, options.seen)
  const call = <Result>(name: AwsCall, signal: AbortSignal, attempt: (signal: AbortSignal) => Promise<Result>): Promise<Result> =>
    retrying(name, signal, world, attempt, policy)

  const abortParts: Target['abortParts'] = async (key, uploadId, signal) => {
    await call('s3:AbortMultipartUpload', signal, async (abortSignal) => {
      try {
        await client.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: uploadId }), { abortSignal })
      } catch (error) {
        if (!isUploadGone(error)) throw error
      }
    })
  }

  return {
    traits: traitsOf[dialect],

    async head(key, signal) {
      return call('s3:HeadObject', signal, async (abortSignal) => {
        try {
          const seen = await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), { abortSignal })
          return { size: seen.ContentLength ?? 0, etag: unquoted(seen.ETag), metadata: seen.Metadata ?? {} }
        } catch (error) {
          if (isNotThere(error)) return undefined
          throw error
        }
      })
    },

    async putWhole(key, body, metadata, digests, signal, onto = 'anything') {
      const headers = {
        ...Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`x-amz-meta-${name.toLowerCase()}`, value])),
        ...(cloud ? { 'x-amz-checksum-crc64nvme': toBase64(digests.crc64nvme) } : {}),
        ...storedHeaders(stored),
        ...(onto === 'nothing' ? { 'if-none-match': '*' } : {}),
      }
      return call('s3:PutObject', signal, async (abortSignal) => {
        const { etag, versionId } = await put(key, body, headers, digests.sha256, abortSignal)
        return { etag: unquoted(etag), versionId }
      })
    },

    async beginParts(key, metadata, signal) {
      return call('s3:CreateMultipartUpload', signal, async (abortSignal) => {
        const checksums = cloud ? ({ ChecksumAlgorithm: 'CRC64NVME', ChecksumType: 'FULL_OBJECT' } as const) : {}
        const begun = await client.send(
          new CreateMultipartUploadCommand({ Bucket: bucket, Key: key, Metadata: { ...metadata }, ...checksums, ...storedMembers(stored) }),
          { abortSignal },
        )
        return begun.UploadId ?? unusable('s3:CreateMultipartUpload', 'UploadId')
      })
    },

    async putPart(key, uploadId, partNumber, body, signal) {
      const checksum = crc === undefined ? undefined : partChecksum(await crc, body)
      return call('s3:UploadPart', signal, async (abortSignal) => {
        const command = new UploadPartCommand({
          Bucket: bucket,
          Key: key,
          UploadId: uploadId,
          PartNumber: partNumber,
          Body: body,
          ContentLength: body.length,
          ...(checksum === undefined ? {} : { ChecksumCRC64NVME: checksum }),
        })
        const sent = await client.send(command, { abortSignal }).catch(goneUpload('s3:UploadPart'))
        return sentPart(partNumber, body.length, unquoted(sent.ETag) ?? unusable('s3:UploadPart', 'ETag'), checksum)
      })
    },

    async listParts(key, uploadId, signal) {
      const parts: SentPart[] = []
      let marker: string | undefined
      for (;;) {
        const after = marker
        const page = await call('s3:ListParts', signal, async (abortSignal) => {
          try {
            return await client.send(
              new ListPartsCommand({
                Bucket: bucket,
                Key: key,
                UploadId: uploadId,
                ...(after === undefined ? {} : { PartNumberMarker: after }),
              }),
              { abortSignal },
            )
          } catch (error) {
            if (isUploadGone(error)) return undefined
            // What arrived cannot be asked of it: the upload is given up, and the item is sent from its beginning.
            if (!cloud && isUnsupported(error)) return 'cannot be asked'
            throw error
          }
        })
        if (page === 'cannot be asked') await abortParts(key, uploadId, signal)
        if (page === undefined || page === 'cannot be asked') return undefined
        for (const part of page.Parts ?? []) {
          if (part.PartNumber === undefined || part.Size === undefined || part.ETag === undefined) return unusable('s3:ListParts', 'Part')
          parts.push(sentPart(part.PartNumber, part.Size, unquoted(part.ETag) ?? '', part.ChecksumCRC64NVME))
        }
        if (page.IsTruncated !== true || page.NextPartNumberMarker === undefined || page.NextPartNumberMarker === after) break
        marker = page.NextPartNumberMarker
      }
      return parts.sort((a, b) => a.partNumber - b.partNumber)
    },

    async holds(part, body) {
      if (part.size !== body.length) return false
      if (crc !== undefined && part.crc64nvme !== undefined) return part.crc64nvme === partChecksum(await crc, body)
      // A device may keep something other than an MD5 of the same form: then the part is sent again, which is safe.
      return !md5Form.test(part.etag) || part.etag === createHash('md5').update(body).digest('hex')
    },

    async completeParts(key, uploadId, parts, whole, signal, onto = 'anything') {
      const completed = await call('s3:CompleteMultipartUpload', signal, async (abortSignal) =>
        client
          .send(
            new CompleteMultipartUploadCommand({
              Bucket: bucket,
              Key: key,
              UploadId: uploadId,
              MultipartUpload: {
                Parts: parts.map((part) => ({
                  PartNumber: part.partNumber,
                  ETag: `"${part.etag}"`,
                  ...(cloud && part.crc64nvme !== undefined ? { ChecksumCRC64NVME: part.crc64nvme } : {}),
                })),
              },
              ...(onto === 'nothing' ? { IfNoneMatch: '*' } : {}),
              ...(cloud ? { ChecksumType: 'FULL_OBJECT' as const } : {}),
              ...(cloud && whole !== undefined ? { ChecksumCRC64NVME: toBase64(whole.crc64nvme) } : {}),
            }),
            { abortSignal },
          )
          .catch(goneUpload('s3:CompleteMultipartUpload')),
      )
      return { etag: unquoted(completed.ETag), versionId: completed.VersionId }
    },

    abortParts,

    async *read(key, { offset, length }, signal) {
      const end = offset + length
      for (let at = offset, broke = 0; at < end;) {
        const Range = `bytes=${at}-${end - 1}`
        const stream = await call('s3:GetObject', signal, async (abortSignal) => {
          try {
            const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key, Range }), { abortSignal })
            return (Body ?? unusable('s3:GetObject', 'Body')) as AsyncIterable<Uint8Array>
          } catch (error) {
            if (isNotThere(error)) throw new Fault('object-missing', { call: 's3:GetObject' }, { cause: error })
            // The object ends before the range begins.
            if (awsErrorStatus(error) === 416) return undefined
            throw error
          }
        })
        if (stream === undefined) return
        const before = at
        try {
          for await (const chunk of stream) {
            at += chunk.length
            yield chunk
          }
          // Shorter than asked for: that is where the object ends.
          return
        } catch (error) {
          signal.throwIfAborted()
          broke = at > before ? 0 : broke + 1
          if (broke > policy.atOnce) throw faultFromAws(error, 's3:GetObject')
        }
      }
    },

    async openUploads(prefix, signal) {
      const open: { key: string; uploadId: string }[] = []
      let keyMarker: string | undefined
      let idMarker: string | undefined
      for (;;) {
        const markers = {
          ...(keyMarker === undefined ? {} : { KeyMarker: keyMarker }),
          ...(idMarker === undefined ? {} : { UploadIdMarker: idMarker }),
        }
        const page = await call('s3:ListMultipartUploads', signal, async (abortSignal) =>
          client.send(new ListMultipartUploadsCommand({ Bucket: bucket, ...(prefix === '' ? {} : { Prefix: prefix }), ...markers }), {
            abortSignal,
          }),
        )
        for (const upload of page.Uploads ?? []) {
          if (upload.Key === undefined || upload.UploadId === undefined) return unusable('s3:ListMultipartUploads', 'Upload')
          if (upload.Key.startsWith(prefix)) open.push({ key: upload.Key, uploadId: upload.UploadId })
        }
        if (page.IsTruncated !== true || page.NextKeyMarker === undefined) return open
        if (page.NextKeyMarker === keyMarker && page.NextUploadIdMarker === idMarker) return open
        keyMarker = page.NextKeyMarker
        idMarker = page.NextUploadIdMarker
      }
    },

    async space(signal) {
      return options.space?.(signal)
    },

    async close() {
      await crc
    },
  }
}

function storedHeaders({ storageClass, kmsKeyArn, tags }: Stored): Readonly<Record<string, string>> {
  return {
    ...(storageClass === undefined ? {} : { 'x-amz-storage-class': storageClass }),
    ...(kmsKeyArn === undefined
      ? {}
      : {
          'x-amz-server-side-encryption': 'aws:kms',
          'x-amz-server-side-encryption-aws-kms-key-id': kmsKeyArn,
          // One call to KMS for many objects instead of one each.
          'x-amz-server-side-encryption-bucket-key-enabled': 'true',
        }),
    ...(tags === undefined ? {} : { 'x-amz-tagging': queryOf(tags) }),
  }
}

function storedMembers({ storageClass, kmsKeyArn, tags }: Stored): Partial<CreateMultipartUploadCommandInput> {
  return {
    ...(storageClass === undefined ? {} : { StorageClass: storageClass as StorageClass }),
    ...(kmsKeyArn === undefined ? {} : { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyArn, BucketKeyEnabled: true }),
    ...(tags === undefined ? {} : { Tagging: queryOf(tags) }),
  }
}

function queryOf(tags: Readonly<Record<string, string>>): string {
  return Object.entries(tags)
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join('&')
}

function partChecksum(crc: RunningCrc64, body: Uint8Array): string {
  crc.restart()
  crc.update(body)
  return toBase64(crc.digest())
}

function sentPart(partNumber: number, size: number, etag: string, crc64nvme: string | undefined): SentPart {
  return { partNumber, size, etag, ...(crc64nvme === undefined ? {} : { crc64nvme }) }
}

function unquoted(etag: string): string
function unquoted(etag: string | undefined): string | undefined
function unquoted(etag: string | undefined): string | undefined {
  return etag?.replaceAll('"', '')
}

/** HEAD has no body, so "not there" has only a status; a missing bucket answers the same, and the first write tells. */
function isNotThere(error: unknown): boolean {
  return awsErrorStatus(error) === 404 && awsErrorName(error) !== 'NoSuchBucket'
}

function isUnsupported(error: unknown): boolean {
  return awsErrorStatus(error) === 501 || awsErrorStatus(error) === 405 || awsErrorName(error) === 'NotImplemented'
}

function isUploadGone(error: unknown): boolean {
  return awsErrorName(error) === 'NoSuchUpload'
}

function goneUpload(call: AwsCall): (error: unknown) => never {
  return (error) => {
    if (!isUploadGone(error)) throw error
    const { facts } = faultFromAws(error, call)
    // Not tried again here: whether the object is there decides what comes next.
    throw new Fault('upload-gone', facts, { cause: error, retry: 'never' })
  }
}

function unusable(call: AwsCall, member: string): never {
  throw new Fault('aws-refused', { call, code: 'AnswerIncomplete', member })
}
