/** What desktop and console share: the supervised engine, settings, path tokens, kept keys, the wallboard, and the answers to every call of a screen. */
import { answerCall, calls, engineCalls, type CallName } from '../../shared/contract/bridge.ts'
import type { Notice, WireKeys } from '../../shared/contract/engineWire.ts'
import type { HostState } from '../../shared/contract/hostState.ts'
import type { Snapshot } from '../../shared/contract/snapshot.ts'
import { wallboardFrom } from '../../shared/contract/wallboard.ts'
import { faultToWire, type Reply } from '../../shared/contract/wire.ts'
import { Fault, isFault } from '../../shared/faults/fault.ts'
import type { World } from '../../shared/ports/world.ts'
import { requireApart } from '../engine/apart.ts'
import type { Caller, Host, HostAbilities } from './abilities.ts'
import type { StartChild } from './childProcess.ts'
import { openEngineLink } from './engineLink.ts'
import { filesOfHome, prepareHome } from './home.ts'
import { answersOfHost, type HostParts } from './hostCalls.ts'
import { openKeys } from './keptKeys.ts'
import { openPathTokens } from './pathTokens.ts'
import { readSettings, writeSettings } from './settingsFile.ts'
import { hostFile, type BundleFiles } from './supportBundle.ts'
import { timeLimit } from './timeLimits.ts'
import { listeners } from './listeners.ts'
import { openWallboard } from './wallboard.ts'

export type { Caller, FolderPurpose, Host, HostAbilities, Secrets } from './abilities.ts'

export type HostOptions = {
  readonly home: string
  readonly startChild: StartChild
  readonly abilities: HostAbilities
  readonly world: World
}

/** A window that is reloaded is gone for a moment. */
const graceForScreens = 30_000
const boardEvery = 1000
const bundlesKept = 8

/** Starts the engine, and the wallboard when the settings say so. @throws Fault home-not-writable. */
export async function openHost({ home, startChild, abilities, world }: HostOptions): Promise<Host> {
  prepareHome(home)
  const { clock } = world
  const files = filesOfHome(home)
  const read = await readSettings(files.settings)
  let { settings, refused } = read
  let ending = false
  const over = new AbortController()
  const watching = { state: listeners<HostState>(), snapshot: listeners<Snapshot>(), notice: listeners<Notice>() }
  const tokens = openPathTokens(world.random)
  const keys = openKeys(files.keys, abilities.secrets)
  const wallboard = await openWallboard({ home, startChild, world, settings: settings.wallboard })

  const state = (): HostState => ({
    host: abilities.kind,
    version: abilities.version,
    folderDialog: abilities.folderDialog,
    unencrypted: abilities.unencrypted ?? false,
    secretStore: abilities.secrets?.available() ?? false,
    engine: engine.state(),
    wallboard: wallboard.state(),
    settings,
    settingsRefused: [...refused],
    update: abilities.update?.state() ?? { state: 'off', version: null },
  })
  const changed = (): void => watching.state.tell(state())

  const engine = openEngineLink({
    home,
    startChild,
    world,
    keys: keys.open,
    // A console that was killed has nobody to show the work to; a desktop may be set to let it go on.
    whenAlone: () => (abilities.kind === 'desktop' ? settings.onClose : 'stop'),
    on: { state: () => changed(), snapshot: watching.snapshot.tell, notice: watching.notice.tell },
  })
  const busy = (): boolean => engine.snapshot()?.migration?.works.some((work) => work.state === 'running') ?? false

  /** What each screen was shown last, and the archives' roots as they were last told: also for when the engine is gone. */
  const shown = new Map<string, BundleFiles>()
  let roots: readonly string[] = []

  const forward = async (name: CallName, input: unknown, signal: AbortSignal): Promise<unknown> => {
    const { input: schema } = calls[name]
    const paths = tokens.pathsIn(schema, input)
    const value = await engine.call({ name, input, paths, keys: await keysFor(input) }, signal)
    if (name === 'archives.list') roots = rootsIn(value)
    return value
  }
  const keysFor = async (input: unknown): Promise<Readonly<Record<string, WireKeys>>> => {
    const name = keptName(input)
    if (name === undefined) return {}
    const kept = await keys.open(name)
    if (kept === undefined) throw new Fault('keys-not-given')
    return { [name]: kept }
  }
  const showBundle = async (caller: Caller | undefined, signal: AbortSignal): Promise<BundleFiles> => {
    let bundle: BundleFiles = []
    try {
      bundle = calls['diagnostics.supportBundle'].answer.parse(await forward('diagnostics.supportBundle', {}, signal)).files
    } catch (error) {
      // An engine that does not come up is what a support bundle is for: the host's own part is there without it.
      if (!isFault(error, 'engine-gone')) throw error
    }
    bundle = [...bundle, hostFile(state(), clock.now())]
    const who = caller?.session ?? ''
    shown.delete(who)
    shown.set(who, bundle)
    for (const oldest of shown.keys()) if (shown.size > bundlesKept) shown.delete(oldest)
    return bundle
  }

  const parts: HostParts = {
    abilities,
    clock,
    engine,
    keys,
    tokens,
    wallboard,
    state,
    settings: () => settings,
    async save(next) {
      await writeSettings(files.settings, next, refused.length > 0)
      settings = next
      refused = []
      engine.aloneChanged()
      changed()
    },
    busy,
    supportBundle: async (caller, signal) => shown.get(caller?.session ?? '') ?? (await showBundle(caller, signal)),
    async requireOutsideArchives(folder, signal) {
      try {
        await forward('archives.list', {}, signal)
      } catch (error) {
        if (!isFault(error, 'engine-gone', 'no-migration-open')) throw error
      }
      requireApart('folder', folder, roots)
    },
  }
  const ofEngine = Object.fromEntries(
    (Object.keys(engineCalls) as CallName[]).map((name) => [name, (input: unknown, signal: AbortSignal) => forward(name, input, signal)]),
  )

  const call: Host['call'] = async (name, input, signal, caller) => {
    const late = new AbortController()
    const done = new AbortController()
    const either = AbortSignal.any([signal, late.signal])
    const cut = new Promise<Reply>((resolve) => {
      const refuse = (): void =>
        resolve({ ok: false, fault: faultToWire(signal.aborted ? new Fault('stopped') : new Fault('answer-late', { call: name })) })
      if (either.aborted) refuse()
      else either.addEventListener('abort', refuse, { once: true })
    })
    const limit = Object.hasOwn(calls, name) ? timeLimit(name as CallName) : 0
    if (limit > 0)
      clock.sleep(limit, done.signal).then(
        () => late.abort(),
        () => undefined,
      )
    const handlers = {
      ...ofEngine,
      'diagnostics.supportBundle': async (_: unknown, own: AbortSignal) => ({ files: await showBundle(caller, own) }),
      ...answersOfHost(parts, caller),
    }
    const reply = await Promise.race([answerCall(calls, handlers, name, input, either), cut])
    done.abort()
    return reply
  }

  wallboard.watch(changed)
  engine.start()
  void feedBoard()

  /** Once a second, also while the engine is gone: a board that hears nothing must say so by itself. */
  async function feedBoard(): Promise<void> {
    while (!over.signal.aborted) {
      if (wallboard.state().state === 'listening') {
        const snapshot = engine.snapshot()
        const { state: now, since } = engine.state()
        const broken = now === 'running' || now === 'starting' ? undefined : since
        wallboard.tell(wallboardFrom(snapshot, snapshot?.migration?.name ?? '', broken, clock.now()))
      }
      await clock.sleep(boardEvery, over.signal).catch(() => undefined)
    }
  }

  let grace = new AbortController()
  let stoppedForWant = false
  const screens = (open: number): void => {
    grace.abort()
    if (ending) return
    if (open > 0) {
      if (stoppedForWant) engine.start()
      stoppedForWant = false
      return
    }
    if (settings.onClose !== 'stop') return
    grace = new AbortController()
    clock.sleep(graceForScreens, AbortSignal.any([grace.signal, over.signal])).then(
      () => {
        stoppedForWant = true
        return engine.stop()
      },
      () => undefined,
    )
  }

  return {
    state,
    watch: watching.state.add,
    snapshot: engine.snapshot,
    onSnapshot: watching.snapshot.add,
    onNotice: watching.notice.add,
    call,
    tokenFor: tokens.tokenFor,
    attachPort: engine.attachPort,
    busy,
    screens,
    changed,
    async end(how) {
      ending = true
      over.abort()
      if (how === 'leave') return
      await Promise.all([engine.stop(), wallboard.close()])
    },
  }
}

function rootsIn(answer: unknown): readonly string[] {
  const parsed = calls['archives.list'].answer.safeParse(answer)
  return parsed.success ? parsed.data.archives.map((archive) => archive.label) : []
}

function keptName(input: unknown): string | undefined {
  const access: unknown = typeof input === 'object' && input !== null ? Reflect.get(input, 'access') : undefined
  if (typeof access !== 'object' || access === null || Reflect.get(access, 'kind') !== 'keys') return undefined
  const name: unknown = Reflect.get(access, 'name')
  return typeof name === 'string' ? name : undefined
}
