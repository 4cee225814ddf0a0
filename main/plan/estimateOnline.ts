/** Estimates the two routes that use the hospital's link: straight to S3, and through a Storage Gateway share. */
import { usableHours, type PlanAnswers } from '../../shared/contract/planAnswers.ts'
import { cachedMetadata } from '../../shared/domain/assumptions.ts'
import type { PlanLoad, PlanNote, RouteEstimate } from '../../shared/domain/plan.ts'
import { formatBytes } from '../../shared/units/bytes.ts'
import { addRanges, range, type Range } from '../../shared/units/duration.ts'
import { diskDays, itemDays, itemDaysBetween, middle, onlineDays, overlapped, rounded } from './terms.ts'

/** Items and bytes overlap: many objects are in flight while the link is busy. */
export function estimateLink(load: PlanLoad, answers: PlanAnswers): RouteEstimate {
  const hours = usableHours(answers.link)
  const items = itemDaysBetween(load.items, stretched(answers.link.itemsPerSecond, hours))
  const bytes = exactly(Math.max(linkDays(load, answers, hours), diskDays(load.bytes, answers.sourceMegabytesPerSecond)))
  return online('link', load, answers, items, bytes, [], [])
}

/** The share fills the gateway's cache from the LAN while the gateway uploads: the slower of the two rules, and small files have a ceiling. */
export function estimateShare(load: PlanLoad, answers: PlanAnswers): RouteEstimate {
  const { gateway } = answers
  const hours = usableHours(answers.link)
  const items = exactly(itemDays(load.items, gateway.filesPerSecond * (hours / 24)))
  const bytes = exactly(Math.max(linkDays(load, answers, hours), diskDays(load.bytes, answers.sourceMegabytesPerSecond)))
  const notPossible: PlanNote[] = gateway.size === 'none' ? [{ code: 'no-gateway', text: 'There is no Storage Gateway.' }] : []
  const warnings: PlanNote[] = []
  if (gateway.size !== 'none' && load.items > cachedMetadata[gateway.size])
    warnings.push({
      code: 'more-than-cached-metadata',
      text: `A ${gateway.size} gateway keeps the metadata of ${cachedMetadata[gateway.size]} files in its cache. It stores more, but lists them more slowly.`,
    })
  if (load.bytes > gateway.cacheBytes)
    warnings.push({
      code: 'larger-than-cache',
      text: `The cache of ${formatBytes(gateway.cacheBytes)} fills up: copying then waits for the link. What is copied to the share is not yet in S3.`,
    })
  return online('share', load, answers, items, bytes, notPossible, warnings)
}

function linkDays(load: PlanLoad, answers: PlanAnswers, hours: number): number {
  return onlineDays(load.bytes, answers.link.megabitsPerSecond, answers.link.share, hours)
}

function stretched(perSecond: Range, hours: number): Range {
  return range(perSecond.low * (hours / 24), perSecond.high * (hours / 24))
}

function exactly(days: number): Range {
  return range(days, days)
}

function online(
  route: 'link' | 'share',
  load: PlanLoad,
  answers: PlanAnswers,
  items: Range,
  bytes: Range,
  notPossible: readonly PlanNote[],
  warnings: readonly PlanNote[],
): RouteEstimate {
  const transfer = rounded(overlapped(items, bytes))
  const verify = rounded(itemDaysBetween(load.items, answers.verifyItemsPerSecond))
  const { prices } = answers
  const gigabytes = load.bytes / 1e9
  const months = Math.max(1, Math.ceil(transfer.high / 30))
  const cost = (low: number, high: number): RouteEstimate['cost'] =>
    prices === undefined ? null : { low, high, currency: prices.currency, asOf: prices.asOf, source: prices.source, indicative: true }
  const shareCost = prices === undefined ? 0 : Math.min(gigabytes * prices.sharePerGigabyte, months * prices.shareMonthlyCeiling)
  const linkCost = prices === undefined ? 0 : gigabytes * prices.linkPerGigabyte
  return {
    route,
    notPossible,
    warnings,
    takes: load,
    days: rounded(addRanges(transfer, verify)),
    phases: [
      { id: 'transfer', text: route === 'link' ? 'Send to S3' : 'Copy to the share; the gateway uploads', days: transfer },
      { id: 'verify', text: 'Verify against S3', days: verify },
    ],
    bottleneck: middle(items) > middle(bytes) ? 'items' : 'bytes',
    terms: { items: rounded(items), bytes: rounded(bytes) },
    devices: 0,
    waves: 0,
    onSiteDays: null,
    notices: [],
    cost: route === 'share' ? cost(shareCost, shareCost) : cost(linkCost, linkCost),
  }
}
