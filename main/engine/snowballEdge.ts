/**
 * The `snowballEdge` client, AWS's own program for unlocking a device and asking it for keys and certificate. It is started with a list of arguments and
 * without a shell, within limits of time and output; of what it says only what is understood is used. Snowball Edge Developer Guide, client commands.
 */
import { execFile } from 'node:child_process'
import { z } from 'zod'
import { Fault } from '../../shared/faults/fault.ts'
import { minute } from '../../shared/units/duration.ts'

/** `code` is never stored, logged or journalled. While the client runs, other users of this machine may see it among its arguments: it knows no other way. */
export type ClientAccess = {
  readonly program: string
  /** https:// and the address that the device shows. */
  readonly endpoint: string
  readonly manifest: string
  readonly code: string
}

const answerWithin = 2 * minute
const mostOutput = 1024 * 1024
/** 25 letters and digits in five groups (AWS Snowball API, GetJobUnlockCode). */
const codeForm = /^[A-Za-z0-9]{5}(?:-[A-Za-z0-9]{5}){4}$/

const described = z.object({ UnlockStatus: z.object({ State: z.string() }) })
const keyIds = z.object({ AccessKeyIds: z.array(z.string()).min(1) })
const service = z.object({
  Status: z.object({ State: z.string() }),
  Endpoints: z
    .array(
      z.object({
        Protocol: z.string(),
        Port: z.number().int(),
        Host: z.string(),
        CertificateAssociation: z.object({ CertificateArn: z.string() }).optional(),
      }),
    )
    .default([]),
})
export type EdgeService = z.infer<typeof service>

export type SnowballEdge = {
  /** LOCKED, UNLOCKING, UNLOCKED, or whatever else the device says. */
  state(signal: AbortSignal): Promise<string>
  /** Returns once the device has begun: its state tells when it is unlocked. */
  unlock(signal: AbortSignal): Promise<void>
  s3Service(signal: AbortSignal): Promise<EdgeService>
  /** Keys that hold on this device alone. */
  keys(signal: AbortSignal): Promise<{ readonly accessKeyId: string; readonly secretAccessKey: string }>
  /** PEM. */
  certificate(arn: string, signal: AbortSignal): Promise<string>
}

/** @throws Fault bad-input for an address or a code of another form. Calls throw snowball-client-missing, snowball-client-failed. */
export function openSnowballEdge({ program, endpoint, manifest, code }: ClientAccess): SnowballEdge {
  if (!/^https:\/\/[^/\s]+$/.test(endpoint))
    throw new Fault('bad-input', { field: '--device-address', problem: 'is https:// and the address that the device shows' })
  if (!codeForm.test(code))
    throw new Fault('bad-input', { field: 'unlock code', problem: 'is 25 letters and digits in five groups with hyphens' })
  const common = ['--endpoint', endpoint, '--manifest-file', manifest, '--unlock-code', code]

  const run = (command: string, signal: AbortSignal, ...more: string[]): Promise<string> =>
    new Promise((done, fail) => {
      const options = { timeout: answerWithin, maxBuffer: mostOutput, signal, windowsHide: true, killSignal: 'SIGKILL' as const }
      execFile(program, [command, ...common, ...more], options, (error, out) => {
        if (error === null) done(out)
        else if (signal.aborted) fail(signal.reason)
        else fail(failure(command, error))
      })
    })

  const ask = async <Schema extends z.ZodType>(
    schema: Schema,
    command: string,
    signal: AbortSignal,
    ...more: string[]
  ): Promise<z.output<Schema>> => {
    const text = await run(command, signal, ...more)
    try {
      return schema.parse(JSON.parse(text))
    } catch {
      // The cause would quote what was said, which may hold a key.
      throw new Fault('snowball-client-failed', { command, problem: 'said something that is not understood' })
    }
  }

  return {
    state: async (signal) => (await ask(described, 'describe-device', signal)).UnlockStatus.State,
    unlock: async (signal) => void (await run('unlock-device', signal)),
    s3Service: (signal) => ask(service, 'describe-service', signal, '--service-id', 's3'),
    async keys(signal) {
      const { AccessKeyIds } = await ask(keyIds, 'list-access-keys', signal)
      const [accessKeyId = ''] = AccessKeyIds
      const text = await run('get-secret-access-key', signal, '--access-key-id', accessKeyId)
      const secret = /^\s*aws_secret_access_key\s*=\s*(\S+)\s*$/m.exec(text)?.[1]
      if (secret === undefined)
        throw new Fault('snowball-client-failed', { command: 'get-secret-access-key', problem: 'said something that is not understood' })
      return { accessKeyId, secretAccessKey: secret }
    },
    async certificate(arn, signal) {
      const text = await run('get-certificate', signal, '--certificate-arn', arn)
      const pem = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(text)?.[0]
      if (pem === undefined) throw new Fault('snowball-client-failed', { command: 'get-certificate', problem: 'gave no certificate' })
      return `${pem}\n`
    },
  }
}

/** Neither the arguments nor what the program printed: either may hold the code. */
function failure(command: string, error: { readonly code?: unknown; readonly killed?: boolean }): Fault {
  if (error.code === 'ENOENT' || error.code === 'EACCES' || error.code === 'EINVAL')
    return new Fault('snowball-client-missing', { command })
  const problem =
    error.code === 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER'
      ? 'said too much'
      : error.killed === true
        ? 'did not answer in time'
        : `ended with ${typeof error.code === 'number' ? `exit code ${error.code}` : 'a signal'}`
  return new Fault('snowball-client-failed', { command, problem })
}
