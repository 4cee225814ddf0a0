/**
 * TokenBucket: lets bytes through at a rate that may change at any moment. Whoever asks gets its turn in order, and what is asked for is paid before it
 * is sent: over any window no more passes than the rate allows, beyond one burst.
 */
import type { Clock } from '../../../shared/ports/world.ts'

/** Bytes per second; `null`: as fast as it goes; 0: nothing passes. */
export type Rate = number | null

type Asked = { readonly bytes: number; readonly pass: () => void; readonly free: () => boolean }

export type Taking = {
  /** Told when the wait begins and when it ends. */
  readonly waits?: (waiting: boolean) => void
  /** Whether the limit does not concern it any more: then it passes at once. Asked again at each `look`. */
  readonly free?: () => boolean
}

/** The longest a timer is set for; timers of Node cannot be set for months. */
const longestSleep = 60 * 60_000
/** What is not used is kept for so long: enough that small items do not wait for each other, too little to be felt on the link. */
const burstMs = 500

export class TokenBucket {
  readonly #clock: Clock
  readonly #queue: Asked[] = []
  #rate: Rate = null
  #tokens = 0
  #countedAt: number
  #timer: AbortController | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#countedAt = clock.monotonic()
  }

  get rate(): Rate {
    return this.#rate
  }

  /** Takes effect at once, also for those who wait already. */
  setRate(rate: Rate): void {
    if (rate === this.#rate) return
    this.#count()
    // What was saved up under another rate does not count under this one.
    this.#tokens = rate === null || this.#rate === null ? 0 : Math.min(this.#tokens, this.#burst(rate))
    this.#rate = rate
    this.#letThrough()
  }

  /** Whoever waits and is concerned by the limit no more goes on. */
  look(): void {
    this.#letThrough()
  }

  /** Resolves when so many bytes may be sent. @throws the signal's reason when aborted while waiting. */
  async take(bytes: number, signal: AbortSignal, { waits = () => undefined, free = () => false }: Taking = {}): Promise<void> {
    signal.throwIfAborted()
    this.#count()
    if (this.#queue.length === 0 && this.#pay(bytes)) return
    let leave = (): void => undefined
    waits(true)
    try {
      await new Promise<void>((resolve, reject) => {
        const asked: Asked = { bytes, pass: resolve, free }
        leave = () => {
          const at = this.#queue.indexOf(asked)
          if (at >= 0) this.#queue.splice(at, 1)
          reject(signal.reason as Error)
          this.#letThrough()
        }
        signal.addEventListener('abort', leave, { once: true })
        this.#queue.push(asked)
        this.#letThrough()
      })
    } finally {
      signal.removeEventListener('abort', leave)
      waits(false)
    }
  }

  #letThrough(): void {
    this.#count()
    for (const asked of this.#queue.filter((one) => one.free())) {
      this.#queue.splice(this.#queue.indexOf(asked), 1)
      asked.pass()
    }
    for (let first = this.#queue[0]; first !== undefined && this.#pay(first.bytes); first = this.#queue[0]) {
      this.#queue.shift()
      first.pass()
    }
    this.#timer?.abort()
    this.#timer = undefined
    const [first] = this.#queue
    if (first === undefined || this.#rate === null || this.#rate === 0) return
    const timer = new AbortController()
    this.#timer = timer
    const lacking = first.bytes - this.#tokens
    const pause = Math.min(longestSleep, Math.max(1, Math.ceil((lacking / this.#rate) * 1000)))
    void this.#clock.sleep(pause, timer.signal).then(
      () => this.#letThrough(),
      () => undefined,
    )
  }

  #pay(bytes: number): boolean {
    if (this.#rate === null) return true
    // Rounding of time must not keep a byte waiting for ever.
    if (this.#rate === 0 || this.#tokens + 1e-6 < bytes) return false
    this.#tokens = Math.max(0, this.#tokens - bytes)
    return true
  }

  /** A request larger than a burst saves up until it is paid. */
  #count(): void {
    const now = this.#clock.monotonic()
    const passed = now - this.#countedAt
    this.#countedAt = now
    if (this.#rate === null || passed <= 0) return
    const most = Math.max(this.#burst(this.#rate), this.#queue[0]?.bytes ?? 0)
    this.#tokens = Math.min(most, this.#tokens + (passed / 1000) * this.#rate)
  }

  #burst(rate: number): number {
    return (rate * burstMs) / 1000
  }
}
