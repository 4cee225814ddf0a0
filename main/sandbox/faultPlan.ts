/** The fault plan at work: what shall go wrong, counted per rule so that a restart neither repeats nor forgets a fault. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { Fault } from '../../shared/faults/fault.ts'
import type { FaultPlan, RotRule } from './contract.ts'
import { count, text, type ControlState } from './control/state.ts'
import type { FaultHook, FaultVerdict } from './http/faultHook.ts'

const positive = z.number().int().min(1)
const effect = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('reset-after') }),
  z.strictObject({ kind: z.literal('status'), status: z.number().int().min(400).max(599), code: z.string().min(1) }),
  z.strictObject({ kind: z.literal('slow'), milliseconds: z.number().min(0).max(600_000) }),
  z.strictObject({ kind: z.literal('skew') }),
])
const call = z
  .strictObject({
    service: z.enum(['s3', 'device', 'snowball', 'storagegateway', 'monitoring', 'iam']),
    operation: z.string().min(1),
    keyMatches: z.string().refine(isPattern, 'a regular expression').optional(),
    nth: positive.optional(),
    every: positive.optional(),
    rate: z.number().gt(0).max(1).optional(),
    times: positive.optional(),
    effect,
  })
  .refine(
    (rule) => [rule.nth, rule.every, rule.rate].filter((given) => given !== undefined).length === 1,
    'exactly one of nth, every and rate',
  )
const key = z.union([z.strictObject({ endsWith: z.string().min(1) }), z.strictObject({ ordinal: positive })])
const rest = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rot-byte'), key }),
  z.strictObject({ kind: z.literal('drop-object'), key }),
  z.strictObject({ kind: z.literal('leave-tar-unextracted'), key }),
  z.strictObject({ kind: z.literal('fail-upload'), key }),
  z.strictObject({ kind: z.literal('device-late'), days: z.number().min(0).max(365) }),
])
const plan = z.strictObject({ seed: z.number().int().default(1), calls: z.array(call).default([]), rest: z.array(rest).default([]) })

export const noFaults: FaultPlan = { seed: 1, calls: [], rest: [] }

/** @throws Fault bad-input whose `problem` names each place in the plan that is wrong, and why. */
export function parseFaultPlan(value: unknown): FaultPlan {
  const result = plan.safeParse(value)
  if (!result.success) {
    const wrong = result.error.issues.map((issue) => `${issue.path.map(String).join('.') || 'plan'}: ${issue.message}`)
    throw new Fault('bad-input', { field: 'fault plan', problem: wrong.join('; ') })
  }
  // Absent members stay absent: zod gives exactly what was in the JSON.
  return result.data as FaultPlan
}

export type RestKind = Exclude<RotRule['kind'], 'device-late'>
export type Planted = { readonly kind: RestKind; readonly key: string }

export interface Faults extends FaultHook {
  /** How many simulated days devices are late. */
  readonly daysLate: number
  /** Whether a rule of this kind names a key by its place among the sorted keys: then the keys have to be told to `choose`. */
  choosesByOrdinal(kind: RestKind): boolean
  /** Settles the ordinals (1-based) of this kind. A rule chooses once in the sandbox's life. */
  choose(kind: RestKind, nthKey: (ordinal: number) => string | undefined): void
  /** Whether this key is the victim of a rule of this kind. The first key that ends as the rule says becomes its one victim. */
  strikes(kind: RestKind, key: string): boolean
  /** What was planted at rest so far. */
  planted(): readonly Planted[]
}

type RuleCount = { matched: number; fired: number }

/** @param wait for the effect `slow`. */
export function openFaults(state: ControlState, faults: FaultPlan, wait: (milliseconds: number) => Promise<void>): Faults {
  forgetOtherPlan(state, faults)
  const counts: RuleCount[] = faults.calls.map((_, rule) => {
    const row = state.row('SELECT matched, fired FROM fault_rules WHERE rule = ?', rule)
    return { matched: count(row?.['matched']), fired: count(row?.['fired']) }
  })
  const patterns = faults.calls.map((rule) => (rule.keyMatches === undefined ? undefined : new RegExp(rule.keyMatches)))
  const victims = new Map<number, string>()
  for (const row of state.rows('SELECT rule, key FROM planted')) victims.set(count(row['rule']), text(row['key']) ?? '')
  const plant = (rule: number, kind: RestKind, victim: string): void => {
    state.run('INSERT OR IGNORE INTO planted VALUES (?, ?, ?)', rule, kind, victim)
    victims.set(rule, victim)
  }

  return {
    daysLate: faults.rest.reduce((days, rule) => (rule.kind === 'device-late' ? days + rule.days : days), 0),
    async before(one) {
      let verdict: FaultVerdict = 'continue'
      for (const [index, rule] of faults.calls.entries()) {
        const tally = counts[index]
        const pattern = patterns[index]
        if (tally === undefined || rule.service !== one.service) continue
        if (rule.operation !== '*' && rule.operation !== one.operation) continue
        if (pattern !== undefined && !(one.key !== undefined && pattern.test(one.key))) continue
        tally.matched += 1
        const most = rule.times ?? (rule.nth === undefined ? Number.POSITIVE_INFINITY : 1)
        // With `times`, nth is the first of that many calls in a row: "503 on the 5th to the 9th".
        const due =
          rule.nth !== undefined
            ? tally.matched >= rule.nth
            : rule.every !== undefined
              ? tally.matched % rule.every === 0
              : fraction(faults.seed, index, tally.matched) < (rule.rate ?? 0)
        const fires = verdict === 'continue' && due && tally.fired < most
        if (fires) tally.fired += 1
        state.run(
          'INSERT INTO fault_rules VALUES (?, ?, ?) ON CONFLICT (rule) DO UPDATE SET matched = excluded.matched, fired = excluded.fired',
          index,
          tally.matched,
          tally.fired,
        )
        if (!fires) continue
        if (rule.effect.kind === 'slow') await wait(rule.effect.milliseconds)
        else if (rule.effect.kind === 'skew') verdict = { status: 403, code: 'RequestTimeTooSkewed' }
        else if (rule.effect.kind === 'status') verdict = { status: rule.effect.status, code: rule.effect.code }
        else verdict = rule.effect.kind
      }
      return verdict
    },
    choosesByOrdinal: (kind) => faults.rest.some((rule, index) => rule.kind === kind && 'ordinal' in rule.key && !victims.has(index)),
    choose(kind, nthKey) {
      for (const [index, rule] of faults.rest.entries()) {
        if (rule.kind !== kind || !('ordinal' in rule.key) || victims.has(index)) continue
        const victim = nthKey(rule.key.ordinal)
        if (victim !== undefined) plant(index, kind, victim)
      }
    },
    strikes(kind, victim) {
      for (const [index, rule] of faults.rest.entries()) {
        if (rule.kind !== kind) continue
        const chosen = victims.get(index)
        if (chosen === victim) return true
        if (chosen !== undefined || !('endsWith' in rule.key) || !victim.endsWith(rule.key.endsWith)) continue
        plant(index, kind, victim)
        return true
      }
      return false
    },
    planted: () =>
      state
        .rows('SELECT kind, key FROM planted ORDER BY rule')
        .map((row) => ({ kind: text(row['kind']) as RestKind, key: text(row['key']) ?? '' })),
  }
}

/** Counters belong to one plan: with another plan they start anew. */
function forgetOtherPlan(state: ControlState, faults: FaultPlan): void {
  const print = createHash('sha256').update(JSON.stringify(faults)).digest('hex')
  if (state.note('fault-plan') === print) return
  state.together(() => {
    state.run('DELETE FROM fault_rules')
    state.run('DELETE FROM planted')
    state.setNote('fault-plan', print)
  })
}

/** The same draw for the same call of the same rule, however often the sandbox was restarted. */
function fraction(seed: number, rule: number, draw: number): number {
  return createHash('sha256').update(`${seed}:${rule}:${draw}`).digest().readUInt32LE() / 2 ** 32
}

function isPattern(source: string): boolean {
  try {
    new RegExp(source)
    return true
  } catch {
    return false
  }
}
