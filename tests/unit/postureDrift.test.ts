import { expect, test } from 'vitest'
import { driftOf } from '../../shared/domain/postureDrift.ts'
import type { CheckName, CheckResult, PostureFinding } from '../../shared/domain/posture.ts'

const found = (check: CheckName, result: CheckResult): PostureFinding => ({ check, result, evidence: `${check} ${result}` })

test('a check that ends otherwise than before is drift, better or worse, and what is as it was is none', () => {
  const before = [found('tls', 'pass'), found('versioning', 'fail'), found('mfa-deletion', 'weak')]
  const now = [found('tls', 'fail'), found('versioning', 'pass'), found('mfa-deletion', 'weak'), found('old-tls', 'fail')]
  expect(driftOf(before, now)).toEqual([
    { check: 'tls', from: 'pass', to: 'fail', evidence: 'tls fail' },
    { check: 'versioning', from: 'fail', to: 'pass', evidence: 'versioning pass' },
  ])
})

test('that a check could not be asked this time is told too: not known is not as before', () => {
  expect(driftOf([found('tls', 'pass')], [found('tls', 'unknown')])).toHaveLength(1)
})
