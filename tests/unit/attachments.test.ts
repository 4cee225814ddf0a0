/** Photos and papers of custody: kept under their digest, whole or not at all, and nothing that could be something else. */
import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { attachmentFile, attachmentState, keepAttachments } from '../../main/engine/attachments.ts'
import { movementRecord } from '../../main/evidence/movementRecord.ts'
import type { ChainedEntry } from '../../shared/domain/custody.ts'
import { testWorld } from '../kit/world.ts'

const never = new AbortController().signal
const png = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), Buffer.alloc(5000, 7)])
const { random } = testWorld()
let place: string
let folder: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'firn-attachments-'))
  folder = join(place, 'custody')
})
afterEach(() => rmSync(place, { recursive: true }))

function file(name: string, body: Buffer | string): string {
  writeFileSync(join(place, name), body)
  return join(place, name)
}
const unfit = (problem: string) =>
  expect.objectContaining({ code: 'attachment-unfit', facts: expect.objectContaining({ problem }) as unknown }) as Error

test('a photo is kept under its digest, readable by its owner alone, and its name is not', async () => {
  const kept = await keepAttachments(folder, [file('DOE^JANE.png', png), file('again.png', png)], random, never)
  const sha256 = createHash('sha256').update(png).digest('hex')
  expect(kept).toEqual([{ sha256, bytes: png.length, type: 'image/png' }])
  expect(readdirSync(folder)).toEqual([`${sha256}.png`])
  expect(readFileSync(join(folder, `${sha256}.png`))).toEqual(png)
  expect(statSync(join(folder, `${sha256}.png`)).mode & 0o777).toBe(0o600)
})

test.each([
  ['image/jpeg', '\xff\xd8\xff\xe0 and so on'],
  ['image/webp', 'RIFF\0\0\0\0WEBPVP8 '],
  ['image/heic', '\0\0\0\x18ftypheic\0\0'],
  ['image/tiff', 'II*\0 and so on'],
  ['application/pdf', '%PDF-1.7 and so on'],
])('%s is known by its first bytes, whatever its name', async (type, head) => {
  expect(await keepAttachments(folder, [file('scan.txt', Buffer.from(head, 'latin1'))], random, never)).toMatchObject([{ type }])
})

test('what is neither a photo nor a PDF, no file, too large or too many is refused, and nothing is left', async () => {
  const page = file('page.png', '<html><script>alert(1)</script>')
  await expect(keepAttachments(folder, [page], random, never)).rejects.toEqual(unfit('neither a photo nor a PDF'))
  await expect(keepAttachments(folder, [file('empty.pdf', '')], random, never)).rejects.toEqual(unfit('neither a photo nor a PDF'))
  await expect(keepAttachments(folder, [join(place, 'nowhere')], random, never)).rejects.toEqual(unfit('cannot be read'))
  mkdirSync(join(place, 'some'))
  await expect(keepAttachments(folder, [join(place, 'some')], random, never)).rejects.toEqual(unfit('not a file'))
  execFileSync('mkfifo', [join(place, 'pipe')])
  await expect(keepAttachments(folder, [join(place, 'pipe')], random, never)).rejects.toEqual(unfit('not a file'))
  const large = file('large.pdf', '%PDF-1.7')
  truncateSync(large, 50_000_001)
  await expect(keepAttachments(folder, [large], random, never)).rejects.toEqual(unfit('too large'))
  const photo = file('photo.png', png)
  await expect(
    keepAttachments(
      folder,
      Array.from({ length: 11 }, () => photo),
      random,
      never,
    ),
  ).rejects.toMatchObject({ code: 'attachment-unfit' })
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([])
})

test('a link to a photo is the photo', async () => {
  symlinkSync(file('photo.png', png), join(place, 'link'))
  expect(await keepAttachments(folder, [join(place, 'link')], random, never)).toHaveLength(1)
})

test('a copy that was changed or is gone is told', async () => {
  const [kept] = await keepAttachments(folder, [file('photo.png', png)], random, never)
  if (kept === undefined) throw new Error('nothing was kept')
  expect(await attachmentState(folder, kept)).toBe('whole')
  appendFileSync(attachmentFile(folder, kept), '!')
  expect(await attachmentState(folder, kept)).toBe('changed')
  rmSync(attachmentFile(folder, kept))
  expect(await attachmentState(folder, kept)).toBe('missing')
})

test('the record of movements tells every entry with its person, strikes what was corrected, and says when the chain or an attachment does not hold', () => {
  const attachment = { sha256: 'ab'.repeat(32), bytes: 5008, type: 'image/png' as const }
  const entry = (number: number, more: Partial<ChainedEntry>): ChainedEntry => ({
    deviceId: 1, number, at: Date.UTC(2026, 10, 25, 9), enteredAt: Date.UTC(2026, 10, 25, 17), step: 'received', person: 'R. Ward <b>', place: 'Dock', from: 'Carrier', to: '',
    note: '', said: null, attachments: [], corrects: null, previous: '', hash: 'cd'.repeat(32), ...more,
  }) // prettier-ignore
  const record = (whole: boolean, state: string): string =>
    movementRecord({
      migration: { id: 'm', name: 'PACS & more', kind: 'real' },
      at: Date.UTC(2026, 10, 26),
      devices: [
        {
          device: 1, snowballType: 'V3_5S', jobId: 'JID1', state: 'WithCustomer',
          chain: { whole, entries: 2, brokenAt: whole ? null : 2, head: 'cd'.repeat(32) },
          entries: [entry(1, { attachments: [attachment] }), entry(2, { step: 'correction', corrects: 1, note: 'wrong door' })],
        },
      ], // prettier-ignore
      attachments: new Map([[attachment.sha256, state]]),
    }).replaceAll(/\s+/g, ' ')
  const good = record(true, 'whole')
  for (const text of [
    'PACS &amp; more',
    'R. Ward &lt;b&gt;',
    'from Carrier',
    '2026-11-25 09:00:00 UTC',
    'entered 2026-11-25 17:00:00 UTC',
    'JID1',
    'The chain of hashes holds',
    attachment.sha256,
    'kept, unchanged',
    'wrong door',
    'does not hold: entry 2',
    'signature',
  ])
    expect(good).toContain(text)
  expect(good).not.toMatch(/<script|https?:/)
  const bad = record(false, 'missing')
  expect(bad).toContain('broken</span> at entry 2')
  expect(bad).toContain('<span class="bad">missing</span>')
})
