/** The wallboard as its host sees it: whether it listens, who may look, and the figures it is told. Its process is started again when it ends by itself. */
import type { Parsed } from '../../shared/contract/bridge.ts'
import type { WallboardState } from '../../shared/contract/hostState.ts'
import type { Settings } from '../../shared/contract/settings.ts'
import type { WallboardFigures } from '../../shared/contract/wallboard.ts'
import { fromWallboard, type Pairing as Kept, type ToWallboard } from '../../shared/contract/wallboardWire.ts'
import { catalogue, type FaultCode } from '../../shared/faults/catalogue.ts'
import { asFault, Fault } from '../../shared/faults/fault.ts'
import { inTurn } from '../../shared/flow/inTurn.ts'
import type { World } from '../../shared/ports/world.ts'
import { minute, second } from '../../shared/units/duration.ts'
import { systemFault } from '../engine/systemFault.ts'
import type { ChildProcess, StartChild } from './childProcess.ts'
import { screensFolder } from './screensFolder.ts'
import { newCode, newToken, sha256 } from './wallboardCodes.ts'
import { readWallboardFile, writeWallboardFile } from './wallboardFile.ts'

export type WallboardInput = Parsed<'host.setWallboard'>
export type Pairing = { readonly id: string; readonly link: string; readonly code: string; readonly codeEndsAt: number }

export type Wallboard = {
  state(): WallboardState
  /** `paths`: path of every token in the input. @throws Fault port-in-use, wallboard-failed, bad-input. */
  set(input: WallboardInput, paths: Readonly<Record<string, string>>): Promise<void>
  /** @throws Fault wallboard-failed while it is not listening, or when there are too many. */
  pair(label: string): Promise<Pairing>
  revoke(id: string): Promise<void>
  tell(figures: WallboardFigures): void
  watch(tell: () => void): () => void
  close(): Promise<void>
}

export type WallboardOptions = {
  readonly home: string
  readonly startChild: StartChild
  readonly world: World
  readonly settings: Settings['wallboard']
  /** Folder of the built screens, where it is not the usual one. */
  readonly page?: string
}

type Place = {
  readonly address: string
  readonly port: number
  readonly tls: { readonly certificateFile: string; readonly keyFile: string } | null
}

const startsWithin = 15 * second
const endsWithin = 5 * second
const codeLives = 10 * minute
const mostPairings = 100
const pauses = [1, 2, 4, 8, 16, 30].map((seconds) => seconds * second)
const mostEnds = 5
const endsCountedFor = 2 * minute

/** Never rejects for a wallboard that cannot start: its state says why. */
export async function openWallboard({ home, startChild, world, settings, page = screensFolder() }: WallboardOptions): Promise<Wallboard> {
  const watching = new Set<() => void>()
  let { pairings, certificate } = readWallboardFile(home)
  let place: Place | undefined
  let child: ChildProcess | undefined
  let state: WallboardState['state'] = 'off'
  let fault: string | null = null
  let viewers = 0
  let figures: WallboardFigures | undefined
  let endedAt: number[] = []
  let closed = false
  const retrying = new AbortController()
  // Two screens may switch it at once, and it may end by itself meanwhile: one start or stop at a time.
  const turn = inTurn()

  const changed = (): void => {
    for (const tell of watching) tell()
  }
  const become = (next: WallboardState['state'], code: string | null = null): void => {
    state = next
    fault = code
    if (next !== 'listening') viewers = 0
    changed()
  }
  const keep = (next: readonly Kept[]): void => {
    writeWallboardFile(home, { pairings: next, certificate })
    pairings = next
    child?.post({ kind: 'pairings', pairings: [...pairings] } satisfies ToWallboard)
    changed()
  }
  /** What a screen did. A full disk must not end the host: the pairing then holds until the wallboard ends. */
  const noted = (pairingId: string, change: (pairing: Kept) => Kept): void => {
    try {
      keep(pairings.map((one) => (one.id === pairingId ? change(one) : one)))
    } catch (error) {
      world.log.warn('wallboard', systemFault(error).code)
    }
  }

  /** Resolves when it listens. @throws Fault port-in-use, wallboard-failed. */
  const start = async (at: Place): Promise<void> => {
    become('starting')
    const started = startChild('wallboard')
    child = started
    let listens = false
    const outcome = Promise.withResolvers<Fault | undefined>()
    started.onMessage((input) => {
      const parsed = fromWallboard.safeParse(input)
      if (!parsed.success || child !== started) return
      const message = parsed.data
      if (message.kind === 'viewers') {
        viewers = message.viewers
        return changed()
      }
      if (message.kind === 'ready') {
        started.post({ kind: 'begin', ...at, page, pairings: [...pairings] } satisfies ToWallboard)
      } else if (message.kind === 'listening') {
        listens = true
        outcome.resolve(undefined)
      } else if (message.kind === 'failed') {
        const code = Object.hasOwn(catalogue, message.code) ? (message.code as FaultCode) : 'wallboard-failed'
        outcome.resolve(new Fault(code, message.facts))
      } else if (message.kind === 'seen') noted(message.pairingId, (one) => ({ ...one, lastSeenAt: message.at }))
      else noted(message.pairingId, (one) => ({ ...one, tokens: [...one.tokens.slice(0, 1), message.token] }))
    })
    started.onExit((how) => {
      outcome.resolve(new Fault('wallboard-failed', { ended: how }))
      if (child !== started) return
      child = undefined
      if (listens && !closed) void startAgain(at, how)
    })
    const late = new AbortController()
    const timer = world.clock.sleep(startsWithin, late.signal).then(
      () => outcome.resolve(new Fault('wallboard-failed', { waitedMs: startsWithin })),
      () => undefined,
    )
    const refused = await outcome.promise
    late.abort()
    await timer
    if (refused !== undefined) {
      if (child === started) child = undefined
      started.kill()
      become('failed', refused.code)
      throw refused
    }
    if (figures !== undefined) started.post({ kind: 'figures', figures } satisfies ToWallboard)
    become('listening')
  }

  const startAgain = async (at: Place, how: string): Promise<void> => {
    const now = world.clock.now()
    endedAt = [...endedAt.filter((when) => when > now - endsCountedFor), now]
    world.log.warn('wallboard', 'wallboard-failed', { ended: how, times: endedAt.length })
    if (endedAt.length >= mostEnds) return become('failed', 'wallboard-failed')
    become('starting')
    try {
      await world.clock.sleep(pauses[Math.min(endedAt.length, pauses.length) - 1] ?? second, retrying.signal)
      await turn(async () => {
        if (place === at && child === undefined && !closed) await start(at)
      })
    } catch (error) {
      if (!closed) world.log.error('wallboard', asFault(error).code)
    }
  }

  const stop = async (): Promise<void> => {
    const ending = child
    child = undefined
    if (ending === undefined) return
    const ended = new Promise<void>((done) => {
      ending.onExit(() => done())
    })
    ending.post({ kind: 'end' } satisfies ToWallboard)
    const waited = new AbortController()
    await Promise.race([ended, world.clock.sleep(endsWithin, waited.signal).catch(() => undefined)])
    waited.abort()
    ending.kill()
  }

  const wallboard: Wallboard = {
    state: () => ({
      state,
      url: place === undefined || state === 'off' ? null : addressOf(place),
      https: (place?.tls ?? null) !== null,
      viewers,
      fault,
      pairings: pairings.map(({ id, label, createdAt, lastSeenAt }) => ({ id, label, createdAt, lastSeenAt })),
    }),

    set: (input, paths) =>
      turn(async () => {
        if (closed) throw new Fault('wallboard-failed', { state: 'closed' })
        if (input.certificate !== null) {
          const certificateFile = paths[input.certificate.certificate]
          const keyFile = paths[input.certificate.key]
          if (certificateFile === undefined || keyFile === undefined) throw new Fault('place-unknown')
          certificate = { certificateFile, keyFile }
        }
        await stop()
        endedAt = []
        place = undefined
        if (!input.enabled) {
          writeWallboardFile(home, { pairings, certificate })
          return become('off')
        }
        if (input.certificate === null) certificate = null
        writeWallboardFile(home, { pairings, certificate })
        place = { address: input.address, port: input.port, tls: certificate }
        await start(place)
      }),

    async pair(label) {
      if (place === undefined || child === undefined || state !== 'listening') throw new Fault('wallboard-failed', { state })
      if (pairings.length >= mostPairings) throw new Fault('wallboard-failed', { pairings: pairings.length })
      const id = world.random.uuid()
      const token = newToken(world.random)
      const code = newCode(world.random)
      const codeEndsAt = world.clock.now() + codeLives
      keep([...pairings, { id, label, createdAt: world.clock.now(), lastSeenAt: null, tokens: [sha256(token)] }])
      child.post({ kind: 'code', pairingId: id, code: sha256(code.plain), endsAt: codeEndsAt } satisfies ToWallboard)
      return { id, link: `${addressOf(place)}pair/${token}`, code: code.shown, codeEndsAt }
    },

    async revoke(id) {
      keep(pairings.filter((one) => one.id !== id))
    },

    tell(next) {
      figures = next
      if (state === 'listening') child?.post({ kind: 'figures', figures: next } satisfies ToWallboard)
    },

    watch(tell) {
      watching.add(tell)
      return () => void watching.delete(tell)
    },

    async close() {
      closed = true
      retrying.abort()
      await turn(stop)
      state = 'off'
      watching.clear()
    },
  }

  if (settings.enabled) {
    place = { address: settings.address, port: settings.port, tls: settings.https ? certificate : null }
    // A board that was encrypted yesterday does not come up in the clear today.
    if (settings.https && certificate === null) become('failed', 'wallboard-failed')
    else {
      const first = place
      void turn(() => start(first)).catch((error: unknown) => world.log.error('wallboard', asFault(error).code))
    }
  }
  return Promise.resolve(wallboard)
}

function addressOf({ address, port, tls }: Place): string {
  return `${tls === null ? 'http' : 'https'}://${address.includes(':') ? `[${address}]` : address}:${port}/`
}
