/** AWS's own client, played by a small program: what it says is understood or refused, it never hangs Firn, and the code goes nowhere. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { askSecret } from '../../main/cli/askSecret.ts'
import { openSnowballEdge, type SnowballEdge } from '../../main/engine/snowballEdge.ts'
import { accessByClient, clientKeepsCode, liesBeside, unlockDevice } from '../../main/engine/unlockDevice.ts'
import { plannedLane, type PlannedLane } from '../kit/plannedLane.ts'
import { testWorld, type TestWorld } from '../kit/world.ts'

const never = new AbortController().signal
const code = 'a1b2c-D3e4f-g5h6i-J7k8l-m9n0o'
const pem = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----'
const arn = 'arn:aws:snowball-device:::certificate/78EXAMPLE'
const said: Record<string, string> = {
  'describe-device': JSON.stringify({ DeviceId: 'JID1', UnlockStatus: { State: 'UNLOCKED' }, ActiveNetworkInterface: {} }),
  'unlock-device': 'Your Snowball Edge is unlocking',
  'describe-service': JSON.stringify({
    ServiceId: 's3',
    Status: { State: 'ACTIVE' },
    Storage: { TotalSpaceBytes: 99608745492480, FreeSpaceBytes: 99608744468480 },
    Endpoints: [
      { Protocol: 'http', Port: 8080, Host: '192.0.2.0' },
      { Protocol: 'https', Port: 8443, Host: '192.0.2.0', CertificateAssociation: { CertificateArn: arn } },
    ],
  }),
  'list-access-keys': JSON.stringify({ AccessKeyIds: ['AKIADEVICE'] }),
  'get-secret-access-key': '[snowballEdge]\naws_access_key_id = AKIADEVICE\naws_secret_access_key = wJalr/XUtn+FEMI\n',
  'get-certificate': `${pem}\n`,
}

let folder: string
let world: TestWorld
let lane: PlannedLane
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-edge-'))
  world = testWorld()
  lane = plannedLane(world, 'device', [{ path: 'a', size: 1, mtimeUs: 1 }])
  lane.journal.deviceOrdered(lane.device, 'JID1')
  lane.journal.deviceState(lane.device, 'WithCustomer')
})
afterEach(() => {
  lane.remove()
  rmSync(folder, { recursive: true })
})

/** A program that keeps its arguments, one call a line, and says what it was told to; a function's text runs in it. */
function client(answers: Record<string, string> = {}, more: Partial<Parameters<typeof openSnowballEdge>[0]> = {}): SnowballEdge {
  const program = join(folder, 'snowballEdge')
  writeFileSync(
    program,
    `#!${process.execPath}
const { appendFileSync } = require('node:fs')
const [command, ...args] = process.argv.slice(2)
appendFileSync(${JSON.stringify(join(folder, 'calls'))}, JSON.stringify([command, ...args]) + '\\n')
const said = ${JSON.stringify({ ...said, ...answers })}[command]
if (said.startsWith('!')) eval(said.slice(1))
else process.stdout.write(said)
`,
  )
  chmodSync(program, 0o755)
  return openSnowballEdge({ program, endpoint: 'https://192.0.2.0', manifest: join(folder, 'JID1-manifest.bin'), code, ...more })
}

const calls = (): string[][] =>
  readFileSync(join(folder, 'calls'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as string[]) // prettier-ignore
const device = () => {
  const [one] = lane.journal.fleet()
  if (one === undefined) throw new Error('there is a device')
  return one
}
const work = (signal = never) => ({ migration: { journal: lane.journal, world }, signal }) as unknown as Parameters<typeof unlockDevice>[0]

describe('Unlocking', () => {
  test('hands the client address, manifest and code as arguments, waits for the device, and enters it into custody once', async () => {
    const counting = `!const n = require('node:fs').readFileSync(${JSON.stringify(join(folder, 'calls'))}, 'utf8').split('describe-device').length
      console.log(JSON.stringify({ UnlockStatus: { State: n < 4 ? (n < 3 ? 'LOCKED' : 'UNLOCKING') : 'UNLOCKED' } }))`
    expect(await unlockDevice(work(), client({ 'describe-device': counting }), device(), 'Ada Example')).toBe('unlocked')
    expect(calls()[1]).toEqual(['unlock-device', '--endpoint', 'https://192.0.2.0', '--manifest-file', join(folder, 'JID1-manifest.bin'), '--unlock-code', code]) // prettier-ignore
    expect(await unlockDevice(work(), client(), device(), 'Ben Other')).toBe('was unlocked')
    expect(lane.journal.custody(lane.device).map(({ step, person }) => [step, person])).toEqual([['unlocked', 'Ada Example']])
    const log = [...lane.journal.events()].map(({ body }) => body).join() + JSON.stringify(world.lines)
    expect(log).not.toContain(code)
  })

  test('ends when the device stays locked, and says in which state it is', async () => {
    const locked = { 'describe-device': JSON.stringify({ UnlockStatus: { State: 'LOCKED' } }) }
    const stubborn = client(locked)
    const waiting = unlockDevice(work(), { ...stubborn, state: async () => 'LOCKED' }, device(), 'Ada Example')
    await expect(waiting).rejects.toMatchObject({ code: 'device-still-locked', facts: { state: 'LOCKED' } })
    expect(lane.journal.custody(lane.device)).toEqual([])
    await expect(accessByClient(client(locked), device(), never)).rejects.toMatchObject({ code: 'device-still-locked' })
  })
})

describe('Reaching the adapter', () => {
  test('takes TLS where it is offered, with keys and certificate of the device', async () => {
    expect(await accessByClient(client(), device(), never)).toEqual({
      endpoint: 'https://192.0.2.0:8443',
      accessKeyId: 'AKIADEVICE',
      secretAccessKey: 'wJalr/XUtn+FEMI',
      certificate: `${pem}\n`,
    })
    expect(
      calls()
        .find(([command]) => command === 'get-certificate')
        ?.slice(-2),
    ).toEqual(['--certificate-arn', arn])
  })

  test('is refused while the service does not run', async () => {
    const off = { 'describe-service': JSON.stringify({ ServiceId: 's3', Status: { State: 'DEACTIVATED' } }) }
    await expect(accessByClient(client(off), device(), never)).rejects.toMatchObject({
      code: 'device-service-off',
      facts: { state: 'DEACTIVATED' },
    })
  })

  test.each<[string, Record<string, string>, string]>([
    ['says rubbish', { 'describe-device': 'Exception in thread "main"' }, 'not understood'],
    ['says something else', { 'list-access-keys': '{"AccessKeyIds":[]}' }, 'not understood'],
    ['gives no key', { 'get-secret-access-key': '[snowballEdge]\n' }, 'not understood'],
    ['gives no certificate', { 'get-certificate': 'none' }, 'no certificate'],
    ['fails', { 'describe-device': '!process.stderr.write(process.argv.join()); process.exit(3)' }, 'exit code 3'],
    ['says too much', { 'describe-device': `!process.stdout.write('x'.repeat(3e6))` }, 'too much'],
  ])('is refused when the client %s, and what it said is not passed on', async (_what, answers, problem) => {
    const error: unknown = await accessByClient(client(answers), device(), never).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'snowball-client-failed', facts: { problem: expect.stringContaining(problem) as unknown } })
    const { facts, message, cause } = error as { facts: object; message: string; cause?: unknown }
    expect(JSON.stringify([facts, message]) + String(cause)).not.toMatch(new RegExp(`${code}|wJalr`))
  })

  test('ends at once when it is stopped, though the client never answers', async () => {
    const controller = new AbortController()
    const asked = accessByClient(client({ 'describe-device': '!setInterval(() => {}, 1000)' }), device(), controller.signal)
    setTimeout(() => controller.abort(new Error('asked to stop')), 100)
    await expect(asked).rejects.toThrow('asked to stop')
  })
})

test('a client that is not there, a code and an address of another form are told before anything is started', async () => {
  await expect(openSnowballEdge({ program: join(folder, 'none'), endpoint: 'https://192.0.2.0', manifest: 'm', code }).state(never)).rejects.toMatchObject({ code: 'snowball-client-missing' }) // prettier-ignore
  for (const [more, field] of [
    [{ code: '12345' }, 'unlock code'],
    [{ code: `${code}; rm -rf /` }, 'unlock code'],
    [{ endpoint: 'http://192.0.2.0' }, '--device-address'],
    [{ endpoint: 'https://192.0.2.0 --help' }, '--device-address'],
  ] as const)
    expect(() => client({}, more)).toThrow(expect.objectContaining({ code: 'bad-input', facts: expect.objectContaining({ field }) as unknown }) as Error) // prettier-ignore
  expect(existsSync(join(folder, 'calls'))).toBe(false)
})

test('a code in a file beside the manifest is noticed, and one that the client keeps in clear text', async () => {
  const manifest = join(folder, 'JID1-manifest.bin')
  writeFileSync(manifest, 'binary')
  expect(await liesBeside(manifest, code)).toBe(false)
  writeFileSync(join(folder, 'notes.txt'), `Bay 2, code ${code}\n`)
  expect(await liesBeside(manifest, code)).toBe(true)
  expect(await clientKeepsCode(folder)).toBe(false)
  mkdirSync(join(folder, '.aws/snowball/config'), { recursive: true })
  const file = join(folder, '.aws/snowball/config/snowball-edge.config')
  writeFileSync(file, JSON.stringify({ profiles: { default: { endpoint: 'https://192.0.2.0', unlockCode: code } } }))
  expect(await clientKeepsCode(folder)).toBe(true)
  writeFileSync(file, JSON.stringify({ profiles: { default: { endpoint: 'https://192.0.2.0' } } }))
  expect(await clientKeepsCode(folder)).toBe(false)
})

describe('The code', () => {
  test('is read from standard input where that is no terminal', async () => {
    expect(await askSecret('Unlock code', never, Readable.from([` ${code}\n`, 'more\n']) as never)).toBe(code)
    expect(await askSecret('Unlock code', never, Readable.from([]) as never)).toBe('')
  })

  test('is not shown at a terminal; a typing error can be taken back, and Ctrl-C ends it', async () => {
    const shown: string[] = []
    const output = { write: (text: string) => (shown.push(text), true) }
    const terminal = () => {
      const raw: boolean[] = []
      const input = Object.assign(new Readable({ read: () => undefined }), { isTTY: true, setRawMode: (on: boolean) => void raw.push(on) })
      return { input, raw }
    }
    const first = terminal()
    const asked = askSecret('Unlock code', never, first.input as never, output)
    first.input.push(Buffer.from('abX\u007fc'))
    first.input.push(Buffer.from('d\r'))
    expect(await asked).toBe('abcd')
    expect(first.raw).toEqual([true, false])
    expect(shown.join('')).toBe('Unlock code: \n')
    const second = terminal()
    const stopped = askSecret('Unlock code', never, second.input as never, output)
    second.input.push(Buffer.from('ab\u0003'))
    await expect(stopped).rejects.toMatchObject({ code: 'stopped' })
    expect(second.raw).toEqual([true, false])
  })
})
