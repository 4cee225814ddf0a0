/** What a hospital sees when a device dies, another is full before its time, and AWS leaves two batches unextracted: nothing is lost, nothing goes twice. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { replanDevice } from '../../main/engine/replan.ts'
import { shipDevice } from '../../main/engine/shipGate.ts'
import { loadDevice, type Work } from '../../main/engine/steps.ts'
import { person, rehearseDeviceLane, requireNothingLost, type Rehearsed } from '../kit/deviceLane.ts'
import { firn, scratch } from '../kit/firn.ts'
import { faultOf, refused } from './failuresKit.ts'

const place = scratch('device-lane')
afterAll(() => place.remove())

describe('a migration of three devices in two waves', () => {
  let seen: Rehearsed
  let custody: string[][][]
  let decided: object[]
  let refusals: string[]
  beforeAll(async () => {
    const scale = { studies: 30, perStudy: 10, large: 3, largeBytes: 1_500_000, deviceBytes: 16_000_000, tarBytes: 3_000_000 }
    await rehearseDeviceLane(
      place.folder,
      scale,
      () => undefined,
      async (rehearsed) => {
        seen = rehearsed
        const { journal } = rehearsed.work.migration
        custody = journal.fleet().map(({ id }) => journal.custody(id).map(({ step, person: by }) => [step, by]))
        decided = [...journal.events()].filter(({ kind }) => kind === 'replan-decided').map(({ body }) => JSON.parse(body) as object)
        expect(journal.checkChain()).toMatchObject({ whole: true })
        refusals = await refusedOnDead(rehearsed.work)
      },
    )
  }, 120_000)

  test('ends with every item verified in S3, none there that nobody planned, and all sides agreeing on each device', () => {
    expect(seen.waves).toEqual([1, 1, 2])
    requireNothingLost(seen)
    expect(seen.repaired.items).toBeGreaterThan(10)
  })

  test('takes all of a dead device anew, also what it had confirmed, and of a full one only the rest', () => {
    expect(seen.sentToDead).toBeGreaterThan(30)
    expect(seen.dead).toMatchObject({ deviceId: 1, cause: 'dead', to: { route: 'device', deviceId: 4 }, person, finished: true })
    expect(seen.dead.items).toBeGreaterThan(seen.sentToDead)
    expect(seen.full).toMatchObject({ deviceId: 2, cause: 'full', to: { route: 'link' }, person, finished: true })
    const onFull = seen.reconciled.find(({ deviceId }) => deviceId === 2)?.billed ?? 0
    expect(onFull).toBeGreaterThan(seen.full.items)
  })

  test('tells in custody and event log who gave the device up, and where everything went', () => {
    expect(custody[0]).toEqual([
      ['ordered', person],
      ['loading', 'Firn'],
      ['given-up', person],
    ])
    const steps = custody[3]?.map(([step]) => step)
    expect(steps?.slice(0, 5)).toEqual(['ordered', 'loading', 'loaded', 'inspected', 'handed-over'])
    expect(steps?.at(-1)).toBe('imported')
    expect(decided).toEqual([
      { replan: 1, device: 1, cause: 'dead', person, to: 'device 4' },
      { replan: 2, device: 2, cause: 'full', person, to: 'link' },
    ])
  })

  test('lets nobody load, ship or give up again a device that was given up, nor plan anew one that is imported', () => {
    expect(refusals).toEqual(Array.from({ length: 4 }, () => 'device-not-here'))
  })
})

test('on the command line the status names what was planned anew, and giving up a device twice is refused', async () => {
  const at = ['-m', join(place.folder, 'migration')]
  const [status, again] = await Promise.all([
    firn(['status', ...at]),
    firn(['replan', ...at, '--device', '9', '--dead', '--person', person]),
  ])
  expect(status.stdout).toContain('Device 1: given up as dead')
  expect(status.stdout).toMatch(/Device 2: \d+ items, .+ planned anew straight to S3, as Ada Lovelace decided/)
  expect(again.exitCode).toBe(2)
  expect(again.stderr).toContain('there is no such device')
  await refused('device-not-here', 5, ['replan', ...at, '--device', '1', '--dead', '--person', person])
})

async function refusedOnDead(work: Work): Promise<string[]> {
  const [dead, imported] = work.migration.journal.fleet()
  if (dead === undefined || imported === undefined) throw new Error('there are four devices')
  const tried = [
    loadDevice(work, dead, undefined),
    shipDevice(work, dead, { person, place: '', note: '' }),
    replanDevice(work, dead, { cause: 'dead', person, to: 'link' }),
    replanDevice(work, imported, { cause: 'full', person, to: 'link' }),
  ]
  return Promise.all(tried.map(async (one) => (await faultOf(one)).code))
}
