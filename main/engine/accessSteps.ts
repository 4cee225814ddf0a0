/** Tests an access to AWS step by step: what answers, what is missing, what to do. Never throws for what it finds; sends nothing. */
import type { CheckStep } from '../../shared/contract/calls/call.ts'
import { asFault, wordsFor } from '../../shared/faults/fault.ts'
import { orAborted } from './orAborted.ts'
import type { AccessProbe } from '../aws/accessProbe.ts'

type Seen = { readonly state: CheckStep['state']; readonly message: string; readonly todo?: string }
type Step = { readonly name: string; readonly look: (probe: AccessProbe, signal: AbortSignal) => Promise<Seen> }

/** AWS refuses signatures from 15 minutes on; a clock that drifts gets there. */
const tolerableSkew = 60_000
/** One step may take so long, with its retries. */
const stepLimit = 25_000

const good = (message: string): Seen => ({ state: 'good', message })

const always: readonly Step[] = [
  {
    name: 'credentials',
    async look(probe) {
      const { ends, expiresAt } = await probe.credentials()
      const until = expiresAt === undefined ? '' : `, valid until ${new Date(expiresAt).toISOString()}`
      return good(`access key ending in ${ends}${until}`)
    },
  },
  {
    name: 'identity',
    async look(probe, signal) {
      return (await probe.whoAmI(signal))
        ? good('AWS accepts the key')
        : { state: 'good', message: 'AWS accepts the key; it may not list buckets, which Firn does not need' }
    },
  },
  {
    name: 'clock',
    async look(probe) {
      const ahead = probe.aheadMs()
      if (ahead === undefined)
        return { state: 'unknown', message: 'AWS has not answered, so there is no time to compare with', todo: 'Check network and proxy.' }
      const seconds = Math.round(Math.abs(ahead) / 1000)
      return Math.abs(ahead) <= tolerableSkew
        ? good(`${seconds} s from the clock of AWS`)
        : { state: 'bad', message: `${seconds} s from the clock of AWS`, todo: 'Set the clock of this machine by NTP.' }
    },
  },
]

const ofBucket = (name: string): readonly Step[] => [
  {
    name: 'bucket',
    async look(probe, signal) {
      const { region } = await probe.bucket(name, signal)
      return good(region === undefined ? 'the bucket answers' : `the bucket answers, in ${region}`)
    },
  },
  {
    name: 'versions',
    async look(probe, signal) {
      return (await probe.versioned(name, signal))
        ? good('the bucket keeps versions')
        : {
            state: 'bad',
            message: 'the bucket keeps no versions, so nothing in it can be verified',
            todo: 'Switch on versioning of the bucket before anything is sent.',
          }
    },
  },
]

const lanes: readonly Step[] = [
  {
    name: 'Snowball',
    async look(probe, signal) {
      const { limit, inUse } = await probe.devices(signal)
      return good(`${inUse} of ${limit} devices in use`)
    },
  },
  {
    name: 'file share',
    async look(probe, signal) {
      const shares = await probe.shares(signal)
      return shares > 0
        ? good(`${shares} file shares`)
        : {
            state: 'unknown',
            message: 'no S3 File Gateway with a file share in this Region',
            todo: 'Set up a File Gateway and a share if the share lane is to be used.',
          }
    },
  },
]

/** Without credentials nothing else can be asked: the steps after that are unknown, and say why. */
export async function accessSteps(probe: AccessProbe, bucket: string | null, signal: AbortSignal): Promise<readonly CheckStep[]> {
  const steps = [...always, ...(bucket === null ? [] : ofBucket(bucket)), ...lanes]
  const results: CheckStep[] = []
  for (const step of steps) {
    const noKey = results[0]?.state === 'bad'
    const startedAt = performance.now()
    const limited = AbortSignal.any([signal, AbortSignal.timeout(stepLimit)])
    const seen: Seen = noKey
      ? { state: 'unknown', message: 'not asked: there are no credentials' }
      : await orAborted(step.look(probe, limited), limited).catch((error: unknown) => wrong(error, signal))
    results.push({ step: step.name, todo: null, ...seen, durationMs: Math.round(performance.now() - startedAt) })
  }
  return results
}

function wrong(error: unknown, signal: AbortSignal): Seen {
  signal.throwIfAborted()
  if (error instanceof DOMException && error.name === 'TimeoutError')
    return { state: 'bad', message: 'no answer within 25 s', todo: 'Check network and proxy.' }
  const fault = asFault(error)
  const facts = ['permission', 'code'].flatMap((name) => (fault.facts[name] === undefined ? [] : [`${name} ${fault.facts[name]}`]))
  // A lane that this access may not use is not needed by every migration; a person decides.
  return { state: 'bad', message: [wordsFor(fault).happened, ...facts].join(' '), todo: wordsFor(fault).todo }
}
