/** What was left behind on the way or refused, by cause; and what waits on its lane. */
import type { Answer, Parsed } from '../../../shared/contract/bridge.ts'
import { anomalyCodes } from '../../../shared/domain/anomaly.ts'
import { canRetry } from '../../../shared/domain/retry.ts'
import { judgedPage, leftBehindFor } from './judgedItems.ts'
import type { Look } from './look.ts'
import { standings } from './standings.ts'

type Failure = Answer<'failures.list'>['failures'][number]

export async function failuresList(look: Look): Promise<Answer<'failures.list'>> {
  const causes = new Map<string, Failure>()
  const { groups } = await standings(look)
  for (const { outcome, reason = 'not-said', state, file, present, items, bytes } of groups) {
    if (outcome !== 'left-behind') continue
    const cause = causes.get(reason) ?? { code: reason, what: whatIs(reason), items: 0, bytes: 0, canRetry: false }
    cause.items += items
    cause.bytes += bytes
    // What a scan barred needs a scan.
    cause.canRetry ||= state === 'left-behind' && file && present && canRetry(reason)
    causes.set(reason, cause)
  }
  return { failures: [...causes.values()].toSorted((a, b) => b.items - a.items || (a.code < b.code ? -1 : 1)) }
}

function whatIs(code: string): Failure['what'] {
  return (anomalyCodes as readonly string[]).includes(code) ? 'anomaly' : 'fault'
}

export async function failuresItems(look: Look, input: Parsed<'failures.items'>): Promise<Answer<'failures.items'>> {
  return await judgedPage(
    look,
    input,
    leftBehindFor(input.code),
    (item) => item.outcome === 'left-behind' && item.reason === input.code,
    ({ id, size, route }) => ({ itemId: id, size, route: route ?? null }),
  )
}
