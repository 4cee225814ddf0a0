/** MemoryBudget: a ceiling on bytes held in buffers, handed out in order of asking. */
type Waiter = { readonly size: number; readonly wake: () => void }

export class MemoryBudget {
  readonly #ceiling: number
  #held = 0
  #waiting: Waiter[] = []
  constructor(ceiling: number) {
    this.#ceiling = ceiling
  }

  /** Runs `work` while holding `size` bytes of the budget. One that is larger than the ceiling runs alone. */
  async hold<Result>(size: number, work: () => Promise<Result>): Promise<Result> {
    const counted = Math.min(size, this.#ceiling)
    if (this.#waiting.length > 0 || this.#held + counted > this.#ceiling) {
      await new Promise<void>((wake) => {
        this.#waiting.push({ size: counted, wake })
      })
    } else {
      this.#held += counted
    }
    try {
      return await work()
    } finally {
      this.#held -= counted
      this.#wakeNext()
    }
  }

  #wakeNext(): void {
    for (;;) {
      const next = this.#waiting[0]
      if (next === undefined || this.#held + next.size > this.#ceiling) return
      this.#waiting.shift()
      this.#held += next.size
      next.wake()
    }
  }
}
