/** Builds the evidence: one folder that says, item by item, what was proven and what was not. Whole or not there; never overwritten. */
import { chmod, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setImmediate as breathe } from 'node:timers/promises'
import { evidenceSummary, type EvidenceSummary } from '../../shared/contract/report.ts'
import { canonicalEntry, type ChainedEntry } from '../../shared/domain/custody.ts'
import { outcomeOf } from '../../shared/domain/evidence.ts'
import { itemName } from '../../shared/domain/item.ts'
import { runStage, type StageEvent, type StageReport } from '../../shared/flow/stage.ts'
import type { EventLog, EvidenceJournal } from '../../shared/ports/journal.ts'
import type { PostureRecord } from '../../shared/ports/postureJournal.ts'
import type { World } from '../../shared/ports/world.ts'
import { toHex } from '../../shared/units/digest.ts'
import { payloadFolder, sealBag, signatureFile } from './bag.ts'
import { createFileSink, diskFault, type FileSink, type WrittenFile } from './fileSink.ts'
import { archiveFingerprint, type ArchiveFingerprint } from './fingerprint.ts'
import { createParquetSink, type ParquetSink } from './parquetSink.ts'
import { reportHtml } from './reportHtml.ts'
import { reportPdf } from './reportPdf.ts'
import type { Signer } from './signer.ts'
import { summarize, type ProvenJournal, type WalkedLog } from './summarize.ts'
import { syncFolder } from './syncFolder.ts'
import * as tables from './tables.ts'
import { zipBundle } from './zipBundle.ts'
import { newTally, type Tally } from './tally.ts'

export type EvidenceInput = {
  readonly journal: ProvenJournal
  /** Bundles lie below it, each in a folder of its own. Made when absent; closed to all but its owner. */
  readonly folder: string
  readonly world: World
  /** Also writes items-with-paths.csv and the keys of extra objects. Paths may hold protected health information. */
  readonly includePaths: boolean
  /** Of this migration alone: key of the HMAC-SHA-256 that stands for keys of extra objects. */
  readonly hashKey: Uint8Array
  readonly signer: Signer
  /** Also packs the bundle into one ZIP file beside it. */
  readonly zip?: boolean
  /** What went wrong on the way, by fault code. */
  readonly faultsDuringRun?: readonly { readonly code: string; readonly times: number }[]
  /** Words for the reasons of verdicts, by code, beside those of anomalies and faults. */
  readonly reasonWords?: Readonly<Record<string, string>>
}

export type EvidenceOutcome = {
  readonly folder: string
  readonly summary: EvidenceSummary
  readonly files: readonly WrittenFile[]
  /** Its path, if one was asked for. */
  readonly zip: string | undefined
}

const unfinishedMark = '.unfinished-'
const rowsAtOnce = 500
/** Evidence is for the person who made it to hand on: other users of the machine may not look into the folder. */
const ownerOnly = 0o700

/**
 * The caller holds the journal's lease, so nobody else writes below `folder`. After an abort or a failure no part of a bundle is left.
 * @throws Fault disk-full
 */
export function buildEvidence(input: EvidenceInput, signal: AbortSignal): AsyncGenerator<StageEvent<EvidenceOutcome>, void> {
  return runStage('evidence', input.world.clock, signal, (report) => build(input, report, signal))
}

async function build(input: EvidenceInput, report: StageReport, signal: AbortSignal): Promise<EvidenceOutcome> {
  const { journal, world, folder } = input
  const at = world.clock.now()
  const bundle = `${new Date(at).toISOString().replaceAll(/:|\.\d+/g, '')}-${world.random.uuid().slice(0, 8)}`
  const unfinished = join(folder, `${unfinishedMark}${bundle}`)
  try {
    await mkdir(folder, { recursive: true, mode: ownerOnly })
    await chmod(folder, ownerOnly)
    await sweep(folder)
    await mkdir(join(unfinished, payloadFolder), { recursive: true, mode: ownerOnly })
    const files: WrittenFile[] = []
    const summary = await writeBundle(input, { bundle, at, folder: unfinished, files, report, signal })
    const root = await sealBag(unfinished, files, summary, input.signer)
    signal.throwIfAborted()
    await syncFolder(join(unfinished, payloadFolder))
    await syncFolder(unfinished)
    const final = join(folder, bundle)
    // A bundle that is there already makes this fail: rename replaces only an empty folder, and a bundle is never empty.
    await rename(unfinished, final)
    await syncFolder(folder)
    journal.append('evidence-written', {
      bundle,
      tone: summary.tone,
      items: summary.items,
      fingerprint: summary.contentFingerprint,
      // Of the tag manifest, which names the digest of the manifest of the payload: nothing in the bundle can change without it.
      manifest: root.sha256,
    })
    world.log.info('evidence', 'evidence-written', { bundle, items: summary.items })
    const names = [...files.map(({ name }) => name), signatureFile]
    const zip = input.zip === true ? await zipBundle(final, names, new Date(at), unfinishedMark, signal) : undefined
    return { folder: final, summary, files, zip }
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    throw diskFault(error)
  }
}

type Bundle = {
  readonly bundle: string
  readonly at: number
  readonly folder: string
  readonly files: WrittenFile[]
  readonly report: StageReport
  readonly signal: AbortSignal
}

async function writeBundle(input: EvidenceInput, made: Bundle): Promise<EvidenceSummary> {
  const { journal, includePaths, hashKey } = input
  const { tally, fingerprints } = await writeItems(input, made)
  const extras = await writeFile(made, 'extras.csv', async (sink) => {
    await sink.write(tables.csv([includePaths ? tables.extraColumnsWithKey : tables.extraColumns]))
    return writeRows(sink, journal.extras(), (extra) => tables.extraRow(extra, hashKey, includePaths), made.signal)
  })
  for (const [name, groups] of [
    ['studies.csv', journal.verdictsByStudy()],
    ['series.csv', journal.verdictsBySeries()],
  ] as const) {
    await writeFile(made, name, async (sink) => {
      await sink.write(tables.csv([tables.groupColumns]))
      return writeRows(sink, groups, tables.groupRow, made.signal)
    })
  }
  const chained = journal.devices().flatMap((device) => [...journal.custody(device.id)])
  const custody = chained.toSorted((a, b) => a.at - b.at)
  await writeFile(made, 'custody.csv', (sink) => writeCustody(sink, custody))
  const jobLogs = journal.devices().flatMap(({ id }) => journal.jobLogs(id).map((log) => tables.jobLogRow(id, log)))
  await writeFile(made, 'job-logs.csv', (sink) => sink.write(tables.csv([tables.jobLogColumns, ...jobLogs])))
  const postures = journal.postures()
  await writeFile(made, 'posture.json', (sink) => sink.write(`${JSON.stringify(postures.map(postureEntry), null, 2)}\n`))
  await writeFile(made, 'custody.ndjson', (sink) => sink.write(chained.map(custodyLine).join('')))
  const log = await writeFile(made, 'events.ndjson', (sink) => writeEvents(sink, journal, made.signal))
  const studies = await countStudies(journal, made.signal)

  const summary = evidenceSummary.parse(
    summarize({
      journal,
      tally,
      fingerprints,
      extras,
      studies,
      log,
      bundle: made.bundle,
      signedBy: input.signer.fingerprint,
      at: made.at,
      includePaths,
      faults: input.faultsDuringRun ?? [],
      reasonWords: input.reasonWords ?? {},
    }),
  )
  await writeFile(made, 'summary.json', (sink) => sink.write(`${JSON.stringify(summary, null, 2)}\n`))
  await writeFile(made, 'report.html', (sink) => sink.write(reportHtml(summary, custody)))
  await writeFile(made, 'report.pdf', async (sink) => sink.write(await reportPdf(summary, custody)))
  return summary
}

/** The one walk over all items: items.csv, anomalies.csv, the file with paths if wanted, the counts and the fingerprints. */
async function writeItems(input: EvidenceInput, made: Bundle): Promise<{ tally: Tally; fingerprints: ReadonlyMap<number, string> }> {
  const tally = newTally()
  const open = new Map<number, ArchiveFingerprint>()
  for (const archive of input.journal.archives()) open.set(archive.id, archiveFingerprint())
  const sinks: (FileSink | ParquetSink)[] = []
  const sinkOf = async (name: string, columns: readonly string[], warning = ''): Promise<FileSink> => {
    const sink = await createFileSink(made.folder, `${payloadFolder}/${name}`)
    sinks.push(sink)
    await sink.write(warning + tables.csv([columns]))
    return sink
  }
  try {
    const items = await sinkOf('items.csv', tables.itemColumns)
    const parquet = await createParquetSink(made.folder, `${payloadFolder}/items`, tables.itemParquet)
    sinks.push(parquet)
    const anomalies = await sinkOf('anomalies.csv', tables.anomalyColumns)
    const paths = input.includePaths ? await sinkOf('items-with-paths.csv', tables.pathColumns, pathWarning) : undefined
    let itemRows: (readonly (string | number)[])[] = []
    let anomalyRows: (readonly (string | number)[])[] = []
    let pathRows: (readonly (string | number)[])[] = []
    const flush = async (): Promise<void> => {
      made.signal.throwIfAborted()
      await items.write(tables.csv(itemRows))
      if (anomalyRows.length > 0) await anomalies.write(tables.csv(anomalyRows))
      if (paths !== undefined) await paths.write(tables.csv(pathRows))
      itemRows = []
      anomalyRows = []
      pathRows = []
      await breathe()
    }
    for (const item of input.journal.evidence()) {
      const { outcome, reason } = outcomeOf(item)
      tally.add(item, outcome, reason)
      open.get(item.archiveId)?.add({ path: item.path, size: item.size, sha256: item.sha256, outcome, anomalies: item.anomalies })
      const row = tables.itemRow(item, outcome, reason)
      itemRows.push(row)
      await parquet.add(row)
      for (const code of item.anomalies.toSorted()) anomalyRows.push([itemName(item.id), code])
      if (paths !== undefined) pathRows.push(tables.pathRow(item, outcome))
      made.report.add(1, item.size)
      if (itemRows.length >= rowsAtOnce) await flush()
    }
    if (itemRows.length > 0) await flush()
    for (const sink of sinks) made.files.push(...[await sink.close()].flat())
  } finally {
    for (const sink of sinks) await sink.abandon()
  }
  return { tally, fingerprints: new Map([...open].map(([id, one]) => [id, one.hex()])) }
}

const pathWarning = '# Paths may hold protected health information. Keep this file inside the hospital.\r\n'

async function writeFile<Result>(made: Bundle, name: string, write: (sink: FileSink) => Promise<Result>): Promise<Result> {
  made.signal.throwIfAborted()
  const sink = await createFileSink(made.folder, `${payloadFolder}/${name}`)
  try {
    const result = await write(sink)
    made.files.push(await sink.close())
    return result
  } finally {
    await sink.abandon()
  }
}

/** @returns how many. */
async function writeRows<One>(
  sink: FileSink,
  all: Iterable<One>,
  row: (one: One) => readonly (string | number)[],
  signal: AbortSignal,
): Promise<number> {
  let count = 0
  let rows: (readonly (string | number)[])[] = []
  const flush = async (): Promise<void> => {
    signal.throwIfAborted()
    await sink.write(tables.csv(rows))
    rows = []
    await breathe()
  }
  for (const one of all) {
    rows.push(row(one))
    count += 1
    if (rows.length >= rowsAtOnce) await flush()
  }
  if (rows.length > 0) await flush()
  return count
}

async function writeCustody(sink: FileSink, entries: readonly ChainedEntry[]): Promise<void> {
  await sink.write(tables.csv([tables.custodyColumns]))
  if (entries.length > 0) await sink.write(tables.csvOfPeople(entries.map(tables.custodyRow)))
}

function postureEntry({ at, ...record }: PostureRecord): object {
  return { at: new Date(at).toISOString(), ...record }
}

/** The hash is the SHA-256 of the text after `"entry":`, up to the last brace. */
function custodyLine(entry: ChainedEntry): string {
  return `{"hash":"${entry.hash}","entry":${canonicalEntry(entry, entry.previous)}}\n`
}

/** One JSON object per line. `at` and `body` are as hashed; `time` is `at` for people. */
async function writeEvents(sink: FileSink, journal: EventLog, signal: AbortSignal): Promise<WalkedLog> {
  let head: string | null = null
  const policyChanged = new Map<number, number>()
  for (const event of journal.events()) {
    head = toHex(event.hash)
    const { sequence, at, kind, body } = event
    const archive = kind === 'clutter-policy-changed' ? archiveIn(body) : undefined
    if (archive !== undefined) policyChanged.set(archive, at)
    await sink.write(
      `${JSON.stringify({ sequence, at, time: new Date(at).toISOString(), kind, body, previous: toHex(event.previous), hash: head })}\n`,
    )
    signal.throwIfAborted()
  }
  return { head, policyChanged }
}

function archiveIn(body: string): number | undefined {
  const facts: unknown = JSON.parse(body)
  return typeof facts === 'object' && facts !== null && 'archive' in facts && typeof facts.archive === 'number' ? facts.archive : undefined
}

async function countStudies(journal: EvidenceJournal, signal: AbortSignal): Promise<{ total: number; whollyVerified: number }> {
  let total = 0
  let whollyVerified = 0
  for (const study of journal.verdictsByStudy()) {
    total += 1
    if (study.items > 0 && study.counts.verified === study.items) whollyVerified += 1
    if (total % 1000 === 0) {
      signal.throwIfAborted()
      await breathe()
    }
  }
  return { total, whollyVerified }
}

/** What a killed run left: nobody else writes here, so it belongs to nobody. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith(unfinishedMark)) await rm(join(folder, name), { recursive: true, force: true })
}
