/** verify-evidence: what somebody who does not trust Firn finds out about a bundle, with the program in it and with standard tools alone. */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { verifyEvidence } from '../../main/evidence/verify-evidence.mjs'
import { makePlan } from '../../main/plan/makePlan.ts'
import { parsePlanAnswers } from '../../shared/contract/planAnswers.ts'
import { evidence, migration, moved, never, signer } from './evidenceKit.ts'
import { outcomeOfStage, scanInto, type Planted } from './planKit.ts'
import { testWorld } from '../kit/world.ts'

const plain: readonly Planted[] = [
  { path: 'a/one.dcm', size: 14, study: '1.1', modality: 'CT' },
  { path: 'a/two, "with" marks.dcm', size: 28, study: '1.1', modality: 'CT', anomalies: ['header-truncated'] },
  { path: 'b/three.dcm', size: 16, study: '1.2', modality: 'MR' },
  { path: 'b/closed.dcm', size: 9, anomalies: ['not-readable'] },
]

/** Runs the program that lies in the bundle, as an auditor would: from within it. */
function check(bundle: string, ...given: string[]): { code: number | null; text: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['verify-evidence.mjs', ...given], { cwd: bundle, encoding: 'utf8' })
  return { code: status, text: stdout + stderr }
}

const inData = (bundle: string, name: string): string => join(bundle, 'data', name)

function edit(file: string, change: (text: string) => string): void {
  const before = readFileSync(file, 'utf8')
  const after = change(before)
  expect(after, `${file} is as it was: the test changed nothing`).not.toBe(before)
  writeFileSync(file, after)
}

const sha256 = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex')

/** Makes manifests and signature fit what is there now, as only the holder of the key can. */
function signAnew(bundle: string, withKey: (bytes: Uint8Array) => Uint8Array = (bytes) => signer().sign(bytes)): void {
  const lines = (names: readonly string[]): string => names.map((name) => `${sha256(join(bundle, name))}  ${name}\n`).join('')
  const payload = readdirSync(join(bundle, 'data')).map((name) => `data/${name}`)
  writeFileSync(join(bundle, 'manifest-sha256.txt'), lines(payload))
  const bytes = payload.reduce((sum, name) => sum + statSync(join(bundle, name)).size, 0)
  const info = join(bundle, 'bag-info.txt')
  writeFileSync(info, readFileSync(info, 'utf8').replace(/^Payload-Oxum: .*$/m, `Payload-Oxum: ${bytes}.${payload.length}`))
  const tags = readdirSync(bundle).filter((name) => name !== 'data' && !name.startsWith('tagmanifest'))
  writeFileSync(join(bundle, 'tagmanifest-sha256.txt'), lines(tags))
  writeFileSync(join(bundle, 'tagmanifest-sha256.txt.sig'), withKey(readFileSync(join(bundle, 'tagmanifest-sha256.txt'))))
}

/** With a device that went through hands. */
async function withCustody(): Promise<void> {
  scanInto(migration, plain)
  const { journal, world } = migration
  const answers = parsePlanAnswers({
    today: '2026-11-24',
    snowball: 'yes',
    snowballEnds: null,
    division: { kind: 'one-lane', route: 'device' },
  })
  await outcomeOfStage(makePlan({ journal, archives: journal.archives(), answers, world }, never))
  const deviceId = journal.devices()[0]?.id ?? 0
  for (const [person, note] of [
    ['R. Ward', 'seal "intact", scratch on the left'],
    ['Ada Example', ''],
  ] as const)
    journal.addCustody({ deviceId, at: Date.UTC(2026, 10, 25, 9), step: 'moved', person, place: 'Loading dock', note })
}

describe('A clean bundle', () => {
  it('agrees, and says which key signed it', async () => {
    await moved(plain)
    const { folder, summary } = await evidence({ includePaths: true })
    const found = check(folder)
    expect(found.text).not.toMatch(/DIFFERS|NOT CHECKED/)
    expect(found.code).toBe(0)
    expect(found.text).toContain(`signed by: ${signer().fingerprint}`)
    expect(found.text).toContain('Compare this with the fingerprint')
    expect(found.text).toContain(`the content fingerprint is ${summary.contentFingerprint}`)
    expect(found.text).toContain('4 items add up to the figures of the summary: 3 verified')
    expect(check(folder, '--fingerprint', signer().fingerprint).code).toBe(0)
    expect(check(folder, '--fingerprint', 'ab'.repeat(32))).toMatchObject({ code: 1 })
    expect(JSON.parse(check(folder, '--json').text)).toMatchObject({ agrees: true, exitCode: 0, findings: [] })
  })

  it('agrees when a device went through hands, and without any item', async () => {
    await withCustody()
    const { folder } = await evidence()
    expect(check(folder).text).toContain('the custody of 1 device is whole: 2 entries')
    expect(check(folder).code).toBe(0)
  })

  it('is checked from another folder too, where it was handed on to', async () => {
    await moved(plain)
    const { folder } = await evidence()
    const copy = join(migration.folder, 'handed on')
    cpSync(folder, copy, { recursive: true })
    expect(spawnSync(process.execPath, [join(folder, 'verify-evidence.mjs'), copy]).status).toBe(0)
  })

  it('holds by standard tools alone, by the very commands that HOW-TO-CHECK.txt names', async () => {
    await moved(plain)
    const { folder } = await evidence()
    const told = readFileSync(join(folder, 'HOW-TO-CHECK.txt'), 'utf8')
    const run = (begins: string): string => {
      const command = told
        .split('\n')
        .find((line) => line.trim().startsWith(begins))
        ?.replace(/\(.*$/, '')
      expect(command, begins).toBeDefined()
      return execFileSync('sh', ['-c', command ?? 'false'], { cwd: folder, encoding: 'utf8' })
    }
    expect(run('openssl pkey -pubin')).toContain(signer().fingerprint)
    expect(run('openssl pkeyutl -verify')).toContain('Signature Verified Successfully')
    for (const manifest of ['sha256sum -c tagmanifest', 'sha256sum -c manifest']) {
      const lines = run(manifest).trim().split('\n')
      expect(lines.filter((line) => !line.endsWith(': OK'))).toEqual([])
      expect(lines.length).toBeGreaterThan(5)
    }
    const info = readFileSync(join(folder, 'bag-info.txt'), 'utf8')
    expect(info).toContain(`Firn-Signing-Key-SHA256: ${signer().fingerprint}`)
  })

  it('has one key for all bundles of a migration', async () => {
    await moved(plain)
    const [first, second] = [await evidence(), await evidence()]
    expect(first.summary.signedBy).toBe(second.summary.signedBy)
    expect(readFileSync(inData(second.folder, 'events.ndjson'), 'utf8').match(/signing-key-made/g)).toHaveLength(1)
  })
})

describe('A bundle that somebody changed', () => {
  it.each<[string, string, (bundle: string) => void]>([
    ['a verdict', 'data/items.csv', (at) => edit(inData(at, 'items.csv'), (text) => text.replace('left-behind', 'verified'))],
    ['the report', 'data/report.html', (at) => edit(inData(at, 'report.html'), (text) => text.replace('not verified', 'verified'))],
    ['the end of the event log', 'data/events.ndjson', (at) => edit(inData(at, 'events.ndjson'), (text) => text.replace(/[^\n]*\n$/, ''))],
    ['a file that is gone', 'data/extras.csv', (at) => rmSync(inData(at, 'extras.csv'))],
    ['a file that was added', 'data/later.csv', (at) => writeFileSync(inData(at, 'later.csv'), 'x')],
    ['a file that was added beside data/', 'note.txt', (at) => writeFileSync(join(at, 'note.txt'), 'x')],
    ['a folder that was added', 'more/note.txt', (at) => (mkdirSync(join(at, 'more')), writeFileSync(join(at, 'more', 'note.txt'), 'x'))],
    [
      'a file that is a link now',
      'data/items.csv',
      (at) => (
        renameSync(inData(at, 'items.csv'), join(dirname(at), 'items.csv')),
        symlinkSync(join(dirname(at), 'items.csv'), inData(at, 'items.csv'))
      ),
    ],
    ['the program itself', 'verify-evidence.mjs', (at) => appendFileSync(join(at, 'verify-evidence.mjs'), '\n// changed\n')],
    ['the signature', 'tagmanifest-sha256.txt.sig', (at) => writeFileSync(join(at, 'tagmanifest-sha256.txt.sig'), Buffer.alloc(64, 1))],
    ['a signature that is gone', 'tagmanifest-sha256.txt.sig', (at) => rmSync(join(at, 'tagmanifest-sha256.txt.sig'))],
    ['the manifest', 'manifest-sha256.txt', (at) => edit(join(at, 'manifest-sha256.txt'), (text) => text.replace(/^.*items.csv\n/m, ''))],
    [
      'a manifest that leads out',
      'manifest-sha256.txt',
      (at) => appendFileSync(join(at, 'manifest-sha256.txt'), `${'0'.repeat(64)}  ../../journal.db\n`),
    ],
    ['a tag manifest that is gone', 'tagmanifest-sha256.txt', (at) => rmSync(join(at, 'tagmanifest-sha256.txt'))],
    [
      'two files changed for each other',
      'data/studies.csv',
      (at) => (
        renameSync(inData(at, 'studies.csv'), inData(at, 'x')),
        renameSync(inData(at, 'series.csv'), inData(at, 'studies.csv')),
        renameSync(inData(at, 'x'), inData(at, 'series.csv'))
      ),
    ],
  ])('is found out: %s', async (_what, where, change) => {
    await moved(plain)
    const { folder } = await evidence()
    change(folder)
    const { code, text } = check(folder)
    expect(code).toBe(1)
    expect(text).toContain(`DIFFERS: ${where}`)
    expect(text).toContain('This bundle is not what was written.')
  })

  it('and signed with a key of his own is found out by the event log, and by the fingerprint that was noted if he changed that too', async () => {
    await moved(plain)
    const { folder } = await evidence()
    const known = signer().fingerprint
    const { privateKey, publicKey } = generateKeyPairSync('ed25519')
    const own = createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest('hex')
    writeFileSync(join(folder, 'signing-key.pem'), publicKey.export({ type: 'spki', format: 'pem' }))
    signAnew(folder, (bytes) => sign(null, bytes, privateKey))
    expect(check(folder)).toMatchObject({ code: 1, text: expect.stringContaining('does not know the key') as unknown })
    edit(inData(folder, 'summary.json'), (text) => text.replace(known, own))
    rewriteLog(folder, (body) => body.replace(known, own))
    signAnew(folder, (bytes) => sign(null, bytes, privateKey))
    expect(check(folder).code).toBe(0)
    expect(check(folder).text).toContain(`signed by: ${own}`)
    expect(check(folder, '--fingerprint', known)).toMatchObject({ code: 1, text: expect.stringContaining(`not by ${known}`) as unknown })
  })

  it('is found out each of 1,000 times, whatever was changed at random', { timeout: 60_000 }, async () => {
    await moved(plain)
    const { folder } = await evidence()
    const random = testWorld({ seed: 'a thousand faults' }).random.fraction
    const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name !== 'data')
      .toSorted()
    const kept = new Map(names.map((name) => [name, readFileSync(join(folder, name))]))
    const pick = <One>(all: readonly One[]): One => all[Math.floor(random() * all.length)] as One
    const faults: Record<string, (file: string, bytes: Buffer) => void> = {
      'a bit flipped': (file, bytes) => {
        const changed = Buffer.from(bytes)
        const at = Math.floor(random() * bytes.length)
        changed.writeUInt8(changed.readUInt8(at) ^ (1 << Math.floor(random() * 8)), at)
        writeFileSync(file, changed)
      },
      'cut off': (file, bytes) => writeFileSync(file, bytes.subarray(0, Math.floor(random() * bytes.length))),
      longer: (file) => appendFileSync(file, pick(['\n', ' ', '\0', 'x'])),
      gone: (file) => rmSync(file),
      'put there': (file) => writeFileSync(`${file}.${Math.floor(random() * 1e6)}`, 'x'),
      'of other bytes': (file, bytes) => {
        const other = pick([...kept.values()].filter((one) => !one.equals(bytes)))
        writeFileSync(file, other)
      },
      'two bytes changed for each other': (file, bytes) => {
        const changed = Buffer.from(bytes)
        const at = Math.floor(random() * bytes.length)
        const other = changed.findIndex((byte) => byte !== changed[at])
        ;[changed[at], changed[other]] = [changed[other] ?? 0, changed[at] ?? 0]
        writeFileSync(file, changed)
      },
    }
    expect((await verifyEvidence(folder)).findings).toEqual([])
    const unnoticed: string[] = []
    for (let nth = 0; nth < 1000; nth += 1) {
      const [name, kind] = [pick(names.filter((one) => (kept.get(one)?.length ?? 0) > 3)), pick(Object.keys(faults))]
      faults[kind]?.(join(folder, name), kept.get(name) ?? Buffer.alloc(0))
      const { findings } = await verifyEvidence(folder, { filesOnly: true })
      if (!findings.some(({ where }) => where.startsWith(name))) unnoticed.push(`${name} ${kind}`)
      for (const added of readdirSync(folder, { recursive: true, encoding: 'utf8' }))
        if (added !== 'data' && !kept.has(added)) rmSync(join(folder, added))
      writeFileSync(join(folder, name), kept.get(name) ?? '')
    }
    expect(unnoticed).toEqual([])
    expect((await verifyEvidence(folder)).findings).toEqual([])
  })
})

/** Changes the bodies of entries and computes all hashes anew. */
function rewriteLog(bundle: string, change: (body: string) => string): void {
  let previous = '0'.repeat(64)
  const lines = readFileSync(inData(bundle, 'events.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const entry = { ...(JSON.parse(line) as Record<string, unknown>) }
      entry['body'] = change(entry['body'] as string)
      entry['previous'] = previous
      previous = createHash('sha256')
        .update([entry['sequence'], entry['at'], entry['kind'], entry['body'], previous].join('\n'))
        .digest('hex')
      return JSON.stringify({ ...entry, hash: previous })
    })
  writeFileSync(inData(bundle, 'events.ndjson'), `${lines.join('\n')}\n`)
  edit(inData(bundle, 'summary.json'), (text) => text.replace(/"head": "[0-9a-f]{64}"/, `"head": "${previous}"`))
}

describe('A bundle that the holder of the key changed', () => {
  it.each<[string, RegExp, (bundle: string) => void]>([
    [
      'a verdict without a digest',
      /item-\S+ is called verified, and its two digests are not equal/,
      (at) => edit(inData(at, 'items.csv'), (text) => text.replace('not-readable,not-readable,left-behind', ',not-readable,verified')),
    ],
    [
      'a digest',
      /is called verified by a digest that is not the SHA-256|its two digests are not equal/,
      (at) => edit(inData(at, 'items.csv'), (text) => text.replace(/,[A-Za-z0-9+/]{43}=,/, `,${'A'.repeat(43)}=,`)),
    ],
    [
      'a row taken out',
      /does not say what items.csv adds up to/,
      (at) => edit(inData(at, 'items.csv'), (text) => text.replace(/^.*,verified,.*\n/m, '')),
    ],
    [
      'figures of the summary',
      /does not say what items.csv adds up to/,
      (at) => edit(inData(at, 'summary.json'), (text) => text.replace('"verified": 3', '"verified": 4')),
    ],
    [
      'the tone',
      /is green, and the items say otherwise/,
      (at) => edit(inData(at, 'summary.json'), (text) => text.replace('"tone": "amber"', '"tone": "green"')),
    ],
    [
      'an extra object taken out',
      /does not say how many objects extras.csv lists/,
      (at) => edit(inData(at, 'extras.csv'), (text) => text.replace(/\n.*\n$/, '\n')),
    ],
    [
      'an entry of the event log',
      /entry \d+ of events.ndjson is not what was written/,
      (at) => edit(inData(at, 'events.ndjson'), (text) => text.replace('"kind":"plan-made"', '"kind":"plan-kept"')),
    ],
    [
      'an entry taken out of the log',
      /entry 2 of events.ndjson is not what was written/,
      (at) => edit(inData(at, 'events.ndjson'), (text) => text.replace(/^.*"sequence":2,.*\n/m, '')),
    ],
    [
      'the end of the log',
      /ends at entry \d+, and the summary names entry \d+/,
      (at) => edit(inData(at, 'events.ndjson'), (text) => text.replace(/[^\n]*\n$/, '')),
    ],
  ])('does not hold together: %s', async (_what, says, change) => {
    await moved(plain)
    const { folder } = await evidence()
    change(folder)
    signAnew(folder)
    const { code, text } = check(folder)
    expect(text).toMatch(says)
    expect(code).toBe(1)
  })

  it.each<[string, (text: string) => string]>([
    ['another person', (text) => text.replace('R. Ward', 'R. Wart')],
    ['an entry taken out', (text) => text.replace(/^.*\n/, '')],
    ['the last entry taken out', (text) => text.replace(/[^\n]*\n$/, '')],
  ])('does not hold together: custody, %s', async (_what, change) => {
    await withCustody()
    const { folder } = await evidence()
    edit(inData(folder, 'custody.ndjson'), change)
    signAnew(folder)
    expect(check(folder)).toMatchObject({
      code: 1,
      text: expect.stringMatching(/DIFFERS: device-1 entry \d .*custody|is in the event log/) as unknown,
    })
  })
})

describe('Against the source', () => {
  /** The kit takes the SHA-256 of an item's key for that of its bytes: so these are its bytes. */
  function plant(): string {
    const root = join(migration.folder, 'source')
    for (const { path } of plain) {
      mkdirSync(join(root, dirname(String(path))), { recursive: true })
      writeFileSync(join(root, String(path)), `pacs/${String(path)}`)
    }
    return root
  }

  it('every file is hashed again, and one that changed or is gone is named by its number', async () => {
    await moved(plain)
    const root = plant()
    const { folder } = await evidence({ includePaths: true })
    expect(check(folder, '--source', root)).toMatchObject({
      code: 0,
      text: expect.stringContaining('3 files of the source have') as unknown,
    })
    expect(check(folder, '--source', `1=${root}`).code).toBe(0)
    appendFileSync(join(root, 'a/one.dcm'), ' ')
    rmSync(join(root, 'b/three.dcm'))
    const { code, text } = check(folder, '--source', root)
    expect(code).toBe(1)
    expect(text).toMatch(/DIFFERS: item-\S+ has other bytes at the source/)
    expect(text).toMatch(/DIFFERS: item-\S+ cannot be read at the source/)
    expect(text).not.toContain('one.dcm')
  })

  it('says that it cannot look when the bundle names no paths, and that is no success', async () => {
    await moved(plain)
    const { folder } = await evidence()
    expect(check(folder, '--source', plant())).toMatchObject({
      code: 3,
      text: expect.stringContaining('NOT CHECKED: the source') as unknown,
    })
  })
})

describe('Against what S3 says', () => {
  type Told = { VersionId: string; Size?: number; IsLatest?: boolean; ContentLength?: number; ChecksumSHA256?: string }

  /** What S3 holds, by the rows of the bundle. */
  function objects(bundle: string): { version: string; size: number; digest: string }[] {
    return readFileSync(inData(bundle, 'items.csv'), 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((row) => row.split(','))
      .filter((row) => row.includes('verified'))
      .map((row) => ({ version: row.at(-3) ?? '', size: Number(row[2]), digest: row.at(-4) ?? '' }))
  }

  async function listed(change: (versions: Told[]) => Told[]): Promise<{ code: number | null; text: string }> {
    await moved(plain)
    const { folder } = await evidence()
    const versions = objects(folder).map(({ version, size }): Told => ({ VersionId: version, Size: size, IsLatest: true }))
    const file = join(migration.folder, 'listing.json')
    writeFileSync(file, JSON.stringify({ Versions: change(versions), Name: 'a "bucket" {' }, null, 4))
    return check(folder, '--listing', file)
  }

  it('agrees when all versions are listed', async () => {
    expect(await listed((all) => all)).toMatchObject({ code: 0, text: expect.stringContaining('3 items were looked up') as unknown })
  })

  it.each<[string, RegExp, (all: Told[]) => Told[]]>([
    ['gone', /its version is not in the listing/, (all) => all.slice(1)],
    ['of another size', /has 999 bytes in S3/, (all) => all.map((one, at) => (at === 0 ? { ...one, Size: 999 } : one))],
    [
      'overwritten since',
      /a newer version or a delete marker hides it/,
      (all) => all.map((one, at) => (at === 0 ? { ...one, IsLatest: false } : one)),
    ],
  ])('names an object that is %s', async (_what, says, change) => {
    expect(await listed(change)).toMatchObject({ code: 1, text: expect.stringMatching(says) as unknown })
  })

  it('compares digests of objects that were asked for one by one, several answers in a file', async () => {
    await moved(plain)
    const { folder } = await evidence()
    const [first, second] = objects(folder)
    const answer = ({ version, size, digest }: { version: string; size: number; digest: string }): string =>
      `${JSON.stringify({ VersionId: version, ContentLength: size, ChecksumSHA256: digest, Metadata: { note: '{"' } }, null, 4)}\n`
    const file = join(migration.folder, 'heads.json')
    if (first === undefined || second === undefined) throw new Error('too few objects')
    writeFileSync(file, answer(first) + answer(second))
    expect(check(folder, '--listing', file)).toMatchObject({
      code: 0,
      text: expect.stringContaining('2 items were looked up in the listing by their version, 2 of them by digest') as unknown,
    })
    writeFileSync(file, answer({ ...first, digest: second.digest }))
    expect(check(folder, '--listing', file)).toMatchObject({ code: 1, text: expect.stringContaining('in this bundle') as unknown })
    writeFileSync(file, answer({ ...first, version: 'of-something-else' }))
    expect(check(folder, '--listing', file).code).toBe(3)
    writeFileSync(file, '{"VersionId":')
    expect(check(folder, '--listing', file)).toMatchObject({ code: 3, text: expect.stringContaining('ends in the middle') as unknown })
  })
})

describe('Asked wrongly', () => {
  it.each([
    [['--fingerprint', 'abc'], 2],
    [['--nonsense'], 2],
    [['one', 'two'], 2],
    [['/no/such/bundle'], 3],
    [['--help'], 0],
  ])('%j ends with %i', async (given, code) => {
    await moved(plain)
    const { folder } = await evidence()
    expect(check(folder, ...given).code).toBe(code)
  })
})
