/** The share lane as a screen shows it: what the gateway says, what was copied, and what of it is not yet in S3. */
import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import type { Answer, Handlers } from '../../../shared/contract/bridge.ts'
import type { ShareFlag } from '../../../shared/contract/calls/share.ts'
import { asFault } from '../../../shared/faults/fault.ts'
import type { CacheState, ShareMetrics, ShareState } from '../../../shared/ports/shareMonitor.ts'
import { defaultDrainLimits } from '../../push/drainGuard.ts'
import type { LaneFigures } from '../../journal/views/figures.ts'
import { withinLimit, type Engine, type Opened } from './handling.ts'

type State = Answer<'share.state'>

/** What the gateway said, and when; a look lasts some seconds, however many screens ask. */
type Look = {
  readonly share: ShareState | undefined
  readonly cache: CacheState | undefined
  readonly metrics: ShareMetrics | undefined
  /** Code of why there is no share, or why it does not answer. */
  readonly fault: string | undefined
  readonly flags: readonly ShareFlag[]
  readonly at: number
}

export type ShareLooks = {
  last: { readonly of: string; readonly at: number; readonly look: Promise<Look> } | undefined
  folder: Promise<ShareFlag[]> | undefined
}

export function shareLooks(): ShareLooks {
  return { last: undefined, folder: undefined }
}

const lookLasts = 5000
const rehearsedLookLasts = 1000
const outsideLimit = 15_000
const folderLimit = 3000
const metricPeriod = 300
const full = defaultDrainLimits.stopAt
const filling = defaultDrainLimits.slowAt
/** How far a rate that is measured over some minutes may be off. */
const margin = 1.3

export function shareHandlers(engine: Engine, looks: ShareLooks): Handlers<'share.state'> {
  return {
    async 'share.state'(_input, signal) {
      const opened = engine.opened()
      const [look, figures] = await Promise.all([lookNow(opened, looks), opened.session.views.figures(signal)])
      return stateOf(opened, look, figures.lanes.share)
    },
  }
}

/** The look is shared by all who ask, so that one who hangs up does not take it from the others. */
function lookNow(opened: Opened, looks: ShareLooks): Promise<Look> {
  const { session } = opened
  const { world, config } = session.migration
  const now = world.clock.now()
  const lasts = config.rehearsal === undefined ? lookLasts : rehearsedLookLasts
  if (looks.last !== undefined && looks.last.of === session.id && now - looks.last.at < lasts) return looks.last.look
  const look = lookAt(opened, looks, withinLimit(session.signal, outsideLimit))
  looks.last = { of: session.id, at: now, look }
  return look
}

async function lookAt(opened: Opened, looks: ShareLooks, signal: AbortSignal): Promise<Look> {
  const { wiring, migration } = opened.session
  const folder = wiring.sandbox?.endpoints.shareFolder ?? migration.config.share?.folder
  const folderFlags = folder === undefined ? [] : await folderState(folder, looks)
  const at = migration.world.clock.now()
  let share: ShareState | undefined
  try {
    share = await wiring.share(signal)
    const [cache, metrics] = await Promise.all([wiring.monitor.cache(share.gatewayArn, signal), metricsOf(opened, share, signal)])
    return { share, cache, metrics, fault: undefined, flags: flagsOf(share, cache, metrics, folderFlags), at }
  } catch (error) {
    opened.session.signal.throwIfAborted()
    const fault = signal.aborted ? 'aws-unreachable' : asFault(error).code
    return { share, cache: undefined, metrics: undefined, fault, flags: folderFlags, at }
  }
}

/** Metrics come from another service than the share; without them the rest still says much. */
async function metricsOf(opened: Opened, share: ShareState, signal: AbortSignal): Promise<ShareMetrics | undefined> {
  try {
    return await opened.session.wiring.monitor.metrics(share, signal)
  } catch (error) {
    signal.throwIfAborted()
    opened.session.migration.world.log.warn('share', asFault(error).code)
    return undefined
  }
}

function flagsOf(
  share: ShareState,
  cache: CacheState,
  metrics: ShareMetrics | undefined,
  folder: readonly ShareFlag[],
): readonly ShareFlag[] {
  const flags: ShareFlag[] = []
  if (share.status !== 'AVAILABLE') flags.push('share-not-available')
  flags.push(...folder)
  if (cache.dirtyPercent >= full) flags.push('cache-full')
  if ((metrics?.filesFailingUpload ?? 0) > 0) flags.push('files-failing-upload')
  if (cache.dirtyPercent >= filling && cache.dirtyPercent < full) flags.push('cache-filling')
  if (metrics === undefined || metrics.periods === 0) flags.push('no-figures')
  return flags
}

/** A mount that hangs holds one look at it, never a second. */
async function folderState(folder: string, looks: ShareLooks): Promise<ShareFlag[]> {
  looks.folder ??= lookIntoFolder(folder).finally(() => {
    looks.folder = undefined
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<ShareFlag[]>((done) => {
    timer = setTimeout(() => done(['folder-missing']), folderLimit)
  })
  try {
    return await Promise.race([looks.folder, late])
  } finally {
    clearTimeout(timer)
  }
}

async function lookIntoFolder(folder: string): Promise<ShareFlag[]> {
  try {
    if (!(await stat(folder)).isDirectory()) return ['folder-missing']
  } catch {
    return ['folder-missing']
  }
  try {
    await access(folder, constants.W_OK)
    return []
  } catch {
    return ['folder-read-only']
  }
}

function stateOf(opened: Opened, look: Look, lane: LaneFigures): State {
  const { share, cache, metrics } = look
  const drain = drainOf(opened, metrics)
  const dirtyBytes = cache === undefined ? undefined : Math.round((cache.allocatedBytes * cache.dirtyPercent) / 100)
  return {
    share:
      share === undefined
        ? null
        : {
            shareArn: share.shareArn,
            gatewayArn: share.gatewayArn,
            protocol: share.protocol,
            status: share.status,
            location: share.locationArn,
          },
    fault: look.fault ?? null,
    cache: cache ?? null,
    guard: guardOf(opened, cache, drain),
    filesFailingUpload: metrics?.filesFailingUpload ?? null,
    planned: lane.planned,
    pushed: lane.sent,
    landed: lane.landed,
    verified: lane.verified,
    gap: gapOf(lane, dirtyBytes, drain),
    flags: [...look.flags],
    at: look.at,
  }
}

/** Bytes per real second that the gateway has uploaded over the periods that CloudWatch tells of. A rehearsal's seconds pass faster. */
function drainOf({ session }: Opened, metrics: ShareMetrics | undefined): number | undefined {
  if (metrics?.uploadedBytes === undefined || metrics.periods === 0) return undefined
  return (metrics.uploadedBytes / (metrics.periods * metricPeriod)) * (session.migration.config.rehearsal?.speed ?? 1)
}

function guardOf({ works }: Opened, cache: CacheState | undefined, drain: number | undefined): State['guard'] {
  const push = works
    .states()
    .find(
      ({ kind, state, stage }) =>
        (kind === 'push' || (kind === 'rehearsal' && stage === 'push')) && (state === 'running' || state === 'stopping'),
    )
  const holding = push?.waitingFor === 'cache-dirty'
  const over = cache === undefined ? 0 : ((cache.dirtyPercent - defaultDrainLimits.resumeBelow) / 100) * cache.allocatedBytes
  return {
    state: push === undefined ? 'idle' : holding ? 'holding-back' : cache === undefined ? 'unknown' : 'open',
    dirtyPercent: cache?.dirtyPercent ?? null,
    drainBytesPerSecond: drain ?? null,
    resumesInMs: holding && over > 0 ? timeFor(over, drain) : null,
  }
}

/** Copied, and by what the gateway says still in its cache; where it does not say, by what a verification has seen. */
function gapOf(lane: LaneFigures, dirtyBytes: number | undefined, drain: number | undefined): State['gap'] {
  const unseen = Math.max(lane.sent.bytes - lane.verified.bytes, 0)
  const size =
    dirtyBytes === undefined ? (lane.landed === null ? undefined : lane.sent.bytes - lane.landed.bytes) : Math.min(dirtyBytes, unseen)
  return size === undefined ? null : { bytes: Math.max(size, 0), ms: timeFor(Math.max(size, 0), drain) }
}

function timeFor(size: number, perSecond: number | undefined): { low: number; high: number } | null {
  if (size === 0) return { low: 0, high: 0 }
  if (perSecond === undefined || perSecond <= 0) return null
  const ms = (size / perSecond) * 1000
  return { low: Math.round(ms / margin), high: Math.round(ms * margin) }
}
