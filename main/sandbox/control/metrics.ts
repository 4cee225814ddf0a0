/** Metrics of the gateway as CloudWatch keeps them: counters and gauges over simulated time, read out in 5-minute periods. */
import { minute } from '../../../shared/units/duration.ts'
import type { KeptClock } from '../fastClock.ts'
import { count, type ControlState } from './state.ts'

export const basePeriod = 5 * minute

/** Counters are summed up per period and have no datapoint in a period without an event: missing is not 0. */
export const counterNames = ['CloudBytesUploaded', 'CloudBytesDownloaded', 'WriteBytes', 'ReadBytes'] as const
/** Gauges have a datapoint in every period since the gateway's activation: the value at the period's end. */
export const gaugeNames = [
  'CachePercentDirty',
  'CachePercentUsed',
  'CacheUsed',
  'CacheFree',
  'TotalCacheSize',
  'FilesFailingUpload',
  'FileSharesUnavailable',
  'IndexEvictions',
] as const
export type CounterName = (typeof counterNames)[number]
export type GaugeName = (typeof gaugeNames)[number]
export type MetricName = CounterName | GaugeName

/** One 5-minute sample: what a counter saw in it, or where a gauge stood at its end. */
export type Sample = { readonly at: number; readonly value: number; readonly events: number }

export interface Metrics {
  add(name: CounterName, value: number): void
  set(name: GaugeName, value: number): void
  /** Samples whose period begins in [from, to), oldest first. */
  samples(name: MetricName, from: number, to: number): readonly Sample[]
  /** Writes down what has gathered in memory. */
  flush(): void
}

const mostEvents = 100_000

export function openMetrics(state: ControlState, clock: KeptClock): Metrics {
  const sums = new Map<CounterName, number>()
  const levels = new Map<GaugeName, number>()
  const written = new Map<GaugeName, number>()
  for (const name of gaugeNames) {
    const last = state.row('SELECT value FROM metric_events WHERE name = ? ORDER BY at DESC, seq DESC LIMIT 1', name)
    if (last !== undefined) written.set(name, count(last['value']))
  }
  const metrics: Metrics = {
    add(name, value) {
      sums.set(name, (sums.get(name) ?? 0) + value)
    },
    set(name, value) {
      levels.set(name, value)
    },
    flush() {
      const changed = [...levels].filter(([name, value]) => written.get(name) !== value)
      if (sums.size === 0 && changed.length === 0) return
      const at = clock.now()
      state.together(() => {
        for (const [name, value] of [...sums, ...changed])
          state.run('INSERT INTO metric_events (at, name, value) VALUES (?, ?, ?)', at, name, value)
        // After a kill time goes on from here: what was measured must not lie in the future then, and outlive what is measured next.
        clock.keep()
        // CloudWatch forgets 5-minute datapoints after a while too; the sandbox keeps a fixed number of changes.
        state.run('DELETE FROM metric_events WHERE seq <= (SELECT max(seq) FROM metric_events) - ?', mostEvents)
      })
      for (const [name, value] of changed) written.set(name, value)
      sums.clear()
      levels.clear()
    },
    samples(name, from, to) {
      metrics.flush()
      const first = Math.ceil(from / basePeriod) * basePeriod
      return isCounter(name) ? counterSamples(state, name, first, to) : gaugeSamples(state, name, first, Math.min(to, clock.now()))
    },
  }
  return metrics
}

export function isCounter(name: MetricName): name is CounterName {
  return (counterNames as readonly string[]).includes(name)
}

function counterSamples(state: ControlState, name: CounterName, first: number, to: number): readonly Sample[] {
  const rows = state.rows(
    `SELECT CAST(at / ${basePeriod} AS INTEGER) * ${basePeriod} AS period, sum(value) AS total, count(*) AS events
     FROM metric_events WHERE name = ? AND at >= ? AND at < ? GROUP BY period ORDER BY period`,
    name,
    first,
    Math.ceil(to / basePeriod) * basePeriod,
  )
  return rows.map((row) => ({ at: count(row['period']), value: count(row['total']), events: count(row['events']) }))
}

function gaugeSamples(state: ControlState, name: GaugeName, first: number, to: number): readonly Sample[] {
  const before = state.row('SELECT value FROM metric_events WHERE name = ? AND at < ? ORDER BY at DESC, seq DESC LIMIT 1', name, first)
  const changes = state.rows('SELECT at, value FROM metric_events WHERE name = ? AND at >= ? ORDER BY at, seq', name, first)
  let level = before === undefined ? undefined : count(before['value'])
  let next = 0
  const samples: Sample[] = []
  for (let at = first; at < to; at += basePeriod) {
    for (; next < changes.length; next += 1) {
      const change = changes[next]
      if (change === undefined || count(change['at']) >= at + basePeriod) break
      level = count(change['value'])
    }
    if (level !== undefined) samples.push({ at, value: level, events: 1 })
  }
  return samples
}
