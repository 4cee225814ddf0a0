/** A migration of three small devices in two waves, in one process, with devices that fill up or die when a test says so. */
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parsePlanAnswers } from '../../shared/contract/planAnswers.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import type { Target } from '../../shared/ports/target.ts'
import { awaitDevices } from '../../main/engine/awaitDevices.ts'
import type { Wiring } from '../../main/engine/compose.ts'
import {
  approvePlan,
  inspectDevice,
  loadDevice,
  orderDevices,
  planMigration,
  scanArchives,
  shipDevice,
  type Work,
} from '../../main/engine/steps.ts'

export const person = 'Ada Lovelace'
const kilobyte = 1000

/** Studies as folders, each with `perStudy` files of 20 to 200 KB, and `large` files of `largeBytes` in studies of their own. */
export function writeArchive(root: string, of: { studies: number; perStudy: number; large: number; largeBytes: number }): number {
  let files = 0
  const write = (path: string, size: number): void => {
    // Cheap, and no two alike.
    const block = createHash('sha512').update(path).digest()
    writeFileSync(path, Buffer.alloc(size, block))
    utimesSync(path, 1_500_000_000, 1_500_000_000)
    files += 1
  }
  for (let study = 0; study < of.studies; study += 1) {
    const folder = join(root, `study-${String(study).padStart(4, '0')}`)
    mkdirSync(folder, { recursive: true })
    for (let item = 0; item < of.perStudy; item += 1)
      write(join(folder, `image-${String(item).padStart(4, '0')}`), (20 + ((study * 7 + item * 37) % 181)) * kilobyte)
  }
  for (let at = 0; at < of.large; at += 1) {
    const folder = join(root, `whole-slide-${at}`)
    mkdirSync(folder, { recursive: true })
    write(join(folder, 'image'), of.largeBytes)
  }
  return files
}

/** So many at once in the simulated account. */
export function allowDevices(folder: string, deviceLimit: number): void {
  const file = join(folder, 'migration.json')
  const config = JSON.parse(readFileSync(file, 'utf8')) as { rehearsal: object }
  writeFileSync(file, JSON.stringify({ ...config, rehearsal: { ...config.rehearsal, deviceLimit } }))
}

/** Scanned, planned onto devices of this size, two of them at once, and approved. */
export async function plan(work: Work, usableBytes: number, tarBytes: number): Promise<void> {
  await scanArchives(work)
  const today = new Date(work.migration.world.clock.now()).toISOString().slice(0, 10)
  await planMigration(
    work,
    parsePlanAnswers({
      today,
      snowball: 'yes',
      snowballEnds: null,
      device: { usableBytes, atOnce: 2 },
      batch: { smallBelow: 300 * kilobyte, tarBytes },
      division: { kind: 'one-lane', route: 'device' },
    }),
  )
  approvePlan(work.migration, person)
}

export async function devicesHere(work: Work): Promise<readonly FleetRecord[]> {
  await orderDevices(work, person)
  const seen = await awaitDevices(work, { seen: () => undefined, trouble: () => undefined })
  return seen.map(({ device }) => device).filter((device) => device.state === 'WithCustomer' && !device.givenUp)
}

export async function ship(work: Work, device: FleetRecord): Promise<void> {
  await inspectDevice(work, device, undefined, { person, seed: 'a' })
  await shipDevice(work, device, { person, place: 'Loading dock', note: 'seal 12' })
}

/** Orders as the limit allows, loads, ships and waits, until every device that was not given up is imported. */
export async function moveTheRest(work: Work): Promise<void> {
  const { journal } = work.migration
  while (journal.fleet().some((device) => !device.givenUp && device.state !== 'Complete')) {
    for (const device of await devicesHere(work)) {
      await loadDevice(work, device, undefined)
      await ship(work, device)
    }
  }
}

/** Ends of a device, by its number: after so many bytes it answers no more, or says that it is full. */
export type Ends = Map<number, { readonly kind: 'dies' | 'full'; readonly afterBytes: number }>

export function withEnds(wiring: Wiring, ends: Ends): Pick<Wiring, 'deviceTarget'> {
  return {
    async deviceTarget(device, access, signal) {
      const open = await wiring.deviceTarget(device, access, signal)
      const end = ends.get(device.id)
      let taken = 0
      return (archive) => (end === undefined ? open(archive) : ending(open(archive), end, (size) => (taken += size)))
    },
  }
}

function ending(target: Target, end: { kind: 'dies' | 'full'; afterBytes: number }, count: (size: number) => number): Target {
  const alive = (size: number): void => {
    if (count(size) <= end.afterBytes) return
    throw end.kind === 'dies' ? new Fault('aws-unreachable', { call: 's3:UploadPart' }) : new Fault('device-full')
  }
  return {
    ...target,
    async putWhole(key, body, ...rest) {
      alive(body.length)
      return target.putWhole(key, body, ...rest)
    },
    async putPart(key, upload, part, body, signal) {
      alive(body.length)
      return target.putPart(key, upload, part, body, signal)
    },
  }
}
