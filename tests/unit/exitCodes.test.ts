/** Exit codes: what scripts rely on, in code and in the manual. */
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { exitCodeFor, exitCodes } from '../../main/cli/exitCodes.ts'
import { catalogue, type FaultCode } from '../../shared/faults/catalogue.ts'
import { Fault } from '../../shared/faults/fault.ts'

const manual = readFileSync(resolve(import.meta.dirname, '../../docs/command-line.md'), 'utf8')
const program = readFileSync(resolve(import.meta.dirname, '../../main/cli/firn.ts'), 'utf8')

test('docs/command-line.md lists every exit code under its name, and no other', () => {
  const rows = [...manual.matchAll(/^\|\s*(\d+)\s*\|\s*(\w+)\s*\|/gm)].map(([, code, name]) => [name, Number(code)])
  expect(Object.fromEntries(rows)).toEqual(exitCodes)
})

test('docs/command-line.md names every command', () => {
  const commands = [...program.matchAll(/import \{ (\w+)Command \}/g)].map(([, name = '']) =>
    name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
  )
  expect(commands.length).toBeGreaterThan(12)
  for (const command of commands) expect(manual).toMatch(new RegExp(`^\\| \`${command}[ \`]`, 'm'))
})

test('every fault has an exit code, and only work that is done has 0', () => {
  const codes = Object.keys(catalogue) as FaultCode[]
  for (const code of codes) {
    const exitCode = exitCodeFor(new Fault(code))
    expect(Object.values(exitCodes), code).toContain(exitCode)
    expect(exitCode, code).not.toBe(exitCodes.done)
  }
})

test('the same fault asks for patience or for a person, as its retry says', () => {
  expect(exitCodeFor(new Fault('aws-refused', {}, { retry: 'later' }))).toBe(exitCodes.tryLater)
  expect(exitCodeFor(new Fault('aws-refused'))).toBe(exitCodes.needsPerson)
  expect(exitCodeFor(new Fault('stopped'))).toBe(exitCodes.stopped)
  expect(exitCodeFor(new Fault('journal-held'))).toBe(exitCodes.held)
  expect(exitCodeFor(new Fault('bad-input'))).toBe(exitCodes.usage)
  expect(exitCodeFor(new Fault('unforeseen'))).toBe(exitCodes.failed)
})
