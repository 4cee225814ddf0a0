/** Decides by which lane each study travels. A study goes whole, by the first lane that is open and that it is not barred from. */
import type { Division, PlanAnswers } from '../../shared/contract/planAnswers.ts'
import type { Route } from '../../shared/domain/route.ts'
import type { StudyLoad } from '../../shared/domain/study.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { devicesClosed } from './estimateDevice.ts'

/** A division that has been settled: `recommended` has become a lane. */
export type SettledDivision = Exclude<Division, { kind: 'recommended' }>

export type RerouteReason = 'barred-from-device' | 'barred-from-share' | 'item-larger-than-device'
export type LaneChoice = { readonly route: Route; readonly rerouted: RerouteReason | undefined }

/** `tooLargeForDevice`: an item of it is larger than a whole device. */
export type Traveller = Pick<StudyLoad, 'studyDate' | 'barredFromDevice' | 'barredFromShare'> & { readonly tooLargeForDevice: boolean }

/**
 * Settles the division, or says why it cannot be had.
 * @throws Fault no-route when nothing is recommended · snowball-not-available · bad-input (gateway.size) when a lane of it is closed.
 */
export function settleDivision(answers: PlanAnswers, recommended: Route | null): SettledDivision {
  const { division } = answers
  if (division.kind === 'recommended') {
    if (recommended === null) throw new Fault('no-route')
    return { kind: 'one-lane', route: recommended }
  }
  for (const route of lanesOf(division)) {
    const [closed] = route === 'device' ? devicesClosed(answers) : []
    if (closed !== undefined) throw new Fault('snowball-not-available', { reason: closed.code })
    if (route === 'share' && answers.gateway.size === 'none')
      throw new Fault('bad-input', { field: 'gateway.size', problem: 'the division needs a share, and there is no gateway' })
  }
  return division
}

function lanesOf(division: SettledDivision): readonly Route[] {
  return division.kind === 'one-lane' ? [division.route] : ['device', 'share']
}

/** Chooses lanes for studies under a settled division. Undated studies count as new. */
export function laneChooser(division: SettledDivision, answers: PlanAnswers): (study: Traveller) => LaneChoice {
  const usesDevices = lanesOf(division).includes('device')
  const hasShare = answers.gateway.size !== 'none'
  // No device is ordered for the sake of a few studies that the share cannot take: a plan without devices stays without them.
  const open: Readonly<Record<Route, boolean>> = { device: usesDevices, share: hasShare, link: true }
  return (study) => {
    const wanted =
      division.kind === 'one-lane'
        ? division.route
        : study.studyDate !== undefined && study.studyDate < division.deviceBefore
          ? 'device'
          : 'share'
    const barred: Readonly<Record<Route, RerouteReason | undefined>> = {
      device: study.barredFromDevice ? 'barred-from-device' : study.tooLargeForDevice ? 'item-larger-than-device' : undefined,
      share: study.barredFromShare ? 'barred-from-share' : undefined,
      link: undefined,
    }
    const order: readonly Route[] =
      wanted === 'device' ? ['device', 'share', 'link'] : wanted === 'share' ? ['share', 'device', 'link'] : ['link']
    const route = order.find((one) => open[one] && barred[one] === undefined) ?? 'link'
    return { route, rerouted: route === wanted ? undefined : barred[wanted] }
  }
}
