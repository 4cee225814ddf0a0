/** A thread that answers reading calls. Its counterpart is viewThread.ts. */
import { parentPort, workerData } from 'node:worker_threads'
import { faultToWire } from '../../../shared/contract/wire.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { openLooking, type Looking } from '../../journal/views/look.ts'
import { systemClock } from '../world.ts'
import { answers, isAnswered } from './answers.ts'
import type { ViewAsk, ViewReply, ViewSetting } from './viewProtocol.ts'

const setting = workerData as ViewSetting
const running = new Map<number, AbortController>()
let looking: Looking | undefined

async function answer({ id, name, input }: Extract<ViewAsk, { kind: 'ask' }>): Promise<void> {
  const stop = new AbortController()
  running.set(id, stop)
  let reply: ViewReply
  try {
    if (!isAnswered(name)) throw new Fault('unknown-call')
    looking ??= openLooking(setting.journal, systemClock)
    const value = await (answers[name] as (look: unknown, input: unknown) => unknown)(looking.for(stop.signal), input)
    reply = { id, ok: true, value }
  } catch (error) {
    reply = { id, ok: false, fault: faultToWire(stop.signal.aborted ? new Fault('stopped') : error) }
  }
  running.delete(id)
  parentPort?.postMessage(reply)
}

parentPort?.on('message', (ask: ViewAsk) => {
  switch (ask.kind) {
    case 'ask':
      void answer(ask)
      return
    case 'cancel':
      running.get(ask.id)?.abort(new Fault('stopped'))
      return
    case 'close':
      for (const one of running.values()) one.abort(new Fault('stopped'))
      looking?.close()
      parentPort?.close()
  }
})
