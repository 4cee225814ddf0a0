/** firn posture: how a bucket is set up, what of it is weak, and what to do; on demand it does it, and takes it back. */
import { createTwoFilesPatch } from 'diff'
import { Argument, InvalidArgumentError, Option, type Command } from 'commander'
import { commandFor, type SettingText } from '../../../shared/domain/bucketSettings.ts'
import { checkNames, profileNames, type CheckName, type PostureFinding, type ProfileName } from '../../../shared/domain/posture.ts'
import { postureWords } from '../../../shared/domain/postureWords.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { checkBucket, driftSince } from '../../engine/postureSteps.ts'
import { applyFixes, planFixes, undoFixes, type SettingChange } from '../../engine/postureFixes.ts'
import type { Work } from '../../engine/steps.ts'
import { exitCodes } from '../exitCodes.ts'
import type { Output } from '../output.ts'
import { action, personName } from '../session.ts'

type Options = {
  readonly profile: ProfileName
  readonly fix?: readonly CheckName[] | 'all'
  readonly undo?: string
  readonly kmsKey?: string
  readonly exempt: readonly string[]
  readonly logBucket?: string
  readonly change?: string
  readonly person?: string
}

export function postureCommand(program: Command): void {
  const command = program
    .command('posture')
    .description('check how a bucket is set up before images go there; reads only, unless --change names the bucket')
    .addArgument(new Argument('<bucket>'))
    .addOption(new Option('--profile <name>', 'what is demanded of it').choices(profileNames).default('strict-phi'))
    .option('--fix <checks>', `show the changes that turn these checks to pass, or "all": ${checkNames.join(', ')}`, checksOf)
    .option('--kms-key <arn>', 'key for the fix of encryption', keyArn)
    .option('--exempt <arn>', 'role without a second factor, for the fix of mfa-deletion; may be given more than once', roleArn, [])
    .option('--log-bucket <name>', 'where access logs go, for the fix of access-log')
    .option('--undo <file>', 'put back what the file of an earlier change says was there')
    .option('--change <bucket>', 'make the changes; give the name of the bucket again')
    .option('--person <name>', 'who changes it', personName)
  action(command, async ({ output, withMigration }) =>
    withMigration(async (work) => {
      const [bucket = ''] = command.args
      const options = command.opts<Options>()
      if (options.fix !== undefined && options.undo !== undefined)
        throw new Fault('bad-input', { field: '--undo', problem: 'is given on its own, not with --fix' })
      if (options.undo !== undefined) return undo(work, output, bucket, options.undo, options)
      const askedAt = work.migration.world.clock.now()
      const findings = await checkBucket(work, bucket, options.profile, 'asked')
      if (options.fix !== undefined) return fix(work, output, bucket, options.fix, findings, options)
      for (const finding of findings) tell(output, bucket, finding)
      const since = driftSince(work.migration.journal, bucket, options.profile, findings, askedAt)
      for (const { check, from, to, evidence } of since?.drift ?? [])
        output.line(`changed since ${new Date(since?.at ?? 0).toISOString().slice(0, 16)}: ${check} was ${from}, is ${to} (${evidence})`)
      const sure = isSure(findings)
      output.line(sure ? 'Nothing that the profile demands is missing.' : 'Something that the profile demands is missing or not known.')
      const summary = {
        bucket,
        profile: options.profile,
        findings: findings.map((finding) => explained(bucket, finding)),
        drift: since?.drift ?? [],
      }
      return { exitCode: sure ? exitCodes.done : exitCodes.needsPerson, summary }
    }),
  )
}

function tell(output: Output, bucket: string, finding: PostureFinding): void {
  const { result, check, evidence, ...more } = explained(bucket, finding)
  output.line(`${result.padEnd(8)}${check.padEnd(20)}${evidence}`)
  if (more.why === undefined) return
  output.line(`        ${more.why}`)
  output.line(`        ${result === 'unknown' ? 'Give Firn the permission to ask.' : (more.remedy ?? '')}`)
}

function explained(bucket: string, finding: PostureFinding): PostureFinding & { readonly why?: string; readonly remedy?: string } {
  const { why, remedy } = postureWords[finding.check]
  return finding.result === 'pass' ? finding : { ...finding, why, remedy: remedy(bucket) }
}

function isSure(findings: readonly PostureFinding[]): boolean {
  return findings.every(({ result }) => result === 'pass' || result === 'weak')
}

async function fix(
  work: Work,
  output: Output,
  bucket: string,
  asked: readonly CheckName[] | 'all',
  findings: readonly PostureFinding[],
  options: Options,
) {
  const open = findings.filter(({ result }) => result !== 'pass').map(({ check }) => check)
  const checks = asked === 'all' ? open : asked.filter((check) => open.includes(check))
  const importRole = work.migration.config.snowball?.roleArn
  const { changes, notFixed } = await planFixes(work, bucket, checks, {
    kmsKeyArn: options.kmsKey,
    exempt: options.exempt.length > 0 || importRole === undefined ? options.exempt : [importRole],
    logBucket: options.logBucket,
  })
  for (const change of changes) show(output, bucket, change)
  for (const { check, why } of notFixed) output.line(`not fixed ${check}: ${why}`)
  const shown = {
    bucket,
    changes: changes.map((change) => ({ ...change, command: commandFor(bucket, change.setting, change.to) })),
    notFixed,
  }
  if (changes.length === 0) {
    output.line('There is nothing to change.')
    return { exitCode: notFixed.length > 0 ? exitCodes.needsPerson : exitCodes.done, summary: { ...shown, made: false } }
  }
  if (options.change === undefined) {
    output.line(`Nothing was changed. To make these changes: --change ${bucket} --person NAME`)
    return { exitCode: exitCodes.needsPerson, summary: { ...shown, made: false } }
  }
  const file = await applyFixes(work, bucket, changes, confirmed(bucket, options))
  output.line(`Changed. What was there before is in ${file}; to put it back: firn posture ${bucket} --undo ${file}`)
  const after = (await checkBucket(work, bucket, options.profile, 'asked')).filter(({ check }) => checks.includes(check))
  for (const finding of after) output.line(`${finding.result.padEnd(8)}${finding.check.padEnd(20)}${finding.evidence}`)
  const good = after.every(({ result }) => result === 'pass')
  return { exitCode: good ? exitCodes.done : exitCodes.needsPerson, summary: { ...shown, made: true, before: file, after } }
}

async function undo(work: Work, output: Output, bucket: string, file: string, options: Options) {
  const { undone, stays } = await undoFixes(work, bucket, file, confirmed(bucket, options))
  for (const change of undone) show(output, bucket, change)
  for (const setting of stays) output.line(`stays: ${setting}. S3 cannot make it as if it had never been set.`)
  output.line(undone.length === 0 ? 'There was nothing to put back.' : `Put back: ${undone.map(({ setting }) => setting).join(', ')}.`)
  return { summary: { bucket, undone: undone.map(({ setting }) => setting), stays } }
}

/** The name typed again, and a person's: nobody changes a bucket by the way. */
function confirmed(bucket: string, { change, person }: Options): string {
  if (change !== bucket) throw new Fault('bad-input', { field: '--change', problem: 'must be the name of the bucket again' })
  if (person === undefined) throw new Fault('bad-input', { field: '--person', problem: 'is needed: who changes the bucket' })
  return person
}

function show(output: Output, bucket: string, { setting, from, to }: SettingChange): void {
  const patch = createTwoFilesPatch(`${setting} as it is`, `${setting} as it will be`, pretty(from), pretty(to), undefined, undefined, {
    context: 3,
  })
  for (const line of patch.split('\n').slice(1)) if (!line.startsWith('\\')) output.line(line)
  output.line(`The same by the AWS command line:\n  ${commandFor(bucket, setting, to)}\n`)
}

function pretty(text: SettingText): string {
  if (text === null) return ''
  try {
    return `${JSON.stringify(JSON.parse(text), null, 2)}\n`
  } catch {
    return `${text}\n`
  }
}

function checksOf(text: string): readonly CheckName[] | 'all' {
  if (text === 'all') return 'all'
  const asked = text.split(',').map((one) => one.trim())
  const known = checkNames.filter((check) => asked.includes(check))
  if (known.length !== asked.length) throw new InvalidArgumentError(`one of ${checkNames.join(', ')}, by commas, or all.`)
  return known
}

function keyArn(text: string): string {
  if (/^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key\/[\w-]+$/.test(text)) return text
  throw new InvalidArgumentError('the ARN of a key, not of an alias.')
}

function roleArn(text: string, before: readonly string[]): string[] {
  if (/^arn:aws[a-z-]*:iam::\d{12}:role\/[\w+=,.@/-]+$/.test(text)) return [...before, text]
  throw new InvalidArgumentError('the ARN of a role.')
}
