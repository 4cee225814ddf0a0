/** The archive goes away in the middle of the work, and comes back: nothing is taken for vanished, and the same command goes on. */
import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Wiring } from '../../main/engine/compose.ts'
import { loadDevice, pushShare, scanArchives, trackDevices } from '../../main/engine/steps.ts'
import { scratch } from '../kit/firn.ts'
import { afterCalls, copyOf, done, expectWholeChain, faultOf, firstOf, journalOf, onSite, smallArchive, stepWith } from './failuresKit.ts'

const place = scratch('failures-source')
afterAll(() => place.remove())
const archive = join(place.folder, 'archive')
const away = join(place.folder, 'away')
const prepared = join(place.folder, 'prepared')
let items: number

beforeAll(async () => {
  await smallArchive(archive)
  await onSite(prepared, archive)
  items = journalOf(prepared, (journal) => journal.inventory(firstOf(journal.archives()).id).items)
})

/** How an archive goes: its root is gone (disk pulled), or an empty folder stands in its place (share unmounted). */
const ways = [
  ['the root folder is gone', () => renameSync(archive, away)],
  [
    'an empty folder stands in its place',
    () => {
      renameSync(archive, away)
      mkdirSync(archive)
    },
  ],
] as const

function comesBack(): void {
  rmSync(archive, { recursive: true, force: true })
  renameSync(away, archive)
}

const sourceGoes =
  (nth: number, goes: () => void) =>
  (wiring: Wiring): Partial<Wiring> => {
    const source = afterCalls(wiring.sourceOf(1), nth, goes)
    return { sourceOf: () => source }
  }

describe.each(ways)('%s', (way, goes) => {
  const name = (step: string): string => join(place.folder, `${step}-${way.split(' ')[1] ?? ''}`)

  test('in a first scan: the scan stops, records no item as gone, and the next one finds all of them', async () => {
    const folder = name('first-scan')
    await done('init', folder, '--archive', archive, '--bucket', 'imaging-archive', '--rehearsal')
    const fault = await faultOf(stepWith(folder, sourceGoes(12, goes), scanArchives))
    comesBack()
    expect(['archive-missing', 'source-unreadable']).toContain(fault.code)
    expect(journalOf(folder, (journal) => journal.lastScan(1))).toBeUndefined()
    expect(journalOf(folder, (journal) => journal.inventory(1).vanished)).toBe(0)
    await done('scan', '-m', folder)
    expect(journalOf(folder, (journal) => journal.inventory(1))).toMatchObject({ items, vanished: 0 })
    expectWholeChain(folder)
  })

  test('in a second scan: what the first one found still stands', async () => {
    const folder = copyOf(prepared, name('second-scan'))
    const fault = await faultOf(stepWith(folder, sourceGoes(12, goes), scanArchives))
    comesBack()
    expect(['archive-missing', 'source-unreadable']).toContain(fault.code)
    expect(journalOf(folder, (journal) => journal.inventory(1))).toMatchObject({ items, vanished: 0 })
    const summary = await done('scan', '-m', folder)
    expect(summary['archives']).toMatchObject([{ added: 0, changed: 0, vanished: 0, unchanged: items }])
    expectWholeChain(folder)
  })

  test('while a device is loaded: no item is left behind, and load goes on', async () => {
    const folder = copyOf(prepared, name('load'))
    const fault = await faultOf(
      stepWith(folder, sourceGoes(10, goes), async (work) => loadDevice(work, firstOf(await trackDevices(work)).device, undefined)),
    )
    comesBack()
    expect(['archive-missing', 'source-unreadable']).toContain(fault.code)
    expect(journalOf(folder, (journal) => journal.inventory(1))).toMatchObject({ items, vanished: 0 })
    expect(await done('load', '-m', folder)).toMatchObject({ waiting: 0, loaded: [{ outcome: { leftBehind: 0 } }] })
    expectWholeChain(folder)
  })

  test('while the share is filled: no item is left behind, and push goes on', async () => {
    const folder = copyOf(prepared, name('push'))
    let copied = 0
    const fault = await faultOf(
      stepWith(
        folder,
        (wiring) => ({
          shareTarget(...input) {
            const target = wiring.shareTarget(...input)
            return {
              ...target,
              copy(...asked) {
                copied += 1
                if (copied === 10) goes()
                return target.copy(...asked)
              },
            }
          },
        }),
        pushShare,
      ),
    )
    comesBack()
    expect(['archive-missing', 'source-unreadable']).toContain(fault.code)
    const { items: planned, doneItems } = journalOf(folder, (journal) => journal.laneTotals({ route: 'share' }))
    expect(doneItems).toBeLessThan(planned)
    const summary = await done('push', '-m', folder)
    expect(summary).toMatchObject({ waiting: 0, landed: { drained: true }, pushed: { leftBehind: 0 } })
    expect(journalOf(folder, (journal) => journal.laneTotals({ route: 'share' }))).toMatchObject({ items: planned, doneItems: planned })
    expectWholeChain(folder)
  })
})
