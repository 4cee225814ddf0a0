/** Waits for devices that travel: until each is on site and waits for a person, or is imported. In a rehearsal simulated time passes meanwhile. */
import { isHandedOver } from '../../shared/domain/custody.ts'
import { asFault, type Fault } from '../../shared/faults/fault.ts'
import { allows, isFinal } from '../../shared/lifecycle/deviceLifecycle.ts'
import type { World } from '../../shared/ports/world.ts'
import type { JobSnapshot } from '../../shared/ports/deviceFleet.ts'
import type { FleetRecord, Journal } from '../../shared/ports/journal.ts'
import { day, hour, minute, second } from '../../shared/units/duration.ts'
import { trackDevices, type Work } from './steps.ts'

export type TrackedDevice = { readonly device: FleetRecord; readonly job: JobSnapshot }

const real = { interval: 5 * minute, longest: hour, limit: 30 * day }
const simulated = { interval: 100, longest: second, limit: 15 * minute }

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
  const { interval, longest, limit } = config.rehearsal === undefined ? real : simulated
  const startedAt = world.clock.monotonic()
  let failures = 0
  for (;;) {
    const late = world.clock.monotonic() - startedAt + interval > limit
    try {
      const seen = await trackDevices(work)
      failures = 0
      told.seen(seen)
      if (travelling(journal, seen).length === 0 || late) return seen
    } catch (error) {
      work.signal.throwIfAborted()
      const fault = asFault(error)
      if (late || (fault.retry !== 'later' && fault.retry !== 'now')) throw fault
      failures += 1
      told.trouble(fault)
    }
    await world.clock.sleep(pauseBetweenLooks(world, { interval, longest }, failures), work.signal)
  }
}

/** Longer after each failure, and spread, so that many Firns of one account do not ask at the same moment. Milliseconds. */
export function pauseBetweenLooks(
  { random }: Pick<World, 'random'>,
  { interval, longest }: { readonly interval: number; readonly longest: number },
  failures: number,
): number {
  return Math.min(longest, interval * 2 ** failures) * (0.9 + random.fraction() / 5)
}
