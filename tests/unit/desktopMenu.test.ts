/** Menu, shortcuts, tray, taskbar and notifications: from the same few tables, in both languages. */
import type { MenuItemConstructorOptions } from 'electron'
import { describe, expect, test } from 'vitest'
import { choosePath, folderDialog } from '../../main/app/dialogs.ts'
import { menuTemplate } from '../../main/app/menu.ts'
import { openNotifications } from '../../main/app/notifications.ts'
import { progressOf, trayText } from '../../main/app/progress.ts'
import { shortcutLines, shortcuts, type Act } from '../../main/app/shortcuts.ts'
import { showInTaskbar } from '../../main/app/taskbar.ts'
import { trayView } from '../../main/app/tray.ts'
import { windowOptions } from '../../main/app/windowOptions.ts'
import { languageFor, wordsIn } from '../../main/app/words.ts'
import { folderPurposes } from '../../shared/contract/calls/host.ts'
import { defaultSettings, languages, notificationKinds } from '../../shared/contract/settings.ts'
import { aSnapshotOf, aWork } from '../kit/works.ts'

const items = (menus: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  menus.flatMap(({ submenu }) => (Array.isArray(submenu) ? submenu : []))
const click = (item: MenuItemConstructorOptions | undefined): void => (item?.click as (() => void) | undefined)?.()

describe.each(languages)('the menu in %s', (language) => {
  const words = wordsIn(language)
  const done: Act[] = []
  const platforms = ['win32', 'linux', 'darwin'] as const

  test.each(platforms)('has every shortcut of the list on %s, under its word', (platform) => {
    const there = items(menuTemplate(words, platform, true, (act) => done.push(act)))
    for (const { keys, word } of shortcuts)
      expect(there.filter(({ accelerator }) => accelerator === keys).map(({ label }) => label)).toEqual([words[word]])
    expect(there.filter(({ type, label }) => type !== 'separator' && (label ?? '') === '')).toEqual([])
  })
  test('does what each shortcut says', () => {
    done.length = 0
    const own = shortcuts.filter(({ act }) => act.do !== 'role')
    const there = items(menuTemplate(words, 'linux', true, (act) => done.push(act)))
    for (const { keys } of own) click(there.find(({ accelerator }) => accelerator === keys))
    expect(done).toEqual(own.map(({ act }) => act))
  })
  test('offers what acts on a migration only while one is open', () => {
    const enabled = (open: boolean) =>
      items(menuTemplate(words, 'linux', open, () => undefined))
        .filter(({ enabled }) => enabled === false)
        .map(({ label }) => label)
    expect(enabled(true)).toEqual([])
    expect(enabled(false)).toEqual([words.revealMigration, words.pauseAll, words.resumeAll])
  })
  test('and the list for people name every shortcut once', () => {
    const lines = shortcutLines(words, 'linux')
    expect(lines).toHaveLength(shortcuts.length)
    expect(lines).toContain(language === 'en' ? 'Ctrl+Shift+P   Pause all' : 'Strg+Umschalt+P   Alles anhalten')
    expect(shortcutLines(words, 'darwin')[0]).toMatch(/^⌘\+,/)
  })
  test('has a word for everything', () => {
    const empty = Object.entries(words).filter(([, word]) => word === '' || word === undefined)
    expect(empty).toEqual([])
  })
})

test('no two shortcuts have the same keys', () => {
  expect(new Set(shortcuts.map(({ keys }) => keys)).size).toBe(shortcuts.length)
})

test.each([
  ['as set', 'de', ['en-US'], 'de'],
  ['as the system prefers', null, ['de-AT', 'en'], 'de'],
  ['English where the system prefers another', null, ['fr-FR', 'de'], 'en'],
  ['English where the system says nothing', null, [], 'en'],
] as const)('the language is %s', (_how, chosen, system, language) => expect(languageFor(chosen, system)).toBe(language))

describe('progress', () => {
  test.each([
    ['nothing runs', [], { at: 'nothing' }],
    ['only what is over is left', [aWork({ state: 'done' }), aWork({ state: 'failed' }), aWork({ state: 'waiting' })], { at: 'nothing' }],
    ['one runs', [aWork()], { at: 'running', fraction: 0.25 }],
    ['two run: by their bytes', [aWork(), aWork({ bytes: 300, bytesTotal: 300 })], { at: 'running', fraction: 325 / 400 }],
    ['bytes are not known: by items', [aWork({ bytesTotal: null, itemsTotal: 500 })], { at: 'running', fraction: 0.5 }],
    ['it is still counting', [aWork({ bytesTotal: null, itemsTotal: null })], { at: 'running', fraction: undefined }],
    ['all is paused', [aWork({ state: 'paused' })], { at: 'paused', fraction: 0.25 }],
    ['one stalls', [aWork(), aWork({ stalledSince: 5 })], { at: 'wrong', fraction: 0.25 }],
  ] as const)('when %s', (_when, works, progress) => expect(progressOf(aSnapshotOf(works))).toEqual(progress))

  test('is shown in the taskbar', () => {
    const shown: unknown[] = []
    const window = { setProgressBar: (...given: unknown[]) => void shown.push(given) }
    showInTaskbar(window, { at: 'nothing' })
    showInTaskbar(window, { at: 'running', fraction: undefined })
    showInTaskbar(window, { at: 'running', fraction: 0.5 })
    showInTaskbar(window, { at: 'paused', fraction: 0.5 })
    showInTaskbar(window, { at: 'wrong', fraction: 0.5 })
    expect(shown).toEqual([
      [-1],
      [2, { mode: 'indeterminate' }],
      [0.5, { mode: 'normal' }],
      [0.5, { mode: 'paused' }],
      [0.5, { mode: 'error' }],
    ])
  })
  test('is said by the tray, and 100 % not before it is', () => {
    const say = (more: object, language: 'en' | 'de' = 'en') => trayText(aSnapshotOf([aWork(more)]), wordsIn(language), language)
    expect(trayText(undefined, wordsIn('en'), 'en')).toBe('Firn: Nothing is running')
    expect(say({ bytes: 999, bytesTotal: 1000 })).toBe('Firn: loading a device 99%')
    expect(say({ bytes: 1000, bytesTotal: 1000 })).toBe('Firn: loading a device 100%')
    expect(say({ state: 'paused' }, 'de')).toBe('Firn: Gerät wird beladen 25\u00A0%, angehalten')
  })
})

test('the tray pauses and resumes, opens and quits', () => {
  const done: unknown[] = []
  const view = (paused: boolean, works = [aWork()]) =>
    trayView(
      aSnapshotOf(works, paused),
      wordsIn('en'),
      'en',
      () => done.push('opened'),
      (act) => done.push(act),
    )
  expect(view(false).menu.map(({ label }) => label)).toEqual([
    'Open Firn',
    undefined,
    'loading a device 3',
    undefined,
    'Pause all',
    'Quit Firn',
  ])
  for (const item of [...view(false).menu, ...view(true).menu.slice(4, 5)]) click(item)
  expect(done).toEqual(['opened', { do: 'call', call: 'works.pauseAll' }, { do: 'quit' }, { do: 'call', call: 'works.resumeAll' }])
  expect(view(false, []).menu[4]?.enabled).toBe(false)
})

describe('notifications', () => {
  function notices(off: (typeof notificationKinds)[number][] = []) {
    const shown: string[] = []
    let now = 0
    const notifications = { ...defaultSettings.notifications, ...Object.fromEntries(off.map((kind) => [kind, false])) }
    const tell = openNotifications(
      () => ({ ...defaultSettings, notifications }),
      () => wordsIn('en'),
      ({ title }) => shown.push(title),
      () => now,
    )
    return {
      shown,
      passes: (ms: number) => (now += ms),
      tell: (kind: (typeof notificationKinds)[number]) => tell({ kind, at: 0, facts: {} }),
    }
  }
  test.each(languages)('have words for every kind in %s', (language) => {
    const all = notificationKinds.map((kind) => wordsIn(language).notices[kind])
    expect(all.flatMap(({ title, body }) => [title, body]).filter((word) => word.length < 5)).toEqual([])
  })
  test('come when the settings say so, kind by kind', () => {
    const { shown, tell } = notices(['lane-stalled'])
    for (const kind of notificationKinds) tell(kind)
    expect(shown).toEqual(['A device was delivered', 'Verification is done', 'Something needs you'])
  })
  test('of one kind come once in five minutes', () => {
    const { shown, tell, passes } = notices()
    tell('failure')
    passes(299_000)
    tell('failure')
    passes(2000)
    tell('failure')
    expect(shown).toHaveLength(2)
  })
})

describe('the dialog for folders', () => {
  test.each(folderPurposes)('for %s has words in both languages and leaves no trace in recent documents', (purpose) => {
    const { properties, title } = folderDialog(purpose, wordsIn('de'))
    expect(properties).toContain('dontAddToRecent')
    expect(properties).toContain(purpose === 'certificate' || purpose === 'attachment' ? 'openFile' : 'openDirectory')
    expect(properties).not.toContain('multiSelections')
    expect(title).not.toBe(folderDialog(purpose, wordsIn('en')).title)
  })
  test('gives the path to the host, or nothing when it was cancelled', async () => {
    const show = (canceled: boolean) => () => Promise.resolve({ canceled, filePaths: ['/archive'] })
    expect(await choosePath(show(false), 'archive', wordsIn('en'))).toBe('/archive')
    expect(await choosePath(show(true), 'archive', wordsIn('en'))).toBeUndefined()
  })
})

describe('the window', () => {
  const options = windowOptions({ preload: '/app/bridge.cjs', icon: '/app/256.png' })
  test('is sandboxed, isolated and without Node.js of any kind', () => {
    expect(options.webPreferences).toEqual({
      preload: '/app/bridge.cjs',
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
    })
  })
  test('is remembered by Electron under a name, and shown when there is something to see', () => {
    expect([options.name, options.windowStatePersistence, options.show]).toEqual(['main', true, false])
  })
})
