/** Makes summary.json from the counts of the walk and from what the journal knows of plan, devices and events. */
import type { EvidenceSummary } from '../../shared/contract/report.ts'
import type { Archive } from '../../shared/domain/archive.ts'
import { anomalies } from '../../shared/domain/anomaly.ts'
import { noOutcomes, outcomeWords, sentenceOf, toneOf } from '../../shared/domain/evidence.ts'
import { noticesFor } from '../../shared/domain/notice.ts'
import { planEstimate } from '../../shared/domain/plan.ts'
import { driftOf } from '../../shared/domain/postureDrift.ts'
import { routes } from '../../shared/domain/route.ts'
import type { CustodyJournal } from '../../shared/ports/custodyJournal.ts'
import type { DeviceJournal, EventLog, EvidenceJournal, MigrationJournal, PlanJournal } from '../../shared/ports/journal.ts'
import type { PostureJournal } from '../../shared/ports/postureJournal.ts'
import { contentFingerprint } from './fingerprint.ts'
import { groupsOf, reasonsOf, type Tally } from './tally.ts'

export type WalkedLog = {
  /** Hash of the last entry, in hex. */
  readonly head: string | null
  /** When an archive's clutter policy was last changed, by archive. */
  readonly policyChanged: ReadonlyMap<number, number>
}

/** The parts of the journal that evidence is made of. */
export type ProvenJournal = EvidenceJournal &
  DeviceJournal &
  CustodyJournal &
  PostureJournal &
  Pick<PlanJournal, 'currentPlan'> &
  MigrationJournal &
  EventLog

export type Walked = {
  readonly journal: ProvenJournal
  readonly tally: Tally
  /** Hex, by archive. */
  readonly fingerprints: ReadonlyMap<number, string>
  readonly extras: number
  readonly studies: { readonly total: number; readonly whollyVerified: number }
  readonly log: WalkedLog
  readonly bundle: string
  /** Fingerprint of the key. */
  readonly signedBy: string
  readonly at: number
  readonly includePaths: boolean
  readonly faults: readonly { readonly code: string; readonly times: number }[]
  readonly reasonWords: Readonly<Record<string, string>>
}

const laneOrder: readonly string[] = [...routes, 'none']

export function summarize(walked: Walked): EvidenceSummary {
  const { journal, tally } = walked
  const migration = journal.migration()
  const verification = journal.lastVerification()
  const chain = journal.checkChain()
  const { items, bytes, counts } = tally.all
  const standing = { items, counts, extras: walked.extras, chainWhole: chain.whole }
  const groups = new Map(groupsOf(tally.archives).map((group) => [group.name, group]))
  return {
    format: 'firn-evidence',
    version: 1,
    bundle: walked.bundle,
    signedBy: walked.signedBy,
    madeAt: iso(walked.at),
    migration: { id: migration.id, name: migration.name, kind: migration.kind, createdAt: iso(migration.createdAt) },
    sentence: sentenceOf(standing),
    tone: toneOf(standing),
    items,
    bytes,
    counts,
    extras: walked.extras,
    verification:
      verification === undefined
        ? null
        : {
            id: verification.id,
            startedAt: iso(verification.startedAt),
            finishedAt: verification.finishedAt === undefined ? null : iso(verification.finishedAt),
          },
    studies: { ...walked.studies },
    lanes: groupsOf(tally.lanes).toSorted((a, b) => laneOrder.indexOf(a.name) - laneOrder.indexOf(b.name)),
    modalities: groupsOf(tally.modalities),
    archives: journal.archives().map((archive) => {
      const name = `archive-${archive.id}`
      const group = groups.get(name) ?? { name, items: 0, bytes: 0, counts: noOutcomes() }
      const fingerprint = walked.fingerprints.get(archive.id) ?? ''
      return { ...group, bucket: archive.bucket, prefix: archive.prefix, fingerprint, passedOver: passedOver(archive, walked) }
    }),
    methods: [...tally.methods.values()].toSorted((a, b) => b.items - a.items || (a.method < b.method ? -1 : 1)),
    notVerified: reasonsOf(tally, walked.reasonWords),
    anomalies: [...tally.anomalies]
      .map(([code, found]) => ({ code, title: anomalies[code].title, ...found }))
      .toSorted((a, b) => (a.code < b.code ? -1 : 1)),
    plan: planOf(journal),
    devices: journal.devices().map((device) => ({
      device: device.id,
      ordinal: device.ordinal,
      wave: device.wave,
      snowballType: device.snowballType,
      jobId: device.jobId ?? null,
      state: device.state,
      planned: { ...device.planned },
      sent: { ...device.sent },
      custodyEntries: journal.custody(device.id).length,
    })),
    notices: routes.flatMap((route) =>
      noticesFor(route, walked.at).map(({ id, effective, checked, source, text, daysLeft }) => ({
        id,
        route,
        effective,
        checked,
        source,
        text,
        inForce: daysLeft <= 0,
      })),
    ),
    buckets: bucketsOf(journal),
    faultsDuringRun: walked.faults.map(({ code, times }) => ({ code, times })),
    chain: { whole: chain.whole, entries: chain.entries, brokenAt: chain.whole ? null : chain.brokenAt, head: walked.log.head },
    contentFingerprint: contentFingerprint([...walked.fingerprints.values()]),
    words: outcomeWords,
    includesPaths: walked.includePaths,
  }
}

/** The journal keeps the policy of scans to come; the count is of the last whole scan. Where they may differ, that is said. */
function passedOver(archive: Archive, { journal, log }: Walked): EvidenceSummary['archives'][number]['passedOver'] {
  const changed = log.policyChanged.get(archive.id)
  const scanned = journal.lastScan(archive.id)?.finishedAt
  return {
    entries: journal.inventory(archive.id).ignored,
    patterns: [...archive.clutter.ignore],
    patternsChangedSince: changed !== undefined && scanned !== undefined && changed > scanned,
  }
}

/** An estimate that another version of Firn wrote in another form is left out, not guessed at; the answers stay as they are. */
function planOf(journal: Pick<PlanJournal, 'currentPlan'>): EvidenceSummary['plan'] {
  const plan = journal.currentPlan()
  if (plan === undefined) return null
  const estimate = planEstimate.safeParse(parsed(plan.estimate))
  const { folder, excludeFolders, ...rule } = plan.rule
  return {
    id: plan.id,
    approvedBy: plan.approvedBy ?? null,
    answers: parsed(plan.answers),
    rule: { ...rule, folders: folder === null ? 0 : 1, excludedFolders: excludeFolders?.length ?? 0 },
    estimate: estimate.success ? estimate.data : null,
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Each bucket as it was last found, and what of it ended otherwise at the first look. */
function bucketsOf(journal: PostureJournal): EvidenceSummary['buckets'] {
  const all = journal.postures()
  return [...new Set(all.map(({ bucket }) => bucket))].toSorted().flatMap((bucket) => {
    const looks = all.filter((one) => one.bucket === bucket && one.profile === all.findLast((last) => last.bucket === bucket)?.profile)
    const [first, last] = [looks[0], looks.at(-1)]
    if (first === undefined || last === undefined) return []
    const open = last.findings.filter(({ result }) => result !== 'pass').map(({ check, result }) => ({ check, result }))
    const drift = driftOf(first.findings, last.findings).map(({ check, from, to }) => ({ check, from, to }))
    return [
      {
        bucket,
        profile: last.profile,
        at: iso(last.at),
        moment: last.moment,
        checks: last.findings.length,
        open,
        since: iso(first.at),
        drift,
      },
    ]
  })
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
