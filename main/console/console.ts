/** The console: host, server and door put together, for machines without a desktop. */
import { hostname, networkInterfaces } from 'node:os'
import { isIP } from 'node:net'
import { Fault } from '../../shared/faults/fault.ts'
import type { World } from '../../shared/ports/world.ts'
import type { StartChild } from '../hosting/childProcess.ts'
import { openHost, type Host } from '../hosting/host.ts'
import { openConsoleServer, type ConsoleServer, type Place } from './consoleServer.ts'
import { openDoor } from './door.ts'
import { openHandOuts } from './handedOut.ts'
import { screenFiles } from './screenFiles.ts'
import { openSessions } from './sessions.ts'

export type ConsoleOptions = {
  readonly home: string
  readonly version: string
  /** Folder of the built screens. */
  readonly screens: string
  readonly startChild: StartChild
  readonly world: World
  readonly place: Place
}
export type Console = {
  readonly server: ConsoleServer
  readonly host: Host
  /** Whether `firn console --link` can ask for another link. */
  readonly hasDoor: boolean
  /** Work in progress stops cleanly first. */
  close(): Promise<void>
}

export const loopback = '127.0.0.1'

/** @throws Fault screens-missing, home-not-writable, port-in-use, bad-input. */
export async function openConsole({ home, version, screens, startChild, world, place }: ConsoleOptions): Promise<Console> {
  const files = screenFiles(screens)
  const sessions = openSessions(world.clock, world.random)
  const handOuts = openHandOuts(world.clock, world.random)
  const host = await openHost({
    home,
    startChild,
    world,
    abilities: {
      kind: 'console',
      version,
      folderDialog: 'browse',
      unencrypted: isOpenToAll(place),
      openReport: (file, caller) => Promise.resolve(handOuts.report(file, sessionOf(caller))),
      download: (name, body, caller) => Promise.resolve(handOuts.download(name, body, sessionOf(caller))),
      logOut: (caller) => sessions.end(sessionOf(caller)),
    },
  })
  try {
    const server = await openConsoleServer({ place, files, host, sessions, handOuts, world })
    const door = await openDoor(home, server.newLink)
    return {
      server,
      host,
      hasDoor: door !== undefined,
      async close() {
        await door?.close()
        await server.close()
        await host.end('stop')
      },
    }
  } catch (error) {
    await host.end('stop')
    throw error
  }
}

function sessionOf(caller: { readonly session: string } | undefined): string {
  if (caller === undefined) throw new Fault('session-ended')
  return caller.session
}

/** Names by which a browser may reach what listens on an address. */
export function namesOf(address: string): readonly string[] {
  if (address === loopback || address === '::1') return [address, 'localhost']
  if (address !== '0.0.0.0' && address !== '::') return [address]
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const usable = all.filter((one) => !one.internal && !one.address.startsWith('fe80:')).map((one) => one.address)
  return [...new Set([hostname().toLowerCase(), ...usable, loopback, 'localhost'])]
}

/** Listens on the network, with neither a certificate of its own nor a proxy that has one. */
export function isOpenToAll({ address, tls, publicOrigin }: Place): boolean {
  return tls === undefined && !isLoopback(address) && publicOrigin?.startsWith('https:') !== true
}

/** Nobody but this machine can reach it. */
export function isLoopback(address: string): boolean {
  return address === '::1' || (isIP(address) === 4 && address.startsWith('127.'))
}
