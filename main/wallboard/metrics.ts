/** The wallboard's figures for Prometheus, in its text format 0.0.4 (https://prometheus.io/docs/instrumenting/exposition_formats/). */
import type { WallboardFigures } from '../../shared/contract/wallboard.ts'

type Sample = { readonly labels?: Readonly<Record<string, string>>; readonly value: number }

export const metricsType = 'text/plain; version=0.0.4; charset=utf-8'

export function metricsText(figures: WallboardFigures, viewers: number): string {
  const amounts = [
    ['inventory', figures.inventory],
    ['verified', figures.verified],
  ] as const
  const lanes = figures.lanes.flatMap((lane) =>
    (['planned', 'sent', 'verified'] as const).map((state) => ({ labels: { route: lane.route, state }, amount: lane[state] })),
  )
  return [
    metric('firn_figures_timestamp_seconds', 'When these figures were taken.', [{ value: figures.at / 1000 }]),
    metric(
      'firn_state',
      'State of the board: 1 for the one that holds.',
      (['running', 'quiet', 'idle', 'broken', 'none'] as const).map((state) => ({
        labels: { state },
        value: state === figures.state ? 1 : 0,
      })),
    ),
    metric('firn_rehearsal', 'Whether this is a rehearsal against a simulated AWS.', [{ value: figures.rehearsal ? 1 : 0 }]),
    metric(
      'firn_items',
      'Items of the migration.',
      amounts.map(([state, { items }]) => ({ labels: { state }, value: items })),
    ),
    metric(
      'firn_bytes',
      'Bytes of the migration.',
      amounts.map(([state, { bytes }]) => ({ labels: { state }, value: bytes })),
    ),
    metric('firn_wrong_items', 'Items whose verdict is mismatch or missing.', [{ value: figures.wrong }]),
    metric('firn_waiting_for_person', 'Things that wait for a person.', [{ value: figures.waitingForPerson }]),
    metric(
      'firn_lane_items',
      'Items of a lane.',
      lanes.map(({ labels, amount }) => ({ labels, value: amount.items })),
    ),
    metric(
      'firn_lane_bytes',
      'Bytes of a lane.',
      lanes.map(({ labels, amount }) => ({ labels, value: amount.bytes })),
    ),
    metric(
      'firn_lane_bytes_per_second',
      'Rate of a lane; absent while nothing runs.',
      figures.lanes.flatMap(({ route, bytesPerSecond }) => (bytesPerSecond === null ? [] : [{ labels: { route }, value: bytesPerSecond }])),
    ),
    metric(
      'firn_lane_stalled',
      'Whether a lane stands still although it should move.',
      figures.lanes.map(({ route, stalled }) => ({ labels: { route }, value: stalled ? 1 : 0 })),
    ),
    metric(
      'firn_modality_items',
      'Items by modality.',
      figures.modalities.flatMap(({ modality, items, verified }) => [
        { labels: { modality, state: 'inventory' }, value: items },
        { labels: { modality, state: 'verified' }, value: verified },
      ]),
    ),
    metric(
      'firn_devices',
      'Devices by where they are.',
      Object.entries(figures.devices).map(([place, value]) => ({ labels: { place }, value })),
    ),
    metric('firn_to_land_bytes', 'Bytes in the share that are not in S3 yet; absent while nobody has looked.', known(figures.toLand)),
    metric('firn_eta_low_seconds', 'Earliest time until all is verified; absent while not known.', known(figures.eta?.low, 1000)),
    metric('firn_eta_high_seconds', 'Latest time until all is verified; absent while not known.', known(figures.eta?.high, 1000)),
    metric('firn_wallboard_viewers', 'Screens that watch the wallboard.', [{ value: viewers }]),
  ].join('')
}

function known(value: number | null | undefined, divisor = 1): readonly Sample[] {
  return value === null || value === undefined ? [] : [{ value: value / divisor }]
}

/** What is not known is left out: a 0 would be a figure. */
function metric(name: string, help: string, samples: readonly Sample[]): string {
  if (samples.length === 0) return ''
  const lines = samples.map(({ labels = {}, value }) => {
    const inside = Object.entries(labels).map(([label, text]) => `${label}="${escaped(text)}"`)
    return `${name}${inside.length === 0 ? '' : `{${inside.join(',')}}`} ${value}`
  })
  return [`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, ...lines, ''].join('\n')
}

function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
}
