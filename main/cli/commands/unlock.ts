/** firn unlock: unlocks a device on site through AWS's own client, and enters it into custody. */
import type { Command } from 'commander'
import { Fault } from '../../../shared/faults/fault.ts'
import { unlockDevice } from '../../engine/unlockDevice.ts'
import { clientFrom, withClientOptions, type ClientOptions } from '../deviceOptions.ts'
import { action, ordinalNumber, personName } from '../session.ts'

type Options = ClientOptions & { readonly device: number; readonly person: string }

export function unlockCommand(program: Command): void {
  const command = withClientOptions(
    program
      .command('unlock')
      .description('unlock a device on site through AWS’s snowballEdge client; the unlock code is asked for and kept nowhere')
      .requiredOption('--device <number>', 'which device', ordinalNumber)
      .requiredOption('--person <name>', 'who unlocks it', personName),
  )
  action(command, async (session) =>
    session.withMigration(async (work, { journal }) => {
      const options = command.opts<Options>()
      const device = journal.fleet().find(({ id }) => id === options.device)
      if (device === undefined) throw new Fault('bad-input', { field: '--device', problem: 'there is no such device' })
      const how = await unlockDevice(work, await clientFrom(options, session), device, options.person)
      session.output.line(
        how === 'unlocked'
          ? `Device ${device.id} is unlocked. To load it: firn load --device ${device.id} --manifest FILE --device-address URL`
          : `Device ${device.id} was unlocked already.`,
      )
      return { summary: { device: device.id, unlocked: how } }
    }),
  )
}
