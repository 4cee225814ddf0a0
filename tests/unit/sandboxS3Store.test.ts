/** The object store under kills, restarts and hostile keys, without HTTP. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { Fault } from '../../shared/faults/fault.ts'
import { listen } from '../../main/sandbox/http/server.ts'
import { parseXml, textOf } from '../../main/sandbox/http/xml.ts'
import { afterAllWith, compareKeys, justAfter } from '../../main/sandbox/s3/keys.ts'
import { openObjects } from '../../main/sandbox/s3/objectStore.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-store-'))
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const open = () => openObjects(folder, { clock: { now: () => 1_000 } })
const body = (text: string) => Readable.from([Buffer.from(text)])
const files = () => readdirSync(join(folder, 'objects'), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length

test('objects are there again after the store was opened anew', async () => {
  const before = open()
  before.createBucket('b', { versioning: 'Enabled' })
  const put = await before.put('b', 'k', body('hello'), { metadata: { a: '1' }, tags: { t: 'x' } })
  before.close()
  const after = open()
  expect(after.head('b', 'k')).toMatchObject({
    versionId: put.versionId,
    size: 5,
    metadata: { a: '1' },
    tags: { t: 'x' },
    lastModified: 1_000,
  })
  expect(readFileSync(after.fileOf(put), 'utf8')).toBe('hello')
  after.close()
})

test('a body that breaks off leaves nothing behind', async () => {
  const store = open()
  store.createBucket('b')
  await expect(store.put('b', 'k', Readable.from(broken()))).rejects.toThrow('the line went dead')
  expect(store.list('b', '')).toEqual([])
  expect(readdirSync(join(folder, 'incoming'))).toEqual([])
  expect(files()).toBe(0)
  store.close()
})

test('what a killed process left half-written is never listed and is cleared away', async () => {
  const killed = open()
  killed.createBucket('b')
  const kept = await killed.put('b', 'kept', body('hello'))
  // As a kill would leave it: a half-written body, and a whole one whose row was never written. The database is not closed.
  writeFileSync(join(folder, 'incoming', 'half'), 'hel')
  writeFileSync(join(folder, 'objects', 'ab', 'ab000000000000000000000000000000'), 'orphan')
  const store = open()
  expect(store.list('b', '').map((object) => object.key)).toEqual(['kept'])
  expect(readdirSync(join(folder, 'incoming'))).toEqual([])
  expect(files()).toBe(1)
  expect(readFileSync(store.fileOf(kept), 'utf8')).toBe('hello')
  store.close()
})

test('an overwritten object gives its file back', async () => {
  const store = open()
  store.createBucket('b')
  for (const text of ['1', '22', '333']) await store.put('b', 'k', body(text))
  expect(files()).toBe(1)
  expect(store.usedBytes()).toBe(3)
  store.delete('b', 'k')
  expect([files(), store.usedBytes()]).toEqual([0, 0])
  store.close()
})

test('a checksum of other bytes is refused and nothing is stored', async () => {
  const store = open()
  store.createBucket('b')
  const options = { checksum: { algorithm: 'CRC32', value: 'AAAAAA==' } } as const
  await expect(store.put('b', 'k', body('hello'), options)).rejects.toMatchObject({ code: 'BadDigest' })
  expect(files()).toBe(0)
  store.close()
})

test('an object from before S3 kept checksums has none', async () => {
  const store = open()
  store.createBucket('b')
  expect((await store.put('b', 'k', body('hello'), { checksum: 'none' })).checksum).toBeUndefined()
  store.close()
})

test('parts that do not add up to the body are refused', async () => {
  const store = open()
  store.createBucket('b')
  await expect(store.putInParts('b', 'k', body('hello'), [2, 2])).rejects.toMatchObject({ code: 'IncompleteBody' })
  await expect(store.putInParts('b', 'k', body('hello'), [2, 4])).rejects.toMatchObject({ code: 'IncompleteBody' })
  const stored = await store.putInParts('b', 'k', body('hello'), [2, 3])
  expect(stored.parts?.map((part) => part.size)).toEqual([2, 3])
  store.close()
})

test('versions come back in the order of their making, whatever happens in between', async () => {
  const store = open()
  const step = fc.constantFrom('put', 'delete', 'delete-latest', 'suspend', 'enable')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), fc.integer(), async (steps, unique) => {
      const bucket = `b${unique}`
      store.createBucket(bucket, { versioning: 'Enabled' })
      let model: { id: string; marker: boolean }[] = []
      let enabled = true
      for (const one of steps) {
        if (one === 'suspend' || one === 'enable') {
          enabled = one === 'enable'
          store.changeBucket(bucket, { versioning: enabled ? 'Enabled' : 'Suspended' })
        } else if (one === 'delete-latest') {
          const [latest] = model
          if (latest !== undefined) store.delete(bucket, 'k', latest.id)
          model = model.slice(1)
        } else {
          if (!enabled) model = model.filter((version) => version.id !== 'null')
          const made = one === 'put' ? (await store.put(bucket, 'k', body('x'))).versionId : store.remove(bucket, 'k').versionId
          model.unshift({ id: made ?? '', marker: one === 'delete' })
        }
      }
      expect(store.versions(bucket, '').map((version) => ({ id: version.versionId, marker: version.deleteMarker }))).toEqual(model)
      expect(store.head(bucket, 'k')?.versionId).toBe(model[0]?.marker === false ? model[0].id : undefined)
      expect(store.versions(bucket, '').filter((version) => version.isLatest).length).toBe(Math.min(1, model.length))
    }),
    { seed: 20261124, numRuns: 60 },
  )
  store.close()
})

describe('key arithmetic', () => {
  const key = fc.string({ unit: 'grapheme-composite', maxLength: 6 })
  test('nothing lies between a key and the one just after it', () => {
    fc.assert(
      fc.property(key, key, (a, b) => compareKeys(b, a) <= 0 || compareKeys(b, justAfter(a)) >= 0),
      { seed: 20261124 },
    )
  })
  test('the bound of a prefix is above all that have it and not above any other', () => {
    fc.assert(
      fc.property(
        key.filter((text) => text !== ''),
        key,
        (prefix, rest) => {
          const bound = afterAllWith(prefix)
          if (bound === undefined) return true
          const below = compareKeys(prefix + rest, bound) < 0
          const other = compareKeys(rest, prefix) < 0 || rest.startsWith(prefix) || compareKeys(rest, bound) >= 0
          return below && other
        },
      ),
      { seed: 20261124, numRuns: 500 },
    )
  })
})

test('a busy port is named as such', async () => {
  const handle = () => Promise.resolve()
  const first = await listen({ port: 0, host: '127.0.0.1', handle })
  const error: unknown = await listen({ port: first.port, host: '127.0.0.1', handle }).catch((reason: unknown) => reason)
  expect(error).toBeInstanceOf(Fault)
  expect(error).toMatchObject({ code: 'port-in-use', facts: { port: first.port } })
  await first.close()
})

async function* broken() {
  yield Buffer.from('hel')
  await Promise.resolve()
  throw new Error('the line went dead')
}

describe('a document that a client sends', () => {
  test('has its characters by name or by number', () => {
    const parts = parseXml(Buffer.from('<P><ETag>&#34;a&#x22;&quot;</ETag><Key>a&amp;#34;&lt;b</Key></P>'), 'P')
    expect([textOf(parts, 'ETag'), textOf(parts, 'Key')]).toEqual(['"a""', 'a&#34;<b'])
  })
})
