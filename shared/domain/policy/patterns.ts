/** Wildcards of policies: `*` any run of characters, `?` one of them; in actions whatever the case, in ARNs part by part where an operator says so. */

/** Linear in text and pattern but for the last `*`, so that no pattern of a stranger can hold the engine up. */
export function fits(pattern: string, text: string): boolean {
  let p = 0
  let t = 0
  let star = -1
  let from = 0
  while (t < text.length) {
    const c = pattern[p]
    if (c === '*') {
      star = p
      from = t
      p += 1
    } else if (c !== undefined && (c === '?' || c === literal(text[t]))) {
      p += 1
      t += 1
    } else if (star >= 0) {
      p = star + 1
      from += 1
      t = from
    } else return false
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}

/** Inside patterns, the characters that `${*}`, `${?}` and `${$}` stand for: private to this folder, never in a name of AWS. */
export const literals: Readonly<Record<string, string>> = { '*': '\uE000', '?': '\uE001', $: '$' }

/** A text that holds the private characters itself fits nothing by them. */
function literal(character: string | undefined): string | undefined {
  return character === '*' ? literals['*'] : character === '?' ? literals['?'] : character
}

/** For operators that know no wildcards. */
export function withoutLiterals(text: string): string {
  return text.replaceAll('\uE000', '*').replaceAll('\uE001', '?')
}

export function actionFits(pattern: string, action: string): boolean {
  return fits(pattern.toLowerCase(), action.toLowerCase())
}

/** ArnLike and ArnEquals: each of the six parts by itself, so that `*` does not run over a colon (the last part may hold more). */
export function arnFits(pattern: string, arn: string): boolean {
  const wanted = partsOf(pattern)
  const given = partsOf(arn)
  return wanted.length === 6 && given.length === 6 && wanted.every((part, at) => fits(part, given[at] ?? ''))
}

function partsOf(arn: string): readonly string[] {
  const parts = arn.split(':')
  return parts.length < 6 ? parts : [...parts.slice(0, 5), parts.slice(5).join(':')]
}

/** A text that fits the pattern and, where it can, nothing narrower: a witness for "what about everything below this?". */
export function witnessOf(pattern: string): string {
  return pattern.replaceAll('*', 'firn-witness').replaceAll('?', 'w')
}
