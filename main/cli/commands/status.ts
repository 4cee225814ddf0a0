/** firn status: where the migration stands, and what comes next. Looks beside a Firn that works. */
import type { Command } from 'commander'
import { laneNames } from '../../../shared/domain/route.ts'
import { verdicts } from '../../../shared/domain/verification.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'
import { lookInto } from '../../engine/migrationFolder.ts'
import { nextStep } from '../../engine/nextStep.ts'
import { count } from '../output.ts'
import { action } from '../session.ts'

export function statusCommand(program: Command): void {
  const command = program.command('status').description('where the migration stands and what comes next; works beside a running Firn')
  action(command, async ({ options, output }) => {
    const { journal } = lookInto(options.migration)
    try {
      const migration = journal.migration()
      const archives = journal.archives().map((archive) => ({
        archive: archive.id,
        bucket: archive.bucket,
        ...journal.inventory(archive.id),
        ...lastScanOf(journal.lastScan(archive.id)),
      }))
      const lanes = journal.laneCounts()
      const devices = journal.devices()
      const verification = journal.lastVerification()
      const next = nextStep(journal)
      output.line(`${migration.name}${migration.kind === 'rehearsal' ? '   [REHEARSAL]' : ''}`)
      for (const one of archives) {
        output.line(
          `  Archive ${one.archive}: ${count(one.items)} items, ${formatBytes(one.bytes)}, ${count(one.studies)} studies, scanned ${one.scannedAt ?? 'never'}`,
        )
      }
      for (const anomaly of journal.anomalyCounts()) output.line(`  ${count(anomaly.items).padStart(9)}  ${anomaly.code}`)
      for (const lane of lanes)
        output.line(`  ${laneNames[lane.route].padEnd(30)} ${lane.state.padEnd(12)} ${count(lane.items)} items, ${formatBytes(lane.bytes)}`)
      for (const device of devices) {
        output.line(
          `  Device ${device.id}: ${device.givenUp ? 'given up as dead, ' : ''}${device.state}, job ${device.jobId ?? 'not ordered'}, ${count(device.sent.items)} of ${count(device.planned.items)} items loaded`,
        )
      }
      const workOrders = journal.workOrders()
      for (const { deviceId, state, person } of workOrders) {
        if (state === 'lent') output.line(`  Device ${deviceId}: another workstation fills it, lent by ${person}`)
        if (state === 'taken') output.line(`  This folder is a work order: it fills device ${deviceId}, lent by ${person}`)
      }
      const replans = journal.replans()
      for (const { deviceId, items, bytes, to, person, finished } of replans) {
        output.line(
          `  Device ${deviceId}: ${count(items)} items, ${formatBytes(bytes)} planned anew ${to.route === 'link' ? 'straight to S3' : `onto device ${to.deviceId}`}, as ${person} decided${finished ? '' : ' (cut off: run firn replan again)'}`,
        )
      }
      if (verification !== undefined) {
        const words = verdicts
          .filter((verdict) => verification.counts[verdict] > 0)
          .map((verdict) => `${count(verification.counts[verdict])} ${verdict}`)
        output.line(
          `  Verification${verification.finishedAt === undefined ? ' (not finished)' : ''}: ${words.join(', ') || 'nothing checked'}`,
        )
      }
      output.line(`Next: ${next}`)
      return {
        summary: {
          migration: migration.id,
          kind: migration.kind,
          archives,
          lanes,
          devices,
          replans,
          workOrders,
          verification: verification ?? null,
          next,
        },
      }
    } finally {
      journal.close()
    }
  })
}

function lastScanOf(scan: { readonly finishedAt: number } | undefined): { readonly scannedAt: string | null } {
  return { scannedAt: scan === undefined ? null : new Date(scan.finishedAt).toISOString() }
}
