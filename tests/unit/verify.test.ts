import { createHash } from 'node:crypto'
import { appendFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { verify, type VerifyInput } from '../../main/verify/verify.ts'
import { MemoryStore, moved, never, outcomeOf, type MoveOptions, type Moved } from './verifyFixture.ts'

const files = { 'a/1.dcm': 'first image', 'a/2.dcm': 'other image', 'b/3.dcm': 'third image' }
const opened: Moved[] = []

async function given(options: Partial<MoveOptions> = {}): Promise<{ at: Moved; store: MemoryStore }> {
  const at = await moved({ files, ...options })
  opened.push(at)
  const store = new MemoryStore()
  for (const [path, body] of Object.entries(options.files ?? files)) store.put(at.key(path), body)
  return { at, store }
}

afterEach(async () => {
  for (const one of opened.splice(0)) await one.close()
})

function inputOf(at: Moved, store: MemoryStore, more: Partial<VerifyInput> = {}): VerifyInput {
  return { archives: [at.archive], store, sourceOf: () => at.source, journal: at.journal, world: at.world, ...more }
}
const run = (at: Moved, store: MemoryStore, more: Partial<VerifyInput> = {}) => outcomeOf(verify(inputOf(at, store, more), never))
const noChecksum = { checksums: [], checksumType: undefined }

describe('a clean archive', () => {
  test('is verified item by item, by a named version and without reading anything again', async () => {
    const { at, store } = await given()
    const { outcome, troubles } = await run(at, store)
    expect(outcome).toMatchObject({ items: 3, extras: 0, folderObjects: 0, unextractedBatches: 0, keptBatches: 0, allVerified: true })
    expect(outcome.counts).toEqual({ verified: 3, consistent: 0, present: 0, mismatch: 0, missing: 0, extra: 0, unknown: 0 })
    expect(troubles).toEqual([])
    expect(at.verdictOf('a/1.dcm')).toMatchObject({
      verdict: 'verified',
      method: 'head-full-object',
      algorithm: 'SHA256',
      checksumType: 'FULL_OBJECT',
      versionId: 'v1',
      size: 11,
      expected: createHash('sha256').update('first image').digest('base64'),
      actual: createHash('sha256').update('first image').digest('base64'),
    })
    expect(store.asked).toEqual({ heads: 3, parts: 0, reads: 0 })
  })

  test('leaves its begin and its counts in the event log', async () => {
    const { at, store } = await given()
    await run(at, store)
    const events = [...at.journal.events()].filter((event) => event.kind.startsWith('verification-'))
    expect(events.map((event) => event.kind)).toEqual(['verification-started', 'verification-finished'])
    expect(JSON.parse(events[1]?.body ?? '')).toMatchObject({ items: 3, verified: 3, mismatch: 0 })
    expect(at.journal.checkChain()).toMatchObject({ whole: true })
  })

  test('of more items than one transaction takes is recorded whole', async () => {
    const many = Object.fromEntries(Array.from({ length: 1203 }, (_, at) => [`s/${at}.dcm`, `image ${at}`]))
    const { at, store } = await given({ files: many })
    const { outcome } = await run(at, store)
    expect(outcome.counts.verified).toBe(1203)
    expect(outcome.allVerified).toBe(true)
  })
})

describe('damage', () => {
  test('a changed byte is a mismatch with both digests', async () => {
    const { at, store } = await given()
    store.put(at.key('a/2.dcm'), 'other imagE')
    const { outcome } = await run(at, store)
    expect(outcome.counts).toMatchObject({ verified: 2, mismatch: 1 })
    expect(outcome.allVerified).toBe(false)
    const verdict = at.verdictOf('a/2.dcm')
    expect(verdict).toMatchObject({ verdict: 'mismatch', reason: 'digest' })
    expect(verdict.expected).not.toBe(verdict.actual)
  })

  test('a cut object is a mismatch of size', async () => {
    const { at, store } = await given()
    store.put(at.key('a/2.dcm'), 'other')
    await run(at, store)
    expect(at.verdictOf('a/2.dcm')).toMatchObject({ verdict: 'mismatch', reason: 'size', size: 5 })
  })

  test('two objects of equal size that changed places are both found', async () => {
    const { at, store } = await given()
    store.put(at.key('a/1.dcm'), 'other image')
    store.put(at.key('a/2.dcm'), 'first image')
    const { outcome } = await run(at, store)
    expect(outcome.counts).toMatchObject({ verified: 1, mismatch: 2 })
  })

  test('a renamed object is missing under one name and extra under the other', async () => {
    const { at, store } = await given()
    store.objects.delete(at.key('a/2.dcm'))
    store.put(at.key('a/2 (1).dcm'), 'other image')
    const { outcome } = await run(at, store)
    expect(outcome.counts).toMatchObject({ verified: 2, missing: 1, extra: 1 })
    expect(at.verdictOf('a/2.dcm')).toMatchObject({ verdict: 'missing', reason: 'dropped' })
    expect([...at.journal.extras()]).toEqual([{ key: at.key('a/2 (1).dcm'), size: 11 }])
  })
})

describe('what is missing says why', () => {
  test('an item that was never sent', async () => {
    const { at, store } = await given({ unsent: ['b/3.dcm'] })
    store.objects.delete(at.key('b/3.dcm'))
    await run(at, store)
    expect(at.verdictOf('b/3.dcm')).toMatchObject({ verdict: 'missing', reason: 'not-sent' })
  })

  test('an object that is there without having been confirmed as sent is not called verified', async () => {
    const { at, store } = await given({ unsent: ['b/3.dcm'] })
    const { outcome } = await run(at, store)
    expect(at.verdictOf('b/3.dcm')).toMatchObject({ verdict: 'unknown', reason: 'not-sent' })
    expect(outcome.allVerified).toBe(false)
  })

  test('members of a tar that was left as it is', async () => {
    const tar = 'pacs/.firn/batch-1.tar'
    const { at, store } = await given({ batches: { [tar]: ['a/1.dcm', 'a/2.dcm'] } })
    store.objects.delete(at.key('a/1.dcm'))
    store.objects.delete(at.key('a/2.dcm'))
    store.put(tar, 'the tar')
    const { outcome } = await run(at, store)
    expect(outcome).toMatchObject({ unextractedBatches: 1, keptBatches: 0, extras: 0 })
    expect(at.verdictOf('a/1.dcm')).toMatchObject({ verdict: 'missing', reason: 'batch-left-unextracted' })
    expect(outcome.counts).toMatchObject({ verified: 1, missing: 2 })
    expect(store.asked.heads).toBe(2)
  })

  test('a member that is missing although its tar was extracted', async () => {
    const { at, store } = await given({ batches: { 'pacs/.firn/batch-1.tar': ['a/1.dcm', 'a/2.dcm'] } })
    store.objects.delete(at.key('a/1.dcm'))
    const { outcome } = await run(at, store)
    expect(at.verdictOf('a/1.dcm')).toMatchObject({ verdict: 'missing', reason: 'dropped' })
    expect(outcome.unextractedBatches).toBe(0)
  })

  test('an object that went away between listing and looking', async () => {
    const { at, store } = await given()
    store.meanwhile = (key) => void (key === at.key('a/2.dcm') && store.objects.delete(key))
    await run(at, store)
    expect(at.verdictOf('a/2.dcm')).toMatchObject({ verdict: 'missing', reason: 'deleted-meanwhile' })
  })
})

describe('objects that are no items', () => {
  test('folder objects, probes and tars kept beside their members are told apart from extra ones, and none fails the run', async () => {
    const tar = 'pacs/.firn/batch-1.tar'
    const { at, store } = await given({ batches: { [tar]: ['a/1.dcm'] } })
    store.put(tar, 'the tar')
    store.put('pacs/a/', '')
    store.put('pacs/.firn-probe-7f', 'probe')
    store.put('pacs/notes.txt', "somebody else's")
    store.put('pacs/full/', 'a name like a folder, and not empty')
    store.put('elsewhere/1.dcm', 'outside of the prefix')
    const { outcome } = await run(at, store)
    expect(outcome).toMatchObject({ folderObjects: 1, keptBatches: 1, unextractedBatches: 0, extras: 2, allVerified: true })
    expect([...at.journal.extras()].map((one) => one.key)).toEqual(['pacs/full/', 'pacs/notes.txt'])
  })
})

describe('objects that were replaced meanwhile', () => {
  test('are looked at again, and judged by what is there now', async () => {
    const { at, store } = await given()
    store.put(at.key('a/1.dcm'), 'first image', { listedSize: 4 })
    const { outcome } = await run(at, store)
    expect(outcome.allVerified).toBe(true)
    expect(store.asked.heads).toBe(4)
  })
})

describe('weaker evidence has weaker words', () => {
  test('an MD5 ETag of a single part verifies', async () => {
    const { at, store } = await given()
    store.put(at.key('a/1.dcm'), 'first image', { head: noChecksum })
    const { outcome } = await run(at, store)
    expect(at.verdictOf('a/1.dcm')).toMatchObject({ verdict: 'verified', method: 'etag-md5', algorithm: 'MD5' })
    expect(outcome.allVerified).toBe(true)
  })

  test('a multipart ETag that agrees is consistent, and one that does not is a mismatch', async () => {
    const { at, store } = await given()
    const md5 = (of: string): Buffer => createHash('md5').update(of).digest()
    const etag = `${createHash('md5')
      .update(Buffer.concat([md5('first'), md5(' image')]))
      .digest('hex')}-2`
    store.put(at.key('a/1.dcm'), 'first image', { head: { ...noChecksum, etag }, parts: [5, 6] })
    store.put(at.key('a/2.dcm'), 'other image', { head: { ...noChecksum, etag }, parts: [5, 6] })
    const { outcome } = await run(at, store)
    expect(at.verdictOf('a/1.dcm')).toMatchObject({ verdict: 'consistent', method: 'etag-multipart', expected: etag, actual: etag })
    expect(at.verdictOf('a/2.dcm')).toMatchObject({ verdict: 'mismatch', reason: 'digest' })
    expect(outcome.allVerified).toBe(false)
  })

  test("a composite over uneven parts verifies, and without the parts' sizes it is unknown", async () => {
    const { at, store } = await given()
    const sha = (of: string): Buffer => createHash('sha256').update(of).digest()
    const value = `${createHash('sha256')
      .update(Buffer.concat([sha('fir'), sha('s'), sha('t image')]))
      .digest('base64')}-3`
    const head = { checksumType: 'COMPOSITE', checksums: [{ algorithm: 'SHA256', value }], etag: `${'0'.repeat(32)}-3` } as const
    store.put(at.key('a/1.dcm'), 'first image', { head, parts: [3, 1, 7] })
    store.put(at.key('a/2.dcm'), 'other image', { head, parts: [3, 7] })
    await run(at, store)
    expect(at.verdictOf('a/1.dcm')).toMatchObject({
      verdict: 'verified',
      method: 'parts-composite',
      checksumType: 'COMPOSITE',
      actual: value,
    })
    expect(at.verdictOf('a/2.dcm')).toMatchObject({ verdict: 'unknown', reason: 'parts-not-told' })
  })

  test('nothing to compare with is present, until reading back is allowed', async () => {
    const { at, store } = await given()
    const head = { ...noChecksum, encryption: 'aws:kms', etag: 'opaque' }
    store.put(at.key('a/1.dcm'), 'first image', { head })
    store.put(at.key('a/2.dcm'), 'other imagE', { head })
    const without = await run(at, store)
    expect(without.outcome.counts).toMatchObject({ verified: 1, present: 2 })
    expect(at.verdictOf('a/1.dcm')).toMatchObject({ verdict: 'present', reason: 'no-comparable-digest' })
    expect(without.outcome.allVerified).toBe(false)
    const back = await run(at, store, { readBack: true })
    expect(back.outcome.counts).toMatchObject({ verified: 2, mismatch: 1 })
    expect(at.verdictOf('a/1.dcm')).toMatchObject({ verdict: 'verified', method: 'read-back' })
    expect(at.verdictOf('a/2.dcm')).toMatchObject({ verdict: 'mismatch', reason: 'digest', method: 'read-back' })
    expect(store.asked.reads).toBe(2)
  })
})

describe('verified is said of a named version only', () => {
  test.each([
    ['a bucket that was never versioned', undefined],
    ['a bucket whose versioning is suspended', 'null'],
  ])('in %s an equal digest is consistent, and a different one is a mismatch', async (_, versionId) => {
    const { at, store } = await given()
    store.put(at.key('a/1.dcm'), 'first image', { head: { versionId } })
    store.put(at.key('a/2.dcm'), 'other imagE', { head: { versionId } })
    const { outcome } = await run(at, store)
    expect(at.verdictOf('a/1.dcm')).toMatchObject({ verdict: 'consistent', reason: 'no-version', method: 'head-full-object' })
    expect(at.verdictOf('a/1.dcm').actual).toBe(at.verdictOf('a/1.dcm').expected)
    expect(at.verdictOf('a/2.dcm')).toMatchObject({ verdict: 'mismatch', reason: 'digest' })
    expect(outcome).toMatchObject({ allVerified: false, counts: { verified: 1, consistent: 1, mismatch: 1 } })
  })

  test('parts and bytes are asked for of the version that was looked at', async () => {
    const { at, store } = await given()
    const md5 = (of: string): Buffer => createHash('md5').update(of).digest()
    const sha = (of: string): Buffer => createHash('sha256').update(of).digest()
    const etag = `${md5('whatever').toString('hex')}-2`
    const value = `${createHash('sha256')
      .update(Buffer.concat([sha('first'), sha(' image')]))
      .digest('base64')}-2`
    const composite = { checksumType: 'COMPOSITE', checksums: [{ algorithm: 'SHA256', value }], etag, versionId: 'v7' } as const
    store.put(at.key('a/1.dcm'), 'first image', { head: composite, parts: [5, 6] })
    store.put(at.key('a/2.dcm'), 'other image', { head: { ...noChecksum, encryption: 'aws:kms', etag: 'opaque', versionId: 'v8' } })
    const { outcome } = await run(at, store, { readBack: true })
    expect(outcome.allVerified).toBe(true)
    expect(store.versionsAsked).toEqual(
      new Map([
        [at.key('a/1.dcm'), ['parts v7']],
        [at.key('a/2.dcm'), ['read v8']],
      ]),
    )
    expect([at.verdictOf('a/1.dcm').versionId, at.verdictOf('a/2.dcm').versionId]).toEqual(['v7', 'v8'])
  })
})

describe('the source as witness', () => {
  const onlyEtag = { head: noChecksum }
  test('one that changed since it was sent proves nothing', async () => {
    const { at, store } = await given()
    store.put(at.key('a/1.dcm'), 'first image', onlyEtag)
    store.put(at.key('a/2.dcm'), 'other image', onlyEtag)
    appendFileSync(join(at.root, 'a/1.dcm'), '!')
    rmSync(join(at.root, 'a/2.dcm'))
    await run(at, store)
    expect(at.verdictOf('a/1.dcm')).toMatchObject({ verdict: 'unknown', reason: 'source-changed' })
    expect(at.verdictOf('a/2.dcm')).toMatchObject({ verdict: 'unknown', reason: 'source-vanished' })
  })

  test('one that changed does not matter where the journalled digest decides', async () => {
    const { at, store } = await given()
    appendFileSync(join(at.root, 'a/1.dcm'), '!')
    const { outcome } = await run(at, store)
    expect(outcome.allVerified).toBe(true)
  })
})

describe('when S3 does not tell', () => {
  const denied = new Fault('aws-denied', { call: 's3:HeadObject', status: 403, permission: 's3:GetObject' })

  test('a denied object is unknown and named as a trouble', async () => {
    const { at, store } = await given()
    store.put(at.key('a/1.dcm'), 'first image', { fault: denied })
    const { outcome, troubles } = await run(at, store)
    expect(at.verdictOf('a/1.dcm')).toMatchObject({ verdict: 'unknown', reason: 'denied' })
    expect(outcome.counts).toMatchObject({ verified: 2, unknown: 1 })
    expect(troubles).toEqual([denied])
  })

  test('when all are denied the run fails and names the permission', async () => {
    const { at, store } = await given()
    for (const path of Object.keys(files)) store.put(at.key(path), 'x', { fault: denied })
    await expect(run(at, store)).rejects.toSatisfy(
      (error: unknown) => isFault(error, 'aws-denied') && error.facts['permission'] === 's3:GetObject' && error.facts['items'] === 3,
    )
    expect(at.verdictOf('b/3.dcm')).toMatchObject({ verdict: 'unknown', reason: 'denied' })
  })

  test.each([
    ['archived', new Fault('aws-refused', { code: 'InvalidObjectState', status: 403 })],
    ['customer-key', new Fault('aws-refused', { status: 400, reason: 'customer-key' })],
    ['refused', new Fault('aws-refused', { status: 400 })],
    ['unreachable', new Fault('aws-unreachable')],
  ])('an object that answers "%s" is unknown for that reason', async (reason, fault) => {
    const { at, store } = await given()
    store.put(at.key('a/1.dcm'), 'first image', { fault })
    await run(at, store)
    expect(at.verdictOf('a/1.dcm')).toMatchObject({ verdict: 'unknown', reason })
  })

  test('a wrong secret ends the run at once', async () => {
    const { at, store } = await given()
    store.put(at.key('a/1.dcm'), 'first image', { fault: new Fault('aws-wrong-secret') })
    await expect(run(at, store)).rejects.toSatisfy((error: unknown) => isFault(error, 'aws-wrong-secret'))
  })

  test('a network that is gone ends the run after a bounded number of tries', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`s/${at}.dcm`, `image ${at}`]))
    const { at, store } = await given({ files: many })
    for (const kept of store.objects.values()) kept.fault = new Fault('aws-unreachable')
    await expect(run(at, store, { width: 4 })).rejects.toSatisfy((error: unknown) => isFault(error, 'aws-unreachable'))
    expect(store.asked.heads).toBeLessThan(20)
  })
})

describe('a run that checked nothing fails', () => {
  test('when the journal holds nothing to verify', async () => {
    const { at, store } = await given({ files: {} })
    await expect(run(at, store)).rejects.toSatisfy((error: unknown) => isFault(error, 'nothing-checked'))
  })
  test('when nothing was sent yet', async () => {
    const { at } = await given({ unsent: Object.keys(files) })
    await expect(run(at, new MemoryStore())).rejects.toSatisfy((error: unknown) => isFault(error, 'nothing-checked'))
  })
  test('but an empty bucket after sending is found missing item by item', async () => {
    const { at } = await given()
    const { outcome } = await run(at, new MemoryStore())
    expect(outcome.counts).toMatchObject({ missing: 3 })
    expect(outcome.allVerified).toBe(false)
  })
})

describe('stopping', () => {
  test('records nothing after the stop, and the next run starts anew', async () => {
    const { at, store } = await given()
    const controller = new AbortController()
    store.meanwhile = () => controller.abort(new Error('asked to stop'))
    await expect(outcomeOf(verify(inputOf(at, store), controller.signal))).rejects.toThrow('asked to stop')
    expect(at.journal.lastVerification()?.finishedAt).toBeUndefined()
    store.meanwhile = () => undefined
    const { outcome } = await run(at, store)
    expect(outcome.allVerified).toBe(true)
  })
})

describe('archives that share a bucket', () => {
  test("do not call each other's items extra", async () => {
    const { at, store } = await given({ prefix: '' })
    const inner = { ...at.archive, id: at.archive.id + 1, prefix: 'a/' }
    const { outcome } = await run(at, store, { archives: [inner, at.archive] })
    expect(outcome).toMatchObject({ items: 3, extras: 0, allVerified: true })
  })
})
