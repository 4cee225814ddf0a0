/** firn console as people start it: what it prints, what it refuses, and how it ends. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { exitCodes } from '../../main/cli/exitCodes.ts'
import { get } from '../kit/consoleClient.ts'

const firn = resolve(import.meta.dirname, '../../main/cli/firn.ts')
let home: string
let started: ChildProcess[] = []

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'firn-home-'))
})
afterEach(async () => {
  for (const child of started.filter((one) => one.exitCode === null && one.signalCode === null)) {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  started = []
  rmSync(home, { recursive: true, force: true })
})

function run(...args: readonly string[]) {
  const child = spawn(process.execPath, [firn, 'console', '--json', '--home', home, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  started.push(child)
  const said = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text))
  const ended = once(child, 'exit').then(([code]) => ({ code: code as number | null, ...said }))
  const summary = (): Record<string, unknown> => JSON.parse(said.out) as Record<string, unknown>
  const url = async (): Promise<URL> => {
    while (!said.out.includes('\n')) await Promise.race([once(child.stdout, 'data'), ended])
    return new URL(String(summary()['url']))
  }
  return { child, said, ended, summary, url }
}

describe('firn console', () => {
  test('prints a link that works, gives another when asked, and ends cleanly by Ctrl-C', async () => {
    const console = run()
    const url = await console.url()
    expect(url.hostname).toBe('127.0.0.1')
    expect(console.summary()).toMatchObject({ command: 'console', ok: true, exitCode: 0, origin: url.origin })
    const entered = await get(Number(url.port), `${url.pathname}${url.search}`)
    expect(entered.status).toBe(303)
    const cookie = entered.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
    const screens = await get(Number(url.port), '/', { cookie })
    expect(screens.status).toBe(200)
    expect(screens.body).not.toMatch(/<script>|<style>|style=/)
    for (const [, asset = ''] of screens.body.matchAll(/(?:src|href)="\.?([^"]+)"/g))
      expect((await get(Number(url.port), asset, { cookie })).status, asset).toBe(200)

    for (const again of [run('--link'), run('--port', url.port)]) {
      expect(await again.ended).toMatchObject({ code: exitCodes.done })
      const link = new URL(String(again.summary()['url']))
      expect(link.origin).toBe(url.origin)
      expect((await get(Number(url.port), `${link.pathname}${link.search}`)).status).toBe(303)
    }
    console.child.kill('SIGINT')
    expect((await console.ended).code).toBe(exitCodes.stopped)
    await expect(get(Number(url.port), '/')).rejects.toThrow('ECONNREFUSED')
  })

  test.each([
    ['listening on the network without a certificate', ['--listen', '0.0.0.0'], '--listen'],
    ['a certificate without its key', ['--certificate', '/nowhere.pem'], '--certificate'],
    ['a certificate that is not there', ['--certificate', '/nowhere.pem', '--key', '/nowhere.key'], '--certificate'],
    ['a public address with a path', ['--public', 'https://firn.example/firn'], '--public'],
    ['an address that is not of this machine', ['--listen', '192.0.2.1', '--insecure-http'], '--listen'],
    ['a port that is none', ['--port', '70000'], '--port'],
  ])('refuses %s', async (_, args, field) => {
    const { code, out } = await run(...args).ended
    expect(code).toBe(exitCodes.usage)
    expect(JSON.parse(out)).toMatchObject({ ok: false, fault: { code: 'bad-input', facts: { field } } })
  })

  test('refuses a certificate that is none', async () => {
    const file = join(home, 'firn.pem')
    writeFileSync(file, 'not a certificate')
    const { code, out } = await run('--certificate', file, '--key', file).ended
    expect(code).toBe(exitCodes.usage)
    expect(JSON.parse(out)).toMatchObject({ fault: { code: 'bad-input', facts: { field: '--certificate' } } })
  })

  test('without a certificate on the network warns where nobody can miss it', async () => {
    const console = run('--listen', '0.0.0.0', '--insecure-http', '--quiet')
    await console.url()
    expect(console.said.err).toContain('WARNING: Listening on 0.0.0.0 without a certificate')
  })

  test('has no link to give where none runs', async () => {
    const { code, out } = await run('--link').ended
    expect(code).toBe(exitCodes.needsPerson)
    expect(JSON.parse(out)).toMatchObject({ fault: { code: 'no-console' } })
  })

  test('names a home that cannot be written', async () => {
    const file = join(home, 'file')
    writeFileSync(file, '')
    const { code, out } = await run('--home', join(file, 'home')).ended
    expect(code).toBe(exitCodes.needsPerson)
    expect(JSON.parse(out)).toMatchObject({ fault: { code: 'home-not-writable' } })
  })
})
