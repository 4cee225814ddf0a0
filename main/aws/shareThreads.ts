/**
 * A few threads that write to the share. A write that never returns (a hung NFS mount) must not hang Firn: on abort the thread is asked to stop, and
 * given up when it does not answer; a thread given up is not used again.
 */
import { Worker } from 'node:worker_threads'
import { Fault } from '../../shared/faults/fault.ts'
import { second } from '../../shared/units/duration.ts'
import { endThread } from '../threads/endThread.ts'
import { stopped } from './shareCopy.ts'
import type { ShareAsk, ShareReply } from './shareWorker.ts'

/** How long a write may take to come back after a stop. */
const grace = 10 * second
const endWithin = 5 * second

type Thread = { readonly worker: Worker; busy: Job | undefined }
type Job = { readonly ask: ShareAsk; readonly resolve: (reply: ShareReply) => void; readonly reject: (error: unknown) => void }
type Asked<Ask> = Ask extends ShareAsk ? Omit<Ask, 'id'> : never

export class ShareThreads {
  readonly #size: number
  readonly #threads: Thread[] = []
  readonly #queue: Job[] = []
  #ids = 0
  #closed = false

  constructor(size: number) {
    this.#size = size
  }

  /** @throws Fault share-write-failed when the thread had to be given up; the signal's reason on abort, once the thread has stopped. */
  async ask(asked: Asked<ShareAsk>, signal: AbortSignal, control?: Int32Array): Promise<ShareReply> {
    signal.throwIfAborted()
    if (this.#closed) throw new Fault('stopped')
    this.#ids += 1
    const ask = { ...asked, id: this.#ids } as ShareAsk
    let timer: NodeJS.Timeout | undefined
    let abort = (): void => undefined
    try {
      return await new Promise<ShareReply>((resolve, reject) => {
        const job: Job = { ask, resolve, reject }
        abort = () => {
          if (control !== undefined) Atomics.store(control, stopped, 1)
          const waiting = this.#queue.indexOf(job)
          if (waiting >= 0) {
            this.#queue.splice(waiting, 1)
            reject(signal.reason)
            return
          }
          timer = setTimeout(() => this.#giveUp(job), grace)
        }
        signal.addEventListener('abort', abort, { once: true })
        this.#queue.push(job)
        this.#next()
      })
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all(this.#threads.map(({ worker }) => endThread(worker, endWithin)))
  }

  #next(): void {
    const job = this.#queue[0]
    if (job === undefined) return
    let thread = this.#threads.find((one) => one.busy === undefined)
    if (thread === undefined && this.#threads.length < this.#size) thread = this.#start()
    if (thread === undefined) return
    this.#queue.shift()
    thread.busy = job
    thread.worker.ref()
    thread.worker.postMessage(job.ask)
  }

  #start(): Thread {
    const worker = new Worker(new URL('./shareWorker.ts', import.meta.url), { name: 'share' })
    const thread: Thread = { worker, busy: undefined }
    worker.on('message', (reply: ShareReply) => {
      const job = thread.busy
      thread.busy = undefined
      worker.unref()
      if (job !== undefined) job.resolve(reply)
      this.#next()
    })
    worker.on('error', (error) => this.#drop(thread, new Fault('share-write-failed', {}, { cause: error })))
    worker.on('exit', () => this.#drop(thread, new Fault('share-write-failed', { errno: 'EIO' })))
    this.#threads.push(thread)
    return thread
  }

  #drop(thread: Thread, why: Fault): void {
    const at = this.#threads.indexOf(thread)
    if (at >= 0) this.#threads.splice(at, 1)
    thread.busy?.reject(why)
    thread.busy = undefined
    if (!this.#closed) this.#next()
  }

  #giveUp(job: Job): void {
    const thread = this.#threads.find((one) => one.busy === job)
    if (thread === undefined) return
    // A thread inside a system call that never returns cannot be ended; it is left alone.
    thread.worker.unref()
    this.#drop(thread, new Fault('share-write-failed', { errno: 'ETIMEDOUT' }))
  }
}
