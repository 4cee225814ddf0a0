/** Makes a synthetic archive to rehearse with: a disk as a PACS leaves it, invented identities, planted anomalies. The same for the same seed. */
import { cpSync, mkdirSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setImmediate as breath } from 'node:timers/promises'
import { Fault } from '../../../shared/faults/fault.ts'
import { pathFromText } from '../../../shared/units/itemPath.ts'
import { plantAnomalies, type Planted, type Planting } from './plantAnomalies.ts'
import { sampleAnomalies } from './sampleAnomalies.ts'
import { seeded, type Seeded } from './seeded.ts'
import { instanceBytes } from './syntheticInstance.ts'
import { syntheticStudies, two, type SyntheticStudy } from './syntheticStudies.ts'

export type ArchiveOptions = {
  /** DICOM instances, beside samples and planted ones; 2,000 unless told. */
  readonly instances?: number
  readonly seed?: string
  /** Sample files to add, below `samples/`. */
  readonly sampleFolder?: string
  /** Plant anomalies and clutter; true unless told. */
  readonly anomalies?: boolean
  /** Rough mean size of an instance; 100 kB unless told. A million of 1 kB fit on any disk. */
  readonly meanBytes?: number
}

export type ArchiveProgress = { readonly instances: number; readonly bytes: number }

export type ArchiveSummary = {
  /** What a scan under the default clutter policy should count: all files, links and special files. */
  readonly items: number
  /** Studies of the synthetic and planted instances; those of the sample files are not counted. */
  readonly studies: number
  readonly bytes: number
  readonly clutter: number
  /** Each anomaly a scan should find, those of the sample files included. */
  readonly planted: readonly Planted[]
  readonly notPlanted: Planting['notPlanted']
}

/** One huge image in the first hundred instances, so that even a small archive has an item for multipart. */
const hugeBytes = 18_000_000

/**
 * Writes into `folder`, which must be new or empty. Memory is flat; yields after each study.
 * @throws Fault bad-input when the folder holds something
 */
export async function* generateArchive(folder: string, options: ArchiveOptions = {}): AsyncGenerator<ArchiveProgress, ArchiveSummary> {
  const { instances = 2000, seed = 'firn', anomalies = true, meanBytes = 100_000 } = options
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length > 0) throw new Fault('bad-input', { value: 'folder for the synthetic archive', reason: 'not empty' })

  const random = seeded(seed)
  const tally = { items: 0, bytes: 0, studies: 0 }
  let written = 0
  for (const study of syntheticStudies(random, meanBytes)) {
    if (written >= instances) break
    written += writeStudy(folder, seed, study, instances - written, meanBytes, tally)
    tally.studies += 1
    writeCompanion(folder, study, random, tally)
    yield { instances: written, bytes: tally.bytes }
    await breath()
  }

  const planted: Planted[] = []
  if (options.sampleFolder !== undefined) planted.push(...copySamples(options.sampleFolder, folder, tally))
  const planting = anomalies ? plantAnomalies(folder, seed) : undefined
  planted.push(...(planting?.planted ?? []))
  return {
    items: tally.items + (planting?.items ?? 0),
    studies: tally.studies + (planting?.studies ?? 0),
    bytes: tally.bytes + (planting?.bytes ?? 0),
    clutter: planting?.clutter ?? 0,
    planted,
    notPlanted: planting?.notPlanted ?? [],
  }
}

type Tally = { items: number; bytes: number; studies: number }

function folderOfStudy({ date, patient, study }: SyntheticStudy): string {
  const day = `${date.slice(0, 4)}/${date.slice(4, 6)}/${date.slice(6)}`
  return `${day}/P${String(patient).padStart(6, '0')}/ST${String(study).padStart(6, '0')}`
}

function writeStudy(root: string, seed: string, of: SyntheticStudy, most: number, meanBytes: number, tally: Tally): number {
  const time = Date.UTC(Number(of.date.slice(0, 4)), Number(of.date.slice(4, 6)) - 1, Number(of.date.slice(6)), 12) / 1000
  let written = 0
  for (const { series, modality, pixelBytes } of of.series) {
    const path = `${root}/${folderOfStudy(of)}/SE${two(series)}`
    if (written < most) mkdirSync(path, { recursive: true })
    for (const [at, size] of pixelBytes.entries()) {
      if (written >= most) return written
      const isHuge = of.study === 7 && written === 0
      const body = instanceBytes({
        ...of,
        seed,
        series,
        instance: at + 1,
        modality,
        pixelBytes: isHuge ? hugeBytes * (meanBytes / 100_000) : size,
      })
      writeDated(`${path}/IM${String(at + 1).padStart(4, '0')}`, body, time, tally)
      written += 1
    }
  }
  return written
}

/** What else lies on such disks: notes, exports, previews. One study in ten has one. */
function writeCompanion(root: string, study: SyntheticStudy, random: Seeded, tally: Tally): void {
  if (random.fraction() >= 0.1) return
  const [name, body] = random.pick<readonly [string, Uint8Array | string]>([
    [2, ['notes.txt', `Study ${study.study}: exported by the modality, nothing to report.\n`]],
    [2, ['export.xml', `<?xml version="1.0"?>\n<study number="${study.study}" series="${study.series.length}"/>\n`]],
    [
      1,
      [
        'preview.jpg',
        Buffer.concat([
          Buffer.from('ffd8ffe000104a46494600010100000100010000', 'hex'),
          Buffer.alloc(2000, study.study),
          Buffer.from('ffd9', 'hex'),
        ]),
      ],
    ],
  ])
  writeDated(`${root}/${folderOfStudy(study)}/${name}`, body, Date.UTC(Number(study.date.slice(0, 4)), 11, 31) / 1000, tally)
}

function writeDated(path: string, body: Uint8Array | string, time: number, tally: Tally): void {
  writeFileSync(path, body)
  utimesSync(path, time, time)
  tally.items += 1
  tally.bytes += Buffer.byteLength(body)
}

function copySamples(from: string, root: string, tally: Tally): Planted[] {
  cpSync(from, `${root}/samples`, { recursive: true, preserveTimestamps: true })
  const present = new Set<string>()
  for (const path of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    const stats = statSync(`${from}/${path}`)
    if (!stats.isFile()) continue
    present.add(path)
    tally.items += 1
    tally.bytes += stats.size
  }
  return sampleAnomalies(present).map(({ code, path }) => ({ code, path: pathFromText(`samples/${path}`) }))
}
