/**
 * The drain guard: a File Gateway's share takes files into a cache and uploads them later. When the cache fills faster than it drains the push slows,
 * and stops before the gateway would refuse (AWS Storage Gateway guide: at 80 % dirty uploading is slower than writing, at 90 % writes are refused).
 */
import { Fault } from '../../shared/faults/fault.ts'
import { metricsReader } from '../../shared/flow/metricsReader.ts'
import type { StageReport } from '../../shared/flow/stage.ts'
import type { ShareMetrics, ShareMonitor, ShareState } from '../../shared/ports/shareMonitor.ts'
import type { Clock } from '../../shared/ports/world.ts'

export type DrainLimits = {
  readonly slowAt: number
  readonly stopAt: number
  /** Hysteresis: once stopped, the push goes on below this. */
  readonly resumeBelow: number
  /** Milliseconds between two looks at the cache. */
  readonly interval: number
  /** A cache that has not drained for so long does not drain: milliseconds. */
  readonly patience: number
}

export const defaultDrainLimits: DrainLimits = { slowAt: 80, stopAt: 90, resumeBelow: 70, interval: 5000, patience: 60 * 60_000 }

export class DrainGuard {
  readonly #monitor: ShareMonitor
  readonly #share: ShareState
  readonly #clock: Clock
  readonly #report: StageReport
  readonly #limits: DrainLimits
  readonly #metrics: (signal: AbortSignal) => Promise<ShareMetrics>
  #lookedAt = Number.NEGATIVE_INFINITY
  #dirty = 0
  #failing = 0
  #gate: Promise<void> | undefined
  #slow: Promise<void> = Promise.resolve()

  constructor(monitor: ShareMonitor, share: ShareState, clock: Clock, report: StageReport, limits: DrainLimits) {
    this.#monitor = monitor
    this.#share = share
    this.#clock = clock
    this.#report = report
    this.#limits = limits
    this.#metrics = metricsReader(monitor, share, report)
  }

  /**
   * Runs the copy of one item when the cache may take it: at once, alone (cache filling), or after it has drained.
   * @throws Fault share-refused when the cache does not drain, aws-* when the gateway cannot be asked.
   */
  async admit<Result>(signal: AbortSignal, copy: () => Promise<Result>): Promise<Result> {
    await this.#open(signal)
    if (this.#dirty < this.#limits.slowAt) return copy()
    const alone = this.#slow.then(() => this.#open(signal)).then(copy)
    this.#slow = alone.then(
      () => undefined,
      () => undefined,
    )
    return alone
  }

  /** The share refused an item although the last look allowed it: wait for the cache to drain. */
  async refused(signal: AbortSignal): Promise<void> {
    this.#gate ??= this.#drain(signal).finally(() => {
      this.#gate = undefined
    })
    await this.#gate
  }

  async #open(signal: AbortSignal): Promise<void> {
    while (this.#gate !== undefined) await this.#gate
    signal.throwIfAborted()
    if (this.#clock.monotonic() - this.#lookedAt < this.#limits.interval) return
    this.#gate = this.#lookAndWait(signal).finally(() => {
      this.#gate = undefined
    })
    await this.#gate
  }

  async #lookAndWait(signal: AbortSignal): Promise<void> {
    await this.#look(signal)
    if (this.#dirty >= this.#limits.stopAt) await this.#drain(signal)
  }

  async #drain(signal: AbortSignal): Promise<void> {
    this.#report.wait('cache-dirty')
    try {
      let lowest = Number.POSITIVE_INFINITY
      let movedAt = this.#clock.monotonic()
      for (;;) {
        await this.#clock.sleep(this.#limits.interval, signal)
        await this.#look(signal)
        if (this.#dirty < this.#limits.resumeBelow) return
        if (this.#dirty < lowest) {
          lowest = this.#dirty
          movedAt = this.#clock.monotonic()
        } else if (this.#clock.monotonic() - movedAt > this.#limits.patience) {
          throw new Fault('share-refused', { dirtyPercent: Math.round(this.#dirty) })
        }
      }
    } finally {
      this.#report.wait(undefined)
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const [cache, metrics] = await Promise.all([this.#monitor.cache(this.#share.gatewayArn, signal), this.#metrics(signal)])
    this.#dirty = cache.dirtyPercent
    this.#lookedAt = this.#clock.monotonic()
    // No datapoint is no news: a count that is missing once must not be told again when it is back.
    const failing = metrics.filesFailingUpload ?? this.#failing
    if (failing > this.#failing) this.#report.trouble(new Fault('gateway-upload-failing', { files: failing }))
    this.#failing = failing
  }
}
