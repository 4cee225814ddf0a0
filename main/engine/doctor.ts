/** Diagnostics as an ordered list of steps: each says what it saw, and what to do when that is not good. */
import { statfs } from 'node:fs/promises'
import { orAborted } from './orAborted.ts'
import { orderProblems } from '../../shared/domain/orderRules.ts'
import { asFault, wordsFor } from '../../shared/faults/fault.ts'
import { formatBytes, GB } from '../../shared/units/bytes.ts'
import type { ChainCheck } from '../../shared/ports/journal.ts'
import { importRoleSeen } from './importRole.ts'
import { jumboInterfaces } from './jumboInterfaces.ts'
import { requireMounted } from './mountGate.ts'
import type { Work } from './steps.ts'
import { clientKeepsCode } from './unlockDevice.ts'

export type StepResult = {
  readonly step: string
  readonly state: 'good' | 'bad' | 'unknown'
  readonly message: string
  readonly todo?: string
  readonly durationMs: number
}

type Seen = { readonly state: StepResult['state']; readonly message: string; readonly todo?: string }
type Step = { readonly name: string; readonly look: (work: Work, how: CheckupOptions) => Promise<Seen> }

/** `checkChain`: how the event log is checked; a long one is better read elsewhere than in a process that has other things to do. */
export type CheckupOptions = { readonly checkChain?: () => Promise<ChainCheck> }

const leastFree = 5 * GB
/** A share or an archive that hangs must not hold up what comes after it. */
const stepLimit = 60_000
const good = (message: string): Seen => ({ state: 'good', message })

const seenRuntime = async (): Promise<Seen> => good(`Node.js ${process.versions.node}, ${process.platform} ${process.arch}`)

const steps: readonly Step[] = [
  { name: 'runtime', look: seenRuntime },
  {
    name: 'event log',
    async look({ migration }, { checkChain }) {
      const chain = checkChain === undefined ? migration.journal.checkChain() : await checkChain()
      return chain.whole
        ? good(`${chain.entries} entries, the chain of hashes holds`)
        : {
            state: 'bad',
            message: `the chain breaks at entry ${chain.brokenAt}`,
            todo: 'Somebody changed the journal. Restore a copy and verify again.',
          }
    },
  },
  {
    name: 'disk of journal',
    async look({ migration }) {
      return seenDisk(migration.folder, 'where the migration lies')
    },
  },
  {
    name: 'archives',
    async look({ migration, wiring, signal }) {
      const archives = migration.journal.archives()
      for (const archive of archives) await wiring.sourceOf(archive.id).check(signal)
      return good(`${archives.length} readable`)
    },
  },
  {
    name: 'bucket',
    async look({ migration, wiring, signal }) {
      for (const archive of migration.journal.archives()) {
        for await (const _object of wiring.store.list(archive.bucket, archive.prefix, signal)) break
      }
      return good(`${wiring.awsAt} answers, signature and clock are accepted`)
    },
  },
  {
    name: 'versions',
    async look({ migration, wiring, signal }) {
      for (const bucket of new Set(migration.journal.archives().map((archive) => archive.bucket))) {
        if (await wiring.store.versioned(bucket, signal)) continue
        return {
          state: 'bad',
          message: 'the bucket keeps no versions, so nothing in it can be verified',
          todo: 'Switch on versioning of the bucket before anything is sent.',
        }
      }
      return good('the bucket keeps versions: each verdict can name the one it was reached on')
    },
  },
  {
    name: 'Snowball',
    async look({ wiring, signal }) {
      const { limit, inUse } = await wiring.fleet.usage(signal)
      return good(`${inUse} of ${limit} devices in use`)
    },
  },
  {
    name: 'network',
    async look() {
      const jumbo = await jumboInterfaces()
      return good(
        jumbo.length === 0
          ? 'no network interface with jumbo frames is seen'
          : `${jumbo.join(', ')}: jumbo frames, which a Snowball does not take; reach it over another interface, or set the MTU to 1500`,
      )
    },
  },
  {
    name: 'unlock codes',
    async look() {
      return (await clientKeepsCode())
        ? {
            state: 'bad',
            message: 'the snowballEdge client keeps an unlock code in clear text (~/.aws/snowball/config/snowball-edge.config)',
            todo: 'Delete it from that file: whoever reads it and has the manifest can open the device.',
          }
        : good('none is kept in clear text by the snowballEdge client')
    },
  },
  {
    name: 'order settings',
    async look({ migration: { config } }) {
      if (config.snowball === undefined)
        return { state: 'unknown', message: 'none are set', todo: 'Set snowball in migration.json if devices are to be ordered.' }
      const problems = orderProblems(config.snowball, config.region)
      return problems.length === 0
        ? good('role, key, shipping and address have the form that AWS asks for')
        : {
            state: 'bad',
            message: problems.map(({ field, problem }) => `${field} ${problem}`).join('; '),
            todo: 'Correct them under snowball in migration.json before ordering.',
          }
    },
  },
  {
    name: 'import role',
    async look(work) {
      const seen = await importRoleSeen(work)
      switch (seen.result) {
        case 'pass':
          return good('AWS’s import may take it')
        case 'none set':
          return { state: 'unknown', message: 'none is set', todo: 'Set snowball.roleArn if devices are to be ordered.' }
        case 'not asked':
          return {
            state: 'unknown',
            message: `IAM was not asked: ${seen.code}`,
            todo: 'Allow iam:GetRole, or look at its trust policy yourself.',
          }
        case 'open':
          return {
            state: 'unknown',
            message: `it depends on ${seen.keys.join(', ')}, of which AWS does not tell what its requests carry`,
            todo: 'Compare its trust policy with `firn order --show-trust`.',
          }
        case 'missing':
          return { state: 'bad', message: 'IAM knows no role of this ARN', todo: 'Correct snowball.roleArn, or make the role.' }
        case 'fail':
          return { state: 'bad', message: seen.problem, todo: 'Set the trust policy that `firn order --show-trust` prints.' }
      }
    },
  },
  {
    name: 'file share',
    async look({ migration, wiring, signal }) {
      if (wiring.sandbox === undefined && migration.config.share === undefined) {
        return { state: 'unknown', message: 'no share is set', todo: 'Set share.folder in migration.json if the share lane is to be used.' }
      }
      const share = await wiring.share(signal)
      const gate = await requireMounted({ migration, wiring, signal }, share.shareArn)
      const target = wiring.shareTarget(share, gate)
      try {
        await target.check(signal)
      } finally {
        await target.close()
      }
      const cache = await wiring.monitor.cache(share.gatewayArn, signal)
      return good(`${share.protocol} share is ${share.status}, cache ${cache.dirtyPercent.toFixed(0)} % waiting for upload`)
    },
  },
]

export async function* checkup(work: Work, how: CheckupOptions = {}): AsyncGenerator<StepResult, void> {
  for (const step of steps) {
    const limited = { ...work, signal: AbortSignal.any([work.signal, AbortSignal.timeout(stepLimit)]) }
    yield await timed(step.name, work.signal, () => orAborted(step.look(limited, how), limited.signal))
  }
}

/** What can be said of this machine before a migration is open. */
export async function* machineCheckup(home: string, signal: AbortSignal): AsyncGenerator<StepResult, void> {
  yield await timed('runtime', signal, seenRuntime)
  yield await timed('disk', signal, () => seenDisk(home, 'where Firn keeps its list of migrations'))
}

async function timed(step: string, signal: AbortSignal, look: () => Promise<Seen>): Promise<StepResult> {
  const startedAt = performance.now()
  const seen = await look().catch((error: unknown): Seen => {
    signal.throwIfAborted()
    if (error instanceof DOMException && error.name === 'TimeoutError')
      return { state: 'bad', message: 'no answer within 60 s', todo: 'Check the mount, the network and the proxy.' }
    const fault = asFault(error)
    const facts = Object.entries(fault.facts).map(([name, value]) => `${name} ${value}`)
    return { state: 'bad', message: [wordsFor(fault).happened, ...facts].join(' '), todo: wordsFor(fault).todo }
  })
  return { step, ...seen, durationMs: Math.round(performance.now() - startedAt) }
}

async function seenDisk(folder: string, where: string): Promise<Seen> {
  const disk = await statfs(folder)
  const free = disk.bavail * disk.bsize
  return free >= leastFree
    ? good(`${formatBytes(free)} free`)
    : { state: 'bad', message: `only ${formatBytes(free)} free`, todo: `Free at least ${formatBytes(leastFree)} ${where}.` }
}
