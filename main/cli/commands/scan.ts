/** firn scan: reads names, sizes and DICOM headers. A second scan finds what is new, changed or gone. */
import type { Command } from 'commander'
import { anomalies } from '../../../shared/domain/anomaly.ts'
import { scanArchives } from '../../engine/steps.ts'
import { count } from '../output.ts'
import { action } from '../session.ts'

export function scanCommand(program: Command): void {
  const command = program.command('scan').description('read names, sizes and DICOM headers; again: find what is new, changed or gone')
  action(command, async (session) => {
    const { output } = session
    return session.withMigration(async (work, { journal }) => {
      const scans = await scanArchives(work)
      const found = journal.anomalyCounts()
      scans.forEach((counts, at) => {
        const archive = journal.archives()[at]
        output.line(
          `Archive ${archive?.id ?? at + 1}: ${count(counts.added)} new, ${count(counts.changed)} changed, ${count(counts.unchanged)} as before, ` +
            `${count(counts.vanished)} gone, ${count(counts.ignored)} passed over`,
        )
      })
      for (const anomaly of found) output.line(`  ${count(anomaly.items).padStart(9)}  ${anomalies[anomaly.code].title} [${anomaly.code}]`)
      return { summary: { archives: scans, anomalies: found } }
    })
  })
}
