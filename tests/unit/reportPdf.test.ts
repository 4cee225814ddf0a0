/** report.pdf: what a manager prints. Read back by poppler where it is installed; its form is checked everywhere. */
import { execFileSync, spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { reportPdf } from '../../main/evidence/reportPdf.ts'
import { archive, evidence, moved } from './evidenceKit.ts'

const noPoppler = spawnSync('pdftotext', ['-v']).error !== undefined
if (noPoppler)
  process.stderr.write('SKIPPED: pdftotext (Debian: poppler-utils) is not installed, so the text of report.pdf is not read back.\n')

async function made() {
  await moved(archive, (path) => (path.endsWith('two.dcm') ? 'mismatch' : path.endsWith('three.dcm') ? 'left-behind' : 'verified'))
  return evidence()
}

describe('report.pdf', () => {
  it('is PDF/A-2a: tagged, in a language, with its fonts in it, and names no path', async () => {
    const { folder } = await made()
    const pdf = readFileSync(join(folder, 'data', 'report.pdf'))
    const text = pdf.toString('latin1')
    expect(text.startsWith('%PDF-1.7')).toBe(true)
    expect(text).toContain('<pdfaid:part>2</pdfaid:part>')
    expect(text).toContain('<pdfaid:conformance>A</pdfaid:conformance>')
    expect(text).toMatch(/\/Marked true/)
    expect(text).toMatch(/\/Lang \(en-US\)/)
    expect(text.match(/\/FontFile2 /g)?.length).toBeGreaterThanOrEqual(3)
    expect(text).not.toMatch(/DOE|JANE|\.dcm|\/JavaScript/)
  })

  it('is the same bytes for the same summary', async () => {
    const { summary } = await made()
    expect(await reportPdf(summary, [])).toEqual(await reportPdf(summary, []))
  })

  it('holds whatever a person names a migration', async () => {
    const { summary } = await made()
    const odd = { ...summary, migration: { ...summary.migration, name: '<&> "Kölner" Ärchiv Ω ☃ \u0000' } }
    const pdf = await reportPdf(odd, [])
    expect(pdf.toString('latin1')).not.toContain('<&>')
    expect(pdf.length).toBeGreaterThan(10_000)
  })

  it('with every outcome, many reasons and a long custody it goes on over pages', async () => {
    const { summary } = await made()
    const counts = Object.fromEntries(Object.keys(summary.counts).map((one) => [one, 1_234_567])) as typeof summary.counts
    const notVerified = Array.from({ length: 40 }, (_, at) => ({
      outcome: 'unknown',
      reason: `reason-${at}`,
      explanation: 'It could not be checked. '.repeat(8),
      items: 9,
      examples: [],
    }))
    const group = { name: 'CT', items: 9_876_536, bytes: 9e14, counts }
    const custody = Array.from({ length: 200 }, (_, at) => ({
      deviceId: 1,
      number: at + 1,
      at: at * 86_400_000,
      enteredAt: at,
      step: 'moved' as const,
      person: 'Ada Example with a rather long name of her own',
      place: 'Loading dock',
      from: '',
      to: '',
      note: '',
      said: null,
      attachments: [],
      corrects: null,
    }))
    const devices = [
      {
        device: 1,
        ordinal: 1,
        wave: 1,
        snowballType: 'V3_5S',
        jobId: 'JID1',
        state: 'imported',
        planned: { items: 1, bytes: 1 },
        sent: { items: 1, bytes: 1 },
        custodyEntries: 200,
      },
    ]
    const pdf = await reportPdf(
      {
        ...summary,
        counts,
        notVerified,
        modalities: [group],
        lanes: [
          { ...group, name: 'device' },
          { ...group, name: 'share' },
        ],
        devices,
      },
      custody,
    )
    expect(Number(/\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1])).toBeGreaterThan(6)
  })

  it.skipIf(noPoppler)('says on its first page what a manager must know (needs pdftotext)', async () => {
    const { folder, summary } = await made()
    const read = (...options: string[]): string =>
      execFileSync('pdftotext', [...options, '-layout', join(folder, 'data', 'report.pdf'), '-'], { encoding: 'utf8' })
    const first = read('-l', '1')
    for (const text of [
      'Not proven',
      summary.sentence,
      'Do not free any source',
      summary.signedBy ?? 'none',
      summary.contentFingerprint,
      'A rehearsal against a simulated AWS',
    ])
      expect(first).toContain(text)
    expect(read()).toContain('What the words mean')
  })
})
