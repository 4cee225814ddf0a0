/** The same evidence in other forms: items.parquet for who counts with a database, a ZIP for who hands it on. */
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parquetReadObjects } from 'hyparquet'
import { describe, expect, it } from 'vitest'
import { createParquetSink } from '../../main/evidence/parquetSink.ts'
import { archive, evidence, migration, moved, read } from './evidenceKit.ts'

type Cell = string | number | bigint | Date | null | undefined

async function parquetRows(file: string): Promise<Record<string, Cell>[]> {
  const bytes = readFileSync(file)
  return parquetReadObjects({ file: new Uint8Array(bytes).buffer })
}

describe('items.parquet', () => {
  it('holds the rows of items.csv, with numbers and times as such and null for what is empty', async () => {
    await moved(archive, (path) => (path.endsWith('three.dcm') ? 'left-behind' : 'verified'))
    const made = await evidence()
    const [header = '', ...lines] = read(made, 'items.csv').trim().split(/\r?\n/)
    const names = header.split(',')
    const rows = await parquetRows(join(made.folder, 'data', 'items.parquet'))
    const asText = (value: Cell): string =>
      value === null || value === undefined ? '' : value instanceof Date ? value.toISOString() : String(value)
    expect(rows.map((row) => names.map((name) => asText(row[name])).join(','))).toEqual(lines)
    expect(rows[0]).toMatchObject({ archive: 1, size: 0n, verdict: 'verified', batch: null })
    expect(rows[0]?.['verified_at']).toBeInstanceOf(Date)
    expect(JSON.stringify(rows, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toMatch(/DOE|\.dcm/)
  })

  it('goes on over row groups and files, and keeps their order', async () => {
    const columns = [
      { name: 'nth', type: 'int64', required: true },
      { name: 'word', type: 'text' },
    ] as const
    const sink = await createParquetSink(migration.folder, 'many', columns, 10_000)
    for (let nth = 0; nth < 25_001; nth += 1) await sink.add([nth, nth % 3 === 0 ? '' : `word ${nth}`])
    const written = await sink.close()
    expect(written.map(({ name }) => name)).toEqual(['many.parquet', 'many-2.parquet', 'many-3.parquet'])
    const rows: Record<string, Cell>[] = []
    for (const { name, sha256 } of written) {
      const file = join(migration.folder, name)
      expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(sha256)
      rows.push(...(await parquetRows(file)))
    }
    expect(rows).toHaveLength(25_001)
    expect(rows.every((row, nth) => row['nth'] === BigInt(nth) && (row['word'] ?? '') === (nth % 3 === 0 ? '' : `word ${nth}`))).toBe(true)
  })
})

describe('A bundle as a ZIP', () => {
  it('holds every file of the folder, and checks like it once it is unpacked', async () => {
    await moved(archive)
    const { folder, zip } = await evidence({ zip: true })
    expect(zip).toBe(`${folder}.zip`)
    expect(statSync(`${folder}.zip`).mode & 0o777).toBe(0o600)
    const target = join(migration.folder, 'unpacked')
    // Python reads ZIP files where no unzip is installed.
    execFileSync('python3', ['-m', 'zipfile', '-e', `${folder}.zip`, target])
    const [bundle = ''] = readdirSync(target)
    const list = (at: string): string[] => readdirSync(at, { recursive: true, encoding: 'utf8' }).toSorted()
    expect(list(join(target, bundle))).toEqual(list(folder))
    expect(execFileSync(process.execPath, [join(folder, 'verify-evidence.mjs'), join(target, bundle)], { encoding: 'utf8' })).toContain(
      'All that was checked agrees.',
    )
  })

  it('is made when asked for, and is whole or not there', async () => {
    await moved(archive)
    const plain = await evidence()
    expect(plain.zip).toBeUndefined()
    const folder = join(migration.folder, 'evidence')
    expect(readdirSync(folder).filter((name) => name.endsWith('.zip'))).toEqual([])
    writeFileSync(join(folder, '.unfinished-2026.zip'), 'what a killed run left')
    const stop = new AbortController()
    const world = { ...migration.world, log: { ...migration.world.log, info: () => stop.abort(new Error('stopped by a person')) } }
    await expect(evidence({ zip: true, world }, stop.signal)).rejects.toThrow('stopped by a person')
    expect(readdirSync(folder).filter((name) => name.includes('zip'))).toEqual([])
    // The bundle itself was whole before it was packed.
    expect(readdirSync(folder)).toHaveLength(2)
  })
})
