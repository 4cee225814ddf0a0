/** Adds checks and tests up to the last line of a test run, and names what a bare number would hide. */

/**
 * @param {{ passed: number, failed: number }} checks
 * @param {{ passed: number, failed: number, skipped: readonly { name: string, why: string }[], broken: readonly string[] } | undefined} tally
 *   as tests/kit/tally.ts writes it; undefined when vitest ended without one
 * @param {number | string} end vitest's exit code, or the signal that ended it
 */
export function addUp(checks, tally, end) {
  const notes = []
  let { passed, failed } = checks
  const failedChecks = failed
  let skipped = 0
  if (tally === undefined) {
    failed += 1
    notes.push(`vitest ended with ${end} before it had counted its tests.`)
  } else {
    passed += tally.passed
    failed += tally.failed + tally.broken.length
    skipped = tally.skipped.length
    notes.push(...tally.broken.map((what) => `BROKEN ${what}`))
    notes.push(...tally.skipped.map(({ name, why }) => `SKIPPED ${name}: ${why}`))
    if (tally.passed + tally.failed === 0) {
      failed += 1
      notes.push('No test was run.')
    }
    if (end !== 0 && failed === failedChecks) {
      failed += 1
      notes.push(`vitest ended with ${end} although no test failed.`)
    }
  }
  const text = notes.length === 0 ? '' : `\n${notes.join('\n')}\n\n`
  return { text, line: `${passed} passed, ${failed} failed, ${skipped} skipped`, ok: failed === 0 }
}
