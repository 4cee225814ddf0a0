/** Patients' names in folders, file names and headers: after a rehearsal with troubles none of them is in a log, on the terminal or in the evidence. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { writeDicom } from '../../main/sandbox/archive/dicomWriter.ts'
import { firn, scratch, summaryOf } from '../kit/firn.ts'

const place = scratch('privacy')
afterAll(() => place.remove())

const secrets = ['Quirinius', 'Zyxwvut', 'PID-778899', 'ACC-5566', '19371224', 'Brömmelkamp']
const ctImage = '1.2.840.10008.5.1.4.1.1.2'

function plantedArchive(root: string): string {
  for (let patient = 1; patient <= 4; patient += 1) {
    const folder = join(root, `Quirinius_Zyxwvut-${patient}`, 'PID-778899')
    mkdirSync(folder, { recursive: true })
    for (let instance = 1; instance <= 6; instance += 1) {
      const uid = `2.25.77${patient}${instance}`
      const study = [
        { tag: 0x00080016, vr: 'UI', value: ctImage },
        { tag: 0x00080018, vr: 'UI', value: uid },
        { tag: 0x00080020, vr: 'DA', value: `20${10 + patient}0101` },
        { tag: 0x00080050, vr: 'SH', value: `ACC-5566${patient}` },
        { tag: 0x00080060, vr: 'CS', value: 'CT' },
        { tag: 0x00100010, vr: 'PN', value: 'Zyxwvut^Quirinius' },
        { tag: 0x00100020, vr: 'LO', value: `PID-778899${patient}` },
        { tag: 0x00100030, vr: 'DA', value: '19371224' },
        { tag: 0x0020000d, vr: 'UI', value: `2.25.88${patient}` },
        { tag: 0x0020000e, vr: 'UI', value: `2.25.99${patient}` },
      ] as const
      const bytes = writeDicom(study, 'explicit', ctImage, uid)
      // Broken ones too: their anomalies are reported.
      writeFileSync(join(folder, `Zyxwvut Quirinius ${instance}.dcm`), instance === 6 ? bytes.subarray(0, 300) : bytes)
    }
    writeFileSync(join(folder, 'Brömmelkamp #?.txt'), 'Zyxwvut')
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/Quirinius`), Buffer.of(0xff)]), '')
  }
  return root
}

test('a rehearsal with troubles names items by number alone', async () => {
  const archive = plantedArchive(join(place.folder, 'archive'))
  const folder = join(place.folder, 'rehearsal')
  const plan = join(place.folder, 'plan.json')
  writeFileSync(
    plan,
    JSON.stringify({
      calls: [
        { service: 'device', operation: '*', nth: 2, effect: { kind: 'reset' } },
        { service: 's3', operation: 'HeadObject', nth: 3, times: 40, effect: { kind: 'status', status: 400, code: 'InvalidRequest' } },
      ],
      rest: [
        { kind: 'rot-byte', key: { ordinal: 2 } },
        { kind: 'drop-object', key: { ordinal: 4 } },
        { kind: 'fail-upload', key: { ordinal: 1 } },
      ],
    }),
  )
  const ended = await firn(['rehearse', archive, '--into', folder, '--fault-plan', plan, '--json'])
  expect(ended.exitCode, ended.stderr).toBe(3)
  const migration = join(folder, 'migration')
  const told = [await firn(['status', '-m', migration]), await firn(['doctor', '-m', migration]), await firn(['verify', '-m', migration])]
  const texts = new Map([['rehearse', ended.stdout + ended.stderr]])
  told.forEach(({ stdout, stderr }, at) => texts.set(`command ${at + 1}`, stdout + stderr))
  texts.set('firn.log', readFileSync(join(migration, 'firn.log'), 'utf8'))
  expect(texts.get('firn.log')).toContain('retry')
  for (const entry of readdirSync(join(migration, 'evidence'), { recursive: true, withFileTypes: true })) {
    if (entry.isFile()) texts.set(entry.name, readFileSync(join(entry.parentPath, entry.name), 'utf8'))
  }
  expect(texts.size).toBeGreaterThan(9)
  for (const [where, text] of texts) for (const secret of secrets) expect(text.includes(secret), `${secret} in ${where}`).toBe(false)

  // The check can fail: with the paths asked for they are there, and nowhere else.
  const withPaths = summaryOf(await firn(['report', '-m', migration, '--include-paths', '--json']))
  expect(readFileSync(join(withPaths['folder'] as string, 'data', 'items-with-paths.csv'), 'utf8')).toContain('Quirinius')
  for (const file of ['items.csv', 'report.html', 'summary.json', 'events.ndjson', 'anomalies.csv', 'custody.csv', 'custody.ndjson']) {
    const text = readFileSync(join(withPaths['folder'] as string, 'data', file), 'utf8')
    for (const secret of secrets) expect(text.includes(secret), `${secret} in ${file}`).toBe(false)
  }
})
