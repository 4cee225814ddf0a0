/** Whatever a page tries, the window stays where it is, opens nothing and reaches nobody. */
import { afterEach, expect } from 'vitest'
import { closeAll, desktopTest, launch, newHome, type Desktop } from './kit.ts'

afterEach(closeAll)

/** What was given to the system's browser, instead of giving it. */
async function catchOpened({ app }: Desktop): Promise<() => Promise<readonly string[]>> {
  await app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    shell.openExternal = (address: string) => Promise.resolve(void opened.push(address))
  })
  return () => app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
}

const hostile = [
  'https://evil.example/',
  'http://127.0.0.1:9/',
  'file:///etc/passwd',
  'firn-app://evil/',
  'javascript:location="https://evil.example/"',
]

desktopTest('links, new windows, redirects and frames lead nowhere', async () => {
  const desktop = await launch(newHome())
  const { app, page } = desktop
  const opened = await catchOpened(desktop)
  const before = page.url()
  for (const address of hostile) {
    await page.evaluate((address) => {
      for (const target of ['', '_blank', '_top']) {
        const link = Object.assign(document.createElement('a'), { href: address, target, textContent: 'x' })
        document.body.append(link)
        link.click()
      }
      window.open(address)
      const frame = Object.assign(document.createElement('iframe'), { src: address })
      document.body.append(frame)
      const form = Object.assign(document.createElement('form'), { action: address, method: 'post' })
      document.body.append(form)
      form.submit()
      setTimeout(() => (window.location.href = address))
    }, address)
    // A round trip through the main process: whatever was to happen has happened.
    await app.evaluate(() => undefined)
    await page.evaluate(() => new Promise((done) => setTimeout(done, 100)))
  }
  expect([page.url().split('#')[0], app.windows().length, await opened()]).toEqual([before.split('#')[0], 1, []])
})

desktopTest("a link to AWS's pages opens in the person's own browser", async () => {
  const desktop = await launch(newHome())
  const opened = await catchOpened(desktop)
  await desktop.page.evaluate(() => window.open('https://docs.aws.amazon.com/snowball/'))
  await expect.poll(opened).toEqual(['https://docs.aws.amazon.com/snowball/'])
  expect(desktop.app.windows()).toHaveLength(1)
})

desktopTest('no request reaches anybody, and no path leads out of the bundle', async () => {
  const { page } = await launch(newHome())
  const answers = await page.evaluate(
    async (addresses) =>
      await Promise.all(
        addresses.map((address) =>
          fetch(address).then(
            ({ status }) => status,
            () => 'refused',
          ),
        ),
      ),
    [
      'https://aws.amazon.com/',
      'http://127.0.0.1:9/',
      'file:///etc/passwd',
      './../../package.json',
      './%2e%2e/main/app/start.js',
      './..%2f..%2fpackage.json',
      './wallboard.html',
    ],
  )
  expect(answers).toEqual(['refused', 'refused', 'refused', 404, 404, 404, 404])
})

desktopTest('permissions are denied', async () => {
  const { page } = await launch(newHome())
  const states = await page.evaluate(
    async (names) =>
      await Promise.all(names.map(async (name) => (await navigator.permissions.query({ name: name as PermissionName })).state)),
    ['geolocation', 'notifications', 'camera', 'microphone', 'clipboard-read'],
  )
  expect(states).toEqual(states.map(() => 'denied'))
})

desktopTest('malformed and oversized messages over the bridge are refused, and the application goes on', async () => {
  const { ask } = await launch(newHome())
  const refused = { ok: false, fault: { code: 'message-refused' } }
  expect(await ask('x'.repeat(65))).toMatchObject(refused)
  expect(await ask('host.state', { padding: 'x'.repeat(300 * 1024) })).toMatchObject(refused)
  expect(await ask('__proto__')).toMatchObject({ ok: false, fault: { code: 'unknown-call' } })
  expect(await ask('archives.list', { path: '/etc' })).toMatchObject({ ok: false })
  expect(await ask('host.state')).toMatchObject({ ok: true })
})
