import { createHash, createHmac } from 'node:crypto'
import { mkdirSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { evidenceSummary } from '../../shared/contract/report.ts'
import { pathFromText, rootPath } from '../../shared/units/itemPath.ts'
import { archive, evidence, firstSection, hashKey, migration, moved, patient, read } from './evidenceKit.ts'
import { foundItem } from './planKit.ts'

describe('A bundle of evidence', () => {
  it('names an extra object without its path by a keyed hash, so that a guessed key cannot be confirmed', async () => {
    await moved(archive)
    const key = `pacs/${patient}/stray.dcm`
    const hash = (with_: Uint8Array): string => createHmac('sha256', with_).update(key, 'utf8').digest('hex')
    const rows = read(await evidence(), 'extras.csv')
      .trim()
      .split('\n')
    expect(rows).toEqual(['key_hmac_sha256_hex,size', `${hash(hashKey)},7`])
    expect(rows.join()).not.toContain(createHash('sha256').update(key).digest('hex'))
    const another = createHash('sha256').update('the key of another migration').digest()
    expect(read(await evidence({ hashKey: another }), 'extras.csv')).toContain(`${hash(another)},7`)
  })

  it('can be read by the person alone who made it, whatever files are usually made like', async () => {
    const before = process.umask(0o022)
    try {
      await moved(archive)
      const made = await evidence({ includePaths: true })
      const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)
      expect(mode(join(migration.folder, 'evidence'))).toBe('700')
      expect(mode(made.folder)).toBe('700')
      const names = readdirSync(made.folder, { recursive: true, encoding: 'utf8' })
      expect(names).toContain(join('data', 'items-with-paths.csv'))
      expect(Object.fromEntries(names.map((name) => [name, mode(join(made.folder, name))]))).toEqual(
        Object.fromEntries(names.map((name) => [name, name === 'data' ? '700' : '600'])),
      )
    } finally {
      process.umask(before)
    }
  })

  it('closes a folder of bundles that was open to others', async () => {
    const folder = join(migration.folder, 'evidence')
    mkdirSync(folder, { mode: 0o755 })
    await moved(archive)
    await evidence()
    expect(statSync(folder).mode & 0o777).toBe(0o700)
  })

  it('says first how many entries the clutter policy passed over, and by which patterns', async () => {
    await moved([{ path: 'a', size: 1 }])
    const none = await evidence()
    expect(none.summary.archives[0]?.passedOver).toMatchObject({ entries: 0, patternsChangedSince: false })
    expect(firstSection(none)).not.toContain('passed over')
    const { journal } = migration
    journal.setClutter(1, { ignore: ['Thumbs.db', '<b>.tmp'] })
    const scan = journal.beginScan(1, migration.world.clock.now())
    journal.recordPart(scan.id, 1, { items: [foundItem({ path: 'a', size: 1 })], unchanged: [], folders: [], ignored: 0 })
    journal.foldersDone(scan.id, [{ folder: rootPath, ignored: 1234 }])
    journal.settle(scan.id, 1)
    journal.finishScan(scan.id, migration.world.clock.now())
    const made = await evidence()
    expect(made.summary.archives[0]?.passedOver).toEqual({
      entries: 1234,
      patterns: ['Thumbs.db', '<b>.tmp'],
      patternsChangedSince: false,
    })
    expect(evidenceSummary.parse(JSON.parse(read(made, 'summary.json')))).toEqual(made.summary)
    expect(firstSection(made).replaceAll(/\s+/g, ' ')).toContain('1,234 entries passed over by the policy')
    expect(firstSection(made)).toContain('<code class="part">Thumbs.db</code>')
    expect(firstSection(made)).toContain('<code class="part">&lt;b&gt;.tmp</code>')
    expect(firstSection(made).replaceAll(/\s+/g, ' ')).toContain('a folder passed over counts as one, whatever is in it')
  })

  it('does not take patterns that were changed after the scan for those it went by', async () => {
    await moved([{ path: 'a', size: 1 }])
    const { journal, world } = migration
    world.advance(1000)
    journal.setClutter(1, { ignore: ['*.dcm'] })
    journal.append('clutter-policy-changed', { archive: 1, patterns: 1 })
    const made = await evidence()
    expect(made.summary.archives[0]?.passedOver).toMatchObject({ entries: 0, patternsChangedSince: true })
    expect(firstSection(made)).toContain('changed after the last scan')
  })

  it('never counts an item as verified that changed at the source after it was sent', async () => {
    await moved([
      { path: 'a', size: 1, study: '1.1', modality: 'CT' },
      { path: 'b', size: 1, study: '1.2', modality: 'MR' },
    ])
    const { journal, world } = migration
    world.advance(1000)
    const scan = journal.beginScan(1, world.clock.now())
    const grown = foundItem({ path: 'a', size: 2, study: '1.1', modality: 'CT' })
    journal.recordPart(scan.id, 1, { items: [grown], unchanged: [pathFromText('b')], folders: [], ignored: 0 })
    journal.foldersDone(scan.id, [{ folder: rootPath, ignored: 0 }])
    journal.settle(scan.id, 1)
    journal.finishScan(scan.id, world.clock.now())
    const made = await evidence()
    expect(made.summary).toMatchObject({ tone: 'red', studies: { total: 2, whollyVerified: 1 } })
    expect(made.summary.sentence).toBe('1 of 2 items verified; 1 not checked; 1 extra in S3.')
    const groups = [...made.summary.lanes, ...made.summary.archives]
    expect(groups.map(({ counts }) => [counts.verified, counts['not-checked']])).toEqual([
      [1, 1],
      [1, 1],
    ])
    expect(made.summary.modalities.map(({ name, counts }) => [name, counts.verified])).toEqual([
      ['CT', 0],
      ['MR', 1],
    ])
    expect(made.summary.methods.reduce((sum, { items: count }) => sum + count, 0)).toBe(1)
    expect(made.summary.notVerified).toMatchObject([{ outcome: 'not-checked', reason: 'changed-after-sent', items: 1 }])
    expect(made.summary.notVerified[0]?.explanation).toContain('plan and send again')
    for (const name of ['studies.csv', 'series.csv']) {
      const rows = read(made, name).trim().split('\n').slice(1)
      expect(
        rows.map((row) => row.split(',')[1]),
        name,
      ).toEqual(['unknown', 'verified'])
    }
    const [changed] = read(made, 'items.csv').trim().split('\n').slice(1)
    expect(changed).toContain('not-checked,changed-after-sent,')
    expect(changed).not.toContain('v1')
  })

  it('claims of its event log what the check proves, and no more', async () => {
    await moved([{ path: 'a', size: 1 }])
    const made = await evidence()
    const text = read(made, 'report.html')
      .replaceAll(/<[^>]+>/g, '')
      .replaceAll(/\s+/g, ' ')
    const { entries, head } = made.summary.chain
    expect(text).toContain(`each entry carries the hash of the one before it, up to entry ${entries} with hash ${head ?? ''}`)
    expect(text).toContain('Keep this number and hash elsewhere')
    expect(text).not.toMatch(/none was changed|removed or put in between/)
  })
})
