#!/usr/bin/env node
/** firn: the command line. One file per command below; this one only puts them together. */
import { Command } from 'commander'
import { isFault } from '../../shared/faults/fault.ts'
import { doctorCommand } from './commands/doctor.ts'
import { initCommand } from './commands/init.ts'
import { loadCommand } from './commands/load.ts'
import { orderCommand } from './commands/order.ts'
import { planCommand } from './commands/plan.ts'
import { pushCommand } from './commands/push.ts'
import { rehearseCommand } from './commands/rehearse.ts'
import { reportCommand } from './commands/report.ts'
import { scanCommand } from './commands/scan.ts'
import { shipCommand } from './commands/ship.ts'
import { statusCommand } from './commands/status.ts'
import { verifyCommand } from './commands/verify.ts'
import { exitCodes } from './exitCodes.ts'
import { openOutput } from './output.ts'

const program = new Command('firn')
  .description('Moves hospital imaging archives into Amazon S3 and proves that every byte arrived.')
  .showHelpAfterError('(firn --help lists the commands, firn COMMAND --help the options of one)')
  .exitOverride()

for (const command of [
  initCommand,
  scanCommand,
  planCommand,
  orderCommand,
  loadCommand,
  shipCommand,
  pushCommand,
  verifyCommand,
  reportCommand,
  statusCommand,
  rehearseCommand,
  doctorCommand,
]) {
  command(program)
}

try {
  await program.parseAsync()
} catch (error) {
  if (isFault(error)) {
    openOutput({ json: false, terminal: false, quiet: false }).fault(error)
    process.exitCode = exitCodes.usage
  } else if (error instanceof Error && 'exitCode' in error) {
    process.exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.usage
  } else {
    throw error
  }
}
