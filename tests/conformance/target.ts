/** What every Target promises (shared/ports/target.ts), against a bucket with nothing in it. Run through the real SDK client. */
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { runningCrc64 } from '../../main/aws/crc64nvme.ts'
import type { ItemDigests } from '../../shared/ports/source.ts'
import type { SentPart, Target } from '../../shared/ports/target.ts'

export type TargetUnderTest = {
  readonly target: Target
  /** What is stored under a key, read past the target. */
  stored(key: string): Promise<{ readonly body: Buffer; readonly metadata: Readonly<Record<string, string>> } | undefined>
  /** The next call of this AWS operation does its work, and its answer is lost. */
  loseAnswerOf(operation: string): void
  /** The next call of this AWS operation is answered with this error, and nothing is done. */
  refuse(operation: string, status: number, code: string): void
}

const never = new AbortController().signal
const MiB = 1024 * 1024

export function bodyOf(seed: string, size: number): Buffer {
  return Buffer.alloc(size, createHash('sha512').update(seed).digest())
}

export async function digestsOf(body: Uint8Array): Promise<ItemDigests> {
  const crc = await runningCrc64()
  crc.restart()
  crc.update(body)
  return { sha256: new Uint8Array(createHash('sha256').update(body).digest()), crc64nvme: crc.digest() }
}

export function targetConformance(name: string, open: () => Promise<TargetUnderTest>): void {
  const put = async ({ target }: TargetUnderTest, key: string, body: Buffer, metadata = {}) =>
    target.putWhole(key, body, metadata, await digestsOf(body), never)
  const sendParts = async (target: Target, key: string, parts: readonly Buffer[], metadata = {}) => {
    const uploadId = await target.beginParts(key, metadata, never)
    const sent: SentPart[] = []
    for (const [at, body] of parts.entries()) sent.push(await target.putPart(key, uploadId, at + 1, body, never))
    return { uploadId, sent }
  }
  const halves = [bodyOf('first', 5 * MiB), bodyOf('second', 777)] as const
  const whole = Buffer.concat(halves)

  describe(`${name} keeps the promises of a target`, () => {
    test('says nothing of an object that is not there, and never mistakes a refusal for that', async () => {
      const it = await open()
      expect(await it.target.head('not/there', never)).toBeUndefined()
      it.refuse('HeadObject', 403, 'AccessDenied')
      await expect(it.target.head('not/there', never)).rejects.toMatchObject({ code: 'aws-denied' })
    })

    test.each([
      ['empty', 0],
      ['small', 100],
      ['a/folder with spaces/+%2F&<>"\'.dcm', 10],
      ['Größe/日本/e\u0301/\u{1f9b4}', 10],
      [`${'long/'.repeat(180)}x`, 10],
      ['large', 9 * MiB],
    ])('takes an object whole, and tells its size, ETag and metadata: %s', async (key, size) => {
      const it = await open()
      const body = bodyOf(key, size)
      const receipt = await put(it, key, body, { 'firn-sha256': 'abc', other: 'Strasse' })
      expect(await it.target.head(key, never)).toEqual({
        size,
        etag: receipt.etag,
        metadata: { 'firn-sha256': 'abc', other: 'Strasse' },
      })
      expect((await it.stored(key))?.body.equals(body)).toBe(true)
    })

    test('gives back any range of bytes, up to where the object ends, and says when it is not there', async () => {
      const it = await open()
      const body = bodyOf('range', 3 * MiB)
      await put(it, 'range', body)
      const read = async (offset: number, length: number): Promise<Buffer> => {
        const chunks: Uint8Array[] = []
        for await (const chunk of it.target.read('range', { offset, length }, never)) chunks.push(chunk)
        return Buffer.concat(chunks)
      }
      expect((await read(0, body.length)).equals(body)).toBe(true)
      expect((await read(1_000_001, 77)).equals(body.subarray(1_000_001, 1_000_078))).toBe(true)
      expect((await read(body.length - 5, 100)).equals(body.subarray(-5))).toBe(true)
      expect(await read(body.length, 1)).toHaveLength(0)
      const missing = it.target.read('nobody', { offset: 0, length: 1 }, never)[Symbol.asyncIterator]()
      await expect(missing.next()).rejects.toMatchObject({ code: 'object-missing' })
      it.refuse('GetObject', 403, 'AccessDenied')
      await expect(read(0, 1)).rejects.toMatchObject({ code: 'aws-denied' })
    })

    test('puts an object again without harm, and the last one counts', async () => {
      const it = await open()
      await put(it, 'again', bodyOf('one', 100))
      const second = await put(it, 'again', bodyOf('two', 200))
      await put(it, 'again', bodyOf('two', 200))
      expect(await it.target.head('again', never)).toMatchObject({ size: 200, etag: second.etag })
      expect((await it.stored('again'))?.body.equals(bodyOf('two', 200))).toBe(true)
    })

    test('a put that is refused leaves what was there, and one whose answer is lost is made up for', async () => {
      const it = await open()
      await put(it, 'kept', bodyOf('old', 100))
      it.refuse('PutObject', 403, 'AccessDenied')
      await expect(put(it, 'kept', bodyOf('new', 100))).rejects.toMatchObject({ code: 'aws-denied' })
      expect((await it.stored('kept'))?.body.equals(bodyOf('old', 100))).toBe(true)
      it.loseAnswerOf('PutObject')
      await put(it, 'kept', bodyOf('new', 100))
      expect((await it.stored('kept'))?.body.equals(bodyOf('new', 100))).toBe(true)
    })

    test('bytes that are not those of the digest are refused, where the target checks digests', async () => {
      const it = await open()
      const wrong = await digestsOf(bodyOf('other', 100))
      const putting = it.target.putWhole('wrong', bodyOf('body', 100), {}, wrong, never)
      // The payload's SHA-256 is part of the signature, so that the device refuses as well.
      await expect(putting).rejects.toMatchObject({ name: 'Fault' })
      expect(await it.target.head('wrong', never)).toBeUndefined()
    })

    test('shows nothing of an upload in parts before it is completed, and then all of it, with the metadata given at the begin', async () => {
      const it = await open()
      const { uploadId, sent } = await sendParts(it.target, 'parts', halves, { 'snowball-auto-extract': 'true' })
      expect(await it.target.head('parts', never)).toBeUndefined()
      const receipt = await it.target.completeParts('parts', uploadId, sent, await digestsOf(whole), never)
      expect(await it.target.head('parts', never)).toEqual({
        size: whole.length,
        etag: receipt.etag,
        metadata: { 'snowball-auto-extract': 'true' },
      })
      expect((await it.stored('parts'))?.body.equals(whole)).toBe(true)
    })

    test('completes without digests of the whole, and from parts listed instead of remembered', async () => {
      const it = await open()
      const { uploadId } = await sendParts(it.target, 'listed', halves)
      const listed = (await it.target.listParts('listed', uploadId, never)) ?? []
      await it.target.completeParts('listed', uploadId, listed, undefined, never)
      expect((await it.stored('listed'))?.body.equals(whole)).toBe(true)
    })

    test('takes parts in any order and again, and the last one of a number counts', async () => {
      const it = await open()
      const uploadId = await it.target.beginParts('again', {}, never)
      const second = await it.target.putPart('again', uploadId, 2, halves[1], never)
      await it.target.putPart('again', uploadId, 1, bodyOf('wrong', 5 * MiB), never)
      const first = await it.target.putPart('again', uploadId, 1, halves[0], never)
      expect(await it.target.listParts('again', uploadId, never)).toEqual([
        expect.objectContaining({ partNumber: 1, size: 5 * MiB, etag: first.etag }),
        expect.objectContaining({ partNumber: 2, size: 777, etag: second.etag }),
      ])
      await it.target.completeParts('again', uploadId, [first, second], await digestsOf(whole), never)
      expect((await it.stored('again'))?.body.equals(whole)).toBe(true)
    })

    test('knows by its digest whether a confirmed part holds just these bytes', async () => {
      const it = await open()
      const { uploadId, sent } = await sendParts(it.target, 'holds', halves)
      const listed = (await it.target.listParts('holds', uploadId, never)) ?? []
      for (const parts of [sent, listed]) {
        for (const [at, part] of parts.entries()) {
          const body = halves[at] ?? Buffer.alloc(0)
          expect(await it.target.holds(part, body)).toBe(true)
          expect(await it.target.holds(part, body.subarray(1))).toBe(false)
          expect(await it.target.holds(part, Buffer.from(body).fill(0, 0, 1))).toBe(false)
        }
      }
    })

    test('lists more parts than one answer holds, in order', async () => {
      const it = await open()
      const uploadId = await it.target.beginParts('many', {}, never)
      const numbers = Array.from({ length: 1005 }, (_, at) => at + 1)
      const queue = [...numbers]
      const worker = async (): Promise<void> => {
        for (let number = queue.pop(); number !== undefined; number = queue.pop())
          await it.target.putPart('many', uploadId, number, Buffer.from(`part ${number}`), never)
      }
      await Promise.all(Array.from({ length: 16 }, worker))
      expect((await it.target.listParts('many', uploadId, never))?.map(({ partNumber }) => partNumber)).toEqual(numbers)
      await it.target.abortParts('many', uploadId, never)
    })

    test('an upload that is aborted is gone, without a trace, and to abort it again is no fault', async () => {
      const it = await open()
      const { uploadId, sent } = await sendParts(it.target, 'aborted', halves)
      await it.target.abortParts('aborted', uploadId, never)
      await it.target.abortParts('aborted', uploadId, never)
      expect(await it.target.listParts('aborted', uploadId, never)).toBeUndefined()
      expect(await it.target.head('aborted', never)).toBeUndefined()
      await expect(it.target.putPart('aborted', uploadId, 1, halves[0], never)).rejects.toMatchObject({ code: 'upload-gone' })
      await expect(it.target.completeParts('aborted', uploadId, sent, undefined, never)).rejects.toMatchObject({ code: 'upload-gone' })
    })

    test('parts that are not those that were sent do not complete, and the upload stays open', async () => {
      const it = await open()
      const { uploadId, sent } = await sendParts(it.target, 'mixed', halves)
      const wrong = sent.map((part) => ({ ...part, etag: '0'.repeat(32) }))
      await expect(it.target.completeParts('mixed', uploadId, wrong, undefined, never)).rejects.toMatchObject({ name: 'Fault' })
      expect(await it.target.head('mixed', never)).toBeUndefined()
      expect(await it.target.listParts('mixed', uploadId, never)).toHaveLength(2)
      await it.target.completeParts('mixed', uploadId, sent, undefined, never)
    })

    test('a completion whose answer is lost is known as gone or as done, and the object is there whole', async () => {
      const it = await open()
      const { uploadId, sent } = await sendParts(it.target, 'lost', halves)
      it.loseAnswerOf('CompleteMultipartUpload')
      await it.target.completeParts('lost', uploadId, sent, await digestsOf(whole), never).catch((error: unknown) => {
        expect(error).toMatchObject({ code: 'upload-gone', retry: 'never' })
      })
      expect((await it.stored('lost'))?.body.equals(whole)).toBe(true)
      expect(await it.target.listParts('lost', uploadId, never)).toBeUndefined()
    })

    test('lists the uploads that are open under a prefix, also those whose id was lost, and no others', async () => {
      const it = await open()
      const begun: { key: string; uploadId: string }[] = []
      for (const key of ['open/a', 'open/a', 'open/b', 'openly', 'closed/x'])
        begun.push({ key, uploadId: await it.target.beginParts(key, {}, never) })
      it.loseAnswerOf('CreateMultipartUpload')
      begun.push({ key: 'open/lost', uploadId: await it.target.beginParts('open/lost', {}, never) })
      const open_ = await it.target.openUploads('open/', never)
      for (const one of begun.filter(({ key }) => key.startsWith('open/'))) {
        // A device that begins a second upload of a key may end the first.
        if (one.key !== 'open/a') expect(open_).toContainEqual(one)
      }
      expect(open_.filter(({ key }) => key === 'open/lost').length).toBeGreaterThanOrEqual(2)
      expect(open_.every(({ key }) => key.startsWith('open/'))).toBe(true)
      for (const one of await it.target.openUploads('', never)) await it.target.abortParts(one.key, one.uploadId, never)
      expect(await it.target.openUploads('', never)).toEqual([])
    })

    test('does nothing once it was told to stop, and a put that is stopped in the middle leaves nothing', async () => {
      const it = await open()
      const stopped = AbortSignal.abort(new Error('asked to stop'))
      const body = bodyOf('x', 20 * MiB)
      const digests = await digestsOf(body)
      const calls = [
        it.target.head('stopped', stopped),
        it.target.putWhole('stopped', body, {}, digests, stopped),
        it.target.beginParts('stopped', {}, stopped),
        it.target.putPart('stopped', 'id', 1, body, stopped),
        it.target.listParts('stopped', 'id', stopped),
        it.target.completeParts('stopped', 'id', [], undefined, stopped),
        it.target.abortParts('stopped', 'id', stopped),
        it.target.openUploads('', stopped),
      ]
      for (const end of await Promise.allSettled(calls))
        expect(end).toMatchObject({ status: 'rejected', reason: { message: 'asked to stop' } })
      const stop = new AbortController()
      const putting = it.target.putWhole('stopped', body, {}, digests, stop.signal)
      setTimeout(() => stop.abort(new Error('asked to stop')), 5)
      await expect(putting).rejects.toThrow('asked to stop')
      expect(await it.target.head('stopped', never)).toBeUndefined()
      expect(await it.target.openUploads('stopped', never)).toEqual([])
    })
  })
}
