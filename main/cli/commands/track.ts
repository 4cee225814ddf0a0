/** firn track: asks AWS where the devices are; with --wait until each is on site or imported. */
import type { Command } from 'commander'
import { alertText } from '../../../shared/domain/deviceAlerts.ts'
import { trackingLink } from '../../../shared/domain/trackingLink.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { awaitDevices, travelling, type TrackedDevice } from '../../engine/awaitDevices.ts'
import { alertsOf, wholeHistory } from '../../engine/deviceStanding.ts'
import { countryOf } from '../../engine/orders.ts'
import { trackDevices } from '../../engine/steps.ts'
import { exitCodes } from '../exitCodes.ts'
import { count } from '../output.ts'
import { action } from '../session.ts'

export function trackCommand(program: Command): void {
  const command = program
    .command('track')
    .description('ask AWS where the devices are; safe to stop and repeat')
    .option('--wait', 'until each device is on site or imported; in a rehearsal simulated time passes meanwhile', false)
  action(command, async (session) =>
    session.withMigration(async (work, { journal }) => {
      if (!journal.devices().some((device) => device.jobId !== undefined)) throw new Fault('wrong-order', { missing: 'order' })
      const { wait } = command.opts<{ wait: boolean }>()
      let told = ''
      const seen = wait
        ? await awaitDevices(work, {
            seen(devices) {
              const now = devices.map(words).join('\n')
              if (now !== told) session.output.remark(now)
              told = now
            },
            trouble(fault) {
              session.output.remark(`  ${fault.message}; asked again later`)
            },
          })
        : await trackDevices(work)
      const country = countryOf(work.migration.config)
      const history = wholeHistory(work.migration)
      const askedAt = work.migration.world.clock.now()
      const alerts = new Map(seen.map(({ device }) => [device.id, alertsOf(work.migration, device, history, askedAt)]))
      for (const one of seen) {
        session.output.line(words(one))
        for (const link of linksOf(one, country)) session.output.line(`  ${link}`)
        for (const alert of alerts.get(one.device.id) ?? []) session.output.line(`  ${alertText(alert)}`)
      }
      const onTheWay = travelling(journal, seen).length
      return {
        exitCode: wait && onTheWay > 0 ? exitCodes.tryLater : exitCodes.done,
        summary: {
          travelling: onTheWay,
          devices: seen.map(({ device, job }) => ({
            device: device.id,
            job: job.jobId,
            state: job.state,
            progress: job.progress ?? null,
            alerts: alerts.get(device.id) ?? [],
          })),
        },
      }
    }),
  )
}

/** Where a person can see the shipment, on the carrier's page; else its number. */
function linksOf({ job: { outbound, inbound } }: TrackedDevice, country: string | undefined): string[] {
  return (
    [
      ['to the hospital', outbound],
      ['back to AWS', inbound],
    ] as const
  ).flatMap(([way, { trackingNumber }]) =>
    trackingNumber === undefined ? [] : [`${way}: ${trackingLink(trackingNumber, country) ?? trackingNumber}`],
  )
}

function words({ device, job }: TrackedDevice): string {
  const { progress } = job
  if (progress === undefined) return `Device ${device.id}: ${job.state}`
  const of = progress.totalObjects === undefined ? 'counting' : `${count(progress.objects)} of ${count(progress.totalObjects)} objects`
  return `Device ${device.id}: ${job.state} (${of})`
}
