/** Waits for devices that travel: until each is on site and waits for a person, or is imported. In a rehearsal simulated time passes meanwhile. */
import { isHandedOver } from '../../shared/domain/custody.ts'
import { asFault, type Fault } from '../../shared/faults/fault.ts'
import { allows, isFinal } from '../../shared/lifecycle/deviceLifecycle.ts'
import type { JobSnapshot } from '../../shared/ports/deviceFleet.ts'
import type { FleetRecord, Journal } from '../../shared/ports/journal.ts'
import { day, minute } from '../../shared/units/duration.ts'
import { trackDevices, type Work } from './steps.ts'

export type TrackedDevice = { readonly device: FleetRecord; readonly job: JobSnapshot }

const real = { interval: 5 * minute, limit: 30 * day }
const simulated = { interval: 100, limit: 15 * minute }

/** Neither waiting for somebody on site nor at its end. One that was handed over travels, whatever the carrier has told AWS yet. */
export function isTravelling(journal: Pick<Journal, 'custody'>, device: Pick<FleetRecord, 'id' | 'state' | 'givenUp'>): boolean {
  if (isFinal(device.state) || device.givenUp) return false
  return !(allows(device.state, 'load') && !isHandedOver(journal.custody(device.id)))
}

export function travelling(journal: Pick<Journal, 'custody'>, seen: readonly TrackedDevice[]): readonly TrackedDevice[] {
  return seen.filter(({ device }) => isTravelling(journal, device))
}

/**
 * Asks AWS again and again. `told` hears of every look, and of faults that pass by themselves.
 * @returns the last look: with devices still travelling when the wait has reached its limit (30 days; in a rehearsal 15 minutes).
 * @throws Fault that only a person can end.
 */
export async function awaitDevices(
  work: Work,
  told: { readonly seen: (devices: readonly TrackedDevice[]) => void; readonly trouble: (fault: Fault) => void },
): Promise<readonly TrackedDevice[]> {
  const { journal, world, config } = work.migration
  const { interval, limit } = config.rehearsal === undefined ? real : simulated
  const startedAt = world.clock.monotonic()
  for (;;) {
    const late = world.clock.monotonic() - startedAt + interval > limit
    try {
      const seen = await trackDevices(work)
      told.seen(seen)
      if (travelling(journal, seen).length === 0 || late) return seen
    } catch (error) {
      work.signal.throwIfAborted()
      const fault = asFault(error)
      if (late || (fault.retry !== 'later' && fault.retry !== 'now')) throw fault
      told.trouble(fault)
    }
    await world.clock.sleep(interval, work.signal)
  }
}
