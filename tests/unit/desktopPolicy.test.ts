/** What the window may do with the world outside: nothing but a click that opens AWS's pages in the person's own browser. */
import type { Session, WebContents } from 'electron'
import { describe, expect, test } from 'vitest'
import { blockForeignRequests, denyPermissions, keepInPlace, mayOpenOutside } from '../../main/security/policy.ts'
import { contentsStandIn, sessionStandIn } from '../kit/electronStandIn.ts'

const permissions = [
  'media', 'geolocation', 'notifications', 'midi', 'midiSysex', 'pointerLock', 'fullscreen', 'openExternal', 'clipboard-read', 'display-capture',
  'fileSystem', 'hid', 'serial', 'usb', 'idle-detection', 'storage-access', 'window-management', 'speaker-selection', 'mediaKeySystem',
  'deprecated-sync-clipboard-read', 'something-that-a-later-electron-invents',
] // prettier-ignore

describe('permissions', () => {
  const session = sessionStandIn()
  denyPermissions(session as unknown as Session)

  test.each(permissions)('%s is refused, asked or looked up', (permission) => {
    expect(session.asks(permission, 'firn-app://app/', true)).toBe(false)
    expect(session.checks(permission, 'firn-app://app/', true)).toBe(false)
  })
  test('text may be put on the clipboard by our own page, and by nobody else', () => {
    const answers = (url: string, main: boolean) => [
      session.asks('clipboard-sanitized-write', url, main),
      session.checks('clipboard-sanitized-write', url, main),
    ]
    expect(answers('firn-app://app/', true)).toEqual([true, true])
    expect(answers('firn-app://app/', false)).toEqual([false, false])
    expect(answers('https://evil.example/', true)).toEqual([false, false])
    expect(answers('', true)).toEqual([false, false])
  })
  test('devices and screens are not to be had', () => {
    expect(session.device()).toBe(false)
    expect(session.displayMedia).toBeNull()
  })
})

describe('requests of the window', () => {
  const session = sessionStandIn()
  let blocked = 0
  blockForeignRequests(session as unknown as Session, () => (blocked += 1))

  test.each([
    'firn-app://app/index.html',
    'firn-app://app/assets/firn.css',
    'blob:firn-app://app/9a1c',
    'data:image/svg+xml,x',
    'data:font/woff2;base64,x',
  ])('%s goes through', (url) => expect(session.requests(url)).toEqual({ cancel: false }))
  test.each([
    'https://aws.amazon.com/',
    'http://127.0.0.1:8466/',
    'http://169.254.169.254/latest/meta-data/',
    'wss://evil.example/',
    'file:///etc/passwd',
    'ftp://evil.example/',
    'firn-app://evil/',
    'blob:https://evil.example/9a1c',
    'data:text/html,x',
    'devtools://devtools/bundled/inspector.html',
    'chrome-extension://abc/',
    'view-source:firn-app://app/',
  ])('%s is stopped, and counted', (url) => {
    const before = blocked
    expect(session.requests(url)).toEqual({ cancel: true })
    expect(blocked).toBe(before + 1)
  })
  test('only what the page made itself can be saved as a file', () => {
    expect(session.downloads('blob:firn-app://app/9a1c')).toBe('allowed')
    expect(session.downloads('https://evil.example/x.exe')).toBe('prevented')
    expect(session.downloads('firn-app://app/index.html')).toBe('prevented')
  })
})

describe('the page stays where it is', () => {
  const opened: string[] = []
  const contents = contentsStandIn()
  keepInPlace(contents as unknown as WebContents, (address) => opened.push(address))
  const hostile = [
    'https://evil.example/',
    'https://aws.amazon.com/',
    'http://localhost/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'firn-app://evil/',
    'firn-app://app/assets/firn.css',
    'about:blank',
  ]

  test.each(['will-navigate', 'will-redirect', 'will-frame-navigate'])('%s to elsewhere is stopped', (event) => {
    expect(hostile.map((url) => contents.navigates(event, url))).toEqual(hostile.map(() => 'prevented'))
  })
  test('it may be loaded anew', () => {
    expect(contents.navigates('will-navigate', 'firn-app://app/#plan')).toBe('allowed')
  })
  test('no web view is ever attached', () => {
    expect(contents.navigates('will-attach-webview', 'firn-app://app/')).toBe('prevented')
  })
  test('no window is ever opened, whatever it is asked for', () => {
    expect([...hostile, 'firn-app://app/', ''].map((url) => contents.opens(url))).toEqual(Array(hostile.length + 2).fill('deny'))
  })
  test("links to AWS's pages open in the person's browser, others nowhere", () => {
    expect(opened).toEqual(['https://aws.amazon.com/'])
  })
})

describe('opening outside', () => {
  test.each([
    'https://aws.amazon.com/s3/',
    'https://docs.aws.amazon.com/snowball/',
    'https://console.aws.amazon.com/s3/?region=eu-central-1',
  ])('%s may be opened', (address) => expect(mayOpenOutside(address)).toBe(true))
  test.each([
    'http://aws.amazon.com/',
    'https://aws.amazon.com.evil.example/',
    'https://evil.example/aws.amazon.com',
    'https://aws.amazon.com@evil.example/',
    'https://user:secret@aws.amazon.com/',
    'https://aws.amazon.com:8443/',
    'https://AWS.amazon.com.:443x/',
    'https://notaws.amazon.com/',
    'ms-msdt:/id',
    'file:///C:/Windows/System32/calc.exe',
    'smb://server/share',
    '\\\\server\\share\\x.exe',
    'javascript:alert(1)',
    '',
  ])('%s may not', (address) => expect(mayOpenOutside(address)).toBe(false))
})
