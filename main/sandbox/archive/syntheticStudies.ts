/** The studies of a synthetic archive, one after the other without end: modalities, years, sizes and encodings in realistic proportions. */
import type { Layout } from './dicomWriter.ts'
import type { Seeded } from './seeded.ts'
import type { Modality } from './syntheticInstance.ts'

export type SyntheticStudy = {
  readonly study: number
  readonly patient: number
  /** YYYYMMDD */
  readonly date: string
  readonly layout: Layout
  readonly series: readonly { readonly series: number; readonly modality: Modality; readonly pixelBytes: readonly number[] }[]
}

/**
 * Weights of studies; kB of an instance when the mean is 100 kB: a fifth to a hundredth of the field's sizes, in the field's proportions.
 * CT and MR studies bring most of the instances, projection radiography most of the studies.
 */
const kinds: readonly (readonly [weight: number, kind: StudyKind])[] = [
  [14, { modality: 'CT', series: [1, 3], instances: [12, 36], kB: [40, 85] }],
  [12, { modality: 'MR', series: [2, 4], instances: [8, 20], kB: [20, 60] }],
  [10, { modality: 'US', series: [1, 1], instances: [4, 12], kB: [30, 80] }],
  [20, { modality: 'CR', series: [1, 1], instances: [1, 2], kB: [150, 350] }],
  [26, { modality: 'DX', series: [1, 2], instances: [1, 2], kB: [200, 500] }],
  [10, { modality: 'MG', series: [1, 1], instances: [4, 4], kB: [400, 900] }],
  [8, { modality: 'OT', series: [1, 1], instances: [1, 4], kB: [10, 40] }],
]

type StudyKind = {
  readonly modality: Modality
  readonly series: readonly [number, number]
  readonly instances: readonly [number, number]
  readonly kB: readonly [number, number]
}

const layouts: readonly (readonly [number, Layout])[] = [
  [80, 'explicit'],
  [12, 'implicit'],
  [3, 'big-endian'],
  [3, 'no-preamble'],
  [2, 'no-meta'],
]

/** Of the modalities that make them: cine ultrasound and tomosynthesis run to many MB. */
const largeShare = 0.03

export function* syntheticStudies(random: Seeded, meanBytes: number): Generator<SyntheticStudy, never> {
  const scale = meanBytes / 100
  for (let study = 1; ; study += 1) {
    const kind = random.pick(kinds)
    const date = `${random.between(2009, 2024)}${two(random.between(1, 12))}${two(random.between(1, 28))}`
    const count = random.between(...kind.series)
    const series = Array.from({ length: count }, (_, at) => ({
      series: at + 1,
      modality: kind.modality,
      pixelBytes: Array.from({ length: random.between(...kind.instances) }, () => sizeOf(kind, random, scale)),
    }))
    if (random.fraction() < 0.5) series.push({ series: count + 1, modality: 'SR', pixelBytes: [Math.round(2 * scale)] })
    yield { study, patient: random.between(1, Math.ceil(study / 2) + 10), date, layout: random.pick(layouts), series }
  }
}

function sizeOf(kind: StudyKind, random: Seeded, scale: number): number {
  const usual = random.between(...kind.kB) * scale
  const canBeLarge = kind.modality === 'US' || kind.modality === 'MG' || kind.modality === 'DX'
  if (!canBeLarge || random.fraction() >= largeShare) return usual
  return random.between(1_200, 6_000) * scale
}

export function two(number: number): string {
  return String(number).padStart(2, '0')
}
