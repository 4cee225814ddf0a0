/** Logs of an import job: read by their header, whatever AWS calls its columns, and told apart line by line. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, test } from 'vitest'
import { LogIndex } from '../../main/journal/logIndex.ts'
import { isReconciled, jobLogColumns, type Reconciliation } from '../../shared/domain/jobLog.ts'

const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true })
})

describe('the columns of a log', () => {
  test.each([
    ['Bucket,Key,Size,Archive,ErrorReason', { key: 1, archive: 3, reason: 4 }],
    ['key,size', { key: 0, archive: undefined, reason: undefined }],
    ['S3 Bucket,Object Key,Error Message', { key: 1, archive: undefined, reason: 2 }],
    ['object_name,Source Object', { key: 0, archive: 1, reason: undefined }],
    [' FilePath ,Status,Failure Cause', { key: 0, archive: undefined, reason: 2 }],
  ])('%s', (header, columns) => {
    expect(jobLogColumns(header.split(','))).toEqual(columns)
  })
  test.each(['', 'Bucket,Size', 'KeyId,Date', 'objects,12'])('without one for the key nothing is guessed: %s', (header) => {
    expect(jobLogColumns(header.split(','))).toBeUndefined()
  })
})

describe('the index of a log’s lines', () => {
  const open = (): { index: LogIndex; folder: string } => {
    const folder = mkdtempSync(join(tmpdir(), 'firn-log-'))
    folders.push(folder)
    return { index: new LogIndex(join(folder, 'lines.db')), folder }
  }
  test('finds what was said of a key, in whatever order and number, and leaves no file behind', () => {
    const { index, folder } = open()
    for (let at = 5000; at > 0; at -= 1)
      index.add({ key: `a/${at}`, imported: at % 7 !== 0, reason: at % 7 === 0 ? 'too long' : undefined })
    expect(index.find('a/6')).toEqual({ imported: true, reason: undefined })
    expect(index.find('a/7')).toEqual({ imported: false, reason: 'too long' })
    expect(index.find('a/9999')).toBeUndefined()
    expect(index.unmet()).toBe(4998)
    index.close()
    expect(readdirSync(folder)).toEqual([])
  })
  test('of a key that is named twice the failure counts', () => {
    const { index } = open()
    index.add({ key: 'twice', imported: true, reason: undefined })
    index.add({ key: 'twice', imported: false, reason: 'checksum' })
    index.add({ key: 'twice', imported: true, reason: undefined })
    expect(index.find('twice')).toEqual({ imported: false, reason: 'checksum' })
    index.close()
  })
})

describe('reconciled', () => {
  const good: Reconciliation = {
    deviceId: 1,
    billed: 10,
    imported: 10,
    failed: 0,
    notMentioned: 0,
    verified: 10,
    notVerified: 0,
    notJudged: 0,
    contradicted: 0,
    unknown: 0,
    billIntact: true,
    logs: ['success', 'failure'],
    failures: [],
  }
  test('is a device whose every item is verified, even where AWS’s logs are silent or it went another way in the end', () => {
    expect(isReconciled(good)).toBe(true)
    expect(isReconciled({ ...good, imported: 0, notMentioned: 10, logs: [] })).toBe(true)
    expect(isReconciled({ ...good, imported: 8, failed: 2 })).toBe(true)
  })
  test.each([
    ['nothing was on it', { billed: 0, verified: 0 }],
    ['one item is not verified', { verified: 9, notVerified: 1 }],
    ['one was not looked at', { verified: 9, notJudged: 1 }],
    ['AWS says imported and it is not there', { contradicted: 1 }],
    ['the bill is another than custody names', { billIntact: false }],
  ])('is not one where %s', (_name, changes) => {
    expect(isReconciled({ ...good, ...changes })).toBe(false)
  })
})
