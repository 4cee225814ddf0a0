/** Power: the machine stays awake while work runs; when it is put to sleep all the same, work pauses first and goes on afterwards. */
import type { PowerSaveBlocker } from 'electron'
import { Fault } from '../../shared/faults/fault.ts'
import type { Host } from '../hosting/abilities.ts'

/** Called with every change; holds at most one block. The screen may turn dark. */
export function keepAwake(blocker: Pick<PowerSaveBlocker, 'start' | 'stop'>): (busy: boolean) => void {
  let block: number | undefined
  return (busy) => {
    if (busy) block ??= blocker.start('prevent-app-suspension')
    else if (block !== undefined) {
      blocker.stop(block)
      block = undefined
    }
  }
}

const answerWithin = 10_000

/** Resumes only what it paused itself: what a person paused stays paused. */
export function pauseWhileAsleep(host: Pick<Host, 'busy' | 'call'>): { suspend(): Promise<void>; resume(): Promise<void> } {
  let pausing: Promise<boolean> | undefined
  const tell = async (name: 'works.pauseAll' | 'works.resumeAll'): Promise<boolean> => {
    const late = new AbortController()
    const timer = setTimeout(() => late.abort(new Fault('stopped')), answerWithin)
    try {
      return (await host.call(name, {}, late.signal)).ok
    } finally {
      clearTimeout(timer)
    }
  }
  return {
    async suspend() {
      if (!host.busy()) return
      pausing = tell('works.pauseAll')
      await pausing
    },
    async resume() {
      const paused = await pausing
      pausing = undefined
      if (paused === true) await tell('works.resumeAll')
    },
  }
}
