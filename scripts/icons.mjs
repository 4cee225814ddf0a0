/**
 * Draws the icons that installers and tray need from build/icon.svg and build/tray.svg, with a Chromium that is there: `node scripts/icons.mjs`.
 * What it draws is kept in the repository, so that packaging needs no browser.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from '@playwright/test'
import { icns, ico } from './icons/containers.mjs'

const build = join(dirname(dirname(fileURLToPath(import.meta.url))), 'build')
const executablePath = process.env['FIRN_CHROMIUM'] ?? '/usr/bin/chromium'

const browser = await chromium.launch({ executablePath })
const page = await browser.newPage()

/** A drawing as PNG, `size` pixels square, with what is transparent in it. */
async function draw(svg, size) {
  await page.setViewportSize({ width: size, height: size })
  const source = `data:image/svg+xml;base64,${readFileSync(join(build, svg)).toString('base64')}`
  await page.setContent(`<style>body{margin:0}img{display:block;width:${size}px;height:${size}px}</style><img src="${source}">`)
  await page.waitForFunction(() => globalThis.document.images[0].complete)
  return await page.screenshot({ omitBackground: true })
}

const sizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024]
const drawn = new Map()
for (const size of sizes) drawn.set(size, await draw('icon.svg', size))
const [trayTemplate, trayTemplate2x] = [await draw('tray.svg', 16), await draw('tray.svg', 32)]
await browser.close()

mkdirSync(join(build, 'icons'), { recursive: true })
for (const size of sizes.filter((size) => size <= 512)) writeFileSync(join(build, 'icons', `${size}x${size}.png`), drawn.get(size))
writeFileSync(join(build, 'icon.ico'), ico([16, 24, 32, 48, 64, 128, 256].map((size) => ({ size, png: drawn.get(size) }))))
writeFileSync(join(build, 'icon.icns'), icns([16, 32, 64, 128, 256, 512, 1024].map((size) => ({ size, png: drawn.get(size) }))))
writeFileSync(join(build, 'trayTemplate.png'), trayTemplate)
writeFileSync(join(build, 'trayTemplate@2x.png'), trayTemplate2x)
process.stdout.write(`Drawn: ${sizes.length} sizes, icon.ico, icon.icns and the tray's.\n`)
