/** What tray, taskbar and quit gate say of the work in flight: made from the last snapshot. */
import type { MigrationSnapshot, Snapshot, WorkState } from '../../shared/contract/snapshot.ts'
import type { DesktopWords } from './words.ts'
import type { Language } from '../../shared/contract/settings.ts'

/** `fraction` undefined: not known, counting. */
export type Progress = { readonly at: 'nothing' } | { readonly at: 'running' | 'paused' | 'wrong'; readonly fraction: number | undefined }

const open: ReadonlySet<WorkState['state']> = new Set(['running', 'stopping', 'paused'])

export function openWorks(snapshot: Snapshot | undefined): readonly WorkState[] {
  return snapshot?.migration?.works.filter(({ state }) => open.has(state)) ?? []
}

export function progressOf(snapshot: Snapshot | undefined): Progress {
  const works = openWorks(snapshot)
  if (works.length === 0) return { at: 'nothing' }
  const at = works.some(({ stalledSince }) => stalledSince !== null)
    ? 'wrong'
    : works.every(({ state }) => state === 'paused')
      ? 'paused'
      : 'running'
  return { at, fraction: fractionOf(works) }
}

/** By bytes where all are known, by items otherwise. */
function fractionOf(works: readonly WorkState[]): number | undefined {
  return (
    ratio(works.map(({ bytes, bytesTotal }) => [bytes, bytesTotal])) ?? ratio(works.map(({ items, itemsTotal }) => [items, itemsTotal]))
  )
}

function ratio(parts: readonly (readonly [number, number | null])[]): number | undefined {
  let done = 0
  let all = 0
  for (const [amount, total] of parts) {
    if (total === null) return undefined
    done += Math.min(amount, total)
    all += total
  }
  return all === 0 ? undefined : done / all
}

/** One line per work, for the quit gate. No names, no paths: a snapshot has none. */
export function workLines(snapshot: Snapshot | undefined, words: DesktopWords, language: Language): readonly string[] {
  const format = new Intl.NumberFormat(language)
  return openWorks(snapshot).map((work) => {
    const { items, itemsTotal } = work
    const amount = words.items(format.format(items), itemsTotal === null ? `… (${words.counting})` : format.format(itemsTotal))
    return `• ${workName(work, words)}: ${amount}`
  })
}

export function workName({ kind, deviceId, state }: WorkState, words: DesktopWords): string {
  return `${words.works[kind]}${deviceId === null ? '' : ` ${deviceId}`}${state === 'paused' ? ` (${words.paused})` : ''}`
}

/** Beside the tray's icon when the pointer rests on it. */
export function trayText(snapshot: Snapshot | undefined, words: DesktopWords, language: Language): string {
  const progress = progressOf(snapshot)
  if (progress.at === 'nothing') return `Firn: ${words.idle}`
  const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 0 })
  const first = openWorks(snapshot)[0]
  const what = first === undefined ? words.idle : words.works[first.kind]
  const state = progress.at === 'paused' ? `, ${words.paused}` : ''
  // Rounded down: 100 % is said when it is.
  return `Firn: ${what}${progress.fraction === undefined ? '' : ` ${percent.format(Math.floor(progress.fraction * 100) / 100)}`}${state}`
}

export function isPausedAll(snapshot: Snapshot | undefined): boolean {
  const migration: MigrationSnapshot | null | undefined = snapshot?.migration
  return migration?.pausedAll === true
}
