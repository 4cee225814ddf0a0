/** Finding the gateways, judging them, and proving a mount: for the command line and for screens alike. */
import type { Answer } from '../../shared/contract/bridge.ts'
import { judgeGateways, keepsFromPushing } from '../../shared/domain/gatewayFindings.ts'
import type { Mount, MountFound, ShareFound } from '../../shared/domain/gateway.ts'
import { isNetwork, matchMounts } from '../../shared/domain/shareMounts.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import { openProbePlace } from '../files/probePlace.ts'
import { probeShare, type ShareProbe } from '../push/probeShare.ts'
import type { Wiring } from './compose.ts'
import { requireNetwork } from './mountGate.ts'
import type { OpenMigration } from './migrationFolder.ts'

export type GatewaySurvey = Answer<'gateways.survey'>
type Asking = { readonly migration: OpenMigration; readonly wiring: Wiring; readonly signal: AbortSignal }

/** `skew`: what probes have shown of the shares' clocks, ms by ARN. */
export async function surveyShares({ migration, wiring, signal }: Asking, skew: ReadonlyMap<string, number>): Promise<GatewaySurvey> {
  const { journal, world, config } = migration
  const [{ gateways, buckets }, mounted] = await Promise.all([wiring.gateways(signal), mountsHere({ migration, wiring, signal })])
  const mounts = withNamed(
    matchMounts(gateways, mounted ?? []),
    { migration, wiring, signal },
    gateways.flatMap(({ shares }) => shares),
  )
  const lane = journal.laneTotals({ route: 'share' })
  const findings = judgeGateways({
    gateways,
    buckets,
    mounts,
    wantsKms: config.snowball?.kmsKeyArn !== undefined,
    dayBytes: lane.bytes - lane.doneBytes,
    skew,
    now: world.clock.now(),
  })
  return { gateways: [...gateways], findings, mounts, mountsUnknown: mounted === undefined, at: world.clock.now() }
}

/**
 * Looked at before the first byte. An account that may not ask is told so and goes on: the same is said by the survey, for a person to decide.
 * @throws Fault share-unfit.
 */
export async function requireFitShare(asking: Asking, shareArn: string): Promise<void> {
  let survey: GatewaySurvey
  try {
    survey = await surveyShares(asking, new Map())
  } catch (error) {
    asking.signal.throwIfAborted()
    asking.migration.world.log.warn('gateways', asFault(error).code)
    return
  }
  const grave = keepsFromPushing(survey.findings, shareArn)
  if (grave !== undefined) throw new Fault('share-unfit', { finding: grave.code, ...grave.facts })
}

/** @throws Fault share-not-found, share-missing when the share is not mounted here; share-not-behind and others as probeShare. */
export async function proveMount(asking: Asking, shareArn: string): Promise<ShareProbe> {
  const { migration, wiring, signal } = asking
  const { gateways, mounts } = await surveyShares(asking, new Map())
  const share = gateways.flatMap(({ shares }) => shares).find((one) => one.shareArn === shareArn)
  if (share === undefined) throw new Fault('share-not-found', { shares: 0 })
  const mount = mounts.find((one) => one.shareArn === shareArn)
  if (mount === undefined) throw new Fault('share-missing', { mounted: false })
  if (wiring.sandbox === undefined) await requireNetwork(asking, mount.folder)
  const { journal, world } = migration
  // A rehearsal's gateway uploads within moments.
  const interval = wiring.sandbox === undefined ? {} : { interval: 100 }
  return probeShare({ place: openProbePlace(mount.folder), share, store: wiring.store, journal, world, ...interval }, signal)
}

/** `undefined`: this machine could not be asked. */
async function mountsHere({ migration, wiring, signal }: Asking): Promise<Mount[] | undefined> {
  try {
    return (await wiring.mounts(signal)).filter(isNetwork)
  } catch (error) {
    signal.throwIfAborted()
    migration.world.log.warn('mounts', asFault(error).code)
    return undefined
  }
}

/** The folder that a person named goes before what was found, and stands for the rehearsal's share, which is no mount at all. */
function withNamed(found: readonly MountFound[], { migration, wiring }: Asking, shares: readonly ShareFound[]): MountFound[] {
  const folder = wiring.sandbox?.endpoints.shareFolder ?? migration.config.share?.folder
  const shareArn =
    wiring.sandbox?.endpoints.shareArn ?? migration.config.share?.shareArn ?? (shares.length === 1 ? shares[0]?.shareArn : undefined)
  if (folder === undefined || shareArn === undefined) return [...found]
  const known = found.find((mount) => mount.folder === folder)
  return [
    { shareArn, folder, readOnly: known?.readOnly ?? false, soft: known?.soft ?? false },
    ...found.filter((mount) => mount.folder !== folder),
  ]
}
