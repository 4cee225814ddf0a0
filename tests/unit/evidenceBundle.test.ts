import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { makePlan } from '../../main/plan/makePlan.ts'
import { parsePlanAnswers } from '../../shared/contract/planAnswers.ts'
import { evidenceSummary } from '../../shared/contract/report.ts'
import type { Verdict } from '../../shared/domain/verification.ts'
import { archive, evidence, migration, moved, never, read, startAnew } from './evidenceKit.ts'
import { outcomeOfStage, scanInto, type Planted } from './planKit.ts'

const loggedEvent = z.object({
  sequence: z.number(),
  at: z.number(),
  kind: z.string(),
  body: z.string(),
  previous: z.string(),
  hash: z.string(),
})

describe('A bundle of evidence', () => {
  it('says at the top how many items are verified, and what became of the others', async () => {
    await moved(archive, (path) => (path.endsWith('two.dcm') ? 'mismatch' : path.endsWith('three.dcm') ? 'left-behind' : 'verified'))
    const made = await evidence()
    expect(made.summary.sentence).toBe('2 of 5 items verified; 1 mismatch; 2 left behind; 1 extra in S3.')
    expect(made.summary.tone).toBe('red')
    expect(made.summary.notVerified.map((one) => [one.outcome, one.reason, one.items])).toEqual([
      ['mismatch', 'digest', 1],
      ['left-behind', 'changed-while-read', 1],
      ['left-behind', 'name-not-utf8', 1],
    ])
    expect(evidenceSummary.parse(JSON.parse(read(made, 'summary.json')))).toEqual(made.summary)
    const html = read(made, 'report.html')
    expect(html.replaceAll(/<[^>]+>/g, '')).toContain(made.summary.sentence)
    expect(html).toMatch(/class="standing red"/)
    expect(html).toContain('Snowball can only be ordered by accounts')
    expect(html).not.toMatch(/HIPAA compliant/i)
    expect(html).not.toMatch(/<script|https?:\/\//)
  })

  it('holds no path, no name and no DICOM value, planted or not', async () => {
    await moved(archive, () => 'mismatch')
    const made = await evidence({ faultsDuringRun: [{ code: 'disk-full', times: 2 }] })
    const names = readdirSync(join(made.folder, 'data'))
    expect(names.toSorted()).toEqual([
      'anomalies.csv',
      'custody.csv',
      'custody.ndjson',
      'events.ndjson',
      'extras.csv',
      'items.csv',
      'items.parquet',
      'job-logs.csv',
      'posture.json',
      'report.html',
      'report.pdf',
      'series.csv',
      'studies.csv',
      'summary.json',
    ])
    const tags = readdirSync(made.folder).filter((name) => name !== 'data')
    expect(tags.toSorted()).toEqual([
      'HOW-TO-CHECK.txt',
      'bag-info.txt',
      'bagit.txt',
      'manifest-sha256.txt',
      'signing-key.pem',
      'tagmanifest-sha256.txt',
      'tagmanifest-sha256.txt.sig',
      'verify-evidence.mjs',
    ])
    for (const name of [...names, ...tags]) expect(read(made, name), name).not.toMatch(/DOE|JANE|\.dcm/)
  })

  it('names paths only when asked to, with a warning, and shows bytes that are not text as they are', async () => {
    await moved([...archive, { path: '=cmd()', size: 1 }])
    const made = await evidence({ includePaths: true })
    const lines = read(made, 'items-with-paths.csv').split(/\r?\n/)
    expect(lines[0]).toContain('protected health information')
    expect(lines.find((line) => line.includes('/one.dcm'))).toContain('./DOE^JANE/one.dcm')
    expect(lines.find((line) => line.includes('not utf-8'))).toContain('./DOE\\xff')
    expect(lines.find((line) => line.includes('cmd'))).toContain('./=cmd()')
    expect(read(made, 'extras.csv')).toContain('stray.dcm')
    expect(read(made, 'items.csv')).not.toContain('DOE')
    expect(read(made, 'report.html')).not.toContain('DOE')
  })

  it('is red when there are no items, and when nothing was verified', async () => {
    scanInto(migration, [])
    const empty = await evidence()
    expect(empty.summary).toMatchObject({ tone: 'red', items: 0, sentence: 'No items: nothing was verified.' })
    startAnew()
    scanInto(migration, [{ path: 'a', size: 1 }])
    expect((await evidence()).summary).toMatchObject({ tone: 'red', sentence: '0 of 1 item verified; 1 not checked.' })
  })

  it('is not green while an item is merely present, left behind, or extra', async () => {
    const tone = async (verdict: Verdict | 'left-behind'): Promise<string> => {
      await moved(
        [
          { path: 'a', size: 1 },
          { path: 'b', size: 1 },
        ],
        (path) => (path === 'a' ? verdict : 'verified'),
      )
      const made = await evidence()
      startAnew()
      return made.summary.tone
    }
    expect([await tone('present'), await tone('consistent'), await tone('left-behind'), await tone('verified')]).toEqual([
      'amber',
      'amber',
      'amber',
      'amber',
    ])
    expect([await tone('missing'), await tone('unknown')]).toEqual(['red', 'red'])
  })

  it('is green when every item is verified and nothing else is there', async () => {
    await moved([{ path: 'a', size: 1, study: '1.1' }])
    const run = migration.journal.beginVerification(migration.world.clock.now())
    const [item] = [...migration.journal.evidence()]
    if (item?.verdict === undefined) throw new Error('the item has no verdict')
    migration.journal.recordVerdicts(run, [item.verdict])
    migration.journal.finishVerification(run, migration.world.clock.now())
    expect((await evidence()).summary).toMatchObject({
      tone: 'green',
      sentence: '1 of 1 item verified.',
      studies: { total: 1, whollyVerified: 1 },
    })
  })

  it('has the same fingerprint whatever the order in which items were found, and another when a verdict differs', async () => {
    const fingerprint = async (items: readonly Planted[], verdict: Verdict): Promise<string> => {
      await moved(items, (path) => (path.endsWith('one.dcm') ? verdict : 'verified'))
      const { summary } = await evidence()
      startAnew()
      migration.world.advance(5000)
      return summary.contentFingerprint
    }
    const first = await fingerprint(archive, 'verified')
    expect(await fingerprint(archive.toReversed(), 'verified')).toBe(first)
    expect(await fingerprint(archive, 'mismatch')).not.toBe(first)
  })

  it('has the fingerprint that docs/evidence.md defines', async () => {
    await moved([
      { path: 'b', size: 2, anomalies: ['header-truncated', 'empty'] },
      { path: 'a', size: 1, anomalies: ['not-readable'] },
    ])
    const sha256 = createHash('sha256').update('pacs/b').digest('hex')
    const records = [
      ['a', '1', '-', 'left-behind', 'not-readable'],
      ['b', '2', sha256, 'verified', 'empty,header-truncated'],
    ]
      .map((fields) => `${fields.join('\0')}\n`)
      .join('')
    const archiveFingerprint = createHash('sha256').update(records).digest('hex')
    const { summary } = await evidence()
    expect(summary.archives[0]?.fingerprint).toBe(archiveFingerprint)
    expect(summary.contentFingerprint).toBe(createHash('sha256').update(`${archiveFingerprint}\n`).digest('hex'))
  })

  it('has a manifest that sha256sum accepts, over every other file', async () => {
    await moved(archive)
    const made = await evidence({ includePaths: true })
    const checked = execFileSync('sha256sum', ['-c', 'manifest-sha256.txt'], { cwd: made.folder, encoding: 'utf8' })
    expect(checked.trim().split('\n')).toHaveLength(readdirSync(join(made.folder, 'data')).length)
    expect(checked).not.toContain('FAILED')
  })

  it('carries the event log with hashes that anyone can compute again, and says that the chain holds', async () => {
    await moved(archive)
    const made = await evidence()
    let previous = '0'.repeat(64)
    for (const line of read(made, 'events.ndjson').trim().split('\n')) {
      const { sequence, at, kind, body, ...event } = loggedEvent.parse(JSON.parse(line))
      expect(event.previous).toBe(previous)
      previous = createHash('sha256').update([sequence, at, kind, body, previous].join('\n')).digest('hex')
      expect(event.hash).toBe(previous)
    }
    expect(made.summary.chain).toMatchObject({ whole: true, head: previous })
  })

  it('is red when the event log was changed', async () => {
    await moved([{ path: 'a', size: 1 }])
    const journal = { ...migration.journal, checkChain: () => ({ whole: false as const, entries: 3, brokenAt: 2 }) }
    const made = await evidence({ journal })
    expect(made.summary).toMatchObject({ tone: 'red', chain: { whole: false, brokenAt: 2 } })
    expect(made.summary.sentence).toContain('the event log does not hold')
    expect(read(made, 'report.html')).toContain('chain of hashes is broken')
  })

  it('never overwrites an earlier bundle, and leaves nothing when it is stopped', async () => {
    await moved(archive)
    const first = await evidence()
    const before = read(first, 'summary.json')
    const stop = new AbortController()
    const journal = {
      ...migration.journal,
      *extras() {
        stop.abort(new Error('stopped by a person'))
        yield* migration.journal.extras()
      },
    }
    await expect(evidence({ journal }, stop.signal)).rejects.toThrow('stopped by a person')
    const second = await evidence()
    expect(readdirSync(join(migration.folder, 'evidence')).length).toBe(2)
    expect(second.folder).not.toBe(first.folder)
    expect(read(first, 'summary.json')).toBe(before)
  })

  it('records custody, and defuses what a spreadsheet would run', async () => {
    scanInto(migration, [{ path: 'a', size: 1, study: '1.1', studyDate: '20120101' }])
    const { journal, world } = migration
    const answers = parsePlanAnswers({
      today: '2026-11-24',
      snowball: 'yes',
      snowballEnds: null,
      division: { kind: 'one-lane', route: 'device' },
    })
    await outcomeOfStage(makePlan({ journal, archives: journal.archives(), answers, world }, never))
    const [device] = journal.devices()
    journal.addCustody({
      deviceId: device?.id ?? 0,
      at: Date.UTC(2026, 10, 25, 9),
      step: 'received',
      person: 'R. Ward',
      place: 'Loading dock',
      note: '=HYPERLINK("x")',
    })
    const made = await evidence()
    expect(read(made, 'custody.csv')).toContain(`received,R. Ward,Loading dock,,,"'=HYPERLINK(""x"")"`)
    expect(read(made, 'custody.csv')).toMatch(/\n1,1,2026-11-25T09:00:00\.000Z,2026-11-24T/)
    expect(read(made, 'report.html')).toContain('Loading dock')
  })
})
