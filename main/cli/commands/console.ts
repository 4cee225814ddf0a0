/** firn console: the application in a browser, for machines without a desktop. Runs until it is stopped. */
import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { Fault } from '../../../shared/faults/fault.ts'
import { hasDesktop, openBrowser } from '../../console/browser.ts'
import { isLoopback, isOpenToAll, loopback, namesOf, openConsole } from '../../console/console.ts'
import type { Place } from '../../console/consoleServer.ts'
import { knock } from '../../console/door.ts'
import { logFile } from '../../engine/logFile.ts'
import { systemFault } from '../../engine/systemFault.ts'
import { realWorld, systemClock } from '../../engine/world.ts'
import { forkChild } from '../../hosting/forkChild.ts'
import { filesOfHome, homeFolder, prepareHome } from '../../hosting/home.ts'
import { screensFolder } from '../../hosting/screensFolder.ts'
import { exitCodeFor, exitCodes } from '../exitCodes.ts'
import { openOutput, type Output } from '../output.ts'
import { failureSummary, portNumber, stopSignal } from '../session.ts'

type Options = {
  readonly port?: number
  readonly listen: string
  readonly certificate?: string
  readonly key?: string
  readonly insecureHttp: boolean
  readonly public?: string
  readonly open?: boolean
  readonly home?: string
  readonly link: boolean
  readonly json: boolean
  readonly quiet: boolean
}

const root = resolve(import.meta.dirname, '../../..')
const buildLimit = 10 * 60_000

export function consoleCommand(program: Command): void {
  const command = program
    .command('console')
    .description('the application in a browser; runs until it is stopped')
    .option('--port <number>', 'port to listen on (default: a free one)', portNumber)
    .option('--listen <address>', 'address to listen on; another than loopback needs a certificate', loopback)
    .option('--certificate <file>', 'certificate (PEM) for HTTPS')
    .option('--key <file>', 'its private key (PEM)')
    .option('--insecure-http', 'listen on the network without a certificate: everything can be read on the way', false)
    .option('--public <origin>', 'what a reverse proxy in front of it shows to browsers, as https://firn.hospital.example')
    .option('--open', 'open the default browser (the default where there is a desktop, except with --json)')
    .option('--no-open', 'open no browser')
    .option('--home <folder>', "folder of Firn's settings (or FIRN_HOME)")
    .option('--link', 'ask the console that runs for another link, print it, end', false)
    .option('--json', 'print one object when it listens', false)
    .option('-q, --quiet', 'no remarks', false)
    .action(async () => {
      const options = command.opts<Options>()
      const output = openOutput({ json: options.json, terminal: process.stderr.isTTY, quiet: options.quiet })
      const stop = stopSignal(output)
      try {
        await run(options, output, stop.signal)
        process.exitCode = stop.signal.aborted ? exitCodes.stopped : exitCodes.done
      } catch (error) {
        const fault = systemFault(error)
        const exitCode = exitCodeFor(fault)
        output.fault(fault)
        output.summary(failureSummary('console', fault, exitCode))
        process.exitCode = exitCode
      } finally {
        stop.over()
      }
    })
}

async function run(options: Options, output: Output, signal: AbortSignal): Promise<void> {
  const home = homeFolder(options.home === undefined ? process.env : { ...process.env, FIRN_HOME: options.home })
  const there = await knock(home)
  if (options.link || there !== undefined) {
    if (there === undefined) throw new Fault('no-console')
    tell(output, there, options.link ? 'Link' : 'A console runs already. Link')
    return options.link ? undefined : browse(options, output, there)
  }
  const place = placeFrom(options)
  prepareHome(home)
  await buildScreens(output)
  const world = realWorld(logFile(filesOfHome(home).log, systemClock))
  const console = await openConsole({ home, version: version(), screens: screensFolder(), startChild: forkChild(), world, place })
  try {
    if (!signal.aborted) {
      const { server } = console
      if (isOpenToAll(place))
        output.warning(
          `Listening on ${place.address} without a certificate: whoever is on this network can read and change what is shown and typed.`,
        )
      const link = server.newLink()
      tell(output, link, 'Firn')
      output.line('      good once and for ten minutes; another: firn console --link')
      output.line(
        console.hasDoor ? 'Stop with Ctrl-C.' : 'Stop with Ctrl-C. Here --link has no way to ask: start it again for another link.',
      )
      await browse(options, output, link)
      await new Promise<void>((stopped) => {
        signal.addEventListener('abort', () => stopped(), { once: true })
        if (signal.aborted) stopped()
      })
    }
  } finally {
    await console.close()
  }
}

function tell(output: Output, link: string, label: string): void {
  output.line(`${label}: ${link}`)
  output.summary({ command: 'console', ok: true, exitCode: exitCodes.done, url: link, origin: new URL(link).origin })
}

async function browse(options: Options, output: Output, link: string): Promise<void> {
  if (!(options.open ?? !options.json)) return
  const desktop = hasDesktop(process.env, process.platform)
  if (desktop && (await openBrowser(link))) return
  if (options.open === true) output.remark('There is no desktop to open a browser on: open the link yourself.')
}

/** @throws Fault bad-input. */
function placeFrom({ listen, port = 0, certificate, key, insecureHttp, public: origin }: Options): Place {
  if ((certificate === undefined) !== (key === undefined))
    throw new Fault('bad-input', { field: '--certificate', problem: '--certificate and --key belong together' })
  if (!isLoopback(listen) && certificate === undefined && !insecureHttp)
    throw new Fault('bad-input', {
      field: '--listen',
      problem: 'another address than loopback needs --certificate and --key, or --insecure-http',
    })
  const tls =
    certificate === undefined || key === undefined ? undefined : { certificate: pem('--certificate', certificate), key: pem('--key', key) }
  return { address: listen, port, tls, names: namesOf(listen), publicOrigin: origin === undefined ? undefined : originFrom(origin) }
}

function pem(field: string, file: string): Buffer {
  try {
    return readFileSync(file)
  } catch (error) {
    throw new Fault('bad-input', { field, problem: 'cannot be read' }, { cause: error })
  }
}

function originFrom(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.pathname !== '/' || url.search !== '' || url.hash !== '')
    throw new Fault('bad-input', { field: '--public', problem: 'is not an origin such as https://firn.hospital.example' })
  return url.origin
}

/** A clone builds its screens when they are not there or older than their sources; where Firn is installed they are there. */
async function buildScreens(output: Output): Promise<void> {
  const builder = join(root, 'scripts', 'buildRenderer.mjs')
  if (!existsSync(builder)) return
  if (!existsSync(join(screensFolder(), 'index.html'))) output.remark('Building the screens, for the first time …')
  const built = await new Promise<boolean>((done) => {
    const child = spawn(process.execPath, [builder], { cwd: root, stdio: 'ignore', timeout: buildLimit, killSignal: 'SIGKILL' })
    child.once('error', () => done(false))
    child.once('close', (code) => done(code === 0))
  })
  if (!built) throw new Fault('screens-missing', { build: 'failed' })
}

function version(): string {
  const value: unknown = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, 'version') : undefined
  return typeof found === 'string' ? found : 'unknown'
}
