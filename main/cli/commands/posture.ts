/** firn posture: how a bucket is set up, what of it is weak, and what to do. Changes nothing. */
import { Argument, Option, type Command } from 'commander'
import { profileNames, type ProfileName } from '../../../shared/domain/posture.ts'
import { postureWords } from '../../../shared/domain/postureWords.ts'
import { checkBucket } from '../../engine/postureSteps.ts'
import { exitCodes } from '../exitCodes.ts'
import { action } from '../session.ts'

export function postureCommand(program: Command): void {
  const command = program
    .command('posture')
    .description('check how a bucket is set up before images go there; reads only')
    .addArgument(new Argument('<bucket>'))
    .addOption(new Option('--profile <name>', 'what is demanded of it').choices(profileNames).default('strict-phi'))
  action(command, async ({ output, withMigration }) =>
    withMigration(async (work) => {
      const [bucket = ''] = command.args
      const { profile } = command.opts<{ profile: ProfileName }>()
      const findings = (await checkBucket(work, bucket, profile)).map((finding) => {
        const { why, remedy } = postureWords[finding.check]
        return finding.result === 'pass' ? finding : { ...finding, why, remedy: remedy(bucket) }
      })
      for (const finding of findings) {
        output.line(`${finding.result.padEnd(8)}${finding.check.padEnd(20)}${finding.evidence}`)
        if (!('why' in finding)) continue
        output.line(`        ${finding.why}`)
        output.line(`        ${finding.result === 'unknown' ? 'Give Firn the permission to ask.' : finding.remedy}`)
      }
      const sure = findings.every(({ result }) => result === 'pass' || result === 'weak')
      output.line(sure ? 'Nothing that the profile demands is missing.' : 'Something that the profile demands is missing or not known.')
      return { exitCode: sure ? exitCodes.done : exitCodes.needsPerson, summary: { bucket, profile, findings } }
    }),
  )
}
