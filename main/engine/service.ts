/** The service of the engine's process: answers every call of the contract for the one migration that is open. */
import { answerCall, engineCalls, type EngineCallName, type Handlers } from '../../shared/contract/bridge.ts'
import type { WireKeys } from '../../shared/contract/engineWire.ts'
import { faultToWire, largestRequest, type Reply } from '../../shared/contract/wire.ts'
import { Fault } from '../../shared/faults/fault.ts'
import type { AwsCredentials } from '../aws/clients.ts'
import { archiveHandlers } from './handlers/archives.ts'
import { deviceActs, deviceHandlers } from './handlers/devices.ts'
import { diagnosticHandlers } from './handlers/diagnostics.ts'
import { evidenceHandlers, type CheckedBundles } from './handlers/evidence.ts'
import { gatewayHandlers, type ShareClocks } from './handlers/gateways.ts'
import type { Engine, Given } from './handlers/handling.ts'
import { migrationHandlers } from './handlers/migrations.ts'
import { readingHandlers } from './handlers/reading.ts'
import { shareHandlers, shareLooks } from './handlers/share.ts'
import { verificationHandlers } from './handlers/verification.ts'
import { workHandlers } from './handlers/works.ts'
import { systemFault } from './systemFault.ts'

export type ServiceCall = {
  readonly name: string
  readonly input: unknown
  readonly paths: Readonly<Record<string, string>>
  readonly keys: Readonly<Record<string, WireKeys>>
}

export type Service = { answer(call: ServiceCall, signal: AbortSignal): Promise<Reply> }

export function openService(engine: Engine): Service {
  const acts = deviceActs()
  const looks = shareLooks()
  const clocks: ShareClocks = new Map()
  const checked: CheckedBundles = new Map()

  const handlersFor = (given: Given): Handlers<EngineCallName> => ({
    ...readingHandlers(engine),
    ...migrationHandlers(engine, given),
    ...archiveHandlers(engine, given),
    ...deviceHandlers(engine, given, acts),
    ...shareHandlers(engine, looks),
    ...gatewayHandlers(engine, clocks),
    ...workHandlers(engine),
    ...verificationHandlers(engine),
    ...evidenceHandlers(engine, checked),
    ...diagnosticHandlers(engine),
  })

  return {
    async answer({ name, input, paths, keys }, signal) {
      if (tooLong(input)) return { ok: false, fault: faultToWire(new Fault('message-refused', { call: knownName(name) })) }
      const reply = await answerCall(engineCalls, named(handlersFor(givenOf(paths, keys))), name, input, signal)
      if (!reply.ok && reply.fault.code !== 'stopped') engine.world.log.warn('call', reply.fault.code, { call: knownName(name) })
      return reply
    },
  }
}

/** A full disk or a folder that may not be written is said in words, wherever it showed. */
function named(handlers: Handlers<EngineCallName>): object {
  return Object.fromEntries(
    Object.entries(handlers).map(([name, handle]) => [
      name,
      async (input: never, signal: AbortSignal): Promise<unknown> => {
        try {
          return await handle(input, signal)
        } catch (error) {
          throw signal.aborted ? error : inWords(error)
        }
      },
    ]),
  )
}

function inWords(error: unknown): Fault {
  // Our own limit of time ran out on somebody else's answer.
  if (error instanceof DOMException && error.name === 'TimeoutError') return new Fault('aws-unreachable', {}, { cause: error })
  return systemFault(error)
}

function givenOf(paths: Readonly<Record<string, string>>, keys: Readonly<Record<string, WireKeys>>): Given {
  return {
    path(token) {
      const path = Object.hasOwn(paths, token) ? paths[token] : undefined
      if (path === undefined) throw new Fault('place-unknown')
      return path
    },
    keys(name) {
      const found = Object.hasOwn(keys, name) ? keys[name] : undefined
      if (found === undefined) throw new Fault('keys-not-given')
      return credentialsOf(found)
    },
  }
}

export function credentialsOf({ accessKeyId, secretAccessKey, sessionToken }: WireKeys): AwsCredentials {
  return { accessKeyId, secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) }
}

/** What a screen may send at once; a host checks it too. */
function tooLong(input: unknown): boolean {
  return Buffer.byteLength(JSON.stringify(input) ?? '') > largestRequest
}

/** A name that is not on the list could be anything, and is not repeated. */
function knownName(name: string): string {
  return Object.hasOwn(engineCalls, name) ? name : 'unknown'
}
