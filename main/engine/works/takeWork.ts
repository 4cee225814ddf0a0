/** What each kind of work does: which of the engine's steps it takes, and whether a person should look at its end. */
import type { Route } from '../../../shared/domain/route.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import type { StageEvent } from '../../../shared/flow/stage.ts'
import type { VerificationOutcome } from '../../verify/verify.ts'
import { limitedWiring } from '../limits/limitedWiring.ts'
import type { Limiter } from '../limits/limiter.ts'
import { planAnswersFrom } from '../planDefaults.ts'
import { lacksArchive, makeSyntheticArchive } from '../prepareRehearsal.ts'
import { rehearse } from '../rehearse.ts'
import type { Session } from '../session.ts'
import { inspectDevice } from '../inspectDevice.ts'
import {
  awaitLanding,
  loadDevice,
  loadLink,
  planMigration,
  pushShare,
  scanArchives,
  verifyAll,
  writeEvidence,
  type Watch,
  type Work,
} from '../steps.ts'
import type { TakeWork, WorkEnd } from './scheduler.ts'
import { ruleFrom, type StartedWork } from './startedWork.ts'
import { track } from './tracking.ts'
import type { Moved, WorkMeter } from './workMeter.ts'

export type WorkTold = {
  readonly moved: (route: Route, moved: Moved) => void
  readonly verified: (outcome: VerificationOutcome) => void
  /** After each look at the devices. */
  readonly tracked: () => void
  /** Ends the pause between two looks. */
  readonly lookNow: () => AbortSignal
}

export function workTaker(session: Session, limiter: Limiter, told: WorkTold): TakeWork {
  return async (started, meter, signal) => {
    const lane: { route: Route | undefined } = { route: routeOf(started) }
    const wiring = limitedWiring(session.wiring, limiter, {
      opened: (route) => {
        lane.route = route
      },
      waits: (waiting) => meter.limited(waiting),
    })
    const watch = watcher(session, meter, (moved, stage) => {
      if (lane.route !== undefined && (stage === 'load' || stage === 'push')) told.moved(lane.route, moved)
    })
    // Between its stages a rehearsal waits for its devices.
    const watched: Watch = started.kind === 'rehearsal' ? waitingBetween(watch, meter) : watch
    return take(session, started, { migration: session.migration, wiring, watch: watched, signal }, meter, told)
  }
}

async function take(session: Session, started: StartedWork, work: Work, meter: WorkMeter, told: WorkTold): Promise<WorkEnd> {
  switch (started.kind) {
    case 'prepare':
      await prepare(session, work)
      return { needsLook: false }
    case 'scan':
      await scanArchives(work)
      return { needsLook: false }
    case 'plan': {
      const { config, world } = work.migration
      const summary = await planMigration(work, planAnswersFrom(started.answers, config, world.clock.now()), ruleFrom(started.rule))
      return { needsLook: summary.kind === 'nothing-to-plan' }
    }
    case 'load': {
      const device = work.migration.journal.fleet().find((one) => one.id === started.deviceId)
      if (device === undefined) throw new Fault('bad-input', { field: 'deviceId', problem: 'there is no such device' })
      return leftSomething(await loadDevice(work, device, session.deviceAccess.get(device.id)), meter)
    }
    case 'inspect': {
      const device = work.migration.journal.fleet().find((one) => one.id === started.deviceId)
      if (device === undefined) throw new Fault('bad-input', { field: 'deviceId', problem: 'there is no such device' })
      const how = { person: started.person, ...(started.all ? { sample: 'all' as const } : {}) }
      const { differing } = await inspectDevice(work, device, session.deviceAccess.get(device.id), how)
      return { needsLook: differing > 0 }
    }
    case 'link':
      return leftSomething(await loadLink(work), meter)
    case 'push':
      return leftSomething(await pushShare(work), meter)
    case 'land':
      return { needsLook: !(await awaitLanding(work)).drained }
    case 'verify':
      return verified(await verifyAll(work, { readBack: started.readBack }), told)
    case 'evidence': {
      const { summary } = await writeEvidence(work, { includePaths: started.includePaths, zip: started.zip })
      return { needsLook: summary.tone !== 'green' }
    }
    case 'track':
      await track(work, meter, told.lookNow, told.tracked)
      return { needsLook: false }
    case 'rehearsal': {
      await prepare(session, work)
      const { verification } = await rehearse(work, () => undefined)
      return verified(verification, told)
    }
  }
}

/** A rehearsal's own archive, when it is not made yet. */
async function prepare({ rehearsalFolder }: Session, { watch, signal }: Work): Promise<void> {
  if (rehearsalFolder !== undefined && lacksArchive(rehearsalFolder)) await makeSyntheticArchive({ folder: rehearsalFolder, watch, signal })
}

function leftSomething({ leftBehind }: { readonly leftBehind: number }, meter: WorkMeter): WorkEnd {
  return { needsLook: leftBehind > 0 || meter.troubles > 0 }
}

function verified(outcome: VerificationOutcome, told: WorkTold): WorkEnd {
  told.verified(outcome)
  return { needsLook: !outcome.allVerified }
}

/** Consumes a stage into the meter and, item by item that fails, into the log. */
function watcher({ migration }: Session, meter: WorkMeter, moved: (moved: Moved, stage: string) => void): Watch {
  const { world } = migration
  return async <Outcome>(stage: AsyncIterable<StageEvent<Outcome>>): Promise<Outcome> => {
    for await (const event of stage) {
      switch (event.kind) {
        case 'progress':
          moved(meter.see(event.progress), event.progress.stage)
          break
        case 'trouble': {
          const { fault, item } = event
          world.log.warn('stage', fault.code, { ...fault.facts, ...(item === undefined ? {} : { item }) })
          meter.trouble(fault, item, world.clock.now())
          break
        }
        case 'finished':
          moved(meter.see(event.progress), event.progress.stage)
          return event.outcome
      }
    }
    throw new Error('a stage ends with its outcome or a fault')
  }
}

function waitingBetween(watch: Watch, meter: WorkMeter): Watch {
  return async (stage) => {
    meter.wait(undefined)
    try {
      return await watch(stage)
    } finally {
      meter.wait('next-look')
    }
  }
}

function routeOf({ kind }: StartedWork): Route | undefined {
  if (kind === 'load') return 'device'
  return kind === 'push' ? 'share' : kind === 'link' ? 'link' : undefined
}
