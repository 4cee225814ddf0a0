/** An inventory to show: two archives of a radiology department, and answers that follow from it. */
import type { Answer } from '../../shared/contract/bridge.ts'
import type { Canned } from './standIn.ts'

const at = Date.UTC(2026, 10, 24, 13, 2)

export const archives: Answer<'archives.list'> = {
  archives: [
    {
      id: 1,
      label: '/mnt/pacs/images',
      bucket: 'hospital-radiology-archive',
      prefix: 'pacs/',
      kind: 'folder',
      scannedAt: at,
      scanOpen: false,
      items: 236_400_000,
      bytes: 119_300_000_000_000,
      studies: 1_180_000,
      dicomItems: 235_800_000,
      vanished: 12,
      ignored: 4_310,
      anomalies: 18_204,
    },
    {
      id: 2,
      label: '/mnt/vna/mammography',
      bucket: 'hospital-radiology-archive',
      prefix: 'mammography/',
      kind: 'folder',
      scannedAt: at - 86_400_000,
      scanOpen: false,
      items: 11_600_000,
      bytes: 6_700_000_000_000,
      studies: 60_000,
      dicomItems: 11_600_000,
      vanished: 0,
      ignored: 0,
      anomalies: 0,
    },
  ],
}

const perYear: readonly (readonly [modality: string | null, firstYear: number, bytes: number, items: number, studies: number])[] = [
  ['CT', 2003, 1_900e9, 3_800_000, 9_000],
  ['MR', 2004, 1_400e9, 3_600_000, 7_000],
  ['MG', 2010, 900e9, 60_000, 12_000],
  ['CR', 2003, 320e9, 40_000, 21_000],
  ['US', 2008, 260e9, 310_000, 11_000],
  ['XA', 2012, 180e9, 30_000, 800],
  [null, 2003, 12e9, 40_000, 300],
]

function heatCells(): Answer<'archives.heatMap'>['cells'] {
  const cells: Answer<'archives.heatMap'>['cells'] = []
  for (const [modality, firstYear, bytes, items, studies] of perYear) {
    for (let year = firstYear; year <= 2026; year += 1) {
      if (modality === 'XA' && year === 2016) continue
      const growth = (1 + (year - 2003) * 0.21) * (0.92 + 0.13 * Math.sin(year * 2.3))
      cells.push({
        modality,
        year,
        bytes: Math.round(bytes * growth),
        items: Math.round(items * growth),
        studies: Math.round(studies * growth),
      })
    }
  }
  cells.push({ modality: 'CT', year: null, bytes: 31_000_000_000, items: 61_000, studies: 140 })
  return cells
}

const edges = Array.from({ length: 45 }, (_, power) => (power === 0 ? 0 : 2 ** power))
const batchLimit = 2 ** 20

/** Two humps: cross-sections about half a mebibyte, radiographs about ten. */
function sizes(): Answer<'archives.sizes'> {
  const items = edges.map((_, power) =>
    power < 8 || power > 34
      ? 0
      : Math.round(96e6 * Math.exp(-((power - 18.6) ** 2) / 2.1) + 1.4e6 * Math.exp(-((power - 23.3) ** 2) / 1.6) + (power % 3) * 900),
  )
  return { edges, items, bytes: items.map((count, power) => Math.round(count * 1.4 * 2 ** power)), batchLimit, at }
}

function coldness(): Answer<'archives.coldness'>['years'] {
  return Array.from({ length: 24 }, (_, index) => {
    const year = 2003 + index
    const growth = 1 + index * 0.23
    return { year, items: Math.round(2_400_000 * growth), bytes: Math.round(1.25e12 * growth), studies: Math.round(12_400 * growth) }
  })
}

export const anomalies: Answer<'archives.anomalies'> = {
  anomalies: [
    { code: 'duplicate-same-bytes', items: 14_220, bytes: 7_400_000_000 },
    { code: 'not-readable', items: 1_204, bytes: 3_100_000_000 },
    { code: 'name-too-long', items: 1_830, bytes: 960_000_000 },
    { code: 'empty', items: 611, bytes: 0 },
    { code: 'name-unsafe-for-snowball', items: 310, bytes: 150_000_000 },
    { code: 'not-a-file', items: 29, bytes: 0 },
  ],
}

export const item: Answer<'explorer.item'> = {
  id: 500_001,
  archiveId: 1,
  studyId: 2500,
  kind: 'file',
  size: 526_336,
  mtime: Date.UTC(2014, 2, 11, 9, 30),
  modality: 'CT',
  studyDate: '20140311',
  anomalies: ['duplicate-same-bytes'],
  route: 'device',
  state: 'sent',
  verdict: 'verified',
  present: true,
  path: 'images/2014/03/11/INVENTED^PATIENT/1.2.826.0.1.3680043.2.1125.1.dcm',
  key: 'pacs/images/2014/03/11/1.2.826.0.1.3680043.2.1125.1.dcm',
  sha256: 'n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=',
  crc64nvme: 'rosUhgp5mIg=',
  transferSyntax: '1.2.840.10008.1.2.4.70',
  sopClass: '1.2.840.10008.5.1.4.1.1.2',
  batchKey: 'firn-batches/17/000412.tar',
  deviceId: 3,
  leftBehindFor: null,
}

export const inventory: Canned = {
  'archives.list': archives,
  'archives.heatMap': { cells: heatCells(), at },
  'archives.sizes': sizes(),
  'archives.coldness': { years: coldness(), at },
  'archives.anomalies': anomalies,
  'explorer.item': item,
}

/** Runs in the page: an inventory of a million items in 5,000 studies, told page by page as an engine would. It refers to nothing outside. */
export function aMillionItems() {
  const all = 1_000_000
  const perStudy = 200
  const modalities = ['CT', 'MR', 'CR', 'MG', 'US']
  type Filter = { modality: string | null; anomaly: string | null }
  type Paged = Filter & { after: string | null; limit?: number; studyId?: number | null; series?: number | null }
  // Each modality has every fifth study; one item in a hundred is a duplicate.
  const share = ({ modality, anomaly }: Filter): number => (modality === null ? 1 : 5) * (anomaly === null ? 1 : 100)
  const itemAt = (place: number, filter: Filter) => {
    const id = place * share(filter)
    const studyId = Math.floor(id / perStudy)
    return {
      id,
      archiveId: 1,
      studyId,
      kind: 'file',
      size: 524_288 + (id % 977),
      mtime: 1_400_000_000_000,
      modality: filter.modality ?? modalities[studyId % 5] ?? 'CT',
      studyDate: `20${String(10 + (studyId % 10))}0311`,
      anomalies: id % 100 === 0 ? ['duplicate-same-bytes'] : [],
      route: 'device',
      state: 'planned',
      verdict: null,
      present: true,
    }
  }
  const studyAt = (place: number, filter: Filter) => {
    const id = place * (filter.modality === null ? 1 : 5)
    return {
      id,
      archiveId: 1,
      kind: 'dicom',
      modality: filter.modality ?? modalities[id % 5] ?? 'CT',
      studyDate: `20${String(10 + (id % 10))}0311`,
      series: 4,
      items: perStudy,
      bytes: perStudy * 524_288,
      anomalies: 2,
      verified: 0,
    }
  }
  const itemsOf = (filter: Filter) => Math.ceil(all / share(filter))
  const studiesOf = (filter: Filter) => Math.ceil(all / perStudy / (filter.modality === null ? 1 : 5))
  const paged = <Row>(rows: number, input: Paged, at: (place: number) => Row) => {
    const from = input.after === null ? 0 : Number(input.after)
    const to = Math.min(rows, from + (input.limit ?? 100))
    return { rows: Array.from({ length: Math.max(0, to - from) }, (_, index) => at(from + index)), next: to < rows ? String(to) : null }
  }
  return {
    'explorer.count': (input: Filter) => ({ items: itemsOf(input), bytes: itemsOf(input) * 524_288, studies: studiesOf(input) }),
    'explorer.bookmarks': (input: Filter & { of: 'studies' | 'items'; every: number }) => {
      const rows = input.of === 'studies' ? studiesOf(input) : itemsOf(input)
      return {
        rows,
        marks: Array.from({ length: Math.min(5000, Math.ceil(rows / input.every)) }, (_, index) =>
          index === 0 ? null : String(index * input.every),
        ),
        more: rows > 5000 * input.every,
      }
    },
    'explorer.studies': (input: Paged) => paged(studiesOf(input), input, (place) => studyAt(place, input)),
    'explorer.series': ({ studyId }: { studyId: number }) => ({
      series: [0, 1, 2, 3].map((series) => ({
        studyId,
        series,
        modality: modalities[studyId % 5] ?? null,
        items: 50,
        bytes: 50 * 524_288,
      })),
    }),
    'explorer.items': (input: Paged) => {
      const { studyId } = input
      if (studyId === undefined || studyId === null) return paged(itemsOf(input), input, (place) => itemAt(place, input))
      const first = studyId * perStudy + (input.series ?? 0) * 50
      return paged(input.series === null || input.series === undefined ? perStudy : 50, input, (place) =>
        itemAt(first + place, { modality: null, anomaly: null }),
      )
    },
  }
}
