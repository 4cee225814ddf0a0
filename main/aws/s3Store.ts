/** S3Store: S3 as verification sees it, through ListObjectsV2, HeadObject, GetObjectAttributes and ranged GetObject. Reads only. */
import {
  GetObjectAttributesCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  type HeadObjectCommandOutput,
  type S3Client,
} from '@aws-sdk/client-s3'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { forEachBounded } from '../../shared/flow/pool.ts'
import type { BucketFacts, ChecksumReport, ListedObject, ObjectHead, ObjectPart, ObjectStore } from '../../shared/ports/objectStore.ts'
import type { World } from '../../shared/ports/world.ts'
import { MiB } from '../../shared/units/bytes.ts'
import { compareUtf8 } from '../../shared/units/itemPath.ts'
import { awsErrorStatus, faultFromAws } from './errors.ts'
import { retrying } from './retrying.ts'

/** A read comes in ranges, each asked for again when it breaks: large enough for a request each not to matter, small enough to hold. */
const readRange = 4 * MiB
const headsAtOnce = 8

export function openS3Store({ client, world }: { readonly client: S3Client; readonly world: World }): ObjectStore & BucketFacts {
  return new S3Store(client, world)
}

class S3Store implements ObjectStore, BucketFacts {
  readonly #client: S3Client
  readonly #world: World
  constructor(client: S3Client, world: World) {
    this.#client = client
    this.#world = world
  }

  async *list(bucket: string, prefix: string, signal: AbortSignal, after?: string): AsyncGenerator<ListedObject, void> {
    let token: string | undefined
    let before: string | undefined = after
    do {
      const command = new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        // Keys may hold characters that XML cannot (S3 API, ListObjectsV2 encoding-type).
        EncodingType: 'url',
        ...(token === undefined ? (after === undefined ? {} : { StartAfter: after }) : { ContinuationToken: token }),
      })
      const page = await retrying('s3:ListObjectsV2', signal, this.#world, (abort) => this.#client.send(command, { abortSignal: abort }))
      for (const { Key, Size, ETag, StorageClass } of page.Contents ?? []) {
        if (Key === undefined || Size === undefined) throw new Fault('aws-refused', { call: 's3:ListObjectsV2', code: 'IncompleteEntry' })
        const key = page.EncodingType === 'url' ? decodeKey(Key) : Key
        if (before !== undefined && compareUtf8(before, key) >= 0) throw new Fault('listing-disordered', { side: 'listing' })
        before = key
        yield { key, size: Size, etag: withoutQuotes(ETag) ?? '', storageClass: StorageClass }
      }
      token = page.IsTruncated === true ? page.NextContinuationToken : undefined
      if (page.IsTruncated === true && token === undefined)
        throw new Fault('aws-refused', { call: 's3:ListObjectsV2', code: 'NoContinuation' })
    } while (token !== undefined)
  }

  async versioned(bucket: string, signal: AbortSignal): Promise<boolean> {
    const command = new GetBucketVersioningCommand({ Bucket: bucket })
    const answer = await retrying('s3:GetBucketVersioning', signal, this.#world, (abort) =>
      this.#client.send(command, { abortSignal: abort }),
    )
    return answer.Status === 'Enabled'
  }

  async head(bucket: string, key: string, signal: AbortSignal): Promise<ObjectHead | undefined> {
    const answer = await this.#head(bucket, key, undefined, undefined, signal)
    return answer === undefined ? undefined : headOf(answer)
  }

  async #head(
    bucket: string,
    key: string,
    versionId: string | undefined,
    part: number | undefined,
    signal: AbortSignal,
  ): Promise<HeadObjectCommandOutput | undefined> {
    const command = new HeadObjectCommand({
      Bucket: bucket,
      Key: key,
      ChecksumMode: 'ENABLED',
      ...(versionId === undefined ? {} : { VersionId: versionId }),
      ...(part === undefined ? {} : { PartNumber: part }),
    })
    const answer = await retrying('s3:HeadObject', signal, this.#world, async (abort) => {
      try {
        return await this.#client.send(command, { abortSignal: abort })
      } catch (error) {
        if (awsErrorStatus(error) === 404) return 'not-there'
        if (awsErrorStatus(error) === 400) return { refused: faultFromAws(error, 's3:HeadObject') }
        throw error
      }
    })
    if (answer === 'not-there') return undefined
    if ('refused' in answer) throw await this.#whyRefused(answer.refused, bucket, key, signal)
    return answer
  }

  /** The answer to a HEAD has no body, so it never says why. A call that has one tells whether it was a customer's key (SSE-C). */
  async #whyRefused(refused: Fault, bucket: string, key: string, signal: AbortSignal): Promise<Fault> {
    try {
      await this.#attributes(bucket, key, undefined, undefined, signal)
    } catch (error) {
      const said = isFault(error) && error.cause instanceof Error ? error.cause.message : ''
      if (/server side encryption/i.test(said))
        return new Fault('aws-refused', { ...refused.facts, reason: 'customer-key' }, { cause: error })
    }
    return refused
  }

  async parts(bucket: string, key: string, versionId: string | undefined, signal: AbortSignal): Promise<readonly ObjectPart[] | undefined> {
    return (await this.#partsByAttributes(bucket, key, versionId, signal)) ?? (await this.#partsByHead(bucket, key, versionId, signal))
  }

  /** `undefined` when S3 does not list the parts this way: it does so only for objects with an additional checksum, and not for all of them. */
  async #partsByAttributes(
    bucket: string,
    key: string,
    versionId: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly ObjectPart[] | undefined> {
    const parts: ObjectPart[] = []
    let marker: string | undefined
    for (;;) {
      let page
      try {
        page = (await this.#attributes(bucket, key, versionId, marker, signal)).ObjectParts
      } catch (error) {
        // It is a permission of its own (s3:GetObjectAttributes); HEAD needs only s3:GetObject.
        if (isFault(error, 'aws-denied')) return undefined
        throw error
      }
      if (page?.Parts === undefined || page.Parts.length === 0) return undefined
      for (const { PartNumber, Size, ...rest } of page.Parts) {
        if (PartNumber !== parts.length + 1 || Size === undefined) return undefined
        parts.push({ partNumber: PartNumber, size: Size, checksums: checksumsOf(rest) })
      }
      if (page.IsTruncated !== true) return page.TotalPartsCount === undefined || page.TotalPartsCount === parts.length ? parts : undefined
      if (page.NextPartNumberMarker === undefined || page.NextPartNumberMarker === marker) return undefined
      marker = page.NextPartNumberMarker
    }
  }

  async #attributes(bucket: string, key: string, versionId: string | undefined, marker: string | undefined, signal: AbortSignal) {
    const command = new GetObjectAttributesCommand({
      Bucket: bucket,
      Key: key,
      ObjectAttributes: ['ETag', 'Checksum', 'ObjectParts', 'StorageClass', 'ObjectSize'],
      MaxParts: 1000,
      ...(versionId === undefined ? {} : { VersionId: versionId }),
      ...(marker === undefined ? {} : { PartNumberMarker: marker }),
    })
    return retrying('s3:GetObjectAttributes', signal, this.#world, (abort) => this.#client.send(command, { abortSignal: abort }))
  }

  /** Asks for every part: a gateway that rewrote a range leaves parts of uneven size, so two of them do not tell the others. */
  async #partsByHead(
    bucket: string,
    key: string,
    versionId: string | undefined,
    signal: AbortSignal,
  ): Promise<readonly ObjectPart[] | undefined> {
    const first = await this.#head(bucket, key, versionId, 1, signal)
    const count = first?.PartsCount
    if (first === undefined || count === undefined) return undefined
    const parts: ObjectPart[] = [partOf(first, 1)]
    const others = Array.from({ length: count - 1 }, (_, at) => at + 2)
    await forEachBounded(others, headsAtOnce, signal, async (partNumber) => {
      const answer = await this.#head(bucket, key, versionId, partNumber, signal)
      if (answer === undefined) throw new Fault('aws-refused', { call: 's3:HeadObject', status: 404 })
      parts.push(partOf(answer, partNumber))
    })
    return parts.sort((a, b) => a.partNumber - b.partNumber)
  }

  /** Range by range of one version: where the bucket keeps none, of one ETag, so that a replaced object is refused and never mixed (412). */
  async *read(bucket: string, key: string, versionId: string | undefined, signal: AbortSignal): AsyncGenerator<Uint8Array, void> {
    let from = 0
    let etag: string | undefined
    for (;;) {
      const command = new GetObjectCommand({
        Bucket: bucket,
        Key: key,
        Range: `bytes=${from}-${from + readRange - 1}`,
        ...(versionId === undefined ? {} : { VersionId: versionId }),
        ...(etag === undefined ? {} : { IfMatch: etag }),
      })
      const got = await retrying('s3:GetObject', signal, this.#world, async (abort) => {
        try {
          const answer = await this.#client.send(command, { abortSignal: abort })
          if (answer.Body === undefined) throw new Fault('aws-refused', { call: 's3:GetObject', code: 'NoBody' })
          return {
            body: await answer.Body.transformToByteArray(),
            total: totalOf(answer.ContentRange, answer.ContentLength),
            etag: answer.ETag,
          }
        } catch (error) {
          // No range of an empty object can be satisfied (RFC 9110 §15.5.17).
          if (from === 0 && awsErrorStatus(error) === 416) return undefined
          throw error
        }
      })
      if (got === undefined) return
      if (got.body.length > 0) yield got.body
      from += got.body.length
      etag = got.etag
      if (from >= got.total) return
      if (got.body.length === 0) throw new Fault('aws-refused', { call: 's3:GetObject', code: 'EmptyRange' })
    }
  }

  async close(): Promise<void> {
    this.#client.destroy()
  }
}

function headOf(answer: HeadObjectCommandOutput): ObjectHead {
  return {
    size: answer.ContentLength ?? 0,
    etag: withoutQuotes(answer.ETag),
    versionId: answer.VersionId,
    checksumType: answer.ChecksumType === 'FULL_OBJECT' || answer.ChecksumType === 'COMPOSITE' ? answer.ChecksumType : undefined,
    checksums: checksumsOf(answer),
    encryption: answer.ServerSideEncryption,
    customerKey: answer.SSECustomerAlgorithm !== undefined,
    storageClass: answer.StorageClass ?? 'STANDARD',
    metadata: answer.Metadata ?? {},
  }
}

function partOf(answer: HeadObjectCommandOutput, partNumber: number): ObjectPart {
  return { partNumber, size: answer.ContentLength ?? 0, checksums: checksumsOf(answer) }
}

const checksumField = /^Checksum([A-Z0-9]+)$/

/** `ChecksumSHA256: …` → { algorithm: 'SHA256', value }; algorithms that came after this was written pass through. */
function checksumsOf(answer: object): readonly ChecksumReport[] {
  const found: ChecksumReport[] = []
  for (const [name, value] of Object.entries(answer)) {
    const algorithm = checksumField.exec(name)?.[1]
    if (algorithm !== undefined && typeof value === 'string') found.push({ algorithm, value })
  }
  return found
}

/** "bytes 0-99/1234" → 1234 */
function totalOf(contentRange: string | undefined, contentLength: number | undefined): number {
  const total = /\/(\d+)$/.exec(contentRange ?? '')?.[1]
  return total === undefined ? (contentLength ?? 0) : Number(total)
}

function decodeKey(encoded: string): string {
  return decodeURIComponent(encoded.replaceAll('+', ' '))
}

function withoutQuotes(etag: string | undefined): string | undefined {
  return etag?.replace(/^"(.*)"$/, '$1')
}
