/** What every command has: output, a stop signal, the migration's folder, and one way to end. */
import type { Command } from 'commander'
import { asFault, Fault, wordsFor } from '../../shared/faults/fault.ts'
import type { StageEvent } from '../../shared/flow/stage.ts'
import { itemName } from '../../shared/domain/item.ts'
import { compose, type Wiring } from '../engine/compose.ts'
import { openMigration, type OpenMigration } from '../engine/migrationFolder.ts'
import type { Watch, Work } from '../engine/steps.ts'
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
        const fault = stop.signal.aborted ? new Fault('stopped', {}, { cause: error }) : asFault(error)
        exitCode = exitCodeFor(fault)
        output.fault(fault, session.goOnWith)
        output.summary({
          command: session.command,
          ok: false,
          exitCode,
          fault: { code: fault.code, retry: fault.retry, facts: fault.facts, ...sentences(fault) },
        })
      } finally {
        stop.forget()
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
    goOnWith: `firn ${command} --migration ${options.migration}`,
    async withMigration(work, folder = options.migration) {
      const migration = openMigration(folder, process.env)
      opened = migration
      if (migration.config.profile !== undefined) process.env['AWS_PROFILE'] = migration.config.profile
      let wiring: Wiring | undefined
      try {
        wiring = await compose(migration, options.port === undefined ? {} : { sandboxPort: options.port })
        return await work({ migration, wiring, watch, signal }, migration)
      } catch (error) {
        if (!signal.aborted) {
          const fault = asFault(error)
          migration.world.log.error(command, fault.code, fault.facts)
        }
        throw error
      } finally {
        await wiring?.close()
        migration.close()
      }
    },
  }
  return session
}

/** The first Ctrl-C stops cleanly, the second at once. */
function stopSignal(output: Output): { readonly signal: AbortSignal; forget(): void } {
  const controller = new AbortController()
  let stoppedAt = Number.NEGATIVE_INFINITY
  const stop = (): void => {
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
    forget() {
      for (const name of names) process.off(name, stop)
    },
  }
}

function sentences(fault: Fault): object {
  const { happened, safe, todo } = wordsFor(fault)
  return { happened, safe, todo }
}

export function portNumber(text: string): number {
  const port = Number(text)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Fault('bad-input', { field: '--port', problem: 'is not a port' })
  return port
}
