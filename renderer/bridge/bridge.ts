/** The bridge to whoever hosts this screen: asks, and listens. The only folder that knows whether that is the desktop or the console. */
import { calls, topics, type Answer, type CallName, type Input, type Topic, type TopicName } from '../../shared/contract/bridge.ts'
import type { ChosenPath } from '../../shared/contract/calls/call.ts'
import { faultFromWire, reply } from '../../shared/contract/wire.ts'
import { Fault } from '../../shared/faults/fault.ts'
import { overPreload, type Preloaded } from './preloaded.ts'
import { openSocket } from './socket.ts'
import type { Connection, Transport } from './transport.ts'

declare global {
  interface Window {
    readonly bridge?: Preloaded
  }
}

const transport: Transport =
  window.bridge === undefined ? openSocket(new URL('./bridge', window.location.href)) : overPreload(window.bridge)

/** @throws Fault: the one that the host answered, or message-refused when its answer is not of the contract. */
export async function ask<Name extends CallName>(name: Name, input: Input<Name>, signal?: AbortSignal): Promise<Answer<Name>> {
  const answered = reply.safeParse(await transport.call(name, input, signal))
  if (!answered.success) throw new Fault('message-refused', { call: name })
  if (!answered.data.ok) throw faultFromWire(answered.data.fault)
  const parsed = calls[name].answer.safeParse(answered.data.value)
  if (!parsed.success)
    throw new Fault(
      'message-refused',
      { call: name, field: parsed.error.issues[0]?.path.map(String).join('.') ?? '' },
      { cause: parsed.error },
    )
  return parsed.data as Answer<Name>
}

/** Values that are not of the contract are dropped: the next whole one is a quarter of a second away. */
export function listen<Name extends TopicName>(topic: Name, tell: (value: Topic<Name>) => void): () => void {
  return transport.listen(topic, (value) => {
    const parsed = topics[topic].safeParse(value)
    if (parsed.success) tell(parsed.data as Topic<Name>)
  })
}

export function watchConnection(tell: (connection: Connection) => void): () => void {
  return transport.connection(tell)
}

export const takesDroppedFolders = transport.dropped !== undefined

export async function droppedFolder(file: File): Promise<ChosenPath | null> {
  return (await transport.dropped?.(file)) ?? null
}
