/** Remembers how often each key was put, and by whom: benches and kill tests ask what was sent twice. */
import type { PutOptions } from './contract.ts'
import { count, text, type ControlState } from './control/state.ts'
import { ObjectStore } from './s3/objectStore.ts'
import type { BucketRow } from './s3/records.ts'

/** link: a caller of S3. device: a caller of a device. The others: the sandbox itself. */
export type PutPlace = 'link' | 'device' | 'import' | 'gateway-data' | 'gateway-metadata' | 'own'

export type PutCounts = {
  /** Completed PUTs and completed multipart uploads, by who made them. */
  readonly completed: Readonly<Partial<Record<PutPlace, number>>>
  /** Keys that one place put more than once; at most a thousand of them. A device's place names its job. */
  readonly repeated: readonly { readonly place: string; readonly key: string; readonly times: number }[]
}

/** Options remembered as made by a part of the sandbox; a put with other options came over the wire. */
const origins = new WeakMap<object, PutPlace>()

export function putBy(place: PutPlace, options: PutOptions): PutOptions {
  const marked = { ...options }
  origins.set(marked, place)
  return marked
}

/**
 * Counts every version that is made in the store from now on.
 * @param holder '' for the cloud, a job's id for a device.
 */
export function countPuts<Store extends ObjectStore>(store: Store, state: ControlState, place: 'link' | 'device', holder: string): Store {
  const commit = store.commit.bind(store)
  store.commit = (bucket, key, draft, facts, body, allowed) => {
    const kept = commit(bucket, key, draft, facts, body, allowed)
    const by = origins.get(facts) ?? place
    const where = holder === '' ? by : `${by} ${holder}`
    state.run('INSERT INTO puts VALUES (?, ?, 1) ON CONFLICT (place, key) DO UPDATE SET times = times + 1', where, `${bucket}/${key}`)
    return kept
  }
  return store
}

/** The cloud's store: buckets that belong to the service are not among the customer's. */
export class CloudStore extends ObjectStore {
  readonly #hidden = new Set<string>()

  hide(bucket: string): void {
    this.#hidden.add(bucket)
  }

  override buckets(): readonly BucketRow[] {
    return super.buckets().filter((bucket) => !this.#hidden.has(bucket.name))
  }
}

export function putCounts(state: ControlState): PutCounts {
  const completed: Partial<Record<PutPlace, number>> = {}
  for (const row of state.rows('SELECT place, sum(times) AS times FROM puts GROUP BY place')) {
    const place = (text(row['place']) ?? '').split(' ')[0] as PutPlace
    completed[place] = (completed[place] ?? 0) + count(row['times'])
  }
  const repeated = state
    .rows('SELECT place, key, times FROM puts WHERE times > 1 ORDER BY place, key LIMIT 1000')
    .map((row) => ({ place: text(row['place']) ?? '', key: text(row['key']) ?? '', times: count(row['times']) }))
  return { completed, repeated }
}
