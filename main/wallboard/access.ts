/** Who may look at the wallboard: tokens by their hashes, and codes that are typed once within minutes. */
import { timingSafeEqual } from 'node:crypto'
import type { Pairing } from '../../shared/contract/wallboardWire.ts'
import { minute } from '../../shared/units/duration.ts'
import { plainCode, sha256 } from '../hosting/wallboardCodes.ts'

/** A code has 40 bits: with this many tries an hour it cannot be guessed while it lives. */
const mostWrongCodes = 20
const wrongCodesWithin = 10 * minute
const mostCodes = 20

export type Access = {
  pairings(all: readonly Pairing[]): void
  code(code: { readonly pairingId: string; readonly code: string; readonly endsAt: number }): void
  /** The pairing that a token belongs to. */
  holder(token: string | undefined): string | undefined
  /** The pairing whose code was typed; the code is used up. `too-many`: nobody may type one for a while. */
  redeem(typed: string): { readonly pairingId: string } | 'wrong' | 'too-many'
  /** A token that was made for a typed code counts at once, before the host has written it down. */
  admit(pairingId: string, token: string): void
}

export function openAccess(now: () => number): Access {
  let holders = new Map<string, string>()
  let codes: { pairingId: string; code: string; endsAt: number }[] = []
  let wrong: number[] = []
  return {
    pairings(all) {
      holders = new Map(all.flatMap(({ id, tokens }) => tokens.map((token) => [token, id] as const)))
      codes = codes.filter(({ pairingId }) => all.some(({ id }) => id === pairingId))
    },
    code(code) {
      codes = [...codes.filter(({ pairingId }) => pairingId !== code.pairingId), { ...code }].slice(-mostCodes)
    },
    // The hash is looked up, not the token: how long that takes says nothing about the token.
    holder: (token) => (token === undefined ? undefined : holders.get(sha256(token))),
    redeem(typed) {
      const at = now()
      wrong = wrong.filter((when) => when > at - wrongCodesWithin)
      if (wrong.length >= mostWrongCodes) return 'too-many'
      codes = codes.filter(({ endsAt }) => endsAt > at)
      const hash = sha256(plainCode(typed))
      const found = codes.find(({ code }) => timingSafeEqual(Buffer.from(code, 'hex'), Buffer.from(hash, 'hex')))
      if (found === undefined) {
        wrong.push(at)
        return 'wrong'
      }
      codes = codes.filter((one) => one !== found)
      return { pairingId: found.pairingId }
    },
    admit: (pairingId, token) => void holders.set(sha256(token), pairingId),
  }
}
