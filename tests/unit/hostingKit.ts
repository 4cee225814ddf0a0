/** A host in a folder of its own, with a stand-in for the engine's process and a clock that stands still. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { HostAbilities, Secrets } from '../../main/hosting/host.ts'
import { openHost } from '../../main/hosting/host.ts'
import { noLimits } from '../../shared/contract/limits.ts'
import type { ToEngine } from '../../shared/contract/engineWire.ts'
import { heldClock, settle } from '../kit/heldClock.ts'
import { standInChildren, usual, type StandInChild } from '../kit/standInChild.ts'
import { testWorld } from '../kit/world.ts'

export const never = new AbortController().signal

/** Answers `limits.read`, which needs no migration that is anything like real. */
export function answering(message: ToEngine, child: StandInChild): void {
  usual(message, child)
  if (message.kind === 'call' && message.name === 'limits.read')
    child.say({ kind: 'reply', id: message.id, reply: { ok: true, value: noLimits } })
}

export async function aHost(
  options: { answer?: (message: ToEngine, child: StandInChild) => void; abilities?: Partial<HostAbilities>; home?: string } = {},
) {
  const made = options.home ?? mkdtempSync(join(tmpdir(), 'firn-host-'))
  const home = join(made, 'home')
  const clock = heldClock()
  const world = { ...testWorld(), clock }
  const children = standInChildren(options.answer ?? answering)
  const host = await openHost({
    home,
    startChild: children.start,
    world,
    abilities: {
      kind: 'console',
      version: '0.0.0',
      folderDialog: 'browse',
      openReport: () => Promise.resolve(null),
      ...options.abilities,
    },
  })
  await settle()
  const ask = (name: string, input: unknown = {}, signal = never) => host.call(name, input, signal)
  return {
    host,
    home,
    clock,
    world,
    children,
    ask,
    /** Calls that reached the engine's process. */
    forwarded: () => children.last().heard.flatMap((message) => (message.kind === 'call' ? [message] : [])),
    async close() {
      const ended = host.end('stop')
      await clock.advance(60_000)
      await ended
      rmSync(made, { recursive: true, force: true })
    },
  }
}
export type TestHost = Awaited<ReturnType<typeof aHost>>

/** Turns the letters round: enough to see whether something was written as it is. */
export const secretStore: Secrets = {
  available: () => true,
  encrypt: (text) => Promise.resolve(Buffer.from([...Buffer.from(text)].map((byte) => byte ^ 0x5a))),
  decrypt: (bytes) => Promise.resolve(Buffer.from([...bytes].map((byte) => byte ^ 0x5a)).toString()),
}
