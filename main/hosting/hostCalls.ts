/** Answers of the host itself: one entry for every call of shared/contract/calls/host.ts. */
import { networkInterfaces } from 'node:os'
import type { Handlers, HostCallName } from '../../shared/contract/bridge.ts'
import type { HostState } from '../../shared/contract/hostState.ts'
import { settings as settingsShape, type Settings } from '../../shared/contract/settings.ts'
import { hostCalls } from '../../shared/contract/calls/host.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { Clock } from '../../shared/ports/world.ts'
import { browse } from './browse.ts'
import { bundleReport } from './bundleReport.ts'
import type { EngineLink } from './engineLink.ts'
import type { Caller, HostAbilities } from './abilities.ts'
import type { Keys } from './keptKeys.ts'
import type { PathTokens } from './pathTokens.ts'
import { bundleName, tarOf, writeBundle, type BundleFiles } from './supportBundle.ts'
import type { Wallboard } from './wallboard.ts'

export type HostParts = {
  readonly abilities: HostAbilities
  readonly clock: Clock
  readonly engine: EngineLink
  readonly keys: Keys
  readonly tokens: PathTokens
  readonly wallboard: Wallboard
  state(): HostState
  settings(): Settings
  save(settings: Settings): Promise<void>
  busy(): boolean
  /** The bundle that this caller was shown last, or a new one. */
  supportBundle(caller: Caller | undefined, signal: AbortSignal): Promise<BundleFiles>
  /** @throws Fault bad-input: inside an archive, which is only read. */
  requireOutsideArchives(folder: string, signal: AbortSignal): Promise<void>
}

const mostInterfaces = 64

export function answersOfHost(parts: HostParts, caller: Caller | undefined): Handlers<HostCallName> {
  const { abilities, clock, engine, keys, tokens, wallboard } = parts
  const update = (): NonNullable<HostAbilities['update']> => abilities.update ?? notHere()
  return {
    'host.state': () => parts.state(),
    async 'host.saveSettings'({ settings: change }) {
      const before = parts.settings()
      if (change.wallboard !== undefined && JSON.stringify(change.wallboard) !== JSON.stringify(before.wallboard))
        throw new Fault('bad-input', { field: 'settings.wallboard', problem: 'is set by host.setWallboard' })
      await parts.save(settingsShape.parse({ ...before, ...given(change), wallboard: before.wallboard }))
      return parts.state()
    },
    async 'host.choose'({ purpose }) {
      const path = await (abilities.choose ?? notHere())(purpose)
      return path === undefined ? null : tokens.tokenFor(path)
    },
    'host.browse': (input) => (abilities.folderDialog === 'browse' ? browse(tokens, input) : notHere()),
    async 'host.openReport'({ bundle }) {
      const file = await bundleReport(engine.opened().folder, bundle)
      return { url: await abilities.openReport(file, caller) }
    },
    'host.revealMigration'() {
      const { folder } = engine.opened()
      if (folder === null) throw new Fault('no-migration-open')
      abilities.reveal?.(folder)
      return { label: folder }
    },
    async 'host.restartEngine'() {
      await engine.restart()
      return parts.state()
    },
    async 'host.keepKeys'(input) {
      await keys.keep(input)
      return { name: input.name }
    },
    'host.keptKeys': async () => ({ names: [...(await keys.names())] }),
    async 'host.forgetKeys'({ name }) {
      await keys.forget(name)
      return {}
    },
    'host.interfaces': () => ({ interfaces: interfaces() }),
    async 'host.setWallboard'(input) {
      await wallboard.set(input, tokens.pathsIn(hostCalls['host.setWallboard'].input, input))
      const { enabled, address, port } = input
      await parts.save({ ...parts.settings(), wallboard: { enabled, address, port, https: wallboard.state().https } })
      return parts.state()
    },
    'host.pairWallboard': ({ label }) => wallboard.pair(label),
    async 'host.revokeWallboard'({ id }) {
      await wallboard.revoke(id)
      return parts.state()
    },
    async 'host.saveSupportBundle'({ folder: token }, signal) {
      const files = await parts.supportBundle(caller, signal)
      const name = bundleName(clock.now())
      if (token === null && abilities.download !== undefined)
        return { label: null, url: await abilities.download(`${name}.tar`, await tarOf(name, files), caller) }
      const folder = token === null ? await (abilities.choose ?? notHere())('save') : tokens.pathOf(token)
      if (folder === undefined) return { label: null, url: null }
      await parts.requireOutsideArchives(folder, signal)
      return { label: await writeBundle(folder, name, files), url: null }
    },
    async 'host.checkUpdate'() {
      await update().check()
      return parts.state()
    },
    async 'host.installUpdate'() {
      const installer = update()
      if (parts.busy()) throw new Fault('work-running')
      await installer.install()
      return parts.state()
    },
    'host.logOut'() {
      ;(abilities.logOut ?? notHere())(caller)
      return {}
    },
  }
}

function notHere(): never {
  throw new Fault('not-in-this-host')
}

/** Without what was not named: `undefined` would take a setting away instead of leaving it. */
function given(change: object): object {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

/** Addresses that a browser elsewhere can name: link-local ones of IPv6 need a zone and are left out. */
function interfaces(): { name: string; address: string; internal: boolean }[] {
  return Object.entries(networkInterfaces())
    .flatMap(([name, addresses]) => (addresses ?? []).map(({ address, internal }) => ({ name, address, internal })))
    .filter(({ address }) => !address.toLowerCase().startsWith('fe80:'))
    .slice(0, mostInterfaces)
}
