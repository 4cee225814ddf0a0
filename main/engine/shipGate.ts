/** The ship gate of one device: its conditions from the journal, the ticks of its checklist, and the hand-over itself. */
import { isHandedOver } from '../../shared/domain/custody.ts'
import type { Inspection } from '../../shared/domain/inspection.ts'
import { handChecks, shipConditions, type ShipCheck, type ShipCondition } from '../../shared/domain/shipGate.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { FleetRecord, Journal } from '../../shared/ports/journal.ts'
import type { Wiring } from './compose.ts'
import type { OpenMigration } from './migrationFolder.ts'
import { requireImportAllowed, type Asking } from './postureSteps.ts'
import { requireNotLent, requireWhole } from './workOrderRules.ts'

export type HandOver = { readonly person: string; readonly place: string; readonly note: string }
type Gate = {
  readonly migration: Migration & Asking['migration']
  readonly wiring: Pick<Wiring, 'sandbox' | 'bucket'>
  readonly signal: AbortSignal
}
type Migration = Pick<OpenMigration, 'journal' | 'world'>
type Counted = { readonly planned: number; readonly sent: number }

export function shipGate(
  journal: Pick<Journal, 'inspection' | 'checklist'>,
  device: FleetRecord,
  { planned, sent }: Counted,
  loading: boolean,
): readonly ShipCondition[] {
  const ticked = new Set(
    journal
      .checklist(device.id)
      .filter(({ done }) => done)
      .map(({ code }) => code),
  )
  return shipConditions({ planned, sent, loading, differing: journal.inspection(device.id)?.differing, ticked })
}

/** A person looked and says so; or takes it back. @throws Fault bad-input for a line that no person can tell. */
export function tickShipCheck(
  { journal, world }: Migration,
  device: FleetRecord,
  { code, person, done }: { readonly code: string; readonly person: string; readonly done: boolean },
): void {
  if (!(handChecks as readonly string[]).includes(code))
    throw new Fault('bad-input', { field: 'code', problem: 'is not a line that a person ticks' })
  requireNotLent(journal, device.id)
  journal.together(() => {
    journal.append('ship-check', { device: device.id, check: code, person, done })
    journal.tick(device.id, code, person, done, world.clock.now())
  })
}

/** Every line that a person ticks, in one person's name. */
export function tickAll(migration: Migration, device: FleetRecord, person: string, codes: readonly ShipCheck[] = handChecks): void {
  for (const code of codes) tickShipCheck(migration, device, { code, person, done: true })
}

/**
 * The hand-over to the carrier.
 * @throws Fault device-not-here · not-ready-to-ship with every open line of the checklist · policy-blocks-import: nothing was handed over.
 */
export async function shipDevice(
  { migration, wiring, signal }: Gate,
  device: FleetRecord,
  by: HandOver,
  loading: () => boolean = () => false,
): Promise<void> {
  const { journal, world } = migration
  requireWhole(journal)
  requireNotLent(journal, device.id)
  if (device.jobId === undefined || device.state !== 'WithCustomer' || device.givenUp)
    throw new Fault('device-not-here', { device: device.id, state: device.givenUp ? 'given up' : device.state })
  if (!isHandedOver(journal.custody(device.id))) {
    ready(journal, device, loading())
    await requireImportAllowed({ migration, wiring, signal })
    journal.together(() => {
      // Asked once more: while S3 was asked, somebody may have begun to load, or taken a tick back.
      const { manifestSha256 } = ready(journal, device, loading())
      journal.append('device-handed-over', { device: device.id, person: by.person, manifest: manifestSha256 })
      journal.addCustody({
        deviceId: device.id,
        at: world.clock.now(),
        step: 'handed-over',
        ...by,
        said: { code: 'bill', sha256: manifestSha256 },
      })
    })
  }
  await wiring.sandbox?.ship(device.jobId)
}

/** @throws Fault device-not-here for a device that was given up, is not on site, or was handed over; device-lent. */
export function requireOnSite(journal: Pick<Journal, 'custody' | 'lent'>, device: FleetRecord): void {
  requireNotLent(journal, device.id)
  const state = device.givenUp ? 'given up' : isHandedOver(journal.custody(device.id)) ? 'handed over' : device.state
  if (device.jobId === undefined || state !== 'WithCustomer') throw new Fault('device-not-here', { device: device.id, state })
}

function ready(journal: Migration['journal'], device: FleetRecord, loading: boolean): Inspection {
  const { items: planned, doneItems: sent } = journal.laneTotals({ route: 'device', deviceId: device.id })
  const open = shipGate(journal, device, { planned, sent }, loading).filter(({ done }) => !done)
  const inspection = journal.inspection(device.id)
  if (open.length > 0 || inspection === undefined)
    throw new Fault('not-ready-to-ship', { device: device.id, open: open.map(({ code }) => code).join(', '), notLoaded: planned - sent })
  return inspection
}
