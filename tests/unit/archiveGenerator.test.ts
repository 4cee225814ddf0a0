import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { generateArchive, type ArchiveSummary } from '../../main/sandbox/archive/generate.ts'
import { readDicomHeader } from '../../main/source/dicomHeader.ts'
import { folderWith, treeHash } from './sourceKit.ts'

async function generated(folder: string, options: Parameters<typeof generateArchive>[1]): Promise<ArchiveSummary> {
  const making = generateArchive(folder, options)
  for (;;) {
    const step = await making.next()
    if (step.done === true) return step.value
  }
}

function instancesIn(folder: string): { path: string; size: number }[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => /^20\d\d\/.*\/IM\d{4}$/.test(path))
    .map((path) => ({ path, size: statSync(join(folder, path)).size }))
}

test('the same seed makes the same archive, another seed another one', async () => {
  const [one, two, other] = [folderWith(), folderWith(), folderWith()]
  await generated(one, { instances: 50, meanBytes: 2000, anomalies: false })
  await generated(two, { instances: 50, meanBytes: 2000, anomalies: false })
  await generated(other, { instances: 50, meanBytes: 2000, anomalies: false, seed: 'other' })
  const contents = (folder: string): string[] =>
    instancesIn(folder)
      .map(({ path }) => path + readFileSync(join(folder, path)).toString('base64'))
      .sort()
  expect(contents(one)).toEqual(contents(two))
  expect(contents(one)).not.toEqual(contents(other))
})

test('two thousand instances: 150 to 250 MB, some above 1 MiB, varied modalities, years and encodings, all readable DICOM', async () => {
  const folder = folderWith()
  const made = await generated(folder, {})
  const instances = instancesIn(folder)
  expect(instances).toHaveLength(2000)
  expect(made.bytes).toBeGreaterThan(150e6)
  expect(made.bytes).toBeLessThan(250e6)
  expect(instances.filter(({ size }) => size > 1024 * 1024).length).toBeGreaterThan(5)
  expect(Math.max(...instances.map(({ size }) => size))).toBeGreaterThan(10e6)
  const headers = instances.map(({ path, size }) =>
    readDicomHeader(readFileSync(join(folder, path)).subarray(0, 8192), size, Buffer.from('key')),
  )
  expect(headers.filter(({ header, anomalies }) => header?.studyUid === undefined || anomalies.length > 0)).toEqual([])
  const distinct = (of: (header: NonNullable<(typeof headers)[number]['header']>) => string | undefined): number =>
    new Set(headers.map(({ header }) => (header === undefined ? undefined : of(header)))).size
  expect(distinct(({ modality }) => modality)).toBe(8)
  expect(distinct(({ studyDate }) => studyDate?.slice(0, 4))).toBe(16)
  expect(distinct(({ transferSyntax }) => transferSyntax)).toBe(4)
  expect(distinct(({ sopUid }) => sopUid)).toBe(2000)
}, 60_000)

test('a folder that holds something is left alone', async () => {
  const folder = folderWith({ precious: 'x' })
  const before = treeHash(folder)
  await expect(generated(folder, { instances: 1 })).rejects.toMatchObject({ code: 'bad-input' })
  expect(treeHash(folder)).toBe(before)
})

test('the expected anomalies of the sample files name files that are there', async () => {
  const folder = folderWith()
  const made = await generated(folder, { instances: 1, meanBytes: 1000, anomalies: false, sampleFolder: 'tests/fixtures/dicom' })
  expect(made.planted.length).toBe(8)
  for (const { path } of made.planted) expect(existsSync(join(folder, Buffer.from(path).toString()))).toBe(true)
})
