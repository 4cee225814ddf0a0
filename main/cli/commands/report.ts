/** firn report: writes the evidence. */
import { join } from 'node:path'
import type { Command } from 'commander'
import { openMigration } from '../../engine/migrationFolder.ts'
import { writeEvidence } from '../../engine/steps.ts'
import { action } from '../session.ts'

export function reportCommand(program: Command): void {
  const command = program
    .command('report')
    .description('write the evidence: report, items, event log')
    .option('--include-paths', 'add a list with paths and keys, which may hold patient data', false)
  action(command, async (session) => {
    const migration = openMigration(session.options.migration, process.env)
    try {
      const evidence = await writeEvidence(
        { migration, watch: session.watch, signal: session.signal },
        { includePaths: command.opts<{ includePaths: boolean }>().includePaths },
      )
      session.output.line(`Evidence: ${join(evidence.folder, 'report.html')}`)
      return { summary: { ...evidence } }
    } finally {
      migration.close()
    }
  })
}
