/**
 * The support bundle: what somebody far away needs to understand a trouble, and nothing else. No paths, no names, no keys: what is not known to be
 * harmless is masked, also where it should not have been written in the first place. A person reads all of it before it is saved.
 */
import { open } from 'node:fs/promises'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { z } from 'zod'
import type { CheckStep } from '../../shared/contract/calls/call.ts'
import type { MigrationConfig } from '../../shared/contract/migrationConfig.ts'
import { anomalyCodes } from '../../shared/domain/anomaly.ts'
import { jobStates } from '../../shared/domain/device.ts'
import { catalogue } from '../../shared/faults/catalogue.ts'
import { eventPages } from './eventPages.ts'
import type { Session } from './session.ts'

export type SupportFile = { readonly name: string; readonly text: string }
export type SupportInput = { readonly home: string; readonly session: Session | undefined; readonly doctor: readonly CheckStep[] }

const masked = '(masked)'
const lastLogBytes = 64 * 1024
const mostEventPages = 20

export async function supportFiles({ home, session, doctor }: SupportInput, signal: AbortSignal): Promise<readonly SupportFile[]> {
  const files: SupportFile[] = [
    json('about.json', about(session)),
    json(
      'doctor.json',
      doctor.map(({ step, state, durationMs, message, todo }) => ({ step, state, durationMs, message: harmlessSentence(message), todo })),
    ),
    { name: 'engine.ndjson', text: await lastLines(join(home, 'engine.log')) },
  ]
  if (session === undefined) return files
  const { config, files: own } = session.migration
  return [
    ...files,
    json('settings.json', maskedConfig(config)),
    json('figures.json', await figures(session, signal)),
    json('events.json', await eventCounts(session, signal)),
    { name: 'migration.ndjson', text: await lastLines(own.log) },
  ]
}

function about(session: Session | undefined): object {
  const { rss, heapUsed } = process.memoryUsage()
  return {
    firn: version(),
    node: process.versions.node,
    electron: process.versions['electron'] ?? null,
    platform: process.platform,
    arch: process.arch,
    engine: { uptimeSeconds: Math.round(process.uptime()), memoryBytes: rss, heapBytes: heapUsed },
    migration: session === undefined ? null : { kind: session.migration.journal.migration().kind },
  }
}

function version(): string {
  try {
    const read: unknown = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../package.json'), 'utf8'))
    return z.object({ version: z.string() }).parse(read).version
  } catch {
    return 'unknown'
  }
}

/** What is set, not what it is set to; numbers of a rehearsal are its own. */
function maskedConfig(config: MigrationConfig): object {
  const { rehearsal, snowball, share, profile, keptKeys, region, ignore } = config
  return {
    region,
    access: profile === undefined ? (keptKeys === undefined ? 'usual chain' : 'kept keys') : 'profile',
    clutterPatterns: ignore.length,
    snowball:
      snowball === undefined
        ? null
        : {
            roleArn: masked,
            kmsKeyArn: snowball.kmsKeyArn === undefined ? null : masked,
            address: masked,
            shippingOption: snowball.shippingOption,
          },
    share: share === undefined ? null : { folder: masked, shareArn: share.shareArn === undefined ? null : masked },
    rehearsal: rehearsal === undefined ? null : { ...rehearsal, faultPlan: rehearsal.faultPlan === undefined ? null : masked },
  }
}

async function figures({ views, migration }: Session, signal: AbortSignal): Promise<object> {
  const { totals, verdicts, extras, lanes } = await views.figures(signal)
  return {
    archives: migration.journal.archives().length,
    totals,
    verdicts,
    extras,
    lanes,
    devices: migration.journal.fleet().map(({ id, state, wave }) => ({ id, wave, state: harmless(state) })),
  }
}

/** How often what happened: kinds and counts, without their facts. */
async function eventCounts({ views }: Session, signal: AbortSignal): Promise<object> {
  const counts = new Map<string, number>()
  const pages = eventPages(views, null, mostEventPages, signal)
  let counted = 0
  for (;;) {
    const page = await pages.next()
    if (page.done === true) {
      const kinds = Object.fromEntries([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)))
      return { counted, olderNotCounted: page.value, kinds }
    }
    for (const { kind } of page.value) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    counted += page.value.length
  }
}

const code = z.string().regex(/^[a-z][a-z0-9-]{0,39}$/)
const logLine = z.object({
  at: z.iso.datetime(),
  level: z.enum(['info', 'warn', 'error']),
  area: code,
  code,
  facts: z.record(z.string(), z.unknown()).default({}),
})

/** The end of a log, line by line through the mask. What is no line of ours is only counted. */
async function lastLines(file: string): Promise<string> {
  let text: string
  try {
    await using handle = await open(file)
    const { size } = await handle.stat()
    const length = Math.min(size, lastLogBytes)
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, size - length)
    text = buffer.toString('utf8', 0, bytesRead)
    // The first line of a piece is seldom whole.
    if (length < size) text = text.slice(text.indexOf('\n') + 1)
  } catch {
    return ''
  }
  const lines: string[] = []
  let passedOver = 0
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const parsed = parse(line)
    if (parsed === undefined) passedOver += 1
    else lines.push(JSON.stringify({ ...parsed, facts: maskedFacts(parsed.facts) }))
  }
  if (passedOver > 0) lines.push(JSON.stringify({ passedOver }))
  return lines.map((line) => `${line}\n`).join('')
}

function parse(line: string): z.infer<typeof logLine> | undefined {
  try {
    return logLine.parse(JSON.parse(line))
  } catch {
    return undefined
  }
}

function maskedFacts(facts: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const entries = Object.entries(facts).map(([name, value]) => {
    const known = factNames.has(name) ? name : masked
    return [known, typeof value === 'number' || typeof value === 'boolean' ? value : typeof value === 'string' ? harmless(value) : masked]
  })
  return Object.fromEntries(entries) as Record<string, unknown>
}

/** What our faults and log lines call their facts. */
const factNames: ReadonlySet<string> = new Set(
  `archive archives attempts bundle broke bytes call code device devices dirtyPercent disk endsInSeconds entries errno failing fault field file files
   freeBytes inUse issue item items job kind left limit location looks missing neededBytes notLoaded open passphrase permission pid plan problem
   requestId retry server shares speed sqlite stage state status stands studies times to tried twins wave whenAlone work works`.split(
    /\s+/,
  ),
)

const words: ReadonlySet<string> = new Set([
  ...Object.keys(catalogue),
  ...anomalyCodes,
  ...jobStates,
  'host',
  'sandbox',
  'journal',
  'rehearsal',
  'real',
  'device',
  'share',
  'link',
  'unknown',
  'credentials',
  'stop',
  'go-on',
])
/** AWS's operation, an error number of the system, a job, an error name of AWS or of zod. */
const forms = [
  /^(?:s3|snowball|storagegateway|cloudwatch):[A-Za-z]{3,40}$/,
  /^E[A-Z0-9]{2,20}$/,
  /^JID[0-9a-f-]{36}$/,
  /^[A-Z][A-Za-z]{2,40}(?:Exception|Error|Fault)$/,
  /^(?:invalid|too|unrecognized|not)_[a-z_]{2,20}$/,
]

/** Only what is known to say nothing about anybody. */
function harmless(text: string): string {
  return words.has(text) || forms.some((form) => form.test(text)) ? text : masked
}

/** Of a check-up's sentence: numbers and addresses of machines stay out. */
function harmlessSentence(text: string): string {
  return text
    .replaceAll(/\bhttps?:\/\/\S+/g, masked)
    .replaceAll(/(?:[A-Za-z]:)?[\\/][^\s,;]+/g, masked)
    .replaceAll(/\barn:\S+/g, masked)
    .replaceAll(/\bhost \S+/g, `host ${masked}`)
}

function json(name: string, value: unknown): SupportFile {
  return { name, text: `${JSON.stringify(value, undefined, 2)}\n` }
}
