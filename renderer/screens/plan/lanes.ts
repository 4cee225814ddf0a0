/** Which lanes a draft takes, and the waves that its devices come in. Pure. */
import type { PlanAnswers } from '../../../shared/contract/planAnswers.ts'
import type { PlanEstimate, RouteEstimate } from '../../../shared/domain/plan.ts'
import { routes, type Route } from '../../../shared/domain/route.ts'
import type { GivenAnswers } from './draft.ts'
import { valueAt } from './fields.ts'

export function lanesTaken(given: GivenAnswers, estimate: PlanEstimate): readonly Route[] {
  const division = given['division']
  switch (valueAt(division, 'kind')) {
    case 'one-lane':
      return routes.filter((one) => one === valueAt(division, 'route'))
    case 'by-study-date':
      return ['device', 'share']
    default:
      return estimate.recommended === null ? [] : [estimate.recommended]
  }
}

export type Wave = {
  readonly wave: number
  /** Waves that are alike stand in one row, up to this one. */
  readonly last: number
  readonly devices: number
  readonly bytes: number
  /** Of what its devices hold. */
  readonly fill: number
}

/** Devices are filled one after the other; what is left goes on the last. */
export function wavesOf(device: RouteEstimate, answers: PlanAnswers): readonly Wave[] {
  const { usableBytes, fill, atOnce } = answers.device
  const room = usableBytes * fill
  if (device.devices === 0 || room <= 0) return []
  const fullDevices = device.devices - 1
  const rest = Math.max(0, device.takes.bytes - fullDevices * room)
  const waves: Wave[] = []
  const fullWaves = Math.floor(fullDevices / atOnce)
  if (fullWaves > 0) waves.push({ wave: 1, last: fullWaves, devices: atOnce, bytes: atOnce * room, fill })
  const inLast = device.devices - fullWaves * atOnce
  const bytes = (inLast - 1) * room + rest
  waves.push({ wave: fullWaves + 1, last: fullWaves + 1, devices: inLast, bytes, fill: bytes / (inLast * usableBytes) })
  return waves
}
