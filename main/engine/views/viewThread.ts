/** One thread that answers reading calls: started when it is first asked, cancelled call by call, replaced when it dies. */
import { Worker } from 'node:worker_threads'
import { faultFromWire } from '../../../shared/contract/wire.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { endThread } from '../../threads/endThread.ts'
import type { ViewAsk, ViewReply, ViewSetting } from './viewProtocol.ts'

/** Calls that may wait for one thread. */
const mostOpen = 64
const closeWithinMs = 5000

type Waiting = { readonly resolve: (value: unknown) => void; readonly reject: (error: unknown) => void }

export class ViewThread {
  readonly #setting: ViewSetting
  readonly #name: string
  readonly #entry: URL
  readonly #waiting = new Map<number, Waiting>()
  #worker: Worker | undefined
  #ids = 0
  #closed = false

  constructor(name: string, setting: ViewSetting, entry = new URL('./viewWorker.ts', import.meta.url)) {
    this.#name = name
    this.#setting = setting
    this.#entry = entry
  }

  /** @throws Fault too-many-calls, engine-gone when the thread dies, stopped after close, what the view throws; the signal's reason on abort, at once. */
  async ask(name: string, input: unknown, signal?: AbortSignal): Promise<unknown> {
    signal?.throwIfAborted()
    if (this.#closed) throw new Fault('stopped')
    if (this.#waiting.size >= mostOpen) throw new Fault('too-many-calls', { open: mostOpen })
    const worker = (this.#worker ??= this.#start())
    this.#ids += 1
    const id = this.#ids
    let abort = (): void => undefined
    try {
      return await new Promise((resolve, reject) => {
        this.#waiting.set(id, { resolve, reject })
        abort = () => {
          worker.postMessage({ kind: 'cancel', id } satisfies ViewAsk)
          reject(signal?.reason)
        }
        signal?.addEventListener('abort', abort, { once: true })
        worker.postMessage({ kind: 'ask', id, name, input } satisfies ViewAsk)
        worker.ref()
      })
    } finally {
      signal?.removeEventListener('abort', abort)
      this.#waiting.delete(id)
      if (this.#waiting.size === 0) worker.unref()
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    const worker = this.#worker
    this.#worker = undefined
    this.#failAll(new Fault('stopped'))
    if (worker === undefined) return
    await endThread(worker, closeWithinMs, { kind: 'close' } satisfies ViewAsk)
  }

  #start(): Worker {
    const worker = new Worker(this.#entry, { name: this.#name, workerData: this.#setting })
    worker.on('message', (reply: ViewReply) => {
      const one = this.#waiting.get(reply.id)
      if (reply.ok) one?.resolve(reply.value)
      else one?.reject(faultFromWire(reply.fault))
    })
    const gone = (error: unknown): void => {
      if (this.#worker !== worker) return
      this.#worker = undefined
      this.#failAll(new Fault('engine-gone', { part: 'views' }, { cause: error }))
    }
    worker.on('error', gone)
    worker.on('exit', (code) => gone(new Error(`a thread for views ended with ${code}`)))
    return worker
  }

  #failAll(fault: Fault): void {
    for (const one of this.#waiting.values()) one.reject(fault)
    this.#waiting.clear()
  }
}
