/**
 * Is memory flat? Peak memory of scan, plan, verification and evidence for archives of different sizes, each stage in a process of its own.
 * node bench/memory.ts [ITEMS,ITEMS,…=10000,100000,1000000] [FOLDER]: one line of JSON and one to read for each size.
 * The journal is real; the archive and S3 are made up as they are asked (syntheticTree.ts), so that the stages alone are measured.
 * Flags given to node reach the stages: `node --max-semi-space-size=2 bench/memory.ts` shows what a small young generation saves.
 * Reading threads of a real source come on top: bench/scan.ts shows them.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { realWorld } from '../main/engine/world.ts'
import { signingKey } from '../main/engine/signingKey.ts'
import { buildEvidence } from '../main/evidence/buildEvidence.ts'
import { scan } from '../main/inventory/scan.ts'
import { createJournal, openJournal, type OpenJournal } from '../main/journal/openJournal.ts'
import { makePlan } from '../main/plan/makePlan.ts'
import { verify } from '../main/verify/verify.ts'
import { parsePlanAnswers } from '../shared/contract/planAnswers.ts'
import { outcomeOf, recordSent } from './recordSent.ts'
import { syntheticSource, syntheticStore } from './syntheticTree.ts'

/** `sent`: what loading would have written into the journal. Not a stage of its own; it is there so that there is something to verify. */
const stages = ['scan', 'scan again', 'plan', 'sent', 'verify', 'evidence'] as const
type Stage = (typeof stages)[number]
type Measured = { readonly seconds: number; readonly peakMiB: number }

const prefix = 'pacs/'
const never = new AbortController().signal
const world = realWorld({ info: () => undefined, warn: () => undefined, error: () => undefined })

const [first, second, third] = process.argv.slice(2)
const asked = stages.find((stage) => `--${stage}` === first)
if (asked !== undefined) await measure(asked, Number(second), third ?? '')
else for (const items of (first ?? '10000,100000,1000000').split(',')) compare(Number(items), second)

function compare(items: number, given: string | undefined): void {
  const folder = mkdtempSync(join(given ?? tmpdir(), 'firn-bench-memory-'))
  try {
    const peakMiB: Partial<Record<Stage, number>> = {}
    const perSecond: Partial<Record<Stage, number>> = {}
    for (const stage of stages) {
      const itself = fileURLToPath(import.meta.url)
      const told = execFileSync(process.execPath, [...process.execArgv, itself, `--${stage}`, String(items), folder], { encoding: 'utf8' })
      const measured = JSON.parse(told) as Measured
      peakMiB[stage] = measured.peakMiB
      perSecond[stage] = Math.round(items / measured.seconds)
    }
    const journalMiB = Math.round(statSync(join(folder, 'journal.db')).size / 2 ** 20)
    process.stdout.write(`${JSON.stringify({ bench: 'memory', items, peakMiB, perSecond, journalMiB })}\n`)
    const words = stages.filter((stage) => stage !== 'sent').map((stage) => `${stage} ${peakMiB[stage]} MiB (${perSecond[stage]}/s)`)
    process.stdout.write(`${items} items: ${words.join(', ')}; journal ${journalMiB} MiB\n`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function measure(stage: Stage, items: number, folder: string): Promise<void> {
  const file = join(folder, 'journal.db')
  const journal = stage === 'scan' ? createJournal(file, world, { name: 'bench', kind: 'rehearsal' }) : openJournal(file, world)
  if (stage === 'scan') journal.addArchive({ root: '/synthetic', bucket: 'bench', prefix, clutter: { ignore: [] } })
  const begin = performance.now()
  await run(stage, items, folder, journal)
  const seconds = (performance.now() - begin) / 1000
  journal.close()
  process.stdout.write(JSON.stringify({ seconds, peakMiB: Math.round(process.resourceUsage().maxRSS / 1024) } satisfies Measured))
}

async function run(stage: Stage, items: number, folder: string, journal: OpenJournal): Promise<void> {
  const archives = journal.archives()
  const [archive] = archives
  if (archive === undefined) throw new Error('the journal has one archive')
  switch (stage) {
    case 'scan':
    case 'scan again': {
      const counts = await outcomeOf(scan({ archive, source: syntheticSource(items), journal, world }, never))
      if ((stage === 'scan' ? counts.added : counts.unchanged) !== items) throw new Error('the scan found something else than there is')
      return
    }
    case 'plan': {
      // The older half by device in batches, the newer half through the share: both ways of placing items.
      const division = { kind: 'by-study-date', deviceBefore: '20200101' }
      const answers = parsePlanAnswers({ today: '2026-01-01', snowball: 'yes', snowballEnds: null, division })
      await outcomeOf(makePlan({ journal, archives, answers, world }, never))
      return
    }
    case 'sent':
      return recordSent(journal)
    case 'verify': {
      const store = syntheticStore(items, prefix)
      const { counts } = await outcomeOf(verify({ archives, store, sourceOf: () => syntheticSource(items), journal, world }, never))
      if (counts.verified !== items) throw new Error(`${counts.verified} of ${items} items were verified`)
      return
    }
    case 'evidence':
      await outcomeOf(
        buildEvidence(
          {
            journal,
            folder: join(folder, 'evidence'),
            world,
            includePaths: false,
            hashKey: new Uint8Array(32),
            signer: signingKey({ file: join(folder, 'signing.key'), passphrase: undefined, journal }),
          },
          never,
        ),
      )
  }
}
