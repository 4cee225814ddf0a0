/** The desktop application opens: one sandboxed window with our own page, and nothing of Node.js in it. */
import { spawnSync } from 'node:child_process'
import { afterEach, expect } from 'vitest'
import { findElectron } from '../../scripts/electron/runtime.mjs'
import { closeAll, desktopTest, launch, newHome, root } from './kit.ts'

afterEach(closeAll)

desktopTest('it opens its own page, under its policy, without a complaint', async () => {
  const { page, complaints } = await launch(newHome())
  expect(page.url()).toMatch(/^firn-app:\/\/app\//)
  await page.getByRole('heading', { level: 1 }).first().waitFor()
  const headers = await page.evaluate(async () => Object.fromEntries(await fetch('./index.html').then((answer) => [...answer.headers])))
  expect(headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'")
  expect(complaints).toEqual([])
})

desktopTest('the page has four functions of ours, and nothing of Node.js or Electron', async () => {
  const { page } = await launch(newHome())
  const seen = await page.evaluate(() => ({
    bridge: Object.keys((globalThis as unknown as { bridge: object }).bridge),
    foreign: ['require', 'process', 'module', 'Buffer', 'ipcRenderer', 'electron', 'global'].filter((name) => name in globalThis),
  }))
  expect(seen).toEqual({ bridge: ['call', 'listen', 'connection', 'dropped'], foreign: [] })
})

desktopTest('scripts and handlers written into the page are not run', async () => {
  const { page } = await launch(newHome())
  const ran = await page.evaluate(() => {
    const script = document.createElement('script')
    script.textContent = 'globalThis.scriptRan = true'
    document.head.append(script)
    const button = document.createElement('button')
    button.setAttribute('onclick', 'globalThis.handlerRan = true')
    document.body.append(button)
    button.click()
    return { script: 'scriptRan' in globalThis, handler: 'handlerRan' in globalThis }
  })
  expect(ran).toEqual({ script: false, handler: false })
})

desktopTest('the host says that it is the desktop, and its engine runs in a process of its own', async () => {
  const { app, ask } = await launch(newHome())
  await expect
    .poll(async () => (await ask('host.state')) as unknown, { timeout: 60_000 })
    .toMatchObject({
      ok: true,
      value: { host: 'desktop', folderDialog: 'native', engine: { state: 'running' } },
    })
  const processes = await app.evaluate(({ app }) => app.getAppMetrics().map(({ type, name }) => `${type} ${name ?? ''}`))
  expect(processes.filter((process) => process.includes('Firn engine'))).toHaveLength(1)
})

desktopTest('a second start of the same home shows the first window and ends', async () => {
  const home = newHome()
  const { app } = await launch(home)
  const again = spawnSync(findElectron()?.executable ?? '', [root], { env: { ...process.env, FIRN_HOME: home }, timeout: 60_000 })
  expect(again.status).toBe(0)
  expect(app.windows()).toHaveLength(1)
})
