/** firn plan: compares the lanes and says which item goes how. */
import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { parsePlanAnswers, type PlanAnswersInput } from '../../../shared/contract/planAnswers.ts'
import type { PlanSummary } from '../../../shared/contract/summary.ts'
import { laneNames } from '../../../shared/domain/route.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import type { Journal } from '../../../shared/ports/journal.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { roomForDevices, type Room } from '../../engine/orders.ts'
import { roleTroubles } from '../../engine/postureSteps.ts'
import { rulesNamed } from '../../engine/ruleSets.ts'
import { approvePlan, planMigration } from '../../engine/steps.ts'
import { count, type Output } from '../output.ts'
import { action, personName } from '../session.ts'

type Options = {
  readonly answers?: string
  readonly linkMbit?: string
  readonly linkShare?: string
  readonly hours?: string
  readonly snowball?: string
  readonly gateway?: string
  readonly deadline?: string
  readonly route?: string
  readonly deviceBefore?: string
  readonly unsafeNames?: string
  readonly approve?: string
  readonly rules?: string
}

export function planCommand(program: Command): void {
  const command = program
    .command('plan')
    .description('compare device, share and link lane, and decide which study goes how')
    .option('--answers <file>', 'JSON with all answers (docs/plan.md); the options below go before it')
    .option('--link-mbit <number>', 'the link, in Mbit/s')
    .option('--link-share <part>', 'the part of the link that may be used, 0 to 1')
    .option('--hours <number>', 'hours a day in which the link may be used')
    .option('--snowball <answer>', 'does the account still have Snowball: yes, no or unknown')
    .option('--gateway <size>', 'Storage Gateway: none, Small, Medium or Large')
    .option('--deadline <date>', 'YYYY-MM-DD')
    .option('--route <lane>', 'everything by one lane: device, share or link')
    .option('--device-before <date>', 'studies before YYYYMMDD by device, the others through the share', dayNumber)
    .option(
      '--unsafe-names <way>',
      'studies with names that Snowball may refuse: other-lane (default), or map: on a device under other names',
    )
    .option('--rules <name>', 'only the studies that these saved rules take, NAME or NAME@VERSION (firn rules)')
    .option('--approve <name>', 'approve the plan with your name', personName)
  action(command, async (session) => {
    const options = command.opts<Options>()
    return session.withMigration(async (work, migration) => {
      const today = new Date(migration.world.clock.now()).toISOString().slice(0, 10)
      const rules = options.rules === undefined ? undefined : rulesNamed(migration.journal, options.rules)
      const summary = await planMigration(work, parsePlanAnswers({ ...answersFrom(options), today }), rules?.rule)
      if (rules !== undefined) session.output.line(`By the rules ${rules.name}@${rules.version}:`)
      print(summary, session.output)
      if (summary.kind === 'nothing-to-plan') return { summary: { ...summary, approvedBy: null } }
      for (const { bucket, finding } of await roleTroubles(work))
        session.output.warning(
          `The policy of ${bucket} ${finding.result === 'fail' ? 'keeps' : 'may keep'} images out: ${finding.evidence}. firn posture ${bucket} says what to do.`,
        )
      const room = migration.journal.fleet().some(({ jobId }) => jobId === undefined) ? await roomForDevices(work) : undefined
      const words = room === undefined ? undefined : roomWords(migration.journal, room)
      if (words !== undefined) session.output.warning(words)
      if (options.approve !== undefined) approvePlan(migration, options.approve)
      session.output.line(
        options.approve === undefined ? 'Not approved yet: firn plan … --approve "Your name"' : `Approved by ${options.approve}`,
      )
      return { summary: { ...summary, approvedBy: options.approve ?? null, ...(room === undefined ? {} : { account: room }) } }
    })
  })
}

/** Before the plan is approved: whether the account has what it counts on. */
function roomWords(journal: Journal, room: Room): string | undefined {
  if (room.kind === 'closed')
    return 'AWS says that this account cannot order a Snowball: the share and the link take the same items (firn plan --snowball no)'
  if (room.kind === 'unknown') return 'AWS did not say how many devices this account may have; it is one, unless AWS Support has raised it'
  const waiting = journal.fleet().filter(({ jobId }) => jobId === undefined)
  const atOnce = Math.max(...waiting.map(({ wave }) => waiting.filter((one) => one.wave === wave).length))
  if (room.limit - room.inUse >= atOnce) return undefined
  return `The account may have ${room.limit} devices at once and has ${room.inUse}; the plan counts on ${atOnce} in a wave. Ask AWS Support for more, or they are ordered as places become free`
}

function answersFrom(options: Options): Omit<PlanAnswersInput, 'today'> {
  const file = options.answers === undefined ? {} : readAnswers(options.answers)
  const number = (text: string | undefined): number | undefined => (text === undefined ? undefined : Number(text))
  const given = (name: string, value: string | number | undefined): object => (value === undefined ? {} : { [name]: value })
  return {
    ...file,
    ...given('snowball', options.snowball),
    ...given('deadline', options.deadline),
    link: {
      ...('link' in file && typeof file.link === 'object' ? file.link : {}),
      ...given('megabitsPerSecond', number(options.linkMbit)),
      ...given('share', number(options.linkShare)),
      ...given('hoursPerDay', number(options.hours)),
    },
    device: { ...('device' in file && typeof file.device === 'object' ? file.device : {}), ...given('unsafeNames', options.unsafeNames) },
    gateway: { ...('gateway' in file && typeof file.gateway === 'object' ? file.gateway : {}), ...given('size', options.gateway) },
    ...(options.route === undefined ? {} : { division: { kind: 'one-lane', route: options.route } }),
    ...(options.deviceBefore === undefined ? {} : { division: { kind: 'by-study-date', deviceBefore: options.deviceBefore } }),
  } as Omit<PlanAnswersInput, 'today'>
}

/** A day of the calendar, as DICOM writes it (PS3.5 6.2, DA). */
function dayNumber(text: string): string {
  const [, year, month, day] = /^(\d{4})(\d\d)(\d\d)$/.exec(text) ?? []
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  if (Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== `${year}-${month}-${day}`)
    throw new Fault('bad-input', { field: '--device-before', problem: 'is not a day, YYYYMMDD' })
  return text
}

function readAnswers(file: string): object {
  try {
    const answers: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (typeof answers === 'object' && answers !== null) return answers
  } catch (error) {
    throw new Fault('bad-input', { field: '--answers', problem: 'cannot be read as JSON' }, { cause: error })
  }
  throw new Fault('bad-input', { field: '--answers', problem: 'is not a JSON object' })
}

function print(summary: PlanSummary, output: Output): void {
  if (summary.kind === 'nothing-to-plan') {
    output.line('Nothing to plan: everything that may travel has been sent.')
  } else {
    output.line(`Routes for ${count(summary.estimate.load.items)} items, ${formatBytes(summary.estimate.load.bytes)}:`)
    for (const route of summary.estimate.routes) {
      const days = route.notPossible.length > 0 ? 'not possible' : `${figure(route.days.low)} to ${figure(route.days.high)} days`
      output.line(`  ${laneNames[route.route].padEnd(30)} ${days.padEnd(22)} limited by ${route.bottleneck}`)
      for (const note of [...route.notPossible, ...route.warnings]) output.line(`      ${note.text}`)
      for (const notice of route.notices) output.line(`      Notice of ${notice.effective}: ${notice.text}`)
    }
    output.line(summary.estimate.why)
    output.line('Plan:')
    for (const lane of summary.lanes) {
      if (lane.items === 0) continue
      const devices = lane.devices > 0 ? `, ${lane.devices} devices in ${lane.waves} waves, ${count(lane.batches)} batches` : ''
      output.line(
        `  ${laneNames[lane.route].padEnd(30)} ${count(lane.studies)} studies, ${count(lane.items)} items, ${formatBytes(lane.bytes)}${devices}`,
      )
    }
    for (const one of summary.rerouted) output.line(`  ${count(one.studies)} studies by another lane: ${one.reason}`)
    if (summary.renamed > 0)
      output.line(`  ${count(summary.renamed)} items travel on a device under another name; firn names --out FILE lists both names of each`)
    if (summary.splitOverDevices.studies > 0)
      output.line(`  ${count(summary.splitOverDevices.studies)} studies are larger than one device and are split`)
  }
  for (const left of summary.leftBehind) output.line(`  left behind: ${count(left.items)} items, ${left.code}`)
}

function figure(days: number): string {
  return days >= 10 ? days.toFixed(0) : days.toFixed(1)
}
