/** Plants one or two of each anomaly a disk can hold, so that a rehearsal can check that it finds these and no others. */
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import type { AnomalyCode } from '../../../shared/domain/anomaly.ts'
import { joinPath, pathFromText, type ItemPath } from '../../../shared/units/itemPath.ts'
import { instanceBytes, type SyntheticInstance } from './syntheticInstance.ts'

export type Planted = { readonly code: AnomalyCode; readonly path: ItemPath }
export type Planting = {
  readonly planted: readonly Planted[]
  readonly items: number
  readonly bytes: number
  readonly studies: number
  /** Entries that the default clutter policy passes over. */
  readonly clutter: number
  /** Codes that cannot be planted on this system or by this user, with the reason. */
  readonly notPlanted: readonly { readonly code: AnomalyCode; readonly reason: string }[]
}

/** Number of the first planted study; synthetic ones count from 1 and stay below it. */
const firstStudy = 900_000_000

export function plantAnomalies(root: string, seed: string): Planting {
  const planted: Planted[] = []
  const notPlanted: { code: AnomalyCode; reason: string }[] = []
  let items = 0
  let total = 0
  const absolute = (path: ItemPath): Buffer => Buffer.concat([Buffer.from(`${root}/`), path])

  function file(path: ItemPath | string, body: Uint8Array | string, ...codes: readonly AnomalyCode[]): ItemPath {
    const at = typeof path === 'string' ? pathFromText(path) : path
    writeFileSync(absolute(at), body)
    items += 1
    total += Buffer.byteLength(body)
    for (const code of codes) planted.push({ code, path: at })
    return at
  }
  const instance = (study: number, more: Partial<SyntheticInstance> = {}): Buffer =>
    instanceBytes({
      seed,
      patient: 1,
      study: firstStudy + study,
      series: 1,
      instance: 1,
      modality: 'CR',
      date: '20150401',
      layout: 'explicit',
      pixelBytes: 20_000,
      ...more,
    })
  const folder = (name: string): void => void mkdirSync(`${root}/${name}`, { recursive: true })

  for (const name of ['odd/links', 'odd/cut', 'odd/names', 'odd/unsafe', 'odd/cases', 'odd/forms', 'odd/copies', 'odd/versions'])
    folder(name)

  symlinkSync('../cut', `${root}/odd/links/another-folder`)
  planted.push({ code: 'not-a-file', path: pathFromText('odd/links/another-folder') })
  items += 1
  total += '../cut'.length // what lstat tells of a link
  try {
    execFileSync('mkfifo', [`${root}/odd/links/pipe`], { stdio: 'ignore' })
    planted.push({ code: 'not-a-file', path: pathFromText('odd/links/pipe') })
    items += 1
  } catch {
    notPlanted.push({ code: 'not-a-file', reason: 'this system has no mkfifo; the link stands for both' })
  }

  file('odd/cut/empty.dcm', '', 'empty')
  const whole = instance(1)
  file('odd/cut/inside-header.dcm', whole.subarray(0, 400), 'header-truncated')
  file('odd/cut/inside-pixels.dcm', instance(2).subarray(0, 8000), 'header-truncated')

  file(joinPath(pathFromText('odd/names'), Buffer.from('Befund-\xfc.txt', 'latin1')), 'A name in Latin-1.', 'name-not-utf8')
  const deep = `odd/names/${Array.from({ length: 5 }, (_, at) => `level-${at}-`.padEnd(220, 'x')).join('/')}`
  folder(deep)
  file(`${deep}/IM0001`, instance(3), 'key-too-long')

  file('odd/unsafe/scan #1 {copy}.dcm', instance(4), 'name-unsafe-for-snowball')
  file('odd/unsafe/notes~.txt', 'An editor left this behind.', 'name-unsafe-for-snowball')

  if (tellsCaseApart(root)) {
    file('odd/cases/Report.txt', 'One report.', 'name-collision')
    file('odd/cases/REPORT.txt', 'Another report.', 'name-collision')
  } else notPlanted.push({ code: 'name-collision', reason: 'this file system does not tell upper from lower case' })
  // Greek: beyond U+00FF, so that the names differ by form alone and are not unsafe as well.
  const name = 'Ακτινογραφία.txt'
  file(`odd/forms/${name.normalize('NFC')}`, 'Composed.', 'name-collision')
  file(`odd/forms/${name.normalize('NFD')}`, 'Decomposed.', 'name-collision')

  for (const copy of ['IM0001', 'IM0001-again']) file(`odd/copies/${copy}`, instance(5), 'duplicate-same-bytes')
  file('odd/versions/IM0001', instance(6), 'duplicate-different-bytes')
  file('odd/versions/IM0001-edited', instance(6, { variant: 1 }), 'duplicate-different-bytes')

  if (process.getuid !== undefined && process.getuid() !== 0) {
    const path = file('odd/cut/no-permission.dcm', instance(7), 'not-readable')
    chmodSync(absolute(path), 0)
  } else notPlanted.push({ code: 'not-readable', reason: 'to this user every file is readable' })
  notPlanted.push({ code: 'name-too-long', reason: 'this file system allows no longer names' })
  notPlanted.push({ code: 'name-not-for-windows', reason: 'a rehearsal on Windows could not make it' })
  notPlanted.push({ code: 'too-large', reason: 'more than 5 TB' })

  return { planted, items, bytes: total, studies: 6, clutter: plantClutter(root), notPlanted }
}

function plantClutter(root: string): number {
  for (const name of ['.DS_Store', 'Thumbs.db', 'odd/~$report.docx', 'odd/upload.TMP']) writeFileSync(`${root}/${name}`, 'clutter')
  mkdirSync(`${root}/.snapshot`)
  writeFileSync(`${root}/.snapshot/IM0001`, 'a snapshot of what is there already')
  return 5
}

function tellsCaseApart(root: string): boolean {
  try {
    statSync(`${root}/ODD`)
    return false
  } catch {
    return true
  }
}
