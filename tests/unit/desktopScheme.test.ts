/** The window's pages: served from a table of the bundle's files, under one policy, and nothing beside them. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  answerRequest,
  bundleOf,
  contentSecurityPolicy,
  isStartPage,
  schemePrivileges,
  type Bundle,
} from '../../main/security/appScheme.ts'

let folder: string
let bundle: Bundle
const ask = (url: string, method = 'GET') => answerRequest(bundle, { url, method }, readFile)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'firn-scheme-'))
  const screens = join(folder, 'renderer')
  mkdirSync(join(screens, 'assets'), { recursive: true })
  writeFileSync(join(folder, 'secret.html'), 'outside')
  writeFileSync(join(screens, 'index.html'), '<!doctype html><title>Firn</title>')
  writeFileSync(join(screens, 'wallboard.html'), 'of another host')
  writeFileSync(join(screens, 'sources.sha256'), 'not for the window')
  writeFileSync(join(screens, 'assets', 'start-Ab_1.js'), 'export {}')
  writeFileSync(join(screens, 'assets', 'firn.css'), 'body{}')
  symlinkSync(join(folder, 'secret.html'), join(screens, 'link.html'))
  bundle = bundleOf(screens)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the scheme of the window', () => {
  test.each([
    ['firn-app://app/', 'text/html; charset=utf-8'],
    ['firn-app://app/#overview', 'text/html; charset=utf-8'],
    ['firn-app://app/index.html', 'text/html; charset=utf-8'],
    ['firn-app://app/assets/start-Ab_1.js', 'text/javascript; charset=utf-8'],
    ['firn-app://app/assets/firn.css?v=1', 'text/css; charset=utf-8'],
  ])('%s is served as %s, under the policy', async (url, type) => {
    const answer = await ask(url)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('content-type')).toBe(type)
    expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
  })

  test.each([
    'firn-app://app/../secret.html',
    'firn-app://app/assets/../../secret.html',
    'firn-app://app/%2e%2e/secret.html',
    'firn-app://app/%2E%2E%2Fsecret.html',
    'firn-app://app/..%2fsecret.html',
    'firn-app://app/..%5csecret.html',
    'firn-app://app/..\\secret.html',
    'firn-app://app/assets\\..\\..\\secret.html',
    'firn-app://app/%252e%252e/secret.html',
    'firn-app://app//etc/passwd',
    'firn-app://app/%2fetc%2fpasswd',
    'firn-app://app///server/share/file.html',
    'firn-app://app/\\\\server\\share\\file.html',
    'firn-app://app/C:/Windows/win.ini',
    'firn-app://app/assets/start-Ab_1.js%00.html',
    'firn-app://app/assets/',
    'firn-app://app/assets',
    'firn-app://app/INDEX.HTML',
    'firn-app://app/link.html',
    'firn-app://app/wallboard.html',
    'firn-app://app/sources.sha256',
    'firn-app://app/__proto__',
    'firn-app://app/constructor',
    'firn-app://other/index.html',
    'firn-app://app.evil/index.html',
    'firn-app://app:80/index.html',
    'firn-app://user@app/index.html',
    'firn-app:///index.html',
    'firn-app:index.html',
    'file:///etc/passwd',
    'https://app/index.html',
    'not an address',
  ])('%s is not there', async (url) => {
    const answer = await ask(url)
    expect([answer.status, await answer.text()]).toEqual([404, ''])
    expect(answer.headers.get('content-security-policy')).toBe(contentSecurityPolicy)
  })

  test.each(['POST', 'PUT', 'DELETE', 'HEAD', 'OPTIONS', 'get'])('%s is refused', async (method) => {
    const answer = await ask('firn-app://app/index.html', method)
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET'])
  })

  test('a file that vanished under the running application is an error, not a crash', async () => {
    const answer = await answerRequest(bundle, { url: 'firn-app://app/', method: 'GET' }, () => Promise.reject(new Error('gone')))
    expect(answer.status).toBe(500)
  })

  test('the policy allows files of our own and nothing inline', () => {
    expect(contentSecurityPolicy).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    )
  })

  test('the scheme neither bypasses that policy nor opens itself to other origins', () => {
    expect(schemePrivileges).toEqual({
      scheme: 'firn-app',
      privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
    })
  })

  test.each([
    ['firn-app://app/', true],
    ['firn-app://app/index.html?again#plan', true],
    ['firn-app://app/assets/firn.css', false],
    ['firn-app://app.evil/', false],
    ['https://app/', false],
  ])('%s is the start page: %s', (address, is) => expect(isStartPage(address)).toBe(is))
})
