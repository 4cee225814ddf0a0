/** Counts what the items of a migration came to, in one walk. Memory grows with the number of different reasons, not of items. */
import { codeOrOther, modalityName, noOutcomes, strengthOf, type Outcome } from '../../shared/domain/evidence.ts'
import { itemName } from '../../shared/domain/item.ts'
import { anomalies, type AnomalyCode } from '../../shared/domain/anomaly.ts'
import { catalogue } from '../../shared/faults/catalogue.ts'
import type { EvidenceGroup, EvidenceSummary } from '../../shared/contract/report.ts'
import type { ItemEvidence } from '../../shared/ports/journal.ts'

/** Items named in the report for each reason; items.csv names all of them. */
const examplesShown = 25

type Counted = { name: string; items: number; bytes: number; readonly counts: Record<Outcome, number> }
type Reason = { readonly outcome: Outcome; readonly reason: string; items: number; readonly examples: string[] }
type MethodCount = EvidenceSummary['methods'][number]

export type Tally = {
  readonly all: Counted
  readonly lanes: Map<string, Counted>
  readonly modalities: Map<string, Counted>
  readonly archives: Map<number, Counted>
  readonly anomalies: Map<AnomalyCode, { items: number; bytes: number }>
  readonly methods: Map<string, MethodCount>
  readonly reasons: Map<string, Reason>
  add(item: ItemEvidence, outcome: Outcome, reason: string | undefined): void
}

export function newTally(): Tally {
  const tally: Tally = {
    all: counted('all'),
    lanes: new Map(),
    modalities: new Map(),
    archives: new Map(),
    anomalies: new Map(),
    methods: new Map(),
    reasons: new Map(),
    add(item, outcome, reason) {
      const lane = item.route ?? 'none'
      const modality = modalityName(item.modality)
      const groups = [
        tally.all,
        entry(tally.lanes, lane, () => counted(lane)),
        entry(tally.modalities, modality, () => counted(modality)),
        entry(tally.archives, item.archiveId, () => counted(`archive-${item.archiveId}`)),
      ]
      for (const group of groups) {
        group.items += 1
        group.bytes += item.size
        group.counts[outcome] += 1
      }
      for (const code of item.anomalies) {
        const found = entry(tally.anomalies, code, () => ({ items: 0, bytes: 0 }))
        found.items += 1
        found.bytes += item.size
      }
      if (outcome !== 'verified') {
        const why = reason ?? 'not-said'
        const found = entry(tally.reasons, `${outcome} ${why}`, () => ({ outcome, reason: why, items: 0, examples: [] }))
        found.items += 1
        if (found.examples.length < examplesShown) found.examples.push(itemName(item.id))
      }
      if (item.verdict !== undefined && outcome === item.verdict.verdict) addMethod(tally.methods, item.verdict, outcome)
    },
  }
  return tally
}

function addMethod(methods: Map<string, MethodCount>, verdict: NonNullable<ItemEvidence['verdict']>, outcome: Outcome): void {
  const algorithm = codeOrOther(verdict.algorithm) ?? null
  const checksumType = codeOrOther(verdict.checksumType) ?? null
  const found = entry(methods, [verdict.method, algorithm, checksumType, outcome].join(' '), () => ({
    method: verdict.method,
    algorithm,
    checksumType,
    outcome,
    strength: strengthOf(algorithm ?? undefined),
    items: 0,
  }))
  found.items += 1
}

export function groupsOf(groups: ReadonlyMap<unknown, Counted>): EvidenceGroup[] {
  return [...groups.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

const worstFirst: readonly Outcome[] = ['mismatch', 'missing', 'unknown', 'not-checked', 'present', 'consistent', 'left-behind']

/** @param words by code, for reasons that neither an anomaly nor a fault explains. */
export function reasonsOf(tally: Tally, words: Readonly<Record<string, string>>): EvidenceSummary['notVerified'] {
  return [...tally.reasons.values()]
    .toSorted((a, b) => worstFirst.indexOf(a.outcome) - worstFirst.indexOf(b.outcome) || (a.reason < b.reason ? -1 : 1))
    .map(({ outcome, reason, items, examples }) => ({ outcome, reason, explanation: explain(reason, words), items, examples }))
}

/** A reason in words: an anomaly's title, or what a fault says happened. Other codes stand for themselves. */
function explain(reason: string, words: Readonly<Record<string, string>>): string {
  if (isKeyOf(anomalies, reason)) return `${anomalies[reason].title}. ${anomalies[reason].firnDoes}`
  if (isKeyOf(catalogue, reason)) return catalogue[reason].happened
  return ownReasons[reason] ?? words[reason] ?? ''
}

const ownReasons: Readonly<Record<string, string>> = {
  'not-planned': 'No plan has placed it yet.',
  'transfer-planned': 'It is planned and not sent yet.',
  'transfer-sending': 'Sending has begun and is not confirmed.',
  'transfer-sent': 'It is sent; no finished verification has looked at it.',
  'changed-after-sent': 'It changed at the source after it was sent, so what S3 holds is an older state: plan and send again.',
  'not-said': 'No reason was recorded.',
}

function isKeyOf<Table extends object>(table: Table, key: string): key is Extract<keyof Table, string> {
  return Object.hasOwn(table, key)
}

function counted(name: string): Counted {
  return { name, items: 0, bytes: 0, counts: noOutcomes() }
}

function entry<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const found = map.get(key)
  if (found !== undefined) return found
  const made = make()
  map.set(key, made)
  return made
}
