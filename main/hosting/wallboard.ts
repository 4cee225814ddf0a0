/** The wallboard as its host sees it: whether it listens, who may look, and the figures it is told. */
import type { Settings } from '../../shared/contract/settings.ts'
import type { WallboardFigures } from '../../shared/contract/wallboard.ts'
import type { WallboardState } from '../../shared/contract/hostState.ts'
import type { Parsed } from '../../shared/contract/bridge.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { World } from '../../shared/ports/world.ts'
import type { StartChild } from './childProcess.ts'

export type WallboardInput = Parsed<'host.setWallboard'>
export type Pairing = { readonly id: string; readonly link: string; readonly code: string; readonly codeEndsAt: number }

export type Wallboard = {
  state(): WallboardState
  /** `paths`: path of every token in the input. @throws Fault port-in-use, wallboard-failed, bad-input. */
  set(input: WallboardInput, paths: Readonly<Record<string, string>>): Promise<void>
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
}

/** Without a server behind it: off, and it says so to whoever would start it. */
export function openWallboard(_options: WallboardOptions): Promise<Wallboard> {
  const refuse = (): Promise<never> => Promise.reject(new Fault('wallboard-failed'))
  return Promise.resolve({
    state: () => ({ state: 'off', url: null, https: false, viewers: 0, fault: null, pairings: [] }),
    set: (input) => (input.enabled ? refuse() : Promise.resolve()),
    pair: refuse,
    revoke: refuse,
    tell: () => undefined,
    watch: () => () => undefined,
    close: () => Promise.resolve(),
  })
}
