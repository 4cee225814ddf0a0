/**
 * The device lane rehearsed with all that goes wrong on it: three devices in two waves, of which one dies at 60 % and is replaced and one is full
 * early; two batches that the import leaves unextracted; then repair, and verification to the last item. The same at any size.
 */
import { createHash } from 'node:crypto'
import { closeSync, mkdirSync, openSync, utimesSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseMigrationConfig } from '../../shared/contract/migrationConfig.ts'
import { parsePlanAnswers } from '../../shared/contract/planAnswers.ts'
import { isReconciled, type Reconciliation } from '../../shared/domain/jobLog.ts'
import type { Replan } from '../../shared/domain/replan.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import type { FleetRecord } from '../../shared/ports/journal.ts'
import type { Target } from '../../shared/ports/target.ts'
import { awaitDevices } from '../../main/engine/awaitDevices.ts'
import { compose, type Wiring } from '../../main/engine/compose.ts'
import { createMigration } from '../../main/engine/migrationFolder.ts'
import { reconcileDevice } from '../../main/engine/reconcile.ts'
import { rehearsalSettings } from '../../main/engine/rehearsalFolder.ts'
import { replanDevice } from '../../main/engine/replan.ts'
import { inspectDevice } from '../../main/engine/inspectDevice.ts'
import { shipDevice, tickAll } from '../../main/engine/shipGate.ts'
import {
  approvePlan,
  loadDevice,
  loadLink,
  orderDevices,
  planMigration,
  planRepair,
  scanArchives,
  verifyAll,
  type Watch,
  type Work,
} from '../../main/engine/steps.ts'
import type { VerificationOutcome } from '../../main/verify/verify.ts'

export const person = 'Ada Lovelace'
const kilobyte = 1000
const chunkBytes = 16_000_000

/** Studies with `perStudy` small items of 20 to 200 KB each, and `large` studies of one item each. */
export type Scale = {
  readonly studies: number
  readonly perStudy: number
  readonly large: number
  readonly largeBytes: number
  readonly deviceBytes: number
  readonly tarBytes: number
}

export type Rehearsed = {
  readonly work: Work
  readonly files: number
  readonly waves: readonly number[]
  readonly dead: Replan
  readonly sentToDead: number
  readonly full: Replan
  readonly firstLook: VerificationOutcome
  readonly repaired: { readonly items: number; readonly bytes: number }
  readonly lastLook: VerificationOutcome
  readonly reconciled: readonly Reconciliation[]
}

/** Runs it all in `folder`, which is empty. `say` hears of each step as it begins. `look` sees the end before everything is closed. */
export async function rehearseDeviceLane(
  folder: string,
  scale: Scale,
  say: (step: string) => void,
  look: (seen: Rehearsed) => void | Promise<void>,
): Promise<void> {
  say('write the archive')
  const files = writeArchive(join(folder, 'archive'), scale)
  const faultPlan = join(folder, 'faults.json')
  const rest = [1, 2].map((ordinal) => ({ kind: 'leave-tar-unextracted', key: { ordinal } }))
  writeFileSync(faultPlan, JSON.stringify({ seed: 1, rest }))
  const settings = rehearsalSettings({ faultPlan })
  const config = parseMigrationConfig({
    format: 1,
    region: 'us-east-1',
    ...settings,
    rehearsal: { ...settings.rehearsal, deviceBytes: scale.deviceBytes, batchBytes: scale.tarBytes, deviceLimit: 2 },
  })
  const archives = [{ root: join(folder, 'archive'), bucket: 'imaging-archive', prefix: 'imaging/' }]
  const migration = createMigration(join(folder, 'migration'), { name: 'Device lane', kind: 'rehearsal', config, archives }, {})
  let wiring: Wiring | undefined
  try {
    wiring = await compose(migration)
    const ends: Ends = new Map()
    const work = { migration, wiring: { ...wiring, ...withEnds(wiring, ends) }, watch: silent, signal: new AbortController().signal }
    await look({ work, files, ...(await run(work, scale, ends, say)) })
  } finally {
    await wiring?.close()
    migration.close()
  }
}

async function run(work: Work, scale: Scale, ends: Ends, say: (step: string) => void): Promise<Omit<Rehearsed, 'work' | 'files'>> {
  const { journal } = work.migration
  say('scan and plan')
  await plan(work, scale)
  const waves = journal.fleet().map((device) => device.wave)
  for (const [device, kind, part] of [
    [1, 'dies', 0.6],
    [2, 'full', 0.8],
  ] as const)
    ends.set(device, { kind, afterBytes: part * (journal.devices().find(({ id }) => id === device)?.planned.bytes ?? 0) })

  say('order the first wave')
  const [dying, filling] = await devicesHere(work)
  if (dying === undefined || filling === undefined) throw new Error('two devices are on site')
  say('load the first device, which dies')
  await stops('aws-unreachable', loadDevice(work, dying, undefined))
  const sentToDead = journal.devices().find(({ id }) => id === dying.id)?.sent.items ?? 0
  const { replan: dead } = await replanDevice(work, dying, { cause: 'dead', person, to: 'replacement' })
  say('load the second, which is full early')
  await stops('device-full', loadDevice(work, filling, undefined))
  const { replan: full } = await replanDevice(work, filling, { cause: 'full', person, to: 'link' })
  ends.clear()
  await ship(work, filling)
  say('send over the link what it did not take')
  await loadLink(work)
  say('load and ship the others, and import all')
  while (journal.fleet().some((device) => !device.givenUp && device.state !== 'Complete')) {
    for (const device of await devicesHere(work)) {
      await loadDevice(work, device, undefined)
      await ship(work, device)
    }
  }
  say('verify')
  const firstLook = await verifyAll(work, { readBack: false })
  say('repair')
  const repaired = await planRepair(work, person)
  await loadLink(work)
  say('verify again, and reconcile')
  const lastLook = await verifyAll(work, { readBack: false })
  const reconciled: Reconciliation[] = []
  for (const device of journal.fleet().filter(({ givenUp }) => !givenUp))
    reconciled.push(await reconcileDevice(work.migration, device, work.signal))
  return { waves, dead, sentToDead, full, firstLook, repaired, lastLook, reconciled }
}

/** What must hold at any size. @throws Error that names what does not. */
export function requireNothingLost({ files, firstLook, repaired, lastLook, reconciled }: Rehearsed): void {
  const wrong = [
    [lastLook.items !== files || !lastLook.allVerified, 'an item is not verified'],
    [firstLook.unextractedBatches !== 2, 'not two batches were left unextracted'],
    [firstLook.items - firstLook.counts.verified !== repaired.items, 'something else was repaired than what was wrong'],
    [lastLook.extras > 0, 'something lies in S3 that nobody planned'],
    [!reconciled.every(isReconciled), 'a device does not reconcile'],
  ] as const
  for (const [is, what] of wrong) if (is) throw new Error(what)
}

const silent: Watch = async (stage) => {
  for await (const event of stage) if (event.kind === 'finished') return event.outcome
  throw new Error('a stage ends with its outcome or a fault')
}

async function stops(code: string, work: Promise<unknown>): Promise<void> {
  const fault = await work.then(
    () => undefined,
    (error: unknown) => error,
  )
  if (!isFault(fault) || fault.code !== code) throw new Error(`should have stopped with ${code}`, { cause: fault })
}

async function plan(work: Work, { deviceBytes, tarBytes }: Scale): Promise<void> {
  await scanArchives(work)
  const today = new Date(work.migration.world.clock.now()).toISOString().slice(0, 10)
  await planMigration(
    work,
    parsePlanAnswers({
      today,
      snowball: 'yes',
      snowballEnds: null,
      device: { usableBytes: deviceBytes, atOnce: 2 },
      batch: { smallBelow: 300 * kilobyte, tarBytes },
      division: { kind: 'one-lane', route: 'device' },
    }),
  )
  approvePlan(work.migration, person)
}

async function devicesHere(work: Work): Promise<readonly FleetRecord[]> {
  await orderDevices(work, person)
  const seen = await awaitDevices(work, { seen: () => undefined, trouble: () => undefined })
  return seen.map(({ device }) => device).filter((device) => device.state === 'WithCustomer' && !device.givenUp)
}

async function ship(work: Work, device: FleetRecord): Promise<void> {
  await inspectDevice(work, device, undefined, { person, seed: 'a' })
  tickAll(work.migration, device, person)
  await shipDevice(work, device, { person, place: 'Loading dock', note: 'seal 12' })
}

/** Ends of a device, by its number: after so many bytes it answers no more, or says that it is full. */
type Ends = Map<number, { readonly kind: 'dies' | 'full'; readonly afterBytes: number }>

function withEnds(wiring: Wiring, ends: Ends): Pick<Wiring, 'deviceTarget'> {
  return {
    async deviceTarget(device, access, signal) {
      const open = await wiring.deviceTarget(device, access, signal)
      const end = ends.get(device.id)
      let taken = 0
      const check = (size: number): void => {
        taken += size
        if (end === undefined || taken <= end.afterBytes) return
        throw end.kind === 'dies' ? new Fault('aws-unreachable', { call: 's3:UploadPart' }) : new Fault('device-full')
      }
      return (archive) => ending(open(archive), check)
    },
  }
}

function ending(target: Target, check: (size: number) => void): Target {
  return {
    ...target,
    async putWhole(key, body, ...rest) {
      check(body.length)
      return target.putWhole(key, body, ...rest)
    },
    async putPart(key, upload, part, body, signal) {
      check(body.length)
      return target.putPart(key, upload, part, body, signal)
    },
  }
}

/** @returns how many files. */
function writeArchive(root: string, of: Scale): number {
  let files = 0
  const write = (path: string, size: number): void => {
    mkdirSync(dirname(path), { recursive: true })
    // Cheap, and no two alike.
    const block = Buffer.alloc(Math.min(size, chunkBytes), createHash('sha512').update(path).digest())
    const file = openSync(path, 'wx')
    for (let left = size; left > 0; left -= block.length) writeSync(file, block, 0, Math.min(left, block.length))
    closeSync(file)
    utimesSync(path, 1_500_000_000, 1_500_000_000)
    files += 1
  }
  const number = (at: number): string => String(at).padStart(5, '0')
  for (let study = 0; study < of.studies; study += 1)
    for (let item = 0; item < of.perStudy; item += 1)
      write(join(root, `study-${number(study)}`, `image-${number(item)}`), (20 + ((study * 7 + item * 37) % 181)) * kilobyte)
  for (let at = 0; at < of.large; at += 1) write(join(root, `whole-slide-${number(at)}`, 'image'), of.largeBytes)
  return files
}
