/** What every command has: output, a stop signal, the migration's folder, and one way to end. */
import type { Command } from 'commander'
import { Fault, isFault, wordsFor } from '../../shared/faults/fault.ts'
import type { StageEvent } from '../../shared/flow/stage.ts'
import { itemName } from '../../shared/domain/item.ts'
import { compose, type Wiring } from '../engine/compose.ts'
import { openMigration, type OpenMigration } from '../engine/migrationFolder.ts'
import type { Watch, Work } from '../engine/steps.ts'
import { systemFault } from '../engine/systemFault.ts'
import { exitCodeFor, exitCodes } from './exitCodes.ts'
import { openOutput, type Output } from './output.ts'

export type CommonOptions = { readonly migration: string; readonly json: boolean; readonly quiet: boolean; readonly port?: number }

export type Session = {
  readonly command: string
  readonly options: CommonOptions
  readonly output: Output
  readonly signal: AbortSignal
  readonly watch: Watch
  /** Opens the migration and what it talks to; both are closed when the work is done, whatever happens. */
  withMigration<Result>(work: (work: Work, migration: OpenMigration) => Promise<Result>, folder?: string): Promise<Result>
  /** What to run to go on, shown when the command is stopped or fails. */
  goOnWith: string | undefined
}

/** What a command ends with: its exit code and the object that --json prints. */
export type Ending = { readonly exitCode?: number; readonly summary: object }

const troublesShown = 20
const sameKeyWithin = 500

/** Adds the options that all commands have and runs the action under one roof: faults become words, an exit code, and JSON. */
export function action(command: Command, run: (session: Session) => Promise<Ending>): void {
  command
    .option('-m, --migration <folder>', 'folder of the migration (or FIRN_MIGRATION)', process.env['FIRN_MIGRATION'] ?? '.')
    .option('--json', 'print one summary object at the end, progress on standard error', false)
    .option('-q, --quiet', 'no progress', false)
    .option('--port <number>', 'port of the simulated AWS in a rehearsal (default: a free one)', portNumber)
    .action(async () => {
      const options = command.opts<CommonOptions>()
      const output = openOutput({ json: options.json, terminal: process.stderr.isTTY, quiet: options.quiet })
      const stop = stopSignal(output)
      const session = openSession(command.name(), options, output, stop.signal)
      let exitCode: number
      try {
        const ending = await run(session)
        exitCode = ending.exitCode ?? exitCodes.done
        output.summary({ command: session.command, ok: exitCode === exitCodes.done, exitCode, ...ending.summary })
      } catch (error) {
        const fault = stop.signal.aborted ? new Fault('stopped', {}, { cause: error }) : systemFault(error)
        exitCode = exitCodeFor(fault)
        output.fault(fault, canGoOn(fault) ? session.goOnWith : undefined)
        output.summary(failureSummary(session.command, fault, exitCode))
      } finally {
        stop.over()
      }
      process.exitCode = exitCode
    })
}

function openSession(command: string, options: CommonOptions, output: Output, signal: AbortSignal): Session {
  let opened: OpenMigration | undefined
  let troubles = 0
  const watch: Watch = async <Outcome>(stage: AsyncIterable<StageEvent<Outcome>>): Promise<Outcome> => {
    for await (const event of stage) {
      switch (event.kind) {
        case 'progress':
          output.progress(event.progress, false)
          break
        case 'trouble': {
          const { fault, item } = event
          opened?.world.log.warn('stage', fault.code, { ...fault.facts, ...(item === undefined ? {} : { item }) })
          troubles += 1
          if (troubles <= troublesShown)
            output.remark(`  ${item === undefined ? '' : `${itemName(item)}: `}${wordsFor(fault).happened} [${fault.code}]`)
          else if (troubles === troublesShown + 1) output.remark('  Further troubles are in the log.')
          break
        }
        case 'finished':
          output.progress(event.progress, true)
          return event.outcome
      }
    }
    throw new Error('a stage ends with its outcome or a fault')
  }
  const session: Session = {
    command,
    options,
    output,
    signal,
    watch,
    goOnWith: `firn ${process.argv.slice(2).map(quoted).join(' ')}`,
    async withMigration(work, folder = options.migration) {
      const migration = openMigration(folder, process.env)
      opened = migration
      let wiring: Wiring | undefined
      try {
        wiring = await compose(migration, options.port === undefined ? {} : { sandboxPort: options.port })
        const { broken } = wiring
        const either = broken === undefined ? signal : AbortSignal.any([signal, broken])
        const result = await work({ migration, wiring, watch, signal: either }, migration)
        await close(wiring, migration)
        return result
      } catch (error) {
        const fault = systemFault(wiring?.broken?.aborted === true ? wiring.broken.reason : error)
        if (!signal.aborted) migration.world.log.error(command, fault.code, fault.facts)
        // On a full disk closing may fail too; what came first is what a person has to know.
        await close(wiring, migration).catch((late: unknown) => {
          const { code, facts } = systemFault(late)
          migration.world.log.error('close', code, facts)
        })
        throw fault
      }
    },
  }
  return session
}

/** The first Ctrl-C stops cleanly, the second at once. */
export function stopSignal(output: Output): { readonly signal: AbortSignal; over(): void } {
  const controller = new AbortController()
  let stoppedAt = Number.NEGATIVE_INFINITY
  let over = false
  const stop = (): void => {
    if (over) return
    // npm and a signal to the whole process group can both deliver the same Ctrl-C.
    if (performance.now() - stoppedAt < sameKeyWithin) return
    if (controller.signal.aborted) process.exit(exitCodes.stopped)
    stoppedAt = performance.now()
    output.remark('Stopping: what is in flight ends first. Press Ctrl-C again to stop at once; that loses nothing either.')
    controller.abort(new Fault('stopped'))
  }
  const names = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const name of names) process.on(name, stop)
  return {
    signal: controller.signal,
    // The handlers stay: a key pressed while the last lines are written must not end the process by signal instead of by its exit code.
    over() {
      over = true
    },
  }
}

async function close(wiring: Wiring | undefined, migration: OpenMigration): Promise<void> {
  try {
    await wiring?.close()
  } finally {
    migration.close()
  }
}

/** What --json prints for a command that failed. */
export function failureSummary(command: string, fault: Fault, exitCode: number): object {
  const { happened, safe, todo } = wordsFor(fault)
  return { command, ok: false, exitCode, fault: { code: fault.code, retry: fault.retry, facts: fault.facts, happened, safe, todo } }
}

/** Where the same command, as it was given, is the way on. */
function canGoOn(fault: Fault): boolean {
  return fault.retry !== 'never' && !isFault(fault, 'bad-input', 'wrong-order', 'not-a-migration', 'nothing-checked')
}

/** As a shell takes it. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** A device's number as people say it, from 1. */
export function ordinalNumber(text: string): number {
  const ordinal = Number(text)
  if (!Number.isInteger(ordinal) || ordinal < 1)
    throw new Fault('bad-input', { field: '--device', problem: 'is not the number of a device' })
  return ordinal
}

/** Orders, approvals and hand-overs are by somebody. */
export function personName(text: string): string {
  if (text.trim() === '') throw new Fault('bad-input', { field: 'name', problem: 'is empty' })
  return text.trim()
}

export function portNumber(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Fault('bad-input', { field: '--port', problem: 'is not a port' })
  return port
}
