/** Tracking: asks AWS where the devices are for as long as one travels. */
import { asFault } from '../../../shared/faults/fault.ts'
import { hour, minute, second } from '../../../shared/units/duration.ts'
import { pauseBetweenLooks, travelling } from '../awaitDevices.ts'
import { trackDevices, type Work } from '../steps.ts'
import type { WorkMeter } from './workMeter.ts'

const simulated = { interval: second, longest: 10 * second }
const real = { interval: 5 * minute, longest: hour }

/**
 * Ends when no device travels. `asked`: a signal for the next pause only, which ends it when a person does not want to wait.
 * @throws Fault that does not pass by itself.
 */
export async function track(work: Work, meter: WorkMeter, asked: () => AbortSignal, seen: () => void): Promise<void> {
  const { journal, world, config } = work.migration
  const { interval, longest } = config.rehearsal === undefined ? real : simulated
  let failures = 0
  for (;;) {
    meter.wait(undefined)
    try {
      const devices = await trackDevices(work)
      failures = 0
      seen()
      if (travelling(journal, devices).length === 0) return
    } catch (error) {
      work.signal.throwIfAborted()
      const fault = asFault(error)
      if (fault.retry !== 'later' && fault.retry !== 'now') throw fault
      failures += 1
      world.log.warn('works', fault.code, fault.facts)
      meter.trouble(fault, undefined, world.clock.now())
    }
    meter.wait('next-look')
    const pause = pauseBetweenLooks(world, { interval, longest }, failures)
    await world.clock.sleep(pause, AbortSignal.any([work.signal, asked()])).catch(() => work.signal.throwIfAborted())
  }
}
