#!/usr/bin/env node
/** firn: the command line. One file per command below; this one only puts them together. */
import { setFlagsFromString } from 'node:v8'
import { Command, CommanderError } from 'commander'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import { consoleCommand } from './commands/console.ts'
import { doctorCommand } from './commands/doctor.ts'
import { gatewaysCommand } from './commands/gateways.ts'
import { initCommand } from './commands/init.ts'
import { inspectCommand } from './commands/inspect.ts'
import { loadCommand } from './commands/load.ts'
import { orderCommand } from './commands/order.ts'
import { planCommand } from './commands/plan.ts'
import { postureCommand } from './commands/posture.ts'
import { pushCommand } from './commands/push.ts'
import { rehearseCommand } from './commands/rehearse.ts'
import { custodyCommand } from './commands/custody.ts'
import { namesCommand } from './commands/names.ts'
import { reconcileCommand } from './commands/reconcile.ts'
import { repairCommand } from './commands/repair.ts'
import { replanCommand } from './commands/replan.ts'
import { reportCommand } from './commands/report.ts'
import { safeToFreeCommand } from './commands/safeToFree.ts'
import { rulesCommand } from './commands/rules.ts'
import { scanCommand } from './commands/scan.ts'
import { shipCommand } from './commands/ship.ts'
import { statusCommand } from './commands/status.ts'
import { trackCommand } from './commands/track.ts'
import { takeCommand } from './commands/take.ts'
import { unlockCommand } from './commands/unlock.ts'
import { verifyCommand } from './commands/verify.ts'
import { workOrderCommand } from './commands/workOrder.ts'
import { exitCodes } from './exitCodes.ts'
import { openOutput } from './output.ts'
import { failureSummary } from './session.ts'

// Most of what a stage allocates dies at once: V8 would otherwise let its young generation grow with the archive (measured: docs/measurements.md).
setFlagsFromString('--semi-space-growth-factor=1')

const program = new Command('firn')
  .description('Moves hospital imaging archives into Amazon S3 and proves that every byte arrived.')
  .showHelpAfterError('(firn --help lists the commands, firn COMMAND --help the options of one)')
  .exitOverride()

for (const command of [
  initCommand,
  scanCommand,
  rulesCommand,
  planCommand,
  orderCommand,
  unlockCommand,
  loadCommand,
  inspectCommand,
  replanCommand,
  workOrderCommand,
  takeCommand,
  shipCommand,
  trackCommand,
  gatewaysCommand,
  postureCommand,
  pushCommand,
  verifyCommand,
  safeToFreeCommand,
  custodyCommand,
  namesCommand,
  reconcileCommand,
  repairCommand,
  reportCommand,
  statusCommand,
  rehearseCommand,
  doctorCommand,
  consoleCommand,
]) {
  command(program)
}

// An output that nobody reads any more (a closed terminal, `| head`) must not stop the work.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)

try {
  await program.parseAsync()
} catch (error) {
  if (isFault(error)) refuse(error, true)
  else if (error instanceof CommanderError && error.exitCode === 0) process.exitCode = exitCodes.done
  // commander has told the person already; a script is told here.
  else if (error instanceof CommanderError) refuse(new Fault('bad-input', { problem: error.code }, { cause: error }), false)
  else throw error
}

// All is closed and written down. What a library has left behind, such as the time limit of a call that was cut off, must not keep the process.
for (const stream of [process.stdout, process.stderr]) await new Promise<void>((written) => stream.write('', () => written()))
process.exit()

/** An option that cannot be used: no command has begun, so the summary of --json comes from here. */
function refuse(fault: Fault, inWords: boolean): void {
  const output = openOutput({ json: process.argv.includes('--json'), terminal: false, quiet: false })
  if (inWords) output.fault(fault)
  const command = program.commands.find((one) => process.argv[2] === one.name())?.name() ?? ''
  output.summary(failureSummary(command, fault, exitCodes.usage))
  process.exitCode = exitCodes.usage
}
