/** Ctrl-C while something does not end: the same key twice is one press, a second press ends at once. */
import { spawn } from 'node:child_process'
import { resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'

const cli = resolve(import.meta.dirname, '../../main/cli')
const program = `
  import { Command } from 'commander'
  import { action } from '${cli}/session.ts'
  const program = new Command()
  action(program.command('hang'), async () => {
    process.stderr.write('working ')
    await new Promise((resolve) => setTimeout(resolve, 60_000))
    return { summary: {} }
  })
  await program.parseAsync(['node', 'firn', 'hang'])
`

test('a hanging command', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: resolve(cli, '../..'),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let text = ''
  const working = new Promise<void>((begun) => {
    child.stderr.setEncoding('utf8').on('data', (more: string) => {
      text += more
      if (text.includes('working')) begun()
    })
  })
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)))
  await working
  child.kill('SIGINT')
  child.kill('SIGINT')
  expect(await Promise.race([ended, delay(700, 'still working')])).toBe('still working')
  expect(text.match(/Stopping:/g)).toHaveLength(1)
  const at = performance.now()
  child.kill('SIGINT')
  expect(await ended).toBe(130)
  expect(performance.now() - at).toBeLessThan(2000)
})
