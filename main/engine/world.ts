/** The real world: system clock, system randomness. The log is given by whoever hosts the engine. */
import { randomBytes, randomUUID } from 'node:crypto'
import { setTimeout as delay } from 'node:timers/promises'
import type { Clock, Log, Random, World } from '../../shared/ports/world.ts'

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  async sleep(ms, signal) {
    signal.throwIfAborted()
    const controller = new AbortController()
    const stop = (): void => controller.abort(signal.reason)
    signal.addEventListener('abort', stop, { once: true })
    try {
      await delay(ms, undefined, { signal: controller.signal })
    } catch (error) {
      throw signal.aborted ? signal.reason : error
    } finally {
      signal.removeEventListener('abort', stop)
    }
  },
}

export const systemRandom: Random = {
  fraction: () => randomBytes(4).readUInt32LE() / 2 ** 32,
  bytes: (count) => randomBytes(count),
  uuid: () => randomUUID(),
}

export function realWorld(log: Log): World {
  return { clock: systemClock, random: systemRandom, log }
}
