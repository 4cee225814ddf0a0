/** firn verify: compares every sent item with S3. A run that checked nothing fails. */
import type { Command } from 'commander'
import { verdicts } from '../../../shared/domain/verification.ts'
import { itemName, type ItemId } from '../../../shared/domain/item.ts'
import type { EvidenceJournal } from '../../../shared/ports/journal.ts'
import type { VerificationOutcome } from '../../verify/verify.ts'
import { verifyAll } from '../../engine/steps.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { exitCodes } from '../exitCodes.ts'
import { count, type Output } from '../output.ts'
import { action } from '../session.ts'

const itemsNamed = 10

export function verifyCommand(program: Command): void {
  const command = program
    .command('verify')
    .description('compare every sent item with S3 by the cheapest honest method')
    .option('--read-back', 'fetch and hash objects where nothing cheaper decides; costs transfer', false)
  action(command, async (session) =>
    session.withMigration(async (work, { journal }) => {
      const outcome = await verifyAll(work, { readBack: command.opts<{ readBack: boolean }>().readBack })
      printVerdicts(outcome, journal, session.output)
      const unverified = printUnverified(journal, session.output)
      const good = outcome.allVerified && unverified.items === 0
      return { exitCode: good ? exitCodes.done : exitCodes.notAllVerified, summary: { ...outcome, unverified } }
    }),
  )
}

/** What may travel and is not verified, planned or not: nobody may take a green list for the whole archive. */
export function printUnverified(journal: EvidenceJournal, output: Output): { readonly items: number; readonly bytes: number } {
  const unverified = journal.unverified()
  if (unverified.items > 0) {
    output.line(
      `${count(unverified.items)} items (${formatBytes(unverified.bytes)}) may travel and are not verified: not planned, not sent, not right, or changed since.`,
    )
  }
  return unverified
}

/** The counts, and the first items that are not verified; the report names them all, and why. */
export function printVerdicts(outcome: VerificationOutcome, journal: EvidenceJournal, output: Output): void {
  for (const verdict of verdicts) {
    const items = outcome.counts[verdict]
    if (items > 0 || verdict === 'verified') output.line(`  ${count(items).padStart(9)}  ${verdict}`)
    if (items === 0 || verdict === 'verified' || verdict === 'extra') continue
    const first: ItemId[] = []
    for (const item of journal.worst(outcome.run, verdict)) if (first.push(item) >= itemsNamed) break
    output.line(`             ${first.map(itemName).join(', ')}${items > itemsNamed ? ', …' : ''}`)
  }
  if (outcome.unextractedBatches > 0) output.line(`  ${count(outcome.unextractedBatches)} batches lie in S3 as tars and were not extracted`)
}
