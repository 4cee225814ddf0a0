/** Rows of a long list, by their place: marks say where pages begin, and only pages in sight are asked for. */
import { useCallback, useEffect, useState } from 'react'
import { useQueries, useQueryClient, type QueryClient } from '@tanstack/react-query'
import type { Input } from '../../../../shared/contract/bridge.ts'
import type { InventoryFilter, ItemRow, StudyRow } from '../../../../shared/contract/calls/archives.ts'
import type { Fault } from '../../../../shared/faults/fault.ts'
import { useAnswer } from '../../../bridge/answers.ts'
import { ask } from '../../../bridge/bridge.ts'
import type { Range } from './RowGrid.tsx'

/** Most marks that one answer may hold, and the widest they may lie apart: shared/contract/calls/archives.ts. */
const mostMarks = 5000
const widest = 5000
const longestPage = 500
/** Pages that are not in sight are let go after this long. */
const keptMs = 20_000
/** A list flung past is not asked for; it is asked for where it comes to rest. */
const restMs = 50

/** How far apart marks lie for a list of so many rows, and how long its pages are. */
export function spacing(rows: number): { readonly every: number; readonly limit: number } {
  const least = Math.ceil(rows / mostMarks)
  if (least <= 100) return { every: 100, limit: 100 }
  if (least <= longestPage) return { every: Math.ceil(least / 100) * 100, limit: Math.ceil(least / 100) * 100 }
  return { every: Math.min(widest, Math.ceil(least / longestPage) * longestPage), limit: longestPage }
}

export type Rows<Row> = {
  /** `undefined`: counting. */
  readonly rows: number | undefined
  /** More than marks reach: the rest is behind a filter. */
  readonly beyond: number
  readonly at: (index: number) => Row | undefined
  readonly fault: Fault | null
  readonly again: () => void
}

type Listed<Row> = { readonly rows: readonly Row[]; readonly next: string | null }
type LoadPage<Row> = (after: string | null, limit: number, signal: AbortSignal) => Promise<Listed<Row>>

/**
 * A page between two marks is reached from the mark before it, page by page; each is kept, so that going on costs one.
 * At most every ÷ limit steps; without marks (one study) as many as pages lie before it.
 */
async function reach<Row>(
  client: QueryClient,
  key: readonly unknown[],
  page: number,
  limit: number,
  mark: { readonly page: number; readonly after: string | null },
  load: LoadPage<Row>,
  signal: AbortSignal,
): Promise<Listed<Row>> {
  let from = mark.page
  let after = mark.after
  for (let earlier = page - 1; earlier >= mark.page; earlier -= 1) {
    const kept = client.getQueryData<Listed<Row>>([...key, earlier])
    if (kept === undefined) continue
    if (kept.next === null) return { rows: [], next: null }
    from = earlier + 1
    after = kept.next
    break
  }
  for (; from < page; from += 1) {
    const passed = await load(after, limit, signal)
    client.setQueryData([...key, from], passed)
    if (passed.next === null) return { rows: [], next: null }
    after = passed.next
  }
  return load(after, limit, signal)
}

function useInSight<Row>(
  key: readonly unknown[],
  range: Range,
  shape: { readonly rows: number; readonly limit: number; readonly every: number } | undefined,
  marks: readonly (string | null)[] | undefined,
  load: LoadPage<Row>,
): Pick<Rows<Row>, 'at' | 'fault' | 'again'> {
  const client = useQueryClient()
  const [wanted, setWanted] = useState(range)
  useEffect(() => {
    const timer = setTimeout(() => setWanted(range), restMs)
    return () => clearTimeout(timer)
  }, [range])

  const pages: number[] = []
  const limit = shape?.limit ?? longestPage
  if (shape !== undefined && marks !== undefined && shape.rows > 0) {
    const lastPage = Math.floor(Math.min(wanted.last, shape.rows - 1) / limit)
    for (let page = Math.floor(wanted.first / limit); page <= lastPage; page += 1) pages.push(page)
  }
  const perMark = shape === undefined ? 1 : Math.max(1, Math.round(shape.every / limit))
  const asked = useQueries({
    queries: pages.map((page) => {
      const mark = Math.min(Math.floor(page / perMark), Math.max(0, (marks?.length ?? 1) - 1))
      return {
        queryKey: [...key, page],
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          reach(client, key, page, limit, { page: mark * perMark, after: marks?.[mark] ?? null }, load, signal),
        gcTime: keptMs,
        staleTime: 60_000,
      }
    }),
  })
  const loaded = new Map(asked.map(({ data }, index) => [pages[index], data]))
  return {
    at: (index) => {
      const page = Math.floor(index / limit)
      const here = loaded.get(page) ?? client.getQueryData<Listed<Row>>([...key, page])
      return here?.rows[index - page * limit]
    },
    fault: (asked.find(({ error }) => error !== null)?.error as Fault | null | undefined) ?? null,
    again: () => {
      for (const one of asked) if (one.error !== null) void one.refetch()
    },
  }
}

export function useStudies(filter: InventoryFilter, range: Range): Rows<StudyRow> {
  const load = useCallback<LoadPage<StudyRow>>(
    (after, limit, signal) => ask('explorer.studies', { ...filter, after, limit }, signal),
    [filter],
  )
  return useMarked('studies', filter, range, load)
}

export function useItems(filter: InventoryFilter, range: Range): Rows<ItemRow> {
  const load = useCallback<LoadPage<ItemRow>>(
    (after, limit, signal) => ask('explorer.items', { ...filter, after, limit }, signal),
    [filter],
  )
  return useMarked('items', filter, range, load)
}

function useMarked<Row>(of: 'studies' | 'items', filter: InventoryFilter, range: Range, load: LoadPage<Row>): Rows<Row> {
  const counted = useAnswer('explorer.count', filter, { staleTime: 60_000 })
  const total = counted.data === undefined ? undefined : of === 'studies' ? counted.data.studies : counted.data.items
  const { every, limit } = spacing(total ?? 0)
  const marked = useAnswer('explorer.bookmarks', { ...filter, of, every }, { enabled: total !== undefined && total > 0, staleTime: 60_000 })
  const reachable =
    marked.data === undefined ? total : marked.data.more ? Math.min(marked.data.rows, marked.data.marks.length * every) : marked.data.rows
  const name = of === 'studies' ? 'explorer.studies' : 'explorer.items'
  const shape = reachable === undefined ? undefined : { rows: reachable, limit, every }
  const inSight = useInSight<Row>([name, 'marked', filter, every], range, shape, marked.data?.marks, load)
  return {
    ...inSight,
    rows: reachable,
    beyond: marked.data === undefined || !marked.data.more ? 0 : Math.max(0, marked.data.rows - (reachable ?? 0)),
    fault: counted.error ?? marked.error ?? inSight.fault,
    again: () => {
      if (counted.error !== null) void counted.refetch()
      if (marked.error !== null) void marked.refetch()
      inSight.again()
    },
  }
}

const noMarks = [null]

/** Items of one study, or of one series of it. `items` is how many the study or series has. */
export function useStudyItems(studyId: number, series: number | null, items: number, range: Range): Rows<ItemRow> {
  const load = useCallback<LoadPage<ItemRow>>(
    (after, limit, signal) => ask('explorer.items', { studyId, series, after, limit } satisfies Input<'explorer.items'>, signal),
    [studyId, series],
  )
  const shape = { rows: items, limit: longestPage, every: Number.MAX_SAFE_INTEGER }
  const inSight = useInSight<ItemRow>(['explorer.items', 'study', studyId, series], range, shape, noMarks, load)
  return { ...inSight, rows: items, beyond: 0 }
}
