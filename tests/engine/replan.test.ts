/** What a hospital sees when a device dies, or is full before its time: the rest is planned anew, nothing is lost and nothing goes twice. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { lookInto } from '../../main/engine/migrationFolder.ts'
import { replanDevice } from '../../main/engine/replan.ts'
import { loadDevice, loadLink, shipDevice, verifyAll, type Work } from '../../main/engine/steps.ts'
import { scratch } from '../kit/firn.ts'
import { allowDevices, devicesHere, moveTheRest, person, plan, ship, withEnds, writeArchive, type Ends } from './deviceLaneKit.ts'
import { done, faultOf, firstOf, stepWith } from './failuresKit.ts'

const place = scratch('replan')
afterAll(() => place.remove())

/** Every planned item is on exactly one lane, and all of them are there. */
function lanesOf({ migration: { journal } }: Work): { planned: number; onDead: number } {
  const planned = journal.laneCounts().reduce((sum, lane) => sum + lane.items, 0)
  const onDead = journal
    .devices()
    .filter((device) => device.givenUp)
    .reduce((sum, device) => sum + device.planned.items, 0)
  return { planned, onDead }
}

describe('a migration of three devices in two waves', () => {
  const archive = join(place.folder, 'archive')
  const folder = join(place.folder, 'migration')
  const ends: Ends = new Map([
    [1, { kind: 'dies', afterBytes: 9_000_000 }],
    [2, { kind: 'full', afterBytes: 8_000_000 }],
  ])
  let files = 0
  beforeAll(async () => {
    files = writeArchive(archive, { studies: 30, perStudy: 10, large: 3, largeBytes: 1_500_000 })
    await done('init', folder, '--archive', archive, '--bucket', 'imaging-archive', '--rehearsal')
    allowDevices(folder, 2)
  })

  test('brings every item to S3 although one device dies and one is full early', async () => {
    await stepWith(
      folder,
      (wiring) => withEnds(wiring, ends),
      async (work) => {
        const { journal } = work.migration
        await plan(work, 16_000_000, 3_000_000)
        expect(journal.fleet().map((device) => device.wave)).toEqual([1, 1, 2])

        const [dying, filling] = await devicesHere(work)
        if (dying === undefined || filling === undefined) throw new Error('two devices are on site')
        expect((await faultOf(loadDevice(work, dying, undefined))).code).toBe('aws-unreachable')
        const before = journal.devices().find((device) => device.id === dying.id)
        expect(before?.sent.items).toBeGreaterThan(30)
        const dead = await replanDevice(work, dying, { cause: 'dead', person, to: 'replacement' })
        expect(dead.replan).toMatchObject({
          cause: 'dead',
          person,
          items: before?.planned.items,
          bytes: before?.planned.bytes,
          finished: true,
        })
        expect(lanesOf(work)).toEqual({ planned: files, onDead: 0 })

        // Nothing more goes onto a device that was given up, and nobody ships it as loaded.
        const gone = firstOf(journal.fleet())
        expect((await faultOf(loadDevice(work, gone, undefined))).code).toBe('device-not-here')
        expect((await faultOf(shipDevice(work, gone, { person, place: '', note: '' }))).code).toBe('device-not-here')
        expect((await faultOf(replanDevice(work, gone, { cause: 'dead', person, to: 'link' }))).code).toBe('device-not-here')

        expect((await faultOf(loadDevice(work, filling, undefined))).code).toBe('device-full')
        const half = journal.devices().find((device) => device.id === filling.id)
        const full = await replanDevice(work, filling, { cause: 'full', person, to: 'link' })
        expect(full.replan.items).toBe((half?.planned.items ?? 0) - (half?.sent.items ?? 0))
        expect(full.replan.items).toBeGreaterThan(0)
        expect(lanesOf(work)).toEqual({ planned: files, onDead: 0 })
        ends.clear()
        await loadLink(work)
        await ship(work, filling)

        await moveTheRest(work)
        const verified = await verifyAll(work, { readBack: false })
        expect(verified).toMatchObject({ items: files, allVerified: true, extras: 0, keptBatches: 0 })
      },
    )
  }, 60_000)

  test('tells in its custody and its event log who gave the device up, and where everything went', () => {
    const { journal } = lookInto(folder)
    try {
      expect(journal.custody(1).map((entry) => [entry.step, entry.person])).toEqual([
        ['ordered', person],
        ['loading', 'Firn'],
        ['given-up', person],
      ])
      expect(journal.custody(4).map((entry) => entry.step)).toContain('imported')
      const decided = [...journal.events()]
        .filter((event) => event.kind === 'replan-decided')
        .map((event) => JSON.parse(event.body) as object)
      expect(decided).toEqual([
        { replan: 1, device: 1, cause: 'dead', person, to: 'device 4' },
        { replan: 2, device: 2, cause: 'full', person, to: 'link' },
      ])
      expect(journal.checkChain()).toMatchObject({ whole: true })
    } finally {
      journal.close()
    }
  })
})
