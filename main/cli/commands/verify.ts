/** firn verify: compares every sent item with S3. A run that checked nothing fails. */
import type { Command } from 'commander'
import { verdicts } from '../../../shared/domain/verification.ts'
import type { VerificationOutcome } from '../../verify/verify.ts'
import { verifyAll } from '../../engine/steps.ts'
import { exitCodes } from '../exitCodes.ts'
import { count, type Output } from '../output.ts'
import { action } from '../session.ts'

export function verifyCommand(program: Command): void {
  const command = program
    .command('verify')
    .description('compare every sent item with S3 by the cheapest honest method')
    .option('--read-back', 'fetch and hash objects where nothing cheaper decides; costs transfer', false)
  action(command, async (session) =>
    session.withMigration(async (work) => {
      const outcome = await verifyAll(work, { readBack: command.opts<{ readBack: boolean }>().readBack })
      printVerdicts(outcome, session.output)
      return { exitCode: outcome.allVerified ? exitCodes.done : exitCodes.notAllVerified, summary: { ...outcome } }
    }),
  )
}

export function printVerdicts(outcome: VerificationOutcome, output: Output): void {
  for (const verdict of verdicts) {
    if (outcome.counts[verdict] > 0 || verdict === 'verified') output.line(`  ${count(outcome.counts[verdict]).padStart(9)}  ${verdict}`)
  }
  if (outcome.unextractedBatches > 0) output.line(`  ${count(outcome.unextractedBatches)} batches lie in S3 as tars and were not extracted`)
}
