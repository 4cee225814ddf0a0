/** Walks the event log newest first, page by page, through the views' thread. */
import type { Answer } from '../../shared/contract/bridge.ts'
import type { Views } from './views/views.ts'

export type EventRow = Answer<'events.page'>['rows'][number]

const pageSize = 500

/** @returns whether the log is longer than was walked. */
export async function* eventPages(
  views: Views,
  kinds: readonly string[] | null,
  mostPages: number,
  signal: AbortSignal,
): AsyncGenerator<readonly EventRow[], boolean> {
  let after: string | null = null
  for (let page = 0; page < mostPages; page += 1) {
    const answer: Answer<'events.page'> = await views.ask(
      'events.page',
      { after, limit: pageSize, kinds: kinds === null ? null : [...kinds], from: null, to: null },
      signal,
    )
    yield answer.rows
    if (answer.next === null) return false
    after = answer.next
  }
  return true
}
