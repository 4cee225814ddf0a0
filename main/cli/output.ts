/** The only place that writes to the terminal: results to standard output, progress and faults to standard error. */
import { wordsFor, type Fault } from '../../shared/faults/fault.ts'
import type { Progress } from '../../shared/flow/stage.ts'
import { formatBytes } from '../../shared/units/bytes.ts'
import { formatDurationRange } from '../../shared/units/duration.ts'
import { RateEstimate } from '../../shared/units/rate.ts'

const plainEvery = 5000

export type Output = {
  /** A line of result for a person; silent with --json. */
  line(text?: string): void
  /** The one summary object of --json; silent without. */
  summary(value: object): void
  progress(progress: Progress, last: boolean): void
  /** A short remark between progress lines. */
  remark(text: string): void
  /** What a person must see, also with --quiet. */
  warning(text: string): void
  fault(fault: Fault, goOnWith?: string): void
}

/** terminal: redraws one line of progress; otherwise plain lines every few seconds. */
export function openOutput(options: { json: boolean; terminal: boolean; quiet: boolean }): Output {
  let stage: string | undefined
  let rates = { items: new RateEstimate(), bytes: new RateEstimate() }
  let drawn = false
  let plainAt = 0

  const clear = (): void => {
    if (drawn) process.stderr.write('\r\x1b[2K')
    drawn = false
  }
  return {
    line(text = '') {
      if (options.json) return
      clear()
      process.stdout.write(`${text}\n`)
    },
    summary(value) {
      if (!options.json) return
      clear()
      process.stdout.write(`${JSON.stringify(value)}\n`)
    },
    progress(progress, last) {
      if (options.quiet) return
      if (stage !== progress.stage) {
        stage = progress.stage
        rates = { items: new RateEstimate(), bytes: new RateEstimate() }
        plainAt = progress.at
      }
      rates.items.observe(progress.at, progress.items)
      rates.bytes.observe(progress.at, progress.bytes)
      if (last) stage = undefined
      if (options.terminal) {
        clear()
        const text = progressText(progress, rates)
        process.stderr.write(last ? `${text}\n` : text.slice(0, Math.max((process.stderr.columns || 120) - 1, 20)))
        drawn = !last
      } else if (last || progress.at - plainAt >= plainEvery) {
        plainAt = progress.at
        process.stderr.write(`${progressText(progress, rates)}\n`)
      }
    },
    remark(text) {
      if (options.quiet) return
      clear()
      process.stderr.write(`${text}\n`)
    },
    warning(text) {
      clear()
      process.stderr.write(`WARNING: ${text}\n`)
    },
    fault(fault, goOnWith) {
      clear()
      process.stderr.write(faultText(fault, goOnWith))
    },
  }
}

function progressText(progress: Progress, rates: { items: RateEstimate; bytes: RateEstimate }): string {
  const { items, itemsTotal, bytes, bytesTotal } = progress
  const parts = [progress.stage.padEnd(10) + itemsText(items, itemsTotal)]
  if (bytes > 0 || bytesTotal !== undefined)
    parts.push(`${formatBytes(bytes)}${bytesTotal === undefined ? '' : ` of ${formatBytes(bytesTotal)}`}`)
  const byteRate = rates.bytes.perSecond()
  const itemRate = rates.items.perSecond()
  if (byteRate !== undefined && byteRate > 0) parts.push(`${formatBytes(byteRate)}/s`)
  if (itemRate !== undefined && itemRate >= 1) parts.push(`${count(Math.round(itemRate))} items/s`)
  for (const [name, value] of Object.entries(progress.also)) if (value > 0) parts.push(`${name} ${count(value)}`)
  const left =
    bytesTotal !== undefined && bytesTotal > bytes
      ? rates.bytes.remaining(bytesTotal - bytes)
      : itemsTotal !== undefined && itemsTotal > items
        ? rates.items.remaining(itemsTotal - items)
        : undefined
  if (left !== undefined) parts.push(`${formatDurationRange(left)} left`)
  if (progress.waiting !== undefined) parts.push(`waiting: ${progress.waiting}`)
  return parts.join(' · ')
}

/** A stage that only waits counts no items. */
function itemsText(items: number, total: number | undefined): string {
  if (total === undefined) return items === 0 ? '' : ` ${count(items)} items (counting)`
  return ` ${count(items)} of ${count(total)} items`
}

export function count(value: number): string {
  return value.toLocaleString('en-US')
}

/** What it was and where, without its message: that of a file system names paths, which may hold patient data. */
function causeText(cause: Error): string {
  const code = 'code' in cause ? ` ${String(cause.code)}` : ''
  const frames = (cause.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return [`      Cause: ${cause.name}${code}`, ...frames].join('\n')
}

function faultText(fault: Fault, goOnWith: string | undefined): string {
  const words = wordsFor(fault)
  const facts = Object.entries(fault.facts).map(([name, value]) => `${name} ${value}`)
  const lines = [
    `firn: ${words.happened} [${fault.code}]`,
    ...(facts.length > 0 ? [`      ${facts.join(', ')}`] : []),
    `      Data: ${words.safe}`,
    `      Next: ${words.todo}`,
  ]
  if (fault.code === 'unforeseen' && fault.cause instanceof Error) lines.push(causeText(fault.cause))
  if (goOnWith !== undefined) lines.push(`      Go on with: ${goOnWith}`)
  return `${lines.join('\n')}\n`
}
