/** firn reconcile: the bill of materials of each imported device against AWS's job logs and what lies in S3. */
import type { Command } from 'commander'
import { itemName, type ItemId } from '../../../shared/domain/item.ts'
import { isReconciled, type Reconciliation } from '../../../shared/domain/jobLog.ts'
import { Fault } from '../../../shared/faults/fault.ts'
import { reconcileDevice } from '../../engine/reconcile.ts'
import { trackDevices } from '../../engine/steps.ts'
import { exitCodes } from '../exitCodes.ts'
import { count } from '../output.ts'
import { action, ordinalNumber } from '../session.ts'

const named = 10

export function reconcileCommand(program: Command): void {
  const command = program
    .command('reconcile')
    .description('compare the bill of materials of each imported device with AWS’s job logs and with the last verification')
    .option('--device <number>', 'only this device', ordinalNumber)
  action(command, async (session) =>
    session.withMigration(async (work, { journal }) => {
      const { device: wanted } = command.opts<{ device?: number }>()
      const seen = (await trackDevices(work)).map(({ device }) => device)
      const imported = seen.filter(
        (device) => device.state === 'Complete' && !device.givenUp && (wanted === undefined || device.id === wanted),
      )
      if (imported.length === 0) throw new Fault('device-not-here', { devices: journal.fleet().length, imported: 0 })
      const found: Reconciliation[] = []
      for (const device of imported) found.push(await reconcileDevice(work.migration, device, work.signal))
      for (const line of found.flatMap(words)) session.output.line(line)
      return { exitCode: found.every(isReconciled) ? exitCodes.done : exitCodes.notAllVerified, summary: { devices: found } }
    }),
  )
}

function words(of: Reconciliation): string[] {
  const line = (number: number, text: string): string => `  ${count(number).padStart(12)}  ${text}`
  return [
    `Device ${of.deviceId}${of.billIntact ? '' : ': its bill of materials is NOT the one that custody names'}`,
    line(of.billed, 'items on its bill of materials'),
    of.logs.length === 0 ? '                AWS’s job logs are not here' : line(of.imported, 'imported, says AWS'),
    ...(of.failed > 0 ? [line(of.failed, 'not imported, says AWS')] : []),
    ...(of.notMentioned > 0 && of.logs.length > 0 ? [line(of.notMentioned, 'not mentioned in AWS’s logs')] : []),
    ...(of.unknown > 0 ? [line(of.unknown, 'objects in AWS’s logs that are on no bill')] : []),
    line(of.verified, 'verified in S3'),
    ...(of.notVerified > 0 ? [line(of.notVerified, 'not verified in S3')] : []),
    ...(of.notJudged > 0 ? [line(of.notJudged, 'not looked at by a verification that still counts')] : []),
    ...(of.contradicted > 0 ? [line(of.contradicted, 'imported, says AWS, and yet missing or different in S3')] : []),
    ...of.failures.slice(0, named).map(({ itemId, reason }) => `                ${itemName(itemId as ItemId)}: ${reason}`),
    ...(isReconciled(of) ? ['  All sides agree.'] : ['  firn repair plans what is missing or different for the link lane.']),
  ]
}
