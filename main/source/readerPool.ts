/**
 * A few reading threads, each doing one thing after the other. A pool of our own rather than a library's: an open item must stay with its thread,
 * an abort must settle at once even when the file system hangs, and a thread stuck in a system call must be given up and replaced.
 */
import { Worker } from 'node:worker_threads'
import { Fault } from '../../shared/faults/fault.ts'
import { endThread } from '../threads/endThread.ts'
import { readerEntry } from './readerEntry.ts'
import type { Answers, Asks, CallName, ReaderSetting, Request, Response } from './readerProtocol.ts'

type Job = {
  readonly id: number
  readonly name: CallName
  readonly asks: unknown
  readonly settle: (error: unknown, answer?: unknown) => void
  settled: boolean
}

/** One thread. No jobs: idle. */
export type Reader = {
  readonly worker: Worker
  readonly abandoned: Int32Array
  readonly own: Job[]
  readonly jobs: Job[]
  watchdog: NodeJS.Timeout | undefined
  givenUp: boolean
}

export type PoolOptions = {
  readonly size: number
  readonly root: Uint8Array
  readonly prefix: string
  readonly patientKey: Uint8Array
  /** Milliseconds without a sign of life before a thread is given up. A hard-mounted share that hangs answers never. */
  readonly patience: number
}

/** Quick requests, sent together: waking a thread costs more than most of them do. The others go alone, so that an abort finds its thread. */
const quick: ReadonlySet<CallName> = new Set(['root-identity', 'open-folder', 'next-entries', 'inspect', 'close'])
const mostTogether = 8

/** How long a thread may take to notice that nobody waits any more. */
const graceAfterAbort = 2000
const graceAtClose = 1000

export class ReaderPool {
  readonly #options: PoolOptions
  readonly #readers: Reader[] = []
  readonly #queue: Job[] = []
  #ids = 0
  #closed = false
  #scheduled = false

  constructor(options: PoolOptions) {
    this.#options = options
  }

  /**
   * @param on the thread that holds the handle asked about; any thread otherwise
   * @throws Fault source-unreadable when the thread had to be given up; the signal's reason on abort, at once
   */
  call<Name extends CallName>(
    name: Name,
    asks: Asks<Name>,
    signal: AbortSignal,
    on?: Reader,
  ): Promise<{ readonly answer: Answers<Name>; readonly reader: Reader }> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      if (this.#closed) return reject(new Fault('stopped'))
      if (on?.givenUp === true) return reject(new Fault('source-unreadable', { errno: 'ETIMEDOUT' }))
      const id = (this.#ids = (this.#ids % 0x7fffffff) + 1)
      const abort = (): void => this.#abort(job, signal.reason)
      const job: Job = {
        id,
        name,
        asks,
        settled: false,
        settle: (error, answer) => {
          if (job.settled) return
          job.settled = true
          signal.removeEventListener('abort', abort)
          const reader = this.#readers.find((one) => one.jobs.includes(job))
          if (error !== undefined || reader === undefined) reject(error ?? new Fault('stopped'))
          else resolve({ answer: answer as Answers<Name>, reader })
        },
      }
      signal.addEventListener('abort', abort, { once: true })
      if (on === undefined) this.#queue.push(job)
      else on.own.push(job)
      this.#schedule()
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const job of this.#queue.splice(0)) job.settle(new Fault('stopped'))
    const ended = Promise.all(this.#readers.splice(0).map((reader) => this.#end(reader)))
    // A thread inside a system call that hangs cannot be ended; it must not hold up everything else.
    let timer: NodeJS.Timeout | undefined
    await Promise.race([ended, new Promise((resolve) => (timer = setTimeout(resolve, 2 * graceAtClose)))])
    clearTimeout(timer)
  }

  /** Once all that this turn of the event loop has to ask is known. */
  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      if (!this.#closed) this.#next()
    })
  }

  #next(): void {
    while (this.#queue.length > this.#readers.filter(({ jobs }) => jobs.length === 0).length && this.#readers.length < this.#options.size)
      this.#spawn()
    const idle = this.#readers.filter(({ jobs }) => jobs.length === 0)
    const share = Math.min(mostTogether, Math.ceil(this.#queue.length / idle.length))
    for (const reader of idle) this.#start(reader, share)
  }

  #start(reader: Reader, share: number): void {
    const first = reader.own.shift() ?? this.#queue.shift()
    if (first === undefined) return reader.worker.unref()
    reader.jobs.push(first)
    for (let next = this.#queue[0]; next !== undefined && quick.has(first.name) && quick.has(next.name); next = this.#queue[0]) {
      if (reader.jobs.length >= share) break
      reader.jobs.push(next)
      this.#queue.shift()
    }
    reader.worker.ref()
    this.#watch(reader, this.#options.patience)
    reader.worker.postMessage(reader.jobs.map(({ id, name, asks }) => ({ id, name, asks })) satisfies Request[])
  }

  #spawn(): Reader {
    const abandoned = new SharedArrayBuffer(4)
    const { root, prefix, patientKey } = this.#options
    const setting: ReaderSetting = { root, prefix, patientKey, abandoned }
    const worker = new Worker(readerEntry, { workerData: setting, name: 'firn-reader' })
    const reader: Reader = { worker, abandoned: new Int32Array(abandoned), own: [], jobs: [], watchdog: undefined, givenUp: false }
    worker.on('message', (response: Response) => this.#hear(reader, response))
    // The error's message may hold a path: its name is all that goes on.
    worker.on(
      'error',
      (error) => void this.#giveUp(reader, new Fault('unforeseen', { where: 'reading thread', error: (error as Error).name })),
    )
    worker.on('exit', () => void this.#giveUp(reader, new Fault('unforeseen', { where: 'reading thread' })))
    this.#readers.push(reader)
    return reader
  }

  #hear(reader: Reader, response: Response): void {
    const job = reader.jobs.find(({ id }) => id === response.id)
    if (job === undefined || reader.givenUp) return
    this.#watch(reader, job.settled ? graceAfterAbort : this.#options.patience)
    if (response.kind === 'tick') return
    if (response.kind === 'answer') job.settle(undefined, response.answer)
    else job.settle(new Fault('unforeseen', { where: job.name, error: response.error }))
    reader.jobs.splice(reader.jobs.indexOf(job), 1)
    if (reader.jobs.length > 0) return
    clearTimeout(reader.watchdog)
    this.#schedule()
  }

  #watch(reader: Reader, patience: number): void {
    clearTimeout(reader.watchdog)
    reader.watchdog = setTimeout(() => {
      void this.#giveUp(reader, new Fault('source-unreadable', { errno: 'ETIMEDOUT', seconds: Math.round(patience / 1000) }))
      this.#schedule()
    }, patience)
  }

  #abort(job: Job, reason: unknown): void {
    const reader = this.#readers.find((one) => one.jobs.includes(job))
    job.settle(reason)
    if (reader === undefined) {
      for (const queue of [this.#queue, ...this.#readers.map((one) => one.own)]) {
        const at = queue.indexOf(job)
        if (at >= 0) queue.splice(at, 1)
      }
      return
    }
    Atomics.store(reader.abandoned, 0, job.id)
    if (reader.jobs.every(({ settled }) => settled)) this.#watch(reader, graceAfterAbort)
  }

  async #end(reader: Reader): Promise<void> {
    this.#settleAll(reader, new Fault('stopped'))
    const [running] = reader.jobs
    if (running !== undefined) Atomics.store(reader.abandoned, 0, running.id)
    await endThread(reader.worker, graceAtClose)
  }

  #settleAll(reader: Reader, why: Fault): void {
    reader.givenUp = true
    clearTimeout(reader.watchdog)
    for (const job of [...reader.jobs, ...reader.own.splice(0)]) job.settle(why)
  }

  async #giveUp(reader: Reader, why: Fault): Promise<void> {
    if (reader.givenUp) return
    this.#settleAll(reader, why)
    const at = this.#readers.indexOf(reader)
    if (at >= 0) this.#readers.splice(at, 1)
    reader.worker.unref()
    await reader.worker.terminate()
  }
}
