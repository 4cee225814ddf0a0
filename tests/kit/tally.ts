/** A vitest reporter that counts tests for scripts/test.mjs: writes one JSON file, named by FIRN_TALLY, when the run has ended. */
import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule, TestRunEndReason } from 'vitest/node'

export type Tally = {
  readonly passed: number
  readonly failed: number
  readonly skipped: readonly { readonly name: string; readonly why: string }[]
  /** Files that could not be loaded and errors outside any test: each counts as one failure. */
  readonly broken: readonly string[]
}

export function tallyOf(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): Tally {
  let passed = 0
  let failed = 0
  const skipped: { name: string; why: string }[] = []
  const broken: string[] = []
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const result = test.result()
      if (result.state === 'passed') passed += 1
      else if (result.state === 'failed') failed += 1
      else skipped.push({ name: `${module.relativeModuleId} > ${test.fullName}`, why: whyOf(test.options.mode, result) })
    }
    if (module.errors().length > 0) broken.push(`${module.relativeModuleId} could not be run`)
    for (const suite of module.children.allSuites())
      if (suite.errors().length > 0) broken.push(`${module.relativeModuleId} > ${suite.fullName}`)
  }
  for (const error of errors) broken.push(`outside any test: ${error instanceof Error ? error.message : JSON.stringify(error)}`)
  if (reason === 'interrupted') broken.push('the run was interrupted')
  return { passed, failed, skipped, broken }
}

function whyOf(mode: string, result: { state: string; note?: string | undefined }): string {
  if (result.note !== undefined) return result.note
  if (mode === 'todo') return 'not written yet'
  return result.state === 'pending' ? 'never ran' : 'no reason given'
}

export default class TallyReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[], reason: TestRunEndReason): void {
    const file = process.env['FIRN_TALLY']
    if (file !== undefined && file !== '') writeFileSync(file, JSON.stringify(tallyOf(modules, errors, reason)))
  }
}
