/** firn report: writes the evidence. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { reportFile } from '../../evidence/bag.ts'
import { openMigration } from '../../engine/migrationFolder.ts'
import { writeEvidence } from '../../engine/steps.ts'
import { action } from '../session.ts'

export function reportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('write the evidence: report, items, event log')
    .option('--include-paths', 'add a list with paths and keys, which may hold patient data', false)
    .option('--zip', 'also pack the bundle into one ZIP file beside it', false)
    .option('--new-signing-key', 'sign with a new key because the old one is lost; the event log will say so', false)
  action(command, async (session) => {
    const { includePaths, newSigningKey, zip } = command.opts<{ includePaths: boolean; newSigningKey: boolean; zip: boolean }>()
    const migration = openMigration(session.options.migration, process.env)
    try {
      const evidence = await writeEvidence(
        { migration, watch: session.watch, signal: session.signal },
        { includePaths, zip, signer: migration.signer(newSigningKey ? 'replace' : undefined) },
      )
      session.output.line(`Evidence: ${join(evidence.folder, reportFile)}`)
      if (evidence.zip !== undefined) session.output.line(`Packed: ${evidence.zip}`)
      session.output.line(`Signed by key ${evidence.summary.signedBy ?? ''}`)
      return { summary: { ...evidence } }
    } finally {
      migration.close()
    }
  })
}
