/** A wiring whose targets keep to the bandwidth limits, and tell which lane they were opened for. */
import type { Route } from '../../../shared/domain/route.ts'
import type { ShareTarget } from '../../../shared/ports/shareTarget.ts'
import type { Target } from '../../../shared/ports/target.ts'
import type { Wiring } from '../compose.ts'
import type { Limiter } from './limiter.ts'

export type LaneTold = {
  /** A stage begins to use the lane. */
  readonly opened: (route: Route) => void
  /** Something waits for the limit, or waits no more. */
  readonly waits: (waiting: boolean) => void
}

export function limitedWiring(wiring: Wiring, limiter: Pick<Limiter, 'admit'>, told: LaneTold): Wiring {
  const ofTarget = (target: Target, route: Route): Target =>
    limitedTarget(target, (bytes, signal) => limiter.admit(route, bytes, signal, told.waits))
  return {
    ...wiring,
    async deviceTarget(device, access, signal) {
      const open = await wiring.deviceTarget(device, access, signal)
      told.opened('device')
      return (archiveId) => ofTarget(open(archiveId), 'device')
    },
    linkTarget(archiveId) {
      told.opened('link')
      return ofTarget(wiring.linkTarget(archiveId), 'link')
    },
    shareTarget(share, gate) {
      const target = wiring.shareTarget(share, gate)
      told.opened('share')
      return limitedShare(target, (bytes, signal) => limiter.admit('share', bytes, signal, told.waits))
    },
  }
}

type Admit = (bytes: number, signal: AbortSignal) => Promise<void>

/** Bodies are paid for before they are sent. What a target sends again after a broken connection is not paid twice. */
function limitedTarget(target: Target, admit: Admit): Target {
  return {
    traits: target.traits,
    head: (...input) => target.head(...input),
    async putWhole(key, body, metadata, digests, signal, onto) {
      await admit(body.length, signal)
      return target.putWhole(key, body, metadata, digests, signal, onto)
    },
    beginParts: (...input) => target.beginParts(...input),
    async putPart(key, uploadId, partNumber, body, signal) {
      await admit(body.length, signal)
      return target.putPart(key, uploadId, partNumber, body, signal)
    },
    listParts: (...input) => target.listParts(...input),
    holds: (...input) => target.holds(...input),
    completeParts: (...input) => target.completeParts(...input),
    abortParts: (...input) => target.abortParts(...input),
    read: (...input) => target.read(...input),
    openUploads: (...input) => target.openUploads(...input),
    space: (...input) => target.space(...input),
    close: () => target.close(),
  }
}

/** The gateway uploads by itself; what is written to its cache at this pace goes up at this pace. */
function limitedShare(target: ShareTarget, admit: Admit): ShareTarget {
  return {
    check: (...input) => target.check(...input),
    there: (...input) => target.there(...input),
    async copy(source, key, expected, resume, signal) {
      await admit(expected.size, signal)
      return target.copy(source, key, expected, resume, signal)
    },
    close: () => target.close(),
  }
}
