/** Results that are asked for again and again: kept while the journal has not changed, and made once however many wait for them. */

/** What takes longer than this to make is kept for a while although the journal goes on: counting must not eat a processor while a copy runs. */
const dear = 1000
/** A dear result stays for so many times as long as it took to make. */
const staysTimes = 9
const most = 64

type Made = { readonly version: string; readonly value: unknown; readonly at: number; readonly took: number }
type Making = {
  readonly version: string
  readonly began: number
  readonly result: Promise<unknown>
  readonly stop: AbortController
  waiting: number
}

export class Kept {
  readonly #monotonic: () => number
  readonly #made = new Map<string, Made>()
  readonly #making = new Map<string, Making>()

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  /**
   * @param version of the journal, as far as the result depends on it
   * @param fresh whether even a dear result must be of this version: for who does not ask again soon
   * @throws the signal's reason on abort; the making itself is stopped when the last who waits for it goes
   */
  async get<Value>(
    key: string,
    version: string,
    signal: AbortSignal,
    make: (signal: AbortSignal) => Promise<Value>,
    fresh = false,
  ): Promise<Value> {
    signal.throwIfAborted()
    const made = this.#made.get(key)
    if (made !== undefined && this.#holds(made, version, fresh)) {
      this.#made.delete(key)
      this.#made.set(key, made)
      return made.value as Value
    }
    const making = this.#join(key, version, fresh) ?? this.#begin(key, version, make)
    making.waiting += 1
    let leave = (): void => undefined
    const left = new Promise<never>((_resolve, reject) => {
      leave = () => reject(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
    })
    try {
      return (await Promise.race([making.result, left])) as Value
    } finally {
      signal.removeEventListener('abort', leave)
      making.waiting -= 1
      if (making.waiting === 0) making.stop.abort(signal.reason)
    }
  }

  #holds(made: Made, version: string, fresh: boolean): boolean {
    return made.version === version || (!fresh && made.took > dear && this.#monotonic() - made.at < staysTimes * made.took)
  }

  /** What turns out dear is joined although the journal has gone on since, or a busy journal would have it made many times at once. */
  #join(key: string, version: string, fresh: boolean): Making | undefined {
    const making = this.#making.get(key)
    if (making === undefined || making.stop.signal.aborted) return undefined
    return making.version === version || (!fresh && this.#monotonic() - making.began > dear) ? making : undefined
  }

  /** For a result that has lost what it stood for. */
  forget(key: string): void {
    this.#made.delete(key)
  }

  #begin(key: string, version: string, make: (signal: AbortSignal) => Promise<unknown>): Making {
    const stop = new AbortController()
    const began = this.#monotonic()
    const result = make(stop.signal).then((value) => {
      const at = this.#monotonic()
      this.#made.delete(key)
      this.#made.set(key, { version, value, at, took: at - began })
      const [oldest] = this.#made.keys()
      if (this.#made.size > most && oldest !== undefined) this.#made.delete(oldest)
      return value
    })
    const making: Making = { version, began, result, stop, waiting: 0 }
    this.#making.set(key, making)
    const end = (): void => {
      if (this.#making.get(key) === making) this.#making.delete(key)
    }
    result.then(end, end)
    return making
  }
}
