/**
 * Does the application stay smooth over a large journal? Scans, plans, sends and verifies a synthetic archive, then asks the views what screens ask.
 * node bench/explorer.ts [ITEMS=1000000] [FOLDER]: one line of JSON for each call. A folder that is given is kept and used again.
 */
import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openViews, type Views, type ViewName } from '../main/engine/views/views.ts'
import { realWorld } from '../main/engine/world.ts'
import { scan } from '../main/inventory/scan.ts'
import { createJournal } from '../main/journal/openJournal.ts'
import { makePlan } from '../main/plan/makePlan.ts'
import { verify } from '../main/verify/verify.ts'
import { calls, type Answer, type Input, type Parsed } from '../shared/contract/bridge.ts'
import { parsePlanAnswers } from '../shared/contract/planAnswers.ts'
import { outcomeOf, recordSent } from './recordSent.ts'
import { syntheticSource, syntheticStore } from './syntheticTree.ts'

const prefix = 'pacs/'
const never = new AbortController().signal
const world = realWorld({ info: () => undefined, warn: () => undefined, error: () => undefined })

const items = Number(process.argv[2] ?? 1_000_000)
const given = process.argv[3]
const folder = given ?? mkdtempSync(join(tmpdir(), 'firn-bench-explorer-'))
try {
  if (!existsSync(join(folder, 'journal.db'))) await fill()
  await measure()
} finally {
  if (given === undefined) rmSync(folder, { recursive: true, force: true })
}

async function fill(): Promise<void> {
  const journal = createJournal(join(folder, 'journal.db'), world, { name: 'bench', kind: 'rehearsal' })
  const archive = journal.addArchive({ root: '/synthetic', bucket: 'bench', prefix, clutter: { ignore: [] } })
  const archives = [archive]
  await timed('scan', () => outcomeOf(scan({ archive, source: syntheticSource(items), journal, world }, never)))
  const division = { kind: 'by-study-date', deviceBefore: '20200101' }
  const answers = parsePlanAnswers({ today: '2026-01-01', snowball: 'yes', snowballEnds: null, division })
  await timed('plan', () => outcomeOf(makePlan({ journal, archives, answers, world }, never)))
  recordSent(journal)
  const store = syntheticStore(items, prefix)
  await timed('verify', () => outcomeOf(verify({ archives, store, sourceOf: () => syntheticSource(items), journal, world }, never)))
  journal.close()
}

async function measure(): Promise<void> {
  const views = await openViews(folder)
  const journalMiB = Math.round(statSync(join(folder, 'journal.db')).size / 2 ** 20)
  const ask = async <Name extends ViewName>(label: string, name: Name, input: Input<Name>, times = 1): Promise<unknown> => {
    const parsed = calls[name].input.parse(input) as Parsed<Name>
    let answer: unknown
    for (let time = 0; time < times; time += 1) answer = await timed(label, () => views.ask(name, parsed))
    return answer
  }
  await timed('figures (first)', () => views.figures())
  await timed('figures (kept)', () => views.figures())
  await ask('archives.list', 'archives.list', {})
  await ask('archives.heatMap', 'archives.heatMap', {})
  await ask('archives.sizes', 'archives.sizes', {})
  await ask('archives.coldness', 'archives.coldness', {})
  await ask('explorer.count, no filter', 'explorer.count', {})
  await ask('explorer.count, a modality', 'explorer.count', { modality: 'CT' })
  await ask('explorer.count, a route', 'explorer.count', { route: 'share' })
  await ask('explorer.bookmarks of studies', 'explorer.bookmarks', { of: 'studies', every: 50 })
  const marks = (await ask('explorer.bookmarks of items', 'explorer.bookmarks', { of: 'items', every: 500 })) as {
    marks: (string | null)[]
  }
  const middle = marks.marks[marks.marks.length >> 1] ?? null
  await ask('explorer.studies, 100 of them', 'explorer.studies', {}, 2)
  await ask('explorer.items, 100, first page', 'explorer.items', {}, 2)
  await ask('explorer.items, 100, in the middle', 'explorer.items', { after: middle }, 2)
  await ask('explorer.items, 500, in the middle', 'explorer.items', { after: middle, limit: 500 }, 2)
  await ask('explorer.items by route, first page', 'explorer.items', { route: 'share' }, 2)
  await ask('explorer.item', 'explorer.item', { itemId: items >> 1 }, 2)
  await ask('verification.summary', 'verification.summary', {})
  await ask('verification.studies', 'verification.studies', { only: 'all' }, 2)
  await ask('verification.items', 'verification.items', { verdict: 'verified' })
  await ask('plan.count, first', 'plan.count', { rule: {} })
  await ask('plan.count, another rule', 'plan.count', { rule: { coldYears: 5 } })
  await ask('failures.list', 'failures.list', {})
  await ask('transfers.waiting', 'transfers.waiting', { route: 'share' })
  await timed('deviceLetters', () => views.deviceLetters(1))
  await slowestPageBesideSums(views)
  process.stdout.write(`${items} items: journal ${journalMiB} MiB, peak ${Math.round(process.resourceUsage().maxRSS / 1024)} MiB\n`)
  await views.close()
}

/** Pages are turned while the other thread counts. */
async function slowestPageBesideSums(views: Views): Promise<void> {
  let counting = true
  const filter = calls['explorer.count'].input.parse({ route: 'link' })
  const counted = views.ask('explorer.count', filter).finally(() => {
    counting = false
  })
  let [slowest, after]: [number, string | null] = [0, null]
  while (counting) {
    const began = performance.now()
    const page: Answer<'explorer.items'> = await views.ask('explorer.items', calls['explorer.items'].input.parse({ after }))
    slowest = Math.max(slowest, performance.now() - began)
    after = page.next
  }
  await counted
  tell('slowest page while the other thread counts', slowest)
}

/** Elapsed time, and processor time of the whole process: on a machine that does other things too, only the second travels. */
async function timed<Result>(label: string, work: () => Promise<Result>): Promise<Result> {
  const [began, used] = [performance.now(), process.cpuUsage()]
  const result = await work()
  const { user, system } = process.cpuUsage(used)
  tell(label, performance.now() - began, (user + system) / 1000)
  return result
}

function tell(label: string, ms: number, cpuMs?: number): void {
  const rounded = (value: number): number => Math.round(value * 10) / 10
  const also = cpuMs === undefined ? {} : { cpuMs: rounded(cpuMs) }
  process.stdout.write(`${JSON.stringify({ bench: 'explorer', items, call: label, ms: rounded(ms), ...also })}\n`)
}
