/** Reach: when AWS last answered anything, and what kept it from answering or made it refuse since. For people to see; nothing decides by it. */
import type { FaultCode } from '../../shared/faults/catalogue.ts'
import type { Clock } from '../../shared/ports/world.ts'
import { awsErrorStatus, faultFromAws } from './errors.ts'

/** What of a client is needed to look at its calls; the two generations of the SDK type the rest differently. */
type Observable = {
  readonly middlewareStack: {
    add(
      middleware: <Args, Answer>(next: (args: Args) => Promise<Answer>) => (args: Args) => Promise<Answer>,
      options: { readonly step: 'finalizeRequest'; readonly name: string },
    ): void
  }
}

/** Of these the service itself says that it will not serve us; any other refusal concerns one object or job. */
const refusesUs: ReadonlySet<FaultCode> = new Set(['aws-denied', 'aws-wrong-secret', 'aws-clock-skew', 'aws-throttled'])

export class Reach {
  readonly #clock: Clock
  #answeredAt: number | undefined
  #fault: FaultCode | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Milliseconds since 1970; `undefined`: nothing was answered yet. A refusal is an answer. */
  get answeredAt(): number | undefined {
    return this.#answeredAt
  }

  /** What the last call met, as long as no later one went well. */
  get fault(): FaultCode | undefined {
    return this.#fault
  }

  observe(client: Observable): void {
    client.middlewareStack.add(
      (next) => async (args) => {
        try {
          const answer = await next(args)
          this.saw(undefined)
          return answer
        } catch (error) {
          this.saw(error)
          throw error
        }
      },
      { step: 'finalizeRequest', name: 'firnReach' },
    )
  }

  /** An answer, or what kept it away. */
  saw(error: unknown): void {
    if (error !== undefined) return this.#failed(error)
    this.#answeredAt = this.#clock.now()
    this.#fault = undefined
  }

  #failed(error: unknown): void {
    // Stopped by us: it says nothing about AWS.
    if (error instanceof Error && error.name === 'AbortError') return
    const answered = awsErrorStatus(error) !== undefined
    if (answered) this.#answeredAt = this.#clock.now()
    const { code } = faultFromAws(error, 's3:Any')
    if (answered && !refusesUs.has(code)) this.#fault = undefined
    else this.#fault = code === 'unforeseen' ? 'aws-unreachable' : code
  }
}
