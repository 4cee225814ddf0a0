/** Estimates the device lane: how many Snowballs, in how many waves, how long on site, and whether there is time for it. */
import type { PlanAnswers } from '../../shared/contract/planAnswers.ts'
import { freeOnSiteDays, shippingCalendar } from '../../shared/domain/assumptions.ts'
import { tarMembersBytes } from '../../shared/domain/batch.ts'
import { deviceTypes } from '../../shared/domain/device.ts'
import { isoDay, noticesFor } from '../../shared/domain/notice.ts'
import type { PlanLoad, PlanNote, RouteEstimate } from '../../shared/domain/plan.ts'
import { addRanges, day, range, type Range } from '../../shared/units/duration.ts'
import { diskDays, itemDaysBetween, middle, oneAfterTheOther, rounded } from './terms.ts'

/** Devices that `size` bytes need: ceil(size ÷ (usable × fill)). 300 TB on devices of 80 TB filled to 95 % are 4. */
export function devicesFor(size: number, usable: number, fill: number): number {
  return Math.ceil(size / Math.floor(usable * fill))
}

export function estimateDevice(load: PlanLoad, answers: PlanAnswers): RouteEstimate {
  const { device, prices } = answers
  const onDevice = load.bytes - load.smallBytes + tarMembersBytes(load.smallItems, load.smallBytes)
  const devices = devicesFor(onDevice, device.usableBytes, device.fill)
  const waves = Math.ceil(devices / device.atOnce)
  const side = Math.max(1, Math.min(devices, device.atOnce))

  const megabytesPerSecond = Math.min(answers.sourceMegabytesPerSecond, device.megabytesPerSecond * side)
  const bytesTerm = range(diskDays(onDevice, megabytesPerSecond), diskDays(onDevice, megabytesPerSecond))
  const lone = load.items - load.smallItems
  const itemsTerm = addRanges(msDays(load.smallItems, device.batchedItemMs), msDays(lone, device.loneItemMs))
  const copy = oneAfterTheOther(itemsTerm, bytesTerm)
  const verify = itemDaysBetween(load.items, answers.verifyItemsPerSecond)

  const calendar = shippingCalendar.map((step) => ({ id: step.id, text: step.text, days: times(step.days, waves) }))
  const copyPhase = { id: 'load', text: 'Load the devices', days: rounded(copy) }
  const at = calendar.findIndex((step) => step.id === 'on-site') + 1
  const phases = [
    ...calendar.slice(0, at),
    copyPhase,
    ...calendar.slice(at),
    { id: 'verify', text: 'Verify against S3', days: rounded(verify) },
  ]
  const days = rounded(addRanges(...phases.map((one) => one.days)))
  const shipping = addRanges(...calendar.map((step) => step.days))
  const handling = shippingCalendar.find((step) => step.id === 'on-site')?.days ?? { low: 0, high: 0 }
  const onSite = waves === 0 ? null : rounded(addRanges(handling, range(copy.low / waves, copy.high / waves)))

  const available = availability(answers, days)
  const extraDays = (stay: number): number => Math.max(0, Math.ceil(stay - freeOnSiteDays))
  const price = (stay: number): number =>
    prices === undefined ? 0 : devices * (prices.devicePerJob + extraDays(stay) * prices.devicePerExtraDay)
  return {
    route: 'device',
    notPossible: available.notPossible,
    warnings: [...available.warnings, ...deviceWarnings(answers, onSite)],
    takes: load,
    days,
    phases,
    bottleneck: middle(shipping) >= middle(copy) ? 'calendar' : middle(itemsTerm) > middle(bytesTerm) ? 'items' : 'bytes',
    terms: { items: rounded(itemsTerm), bytes: rounded(bytesTerm) },
    devices,
    waves,
    onSiteDays: onSite,
    notices: noticesFor('device', isoDay(answers.today)).map((notice) => ({
      id: notice.id,
      effective: notice.effective,
      checked: notice.checked,
      source: notice.source,
      text: notice.text,
      daysLeft: notice.daysLeft,
    })),
    cost:
      prices === undefined
        ? null
        : {
            low: price(onSite?.low ?? 0),
            high: price(onSite?.high ?? 0),
            currency: prices.currency,
            asOf: prices.asOf,
            source: prices.source,
            indicative: true,
          },
  }
}

/** Why no device can be ordered under these answers. Empty: it can, as far as the answers say. */
export function devicesClosed(answers: PlanAnswers): readonly PlanNote[] {
  const notes: PlanNote[] = []
  if (answers.snowball === 'no')
    notes.push({ code: 'snowball-closed', text: 'This account cannot order Snowball: it is open to existing customers only.' })
  if (answers.snowballEnds !== null && isoDay(answers.snowballEnds) <= isoDay(answers.today))
    notes.push({ code: 'snowball-ended', text: `Snowball ended for this account on ${answers.snowballEnds}.` })
  return notes
}

function availability(answers: PlanAnswers, days: Range): { notPossible: readonly PlanNote[]; warnings: readonly PlanNote[] } {
  const notPossible = [...devicesClosed(answers)]
  const warnings: PlanNote[] = []
  if (answers.snowball === 'unknown')
    warnings.push({ code: 'snowball-not-confirmed', text: 'Ask your AWS account team whether this account can still order Snowball.' })
  if (answers.snowballEnds !== null && notPossible.length === 0) {
    const left = (isoDay(answers.snowballEnds) - isoDay(answers.today)) / day
    if (days.low > left)
      notPossible.push({
        code: 'snowball-ends-before',
        text: `Even the low figure ends after Snowball does, on ${answers.snowballEnds}, ${left} days away.`,
      })
    else if (days.high > left)
      warnings.push({
        code: 'snowball-may-end-before',
        text: `The high figure ends after Snowball does, on ${answers.snowballEnds}, ${left} days away.`,
      })
  }
  return { notPossible, warnings }
}

function deviceWarnings(answers: PlanAnswers, onSite: Range | null): readonly PlanNote[] {
  const warnings: PlanNote[] = []
  const known = deviceTypes.find((type) => type.snowballType === answers.device.snowballType && type.capacity === answers.device.capacity)
  if (known?.orderable !== true)
    warnings.push({ code: 'device-type-not-orderable', text: 'This device type is not among those that AWS lists as orderable.' })
  if (onSite !== null && onSite.high > freeOnSiteDays)
    warnings.push({
      code: 'over-free-days',
      text: `A device may stay longer than the ${freeOnSiteDays} days that a job includes; each further day is charged.`,
    })
  return warnings
}

function msDays(items: number, ms: Range): Range {
  return range((items * ms.low) / day, (items * ms.high) / day)
}

function times(of: Range, count: number): Range {
  return range(of.low * count, of.high * count)
}
