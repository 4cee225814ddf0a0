/** What a person sees who rehearses a whole migration. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookInto } from '../../main/engine/migrationFolder.ts'
import type { Reconciliation } from '../../shared/domain/jobLog.ts'
import { pathText } from '../../shared/units/itemPath.ts'
import { firn, scratch, summaryOf, treeHash } from '../kit/firn.ts'
import { done } from './failuresKit.ts'

const samples = resolve(import.meta.dirname, '../fixtures/dicom')
const place = scratch('rehearsal')
afterAll(() => place.remove())

type Verification = { allVerified: boolean; counts: Record<string, number>; items: number }

describe('a rehearsal with the synthetic archive', () => {
  const folder = join(place.folder, 'synthetic')
  let summary: Record<string, unknown>
  let text = ''
  beforeAll(async () => {
    const ended = await firn(['rehearse', '--into', folder, '--instances', '200', '--json'])
    text = ended.stderr
    summary = summaryOf(ended)
    expect(ended.exitCode, text).toBe(0)
  }, 180_000)

  test('verifies every item that may travel, through both lanes', () => {
    const verification = summary['verification'] as Verification
    expect(verification.allVerified).toBe(true)
    expect(verification.counts['verified']).toBe(verification.items)
    const lanes = summary['lanes'] as { route: string; state: string; items: number }[]
    expect(lanes.find((lane) => lane.route === 'device' && lane.state === 'sent')?.items).toBeGreaterThan(20)
    expect(lanes.find((lane) => lane.route === 'share' && lane.state === 'sent')?.items).toBeGreaterThan(20)
    expect(lanes.filter((lane) => lane.state === 'planned' || lane.state === 'sending')).toEqual([])
  })

  test('finds the planted anomalies and only those', () => {
    expect(summary['planted']).toMatchObject({ same: true, missed: 0, surplus: 0 })
    expect((summary['planted'] as { planted: number }).planted).toBeGreaterThan(8)
  })

  test('writes a report that names no path and a manifest that fits the files', () => {
    const report = summary['report'] as string
    const html = readFileSync(report, 'utf8')
    expect(html).toContain('<html')
    expect(html).not.toMatch(/IM\d{4}/)
    expect(existsSync(join(report, '../../manifest-sha256.txt'))).toBe(true)
  })

  test('keeps paths and identifiers out of the log', () => {
    const log = join(folder, 'migration/firn.log')
    if (existsSync(log)) expect(readFileSync(log, 'utf8')).not.toMatch(/IM\d{4}|\/archive\//)
    expect(text).not.toMatch(/IM\d{4}/)
  })

  test('is told to be over when it is started again', async () => {
    const again = await firn(['rehearse', '--into', folder, '--instances', '200', '--json'])
    expect(summaryOf(again)).toMatchObject({ ok: false, fault: { code: 'migration-exists' } })
  })

  test('shows its state and that nothing is left to do', async () => {
    const status = await firn(['status', '--migration', join(folder, 'migration'), '--json'])
    expect(summaryOf(status)).toMatchObject({ kind: 'rehearsal', next: 'done' })
  })
})

test('a rehearsal over a folder that somebody names changes nothing in it', async () => {
  const before = treeHash(samples)
  const ended = await firn(['rehearse', samples, '--into', join(place.folder, 'samples'), '--json'])
  expect(ended.exitCode, ended.stderr).toBe(0)
  expect((summaryOf(ended)['verification'] as Verification).allVerified).toBe(true)
  expect(treeHash(samples)).toBe(before)
})

test('a rehearsal over an empty folder is red: it proves nothing', async () => {
  const empty = scratch('empty')
  const ended = await firn(['rehearse', empty.folder, '--into', join(place.folder, 'empty'), '--json'])
  expect(ended.exitCode).toBe(3)
  expect(summaryOf(ended)).toMatchObject({ ok: false, fault: { code: 'nothing-checked' } })
  empty.remove()
})

test('with one byte rotted, one object dropped, one tar left unextracted and one upload failed, exactly those items are reported', async () => {
  const folder = join(place.folder, 'faults')
  const plan = join(place.folder, 'faults.json')
  writeFileSync(
    plan,
    JSON.stringify({
      seed: 7,
      rest: [
        { kind: 'leave-tar-unextracted', key: { ordinal: 1 } },
        { kind: 'rot-byte', key: { ordinal: 5 } },
        { kind: 'drop-object', key: { ordinal: 9 } },
        { kind: 'fail-upload', key: { ordinal: 3 } },
      ],
    }),
  )
  const ended = await firn(['rehearse', '--into', folder, '--instances', '1000', '--fault-plan', plan, '--json'])
  expect(ended.exitCode, ended.stderr).toBe(3)
  let [toRepair, throughShare] = [0, 0]
  const { journal } = lookInto(join(folder, 'migration'))
  try {
    const wrong = [...journal.evidence()].filter((item) => item.verdict !== undefined && item.verdict.verdict !== 'verified')
    const reasons = Object.groupBy(wrong, (item) => `${item.verdict?.verdict ?? ''} ${item.verdict?.reason ?? ''}`)
    const batches = new Set(wrong.filter((item) => item.verdict?.reason === 'batch-left-unextracted').map((item) => item.batchKey))
    expect(batches.size).toBe(1)
    const unextracted = [...journal.evidence()].filter((item) => item.batchKey !== undefined && batches.has(item.batchKey))
    expect(reasons['missing batch-left-unextracted']?.map((item) => pathText(item.path)).sort()).toEqual(
      unextracted.map((item) => pathText(item.path)).sort(),
    )
    expect(reasons['mismatch digest']?.length).toBe(1)
    const others = wrong.filter((item) => item.verdict?.verdict === 'missing' && item.verdict.reason !== 'batch-left-unextracted')
    expect(others.map((item) => item.route).sort()).toEqual(['device', 'share'])
    expect(wrong.length).toBe(unextracted.length + 3)
    throughShare = wrong.filter(({ route }) => route === 'share').length
    toRepair = wrong.length - throughShare
  } finally {
    journal.close()
  }

  // What a device brought wrongly or not at all goes over the link, once; what went through the share is not touched behind its gateway.
  const at = ['-m', join(folder, 'migration')]
  const reconciled = async (): Promise<{ exitCode: number | null; device: Reconciliation }> => {
    const told = await firn(['reconcile', ...at, '--json'])
    const { devices } = summaryOf(told) as { devices: [Reconciliation] }
    return { exitCode: told.exitCode, device: devices[0] }
  }
  const before = await reconciled()
  expect(before).toMatchObject({
    exitCode: 3,
    device: { billIntact: true, logs: ['success', 'failure'], notVerified: toRepair, notJudged: 0 },
  })
  expect(before.device.billed).toBe(before.device.verified + toRepair)
  expect(await done('repair', ...at, '--person', 'Ada Lovelace')).toMatchObject({ items: toRepair })
  expect(await done('repair', ...at, '--person', 'Ada Lovelace')).toMatchObject({ items: 0 })
  expect(await done('load', ...at, '--link')).toMatchObject({ waiting: 0, loaded: [{ outcome: { items: toRepair, leftBehind: 0 } }] })
  const again = await firn(['verify', ...at, '--json'])
  const { counts, unextractedBatches, keptBatches } = summaryOf(again) as Record<string, Record<string, number>>
  expect(counts).toMatchObject({ missing: throughShare, mismatch: 0, unknown: 0, present: 0 })
  // The tar that was not extracted still lies there, and is said.
  expect([unextractedBatches, keptBatches]).toEqual([0, 1])
  const after = await reconciled()
  expect(after).toMatchObject({ exitCode: 0, device: { verified: before.device.billed, notVerified: 0, contradicted: 0 } })

  // A bill of materials that somebody has changed is not the one that custody names.
  const bills = join(folder, 'migration', 'devices', 'device-1')
  const bill = join(bills, readdirSync(bills).find((name) => name.startsWith('manifest-')) ?? '')
  writeFileSync(bill, readFileSync(bill, 'utf8').replace(/,(\d)/, ',9$1'))
  expect(await reconciled()).toMatchObject({ exitCode: 3, device: { billIntact: false } })
})
