/** A target in memory for properties of the packer: as strict about uploads as S3, with parts of any size and a tripwire before each call. */
import { createHash } from 'node:crypto'
import { Fault } from '../../shared/faults/fault.ts'
import type { Onto, SentPart, Space, Target, TargetTraits } from '../../shared/ports/target.ts'
import { bytes, TB } from '../../shared/units/bytes.ts'

export type MemoryObject = { readonly body: Buffer; readonly etag: string; readonly metadata: Readonly<Record<string, string>> }
type OpenUpload = { readonly key: string; readonly metadata: Readonly<Record<string, string>>; readonly parts: Map<number, Buffer> }
export type Call = {
  readonly name: 'put' | 'begin' | 'part' | 'complete' | 'abort' | 'head'
  readonly key: string
  readonly partNumber?: number
  readonly size?: number
}

export class MemoryTarget implements Target {
  readonly traits: TargetTraits
  readonly objects = new Map<string, MemoryObject>()
  readonly uploads = new Map<string, OpenUpload>()
  readonly calls: Call[] = []
  /** Thrown errors reach the caller; `after` runs when the effect has happened but before it is answered. */
  before: (call: Call) => void | Promise<void> = () => undefined
  after: (call: Call) => void | Promise<void> = () => undefined
  /** Total space, of which `usedBefore` is taken by others. Without it the target does not tell. */
  capacity: { readonly total: number; readonly usedBefore: number } | undefined
  #next = 0
  constructor(traits: Partial<TargetTraits> = {}) {
    this.traits = {
      extractsBatches: true,
      largestItem: bytes(5 * TB),
      smallestPart: bytes(1),
      largestPart: bytes(TB),
      mostParts: 10_000,
      checksDigests: false,
      conditional: false,
      ...traits,
    }
  }

  bytesSent(): number {
    return this.calls.reduce((sum, call) => sum + (call.size ?? 0), 0)
  }

  async #do<Result>(call: Call, signal: AbortSignal, effect: () => Result): Promise<Result> {
    signal.throwIfAborted()
    await this.before(call)
    signal.throwIfAborted()
    this.calls.push(call)
    const result = effect()
    await this.after(call)
    signal.throwIfAborted()
    return result
  }

  async head(key: string, signal: AbortSignal) {
    return this.#do({ name: 'head', key }, signal, () => {
      const object = this.objects.get(key)
      return object === undefined ? undefined : { size: object.body.length, etag: object.etag, metadata: object.metadata }
    })
  }

  async putWhole(
    key: string,
    body: Uint8Array,
    metadata: Readonly<Record<string, string>>,
    _digests: unknown,
    signal: AbortSignal,
    onto: Onto = 'anything',
  ) {
    return this.#do({ name: 'put', key, size: body.length }, signal, () => {
      this.#mayWrite(key, onto)
      const etag = md5(body)
      this.objects.set(key, { body: Buffer.from(body), etag, metadata })
      return { etag, versionId: undefined }
    })
  }

  async beginParts(key: string, metadata: Readonly<Record<string, string>>, signal: AbortSignal) {
    return this.#do({ name: 'begin', key }, signal, () => {
      const uploadId = `upload-${(this.#next += 1)}`
      this.uploads.set(uploadId, { key, metadata, parts: new Map() })
      return uploadId
    })
  }

  async putPart(key: string, uploadId: string, partNumber: number, body: Uint8Array, signal: AbortSignal): Promise<SentPart> {
    return this.#do({ name: 'part', key, partNumber, size: body.length }, signal, () => {
      this.#upload(uploadId).parts.set(partNumber, Buffer.from(body))
      return { partNumber, size: body.length, etag: md5(body) }
    })
  }

  async listParts(_key: string, uploadId: string, signal: AbortSignal) {
    signal.throwIfAborted()
    const upload = this.uploads.get(uploadId)
    if (upload === undefined) return undefined
    return [...upload.parts].sort(([a], [b]) => a - b).map(([partNumber, body]) => ({ partNumber, size: body.length, etag: md5(body) }))
  }

  async holds(part: SentPart, body: Uint8Array) {
    return part.size === body.length && part.etag === md5(body)
  }

  async completeParts(
    key: string,
    uploadId: string,
    parts: readonly SentPart[],
    _whole: unknown,
    signal: AbortSignal,
    onto: Onto = 'anything',
  ) {
    return this.#do({ name: 'complete', key }, signal, () => {
      this.#mayWrite(key, onto)
      const upload = this.#upload(uploadId)
      const bodies = parts.map((part, at) => {
        const body = upload.parts.get(part.partNumber)
        if (body === undefined || part.partNumber !== at + 1 || md5(body) !== part.etag)
          throw new Fault('aws-refused', { code: 'InvalidPart' })
        return body
      })
      const etag = `${md5(Buffer.concat(bodies.map((body) => createHash('md5').update(body).digest())))}-${bodies.length}`
      this.objects.set(key, { body: Buffer.concat(bodies), etag, metadata: upload.metadata })
      this.uploads.delete(uploadId)
      return { etag, versionId: undefined }
    })
  }

  async abortParts(key: string, uploadId: string, signal: AbortSignal) {
    await this.#do({ name: 'abort', key }, signal, () => {
      this.uploads.delete(uploadId)
    })
  }

  async *read(key: string, { offset, length }: { readonly offset: number; readonly length: number }, signal: AbortSignal) {
    const object = this.objects.get(key)
    signal.throwIfAborted()
    if (object === undefined) throw new Fault('object-missing')
    const body = object.body.subarray(offset, offset + length)
    for (let at = 0; at < body.length; at += 1000) yield body.subarray(at, at + 1000)
  }

  async openUploads(prefix: string, signal: AbortSignal) {
    signal.throwIfAborted()
    return [...this.uploads].filter(([, { key }]) => key.startsWith(prefix)).map(([uploadId, { key }]) => ({ key, uploadId }))
  }

  async space(): Promise<Space | undefined> {
    if (this.capacity === undefined) return undefined
    const { total, usedBefore } = this.capacity
    let used = usedBefore
    for (const { body } of this.objects.values()) used += body.length
    return { total: bytes(total), free: bytes(Math.max(total - used, 0)) }
  }

  async close() {
    await Promise.resolve()
  }

  #mayWrite(key: string, onto: Onto): void {
    if (onto === 'nothing' && this.objects.has(key)) throw new Fault('object-conflict')
  }

  #upload(uploadId: string): OpenUpload {
    const upload = this.uploads.get(uploadId)
    if (upload === undefined) throw new Fault('upload-gone', {}, { retry: 'never' })
    return upload
  }
}

function md5(body: Uint8Array): string {
  return createHash('md5').update(body).digest('hex')
}
