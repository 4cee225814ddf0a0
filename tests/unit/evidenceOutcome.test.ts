import { describe, expect, it } from 'vitest'
import { noOutcomes, outcomeOf, sentenceOf, toneOf, type Known } from '../../shared/domain/evidence.ts'

const item: Known = {
  present: true,
  anomalies: [],
  transferState: 'sent',
  leftBehindFor: undefined,
  sha256: new Uint8Array(32),
  verdict: { verdict: 'verified', reason: undefined },
}

describe('The outcome of an item', () => {
  it('is its verdict, once it is sent and looked at', () => {
    expect(outcomeOf(item)).toEqual({ outcome: 'verified', reason: undefined })
    expect(outcomeOf({ ...item, verdict: { verdict: 'mismatch', reason: 'digest' } })).toEqual({ outcome: 'mismatch', reason: 'digest' })
  })

  it('stays verified when the source is freed or cannot be read any more: what was proven of its bytes is proven', () => {
    expect(outcomeOf({ ...item, present: false }).outcome).toBe('verified')
    expect(outcomeOf({ ...item, anomalies: ['not-readable'] }).outcome).toBe('verified')
  })

  it('is not checked when it changed at the source after it was sent, and it says so', () => {
    expect(outcomeOf({ ...item, sha256: undefined, verdict: undefined })).toEqual({ outcome: 'not-checked', reason: 'changed-after-sent' })
  })

  it('is not checked when it was sent and no verification has looked at it, whatever became of the source since', () => {
    const unseen = { ...item, verdict: undefined }
    for (const one of [unseen, { ...unseen, present: false }, { ...unseen, anomalies: ['not-readable'] as const }])
      expect(outcomeOf(one)).toEqual({ outcome: 'not-checked', reason: 'transfer-sent' })
  })

  it.each(['planned', 'sending', undefined])(
    'is not what an older verification said in its favour while it is %s again',
    (transferState) => {
      for (const verdict of ['verified', 'consistent', 'present'] as const)
        expect(outcomeOf({ ...item, transferState, verdict: { verdict, reason: undefined } }).outcome).toBe('not-checked')
      expect(outcomeOf({ ...item, transferState, verdict: { verdict: 'missing', reason: 'not-sent' } }).outcome).toBe('missing')
    },
  )

  it('keeps a bundle from being green, and is counted in its sentence', () => {
    const standing = { items: 3, counts: { ...noOutcomes(), verified: 2, 'not-checked': 1 }, extras: 0, chainWhole: true }
    expect(toneOf(standing)).toBe('red')
    expect(sentenceOf(standing)).toBe('2 of 3 items verified; 1 not checked.')
  })
})
