/** The wallboard's process as its host keeps it: started, paired, encrypted, killed, started again. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { request } from 'node:https'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock, systemRandom } from '../../main/engine/world.ts'
import type { ChildProcess } from '../../main/hosting/childProcess.ts'
import { forkChild } from '../../main/hosting/forkChild.ts'
import { openWallboard, type Wallboard, type WallboardOptions } from '../../main/hosting/wallboard.ts'
import { figures } from './wallboardKit.ts'

let home: string
let wallboard: Wallboard
const children: ChildProcess[] = []
const log: string[] = []
const write = (_area: string, code: string): void => void log.push(code)

async function open(
  settings: WallboardOptions['settings'] = { enabled: false, address: '127.0.0.1', port: 8466, https: false },
): Promise<Wallboard> {
  const start = forkChild()
  return openWallboard({
    home,
    page: page(),
    startChild: (name) => {
      const child = start(name)
      children.push(child)
      return child
    },
    world: { clock: systemClock, random: systemRandom, log: { info: write, warn: write, error: write } },
    settings,
  })
}

/** A built page, without building one. */
function page(): string {
  const folder = join(home, 'page')
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'wallboard.html'), '<!doctype html><title>Firn wallboard</title>')
  return folder
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  const { port } = server.address() as AddressInfo
  await new Promise<void>((done) => server.close(() => done()))
  return port
}

const listening = (port: number) => ({ enabled: true, address: '127.0.0.1', port, certificate: null })

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) {
    await new Promise<void>((changed) => {
      const stop = wallboard.watch(() => {
        stop()
        changed()
      })
    })
  }
}

/** A screen that was paired by its link. */
async function cookieFrom(link: string): Promise<string> {
  const answer = await fetch(link, { redirect: 'manual' })
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
}

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'firn-wallboard-'))
  children.length = 0
  log.length = 0
  wallboard = await open()
})
afterEach(async () => {
  await wallboard.close()
  rmSync(home, { recursive: true, force: true })
})

describe('switched on', () => {
  test('it is off until an administrator switches it on, and runs no process', () => {
    expect(wallboard.state()).toEqual({ state: 'off', url: null, https: false, viewers: 0, fault: null, pairings: [] })
    expect(children).toEqual([])
  })

  test('a paired screen sees the figures; what is kept of its token is a hash that only the owner may read', async () => {
    const port = await freePort()
    await wallboard.set(listening(port), {})
    wallboard.tell(figures)
    const { link, code, id } = await wallboard.pair('Corridor')
    expect(link).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/pair/[\\w-]{43}$`))
    expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/)
    const cookie = await cookieFrom(link)
    const seen = await fetch(`http://127.0.0.1:${port}/figures.json`, { headers: { cookie } })
    expect(await seen.json()).toMatchObject({ figures })
    await until(() => wallboard.state().pairings[0]?.lastSeenAt !== null)
    const file = join(home, 'wallboard.json')
    expect(readFileSync(file, 'utf8')).not.toContain(link.split('/').at(-1))
    expect(readFileSync(file, 'utf8')).not.toContain(code.replace('-', ''))
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await wallboard.revoke(id)
    expect((await fetch(`http://127.0.0.1:${port}/figures.json`, { headers: { cookie } })).status).toBe(401)
  })

  test('a code that was typed is a token of its own, which the next start still knows', async () => {
    const port = await freePort()
    await wallboard.set(listening(port), {})
    const { code } = await wallboard.pair('Reading room')
    const cookie = await cookieFrom(`http://127.0.0.1:${port}/pair?code=${code}`)
    await until(() => readFileSync(join(home, 'wallboard.json'), 'utf8').match(/[0-9a-f]{64}/g)?.length === 2)
    await wallboard.close()
    wallboard = await open({ enabled: true, address: '127.0.0.1', port, https: false })
    wallboard.tell(figures)
    await until(() => wallboard.state().state === 'listening')
    expect((await fetch(`http://127.0.0.1:${port}/figures.json`, { headers: { cookie } })).status).toBe(200)
  })

  test('it has no pairing to give while it is off', async () => {
    await expect(wallboard.pair('Corridor')).rejects.toMatchObject({ code: 'wallboard-failed' })
  })
})

describe('what goes wrong', () => {
  test('a port that another program has is named, and the board says that it failed', async () => {
    const taken = createServer()
    await new Promise<void>((done) => taken.listen(0, '127.0.0.1', done))
    const { port } = taken.address() as AddressInfo
    await expect(wallboard.set(listening(port), {})).rejects.toMatchObject({ code: 'port-in-use', facts: { port } })
    expect(wallboard.state()).toMatchObject({ state: 'failed', fault: 'port-in-use' })
    await new Promise<void>((done) => taken.close(() => done()))
    await wallboard.set(listening(port), {})
    expect(wallboard.state()).toMatchObject({ state: 'listening', fault: null })
  })

  test('an address that is not one of this machine is refused', async () => {
    await expect(wallboard.set({ ...listening(await freePort()), address: '192.0.2.1' }, {})).rejects.toMatchObject({
      code: 'wallboard-failed',
    })
  })

  test('when its process is killed it is started again, with the same figures and pairings', async () => {
    const port = await freePort()
    await wallboard.set(listening(port), {})
    wallboard.tell(figures)
    const cookie = await cookieFrom((await wallboard.pair('Corridor')).link)
    children.at(-1)?.kill()
    await until(() => wallboard.state().state === 'starting')
    await until(() => wallboard.state().state === 'listening')
    expect(children.length).toBe(2)
    expect(log).toContain('wallboard-failed')
    const seen = await fetch(`http://127.0.0.1:${port}/figures.json`, { headers: { cookie } })
    expect(await seen.json()).toMatchObject({ figures })
  })

  test('switched off, nothing listens any more', async () => {
    const port = await freePort()
    await wallboard.set(listening(port), {})
    await wallboard.set({ ...listening(port), enabled: false }, {})
    expect(wallboard.state().state).toBe('off')
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow()
  })

  test('a file of pairings that cannot be read pairs nobody', async () => {
    await wallboard.close()
    writeFileSync(join(home, 'wallboard.json'), '{"pairings": "everybody"}')
    wallboard = await open()
    expect(wallboard.state().pairings).toEqual([])
  })
})

describe('with a certificate of the administrator', () => {
  const certificate = { certificate: `path-${'c'.repeat(32)}`, key: `path-${'d'.repeat(32)}` }
  const files = (): Record<string, string> => {
    const certificateFile = join(home, 'board.crt')
    const keyFile = join(home, 'board.key')
    const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 1 -subj /CN=wallboard'
    const names = ['-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', keyFile, '-out', certificateFile]
    execFileSync('openssl', [...request.split(' '), ...names], { stdio: 'ignore' })
    return { [certificate.certificate]: certificateFile, [certificate.key]: keyFile }
  }

  test('it speaks HTTPS, the cookie is for HTTPS alone, and it stays encrypted at the next start', async () => {
    const port = await freePort()
    const paths = files()
    await wallboard.set({ ...listening(port), certificate }, paths)
    expect(wallboard.state()).toMatchObject({ state: 'listening', https: true, url: `https://127.0.0.1:${port}/` })
    const { link } = await wallboard.pair('Corridor')
    const ca = readFileSync(paths[certificate.certificate] ?? '')
    const cookie = await new Promise<string>((done, fail) => {
      request(link, { ca }, (answer) => done(answer.headers['set-cookie']?.[0] ?? ''))
        .on('error', fail)
        .end()
    })
    expect(cookie).toMatch(/; Secure$/)
    await wallboard.close()
    wallboard = await open({ enabled: true, address: '127.0.0.1', port, https: true })
    await until(() => wallboard.state().state === 'listening')
    expect(wallboard.state().https).toBe(true)
  })

  test('without its certificate it does not come up in the clear', async () => {
    await wallboard.close()
    wallboard = await open({ enabled: true, address: '127.0.0.1', port: await freePort(), https: true })
    expect(wallboard.state()).toMatchObject({ state: 'failed', fault: 'wallboard-failed' })
    expect(children).toEqual([])
  })

  test('a certificate that is none is refused', async () => {
    const paths = files()
    writeFileSync(paths[certificate.certificate] ?? '', 'not a certificate')
    await expect(wallboard.set({ ...listening(await freePort()), certificate }, paths)).rejects.toMatchObject({ code: 'wallboard-failed' })
  })

  test('a certificate that was not chosen in this window is refused', async () => {
    await expect(wallboard.set({ ...listening(await freePort()), certificate }, {})).rejects.toMatchObject({ code: 'place-unknown' })
  })
})
