/** What an estimate assumes, as a list: each figure with its unit, its source and the day somebody last read it. */
import { parsePlanAnswers, usableHours, type PlanAnswers } from '../../shared/contract/planAnswers.ts'
import { freeOnSiteDays, shippingCalendar, slowdown } from '../../shared/domain/assumptions.ts'
import type { Assumption } from '../../shared/domain/plan.ts'

const checked = '2026-11-23'
const snowGuide = 'AWS Snowball Edge Developer Guide'
const gatewayGuide = 'AWS Storage Gateway, S3 File Gateway User Guide'
const judged = 'judgement; measure with a sample of your own'

export function assumptionsOf(answers: PlanAnswers): readonly Assumption[] {
  const { link, device, gateway } = answers
  const given = (
    id: string,
    text: string,
    value: Assumption['value'],
    unit: string,
    field: string,
    source = 'your answer or its default',
  ): Assumption => ({
    id,
    text,
    value,
    unit,
    source,
    checked: answers.today,
    field,
  })
  const defaults = parsePlanAnswers({ today: answers.today })
  /** Read somewhere, unless the answer differs from what was read. */
  const read = (
    id: string,
    text: string,
    value: Assumption['value'],
    unit: string,
    source: string,
    field: string | null = null,
  ): Assumption => {
    const asRead = field === null || JSON.stringify(at(answers, field)) === JSON.stringify(at(defaults, field))
    return { id, text, value, unit, source: asRead ? source : 'your answer', checked: asRead ? checked : answers.today, field }
  }
  return [
    given('link-rate', 'Speed of the link', link.megabitsPerSecond, 'Mbit/s (10^6 bit/s)', 'link.megabitsPerSecond'),
    given('link-share', 'Part of the link that the move may use', link.share, 'of 1', 'link.share'),
    given(
      'link-hours',
      'Hours of a day in which the link may be used',
      usableHours(link),
      'h',
      link.windows === undefined ? 'link.hoursPerDay' : 'link.windows',
    ),
    read('link-items', 'Whole objects put per second', link.itemsPerSecond, 'items/s', judged, 'link.itemsPerSecond'),
    given('source-rate', 'What the disks of the archive give', answers.sourceMegabytesPerSecond, 'MB/s', 'sourceMegabytesPerSecond'),
    given('snowball', 'The account still has Snowball', answers.snowball, '', 'snowball'),
    read(
      'snowball-ends',
      'Snowball ends for this account',
      answers.snowballEnds ?? 'not announced',
      '',
      'AWS Storage Blog, AWS Snow device updates',
      'snowballEnds',
    ),
    read('device-size', 'What one device holds', device.usableBytes, 'B', snowGuide, 'device.usableBytes'),
    given('device-fill', 'Part of a device that is filled', device.fill, 'of 1', 'device.fill'),
    read(
      'device-quota',
      'Devices that the account may have at once',
      device.atOnce,
      'at once',
      `${snowGuide}: 1 per account and Region unless raised`,
      'device.atOnce',
    ),
    read(
      'device-rate',
      'What one device takes',
      device.megabytesPerSecond,
      'MB/s',
      `${snowGuide}: 250 to 400 MB/s for the S3 adapter`,
      'device.megabytesPerSecond',
    ),
    read('batched-item', 'Time of one item in a batch besides its bytes', device.batchedItemMs, 'ms', judged, 'device.batchedItemMs'),
    read('lone-item', 'Time of one item alone besides its bytes', device.loneItemMs, 'ms', judged, 'device.loneItemMs'),
    ...shippingCalendar.map((step) => read(`calendar-${step.id}`, step.text, step.days, 'd per wave', snowGuide)),
    read('free-days', 'Days on site included in a job', freeOnSiteDays, 'd', snowGuide),
    given('gateway-size', 'Size of the gateway', gateway.size, '', 'gateway.size'),
    given('gateway-cache', 'Cache of the gateway', gateway.cacheBytes, 'B', 'gateway.cacheBytes'),
    read(
      'gateway-files',
      'Small files that a share writes to S3 per second',
      gateway.filesPerSecond,
      'files/s',
      `${gatewayGuide}: up to 16`,
      'gateway.filesPerSecond',
    ),
    read('verify-items', 'Objects verified per second', answers.verifyItemsPerSecond, 'items/s', judged, 'verifyItemsPerSecond'),
    read('slowdown', 'A real move may be slower than the arithmetic by', slowdown, 'times', judged),
  ]
}

/** The answer under a dotted name. */
function at(answers: PlanAnswers, field: string): unknown {
  return field
    .split('.')
    .reduce<unknown>((value, name) => (typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined), answers)
}
