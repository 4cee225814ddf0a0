/** An archive of any size that is on no disk: a source that makes up its listing as it is asked, and the same items as S3 would list them. */
import { bytes } from '../shared/units/bytes.ts'
import { joinPath, pathFromText, pathText, rootPath, type ItemPath } from '../shared/units/itemPath.ts'
import type { FoundItem } from '../shared/domain/item.ts'
import type { FolderPart, ItemDigests, Source } from '../shared/ports/source.ts'
import type { ListedObject, ObjectHead, ObjectStore } from '../shared/ports/objectStore.ts'

const perSeries = 200
const seriesPerDay = 50
export const itemSize = bytes(520_000)
export const digests: ItemDigests = { sha256: new Uint8Array(32).fill(7), crc64nvme: new Uint8Array(8).fill(9) }
const identity = new Uint8Array(32).fill(5)
const encoder = new TextEncoder()

/** Days hold series, series hold images; numbers are padded, so that the order of names is the order of numbers. */
function nameOf(letter: string, number: number): Uint8Array {
  return encoder.encode(letter + String(number).padStart(6, '0'))
}

function countBelow(items: number, each: number, at: number): number {
  return Math.min(each, Math.max(0, items - at * each))
}

function image(items: number, day: number, series: number, at: number, folder: ItemPath): FoundItem {
  const number = (day * seriesPerDay + series) * perSeries + at
  // Instance UIDs whose order has nothing to do with that of the files, as of many real archives: the hard case for an index.
  const scattered = String((number * 2_654_435_761) % 2 ** 32).padStart(10, '0')
  const study = day * seriesPerDay + (series >> 1)
  return {
    path: joinPath(folder, nameOf('I', at)),
    kind: 'file',
    size: itemSize,
    mtimeUs: 1_600_000_000_000_000 + number,
    inode: number,
    anomalies: [],
    header: {
      studyUid: `2.25.10000000000000000000000000.${study}`,
      seriesUid: `2.25.20000000000000000000000000.${day}.${series}`,
      sopUid: `2.25.${scattered}.30000000000000000.${items}.${number}`,
      sopClass: '1.2.840.10008.5.1.4.1.1.2',
      modality: 'CT',
      studyDate: day % 2 === 0 ? '20120101' : '20240101',
      transferSyntax: '1.2.840.10008.1.2.1',
      patientHash: identity,
      accessionHash: identity,
    },
  }
}

export function syntheticSource(items: number): Source {
  const days = Math.ceil(items / perSeries / seriesPerDay)
  const seriesOf = (day: number): number => Math.ceil(countBelow(items, perSeries * seriesPerDay, day) / perSeries)
  const refuse = async (): Promise<never> => await Promise.reject(new Error('nothing here can be read'))
  return {
    check: async () => await Promise.resolve(),
    async *listFolder(folder, _clutter, known) {
      await Promise.resolve()
      const [day, series] = (pathText(folder) ?? '').split('/').map((name) => Number(name.slice(1)))
      const below: FolderPart = { items: [], unchanged: [], folders: [], ignored: 0 }
      const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at)
      if (folder.length === 0) yield { ...below, folders: numbers(days).map((at) => pathFromText(`D${String(at).padStart(6, '0')}`)) }
      else if (day !== undefined && series === undefined)
        yield { ...below, folders: numbers(seriesOf(day)).map((at) => joinPath(folder, nameOf('S', at))) }
      else if (day !== undefined && series !== undefined) {
        const found = numbers(countBelow(items, perSeries, day * seriesPerDay + series)).map((at) => image(items, day, series, at, folder))
        const before = known(found.map(({ path }) => path))
        yield {
          ...below,
          items: found.filter((_, at) => before[at] === undefined),
          unchanged: found.filter((_, at) => before[at] !== undefined).map(({ path }) => path),
        }
      }
    },
    readWhole: refuse,
    open: refuse,
    digests: refuse,
    close: async () => await Promise.resolve(),
  }
}

/** S3 after everything has landed: every item with its size and CRC64NVME. */
export function syntheticStore(items: number, prefix: string): ObjectStore {
  const head: ObjectHead = {
    size: itemSize,
    etag: undefined,
    versionId: 'v1',
    checksumType: 'FULL_OBJECT',
    checksums: [{ algorithm: 'CRC64NVME', value: Buffer.from(digests.crc64nvme).toString('base64') }],
    encryption: 'AES256',
    customerKey: false,
    storageClass: 'STANDARD',
    metadata: {},
  }
  return {
    async *list(): AsyncGenerator<ListedObject, void> {
      for (let number = 0; number < items; number += 1) {
        if (number % 1000 === 0) await Promise.resolve()
        const series = Math.floor(number / perSeries)
        const folders = joinPath(joinPath(rootPath, nameOf('D', Math.floor(series / seriesPerDay))), nameOf('S', series % seriesPerDay))
        const key = prefix + (pathText(joinPath(folders, nameOf('I', number % perSeries))) ?? '')
        yield { key, size: itemSize, etag: '', storageClass: 'STANDARD' }
      }
    },
    head: async () => await Promise.resolve(head),
    parts: async () => await Promise.resolve(undefined),
    read: () => {
      throw new Error('nothing here can be read')
    },
    close: async () => await Promise.resolve(),
  }
}
