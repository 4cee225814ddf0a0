/**
 * Filling a device from another workstation: the device is lent by an order, a file; there it becomes a folder of its own, which is brought back. While
 * it is out nothing is done with the device here. The decision to lend is durable before the order is written.
 */
import { createHash } from 'node:crypto'
import { chmodSync, closeSync, copyFileSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { copyFile, mkdir, readdir } from 'node:fs/promises'
import { createReadStream } from 'node:fs'
import { join, resolve } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { isHandedOver, type ChainedEntry } from '../../shared/domain/custody.ts'
import type { WorkOrder, WorkOrderReturn } from '../../shared/domain/workOrder.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { isFinal } from '../../shared/lifecycle/deviceLifecycle.ts'
import type { FleetRecord, Journal } from '../../shared/ports/journal.ts'
import { diskFault } from '../evidence/fileSink.ts'
import { syncFolder } from '../evidence/syncFolder.ts'
import { openJournal } from '../journal/openJournal.ts'
import { attachmentFile, keepAttachments } from './attachments.ts'
import { filesOf, type OpenMigration } from './migrationFolder.ts'
import { requireApproval } from './steps.ts'
import { requireNotLent, requireWhole } from './workOrderRules.ts'

type Migration = Pick<OpenMigration, 'folder' | 'files' | 'journal' | 'world'>

/**
 * Writes the order into a new file that its owner alone may read: it holds paths. No load of the device may be running.
 * @throws Fault wrong-order without an approved plan · device-not-here · device-lent · only-a-work-order · bad-input where the file cannot be made.
 */
export function lendDevice({ files, journal, world }: Migration, device: FleetRecord, person: string, out: string): WorkOrder {
  requireWhole(journal)
  requireApproval({ journal })
  requireNotLent(journal, device.id)
  const state = device.givenUp ? 'given up' : isHandedOver(journal.custody(device.id)) ? 'handed over' : device.state
  if (device.jobId === undefined || state !== device.state || isFinal(device.state))
    throw new Fault('device-not-here', { device: device.id, state })
  const file = resolve(out)
  makeNew(file)
  try {
    const order = journal.together(() => {
      const lent = journal.lend({ id: world.random.uuid(), deviceId: device.id, person, at: Math.round(world.clock.now()) })
      journal.append('device-lent', { workOrder: lent.id, device: device.id, person })
      return lent
    })
    journal.writeOrder(file, files.journal, order, readFileSync(files.config, 'utf8'))
    return order
  } catch (error) {
    for (const name of [file, `${file}-wal`, `${file}-shm`, `${file}-journal`]) rmSync(name, { force: true })
    throw error
  }
}

function makeNew(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    throw new Fault('bad-input', { field: '--out', problem: 'cannot be made, or is there already' }, { cause: error })
  }
}

/** The order is lost, or its workstation: whatever comes back from it is refused, and the device is filled here again. @throws Fault bad-input. */
export function recallDevice({ journal }: Migration, device: FleetRecord, person: string): WorkOrder {
  const order = journal.lent(device.id)
  if (order === undefined) throw new Fault('bad-input', { field: '--recall', problem: 'the device is not lent' })
  journal.together(() => {
    journal.recall(order.id)
    // Whatever the other workstation sent, an inspection from before says nothing of it.
    journal.voidInspections(device.id)
    journal.append('work-order-recalled', { workOrder: order.id, device: device.id, person })
  })
  return order
}

/**
 * Takes over what was done in the folder of a work order, all or nothing. The folder itself is only read.
 * @throws Fault not-a-migration · journal-held while somebody works there · work-order-unfit with what does not fit: nothing was changed then.
 */
export async function takeBack(migration: Migration, from: string, person: string, signal: AbortSignal): Promise<WorkOrderReturn> {
  const { journal, world } = migration
  requireWhole(journal)
  const there = filesOf(resolve(from))
  if (!existsSync(there.journal)) throw new Fault('not-a-migration')
  const folder = mkdtempSync(join(migration.folder, 'returning-'))
  try {
    const copy = join(folder, 'journal.db')
    copyJournal(there.journal, copy)
    const result = openJournal(copy, world)
    let order: WorkOrder
    let added: readonly ChainedEntry[]
    let events: number
    try {
      order = ourOrder(journal, result)
      added = result.custody(order.deviceId).slice(order.custodyEntries)
      events = soundEvents(result, order)
      await bringFiles(migration, there, result, order, added, signal)
    } finally {
      result.close()
    }
    signal.throwIfAborted()
    return journal.takeBack(copy, order, (returned) => {
      enterCustody(journal, order, added)
      journal.append('work-order-returned', {
        workOrder: order.id,
        device: order.deviceId,
        person,
        ...returned,
        events,
        custodyHead: added.at(-1)?.hash ?? '',
      })
    })
  } catch (error) {
    throw isFault(error) ? error : diskFault(error)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** With what a killed process had not yet moved from SQLite's log into the file. */
function copyJournal(from: string, to: string): void {
  for (const end of ['', '-wal']) {
    if (!existsSync(`${from}${end}`)) continue
    copyFileSync(`${from}${end}`, `${to}${end}`)
    chmodSync(`${to}${end}`, 0o600)
  }
}

function ourOrder(journal: Journal, result: Journal): WorkOrder {
  const taken = result.takenOrder()
  const order = journal.workOrders().find((one) => one.id === taken?.id)
  const unfit = (problem: string): Fault => new Fault('work-order-unfit', { problem })
  if (taken === undefined || order === undefined || order.deviceId !== taken.deviceId)
    throw unfit('it is not of a work order of this migration')
  if (order.state !== 'lent') throw unfit(order.state === 'returned' ? 'its results are in already' : 'the order was recalled')
  return order
}

/** @returns how many events the other workstation logged */
function soundEvents(result: Journal, order: WorkOrder): number {
  const events = result.checkChain()
  if (!events.whole || !result.custodyChain(order.deviceId).whole)
    throw new Fault('work-order-unfit', { problem: 'its event log or its custody is not as it was written' })
  return events.entries
}

/** Bills of materials and attachments, on the disk before anything names them. */
async function bringFiles(
  { files, world }: Migration,
  there: ReturnType<typeof filesOf>,
  result: Journal,
  { deviceId }: WorkOrder,
  added: readonly ChainedEntry[],
  signal: AbortSignal,
): Promise<void> {
  const [from, to] = [join(there.devices, `device-${deviceId}`), join(files.devices, `device-${deviceId}`)]
  const bill = result.inspection(deviceId)?.manifestSha256
  let found = bill === undefined
  await mkdir(to, { recursive: true, mode: 0o700 })
  for (const name of existsSync(from) ? await readdir(from) : []) {
    const digest = await digestOf(join(from, name), signal)
    found ||= digest === bill
    // Left by a return that was cut off: the same bytes. Others of that name are not touched.
    if (existsSync(join(to, name)) && (await digestOf(join(to, name), signal)) === digest) continue
    await copyFile(join(from, name), join(to, name), 1)
    chmodSync(join(to, name), 0o600)
  }
  await syncFolder(to)
  if (!found) throw new Fault('work-order-unfit', { problem: 'the bill of materials of its inspection is not in its folder' })
  for (const { attachments } of added) {
    const wanted = attachments.map((one) => attachmentFile(there.custody, one))
    const kept = await keepAttachments(files.custody, wanted, world.random, signal)
    if (attachments.some(({ sha256 }) => !kept.some((one) => one.sha256 === sha256)))
      throw new Fault('work-order-unfit', { problem: 'an attachment of custody is not as it was attached' })
  }
}

async function digestOf(file: string, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash, { signal })
  return hash.digest('hex')
}

/** What was entered there is entered here, at its own time; what corrects an entry made there corrects it here, where it has another number. */
function enterCustody(journal: Journal, { deviceId, custodyEntries }: WorkOrder, added: readonly ChainedEntry[]): void {
  const moved = journal.custody(deviceId).length - custodyEntries
  for (const { at, step, person, place, from, to, note, said, attachments, corrects } of added)
    journal.addCustody({
      deviceId,
      at,
      step,
      person,
      place,
      from,
      to,
      note,
      attachments,
      ...(said === null ? {} : { said }),
      ...(corrects === null ? {} : { corrects: corrects > custodyEntries ? corrects + moved : corrects }),
    })
}
