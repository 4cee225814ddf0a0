/**
 * Landed: waits until a gateway has uploaded what was written to its share. "Copied to the share" is not "in S3":
 * the cache is written back later, data first and metadata second (AWS Storage Gateway, File Gateway guide).
 * This only tells when verifying is worth while; whether each item is there, verification says.
 */
import { Fault } from '../../shared/faults/fault.ts'
import { metricsReader } from '../../shared/flow/metricsReader.ts'
import { runStage, type StageEvent, type StageReport } from '../../shared/flow/stage.ts'
import type { EventLog } from '../../shared/ports/journal.ts'
import type { ShareMetrics, ShareMonitor, ShareState } from '../../shared/ports/shareMonitor.ts'
import type { World } from '../../shared/ports/world.ts'
import { minute } from '../../shared/units/duration.ts'

export type LandedInput = {
  readonly monitor: ShareMonitor
  readonly share: ShareState
  readonly journal: EventLog
  readonly world: World
  /** The wait ends after this many milliseconds, drained or not. */
  readonly limit: number
  /** Milliseconds between two looks. Default: one minute. */
  readonly interval?: number
}

export type LandedOutcome = {
  /** drained: nothing dirty and nothing failing. files-failing: what is left does not move. time-limit: still moving, or not known. */
  readonly ended: 'drained' | 'files-failing' | 'time-limit'
  readonly drained: boolean
  /** Files that the gateway says it cannot upload. `undefined`: CloudWatch did not say, which is not 0. */
  readonly failing: number | undefined
  readonly dirtyPercent: number | undefined
  readonly looks: number
}

/** A single quiet look can fall between a file's data and its metadata. */
const quietLooksNeeded = 2
/** Where CloudWatch does not tell of failing files, the cache alone must be quiet for longer. */
const quietLooksWithoutMetrics = 4
/** Failing files and a cache that does not shrink for this many looks: waiting longer changes nothing. */
const stuckLooks = 3

type Look = { readonly dirtyPercent: number; readonly failing: number | undefined }

/** @throws Fault when the gateway cannot be asked at all. Files that fail to upload are a trouble, not an end. */
export function waitUntilLanded(input: LandedInput, signal: AbortSignal): AsyncGenerator<StageEvent<LandedOutcome>, void> {
  return runStage('landing', input.world.clock, signal, (report) => wait(input, report, signal))
}

async function wait(input: LandedInput, report: StageReport, signal: AbortSignal): Promise<LandedOutcome> {
  const { monitor, share, world, limit, interval = minute } = input
  const startedAt = world.clock.monotonic()
  input.journal.append('landing-awaited', { share: nameOf(share.shareArn) })
  await monitor.notifyWhenUploaded(share.shareArn, signal)
  report.wait('gateway-upload')
  const watch = new Watch(report)
  const readMetrics = metricsReader(monitor, share, report)
  let look: Look | undefined
  for (;;) {
    look = await lookOnce(input, readMetrics, signal)
    report.also('looks', 1)
    const ended = watch.see(look)
    if (ended !== undefined) return finish(input, report, ended, look, watch.looks)
    if (world.clock.monotonic() - startedAt + interval > limit) return finish(input, report, 'time-limit', look, watch.looks)
    await world.clock.sleep(interval, signal)
  }
}

async function lookOnce(
  { monitor, share }: LandedInput,
  readMetrics: (signal: AbortSignal) => Promise<ShareMetrics>,
  signal: AbortSignal,
): Promise<Look> {
  const [cache, metrics] = await Promise.all([monitor.cache(share.gatewayArn, signal), readMetrics(signal)])
  return { dirtyPercent: Math.max(cache.dirtyPercent, metrics.dirtyPercent ?? 0), failing: metrics.filesFailingUpload }
}

function finish(input: LandedInput, report: StageReport, ended: LandedOutcome['ended'], look: Look, looks: number): LandedOutcome {
  report.wait(undefined)
  const outcome = { ended, drained: ended === 'drained', failing: look.failing, dirtyPercent: look.dirtyPercent, looks }
  input.journal.append('landing-ended', {
    share: nameOf(input.share.shareArn),
    ended,
    looks,
    dirtyPercent: look.dirtyPercent,
    ...(look.failing === undefined ? {} : { failing: look.failing }),
  })
  return outcome
}

/** What a run of looks amounts to. */
class Watch {
  looks = 0
  readonly #report: StageReport
  #quiet = 0
  #stuck = 0
  #leastDirty = Number.POSITIVE_INFINITY
  #failingTold = 0
  constructor(report: StageReport) {
    this.#report = report
  }
  see(look: Look): 'drained' | 'files-failing' | undefined {
    this.looks += 1
    const failing = look.failing ?? 0
    if (failing > this.#failingTold) {
      this.#failingTold = failing
      this.#report.trouble(new Fault('gateway-upload-failing', { files: failing }))
    }
    this.#quiet = look.dirtyPercent === 0 && failing === 0 ? this.#quiet + 1 : 0
    const shrinking = look.dirtyPercent < this.#leastDirty
    this.#leastDirty = Math.min(this.#leastDirty, look.dirtyPercent)
    this.#stuck = failing > 0 && !shrinking ? this.#stuck + 1 : 0
    if (this.#quiet >= (look.failing === undefined ? quietLooksWithoutMetrics : quietLooksNeeded)) return 'drained'
    return this.#stuck >= stuckLooks ? 'files-failing' : undefined
  }
}

/** `share-ABCD1234` of an ARN: without account number. */
function nameOf(arn: string): string {
  return arn.slice(arn.lastIndexOf('/') + 1)
}
