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
    .option('--new-signing-key', 'sign with a new key because the old one is lost; the event log will say so', false)
  action(command, async (session) => {
    const { includePaths, newSigningKey } = command.opts<{ includePaths: boolean; newSigningKey: boolean }>()
    const migration = openMigration(session.options.migration, process.env)
    try {
      const evidence = await writeEvidence(
        { migration, watch: session.watch, signal: session.signal },
        { includePaths, signer: migration.signer(newSigningKey ? 'replace' : undefined) },
      )
      session.output.line(`Evidence: ${join(evidence.folder, reportFile)}`)
      session.output.line(`Signed by key ${evidence.summary.signedBy ?? ''}`)
      return { summary: { ...evidence } }
    } finally {
      migration.close()
    }
  })
}
