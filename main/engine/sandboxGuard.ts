/** Watches the simulated AWS of a rehearsal: a full disk below it, or its death, ends the work at once instead of after retries that cannot help. */
import { asFault, Fault } from '../../shared/faults/fault.ts'
import type { Sandbox } from '../sandbox/start.ts'

const looksEvery = 250

export type SandboxGuard = {
  /** Aborts with the fault that ends the rehearsal. */
  readonly broken: AbortSignal
  stop(): void
}

export function guardSandbox(sandbox: Pick<Sandbox, 'diskFull'>): SandboxGuard {
  const controller = new AbortController()
  let stopped = false
  let looking = false
  const look = async (): Promise<void> => {
    try {
      if ((await sandbox.diskFull()) && !stopped) controller.abort(new Fault('disk-full', { disk: 'sandbox' }))
    } catch (error) {
      if (!stopped) controller.abort(asFault(error))
    }
  }
  const timer = setInterval(() => {
    if (looking || controller.signal.aborted) return
    looking = true
    void look().finally(() => {
      looking = false
    })
  }, looksEvery)
  timer.unref()
  return {
    broken: controller.signal,
    stop() {
      stopped = true
      clearInterval(timer)
    },
  }
}
