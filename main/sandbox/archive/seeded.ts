/** Numbers that look random and are the same for the same seed (sfc32, seeded by SHA-256). */
import { createHash } from 'node:crypto'

export type Seeded = {
  /** 0 ≤ x < 1 */
  fraction(): number
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  pick<Choice>(choices: readonly (readonly [weight: number, choice: Choice])[]): Choice
}

export function seeded(seed: string): Seeded {
  const start = createHash('sha256').update(seed).digest()
  let a = start.readInt32LE(0)
  let b = start.readInt32LE(4)
  let c = start.readInt32LE(8)
  let counter = 1
  const fraction = (): number => {
    const sum = (a + b + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 2 ** 32
  }
  return {
    fraction,
    between: (low, high) => low + Math.floor(fraction() * (high - low + 1)),
    pick(choices) {
      let left = fraction() * choices.reduce((sum, [weight]) => sum + weight, 0)
      for (const [weight, choice] of choices) {
        left -= weight
        if (left < 0) return choice
      }
      const last = choices.at(-1)
      if (last === undefined) throw new RangeError('nothing to pick from')
      return last[1]
    },
  }
}

/** A UID below 2.25 (PS3.5 §B.2): 128 bits as a decimal number. Nobody's registered root is borrowed. */
export function seededUid(...of: readonly (string | number)[]): string {
  const bits = createHash('sha256').update(of.join('/')).digest('hex').slice(0, 32)
  return `2.25.${BigInt(`0x${bits}`)}`
}
