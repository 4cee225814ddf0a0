/** The sandbox in a thread of its own: simulated AWS and engine do not share an event loop, as the real ones do not. */
import { Fault } from '../../shared/faults/fault.ts'
import { isDiskFull } from './diskFull.ts'
import { Worker } from 'node:worker_threads'
import type { Sandbox, SandboxOptions } from './start.ts'
import { endThread } from '../threads/endThread.ts'
import { fromSent, type FromWorker, type SandboxCall, type ToWorker } from './workerProtocol.ts'

const startWithinMs = 60_000
const closeWithinMs = 30_000
const endWithinMs = 5000

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void }

/** As startSandbox. @throws what startSandbox throws; Error when the thread does not start in time or dies. */
export async function startSandboxWorker(options: SandboxOptions): Promise<Sandbox> {
  const worker = new Worker(new URL('./workerEntry.ts', import.meta.url), { workerData: options, name: 'sandbox' })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let dead: Error | undefined

  const started = await new Promise<Extract<FromWorker, { kind: 'started' }>>((resolve, reject) => {
    const timer = setTimeout(() => {
      fail(new Error('the sandbox did not start in time'))
      void worker.terminate()
    }, startWithinMs)
    const fail = (error: Error): void => {
      clearTimeout(timer)
      dead ??= error
      reject(error)
      for (const one of waiting.values()) one.reject(error)
      waiting.clear()
    }
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'started') {
        clearTimeout(timer)
        resolve(message)
      } else if (message.id === undefined) {
        if (message.kind === 'failure') fail(fromSent(message.error))
      } else {
        const one = waiting.get(message.id)
        waiting.delete(message.id)
        if (message.kind === 'answer') one?.resolve(message.value)
        else one?.reject(fromSent(message.error))
      }
    })
    worker.on('error', (error) => {
      fail(isDiskFull(error) ? new Fault('disk-full', { disk: 'sandbox' }, { cause: error }) : asError(error))
    })
    worker.on('exit', (code) => {
      fail(new Error(`the sandbox's thread ended with ${code}`))
    })
  })
  const startedAt = performance.now()

  const call = <Value>(name: SandboxCall, ...input: readonly unknown[]): Promise<Value> =>
    new Promise<Value>((resolve, reject) => {
      if (dead !== undefined) {
        reject(dead)
        return
      }
      lastId += 1
      waiting.set(lastId, { resolve: resolve as (value: unknown) => void, reject })
      worker.postMessage({ id: lastId, call: name, input } satisfies ToWorker)
    })

  let closed: Promise<void> | undefined
  const close = async (): Promise<void> => {
    const late = setTimeout(() => void worker.terminate(), closeWithinMs)
    try {
      if (dead === undefined) await call('close')
    } finally {
      clearTimeout(late)
      await endThread(worker, endWithinMs)
    }
  }
  return {
    endpoints: started.endpoints,
    token: started.token,
    clock: { speed: started.speed, now: () => started.now + (performance.now() - startedAt) * started.speed },
    ship: (jobId) => call('ship', jobId),
    unlock: (jobId, code) => call('unlock', jobId, code),
    deviceEndpoint: (jobId) => call('deviceEndpoint', jobId),
    admit: (bytes) => call('admit', bytes),
    settle: () => call('settle'),
    stats: () => call('stats'),
    diskFull: () => call('diskFull'),
    close() {
      closed ??= close()
      return closed
    },
  }
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error))
}
