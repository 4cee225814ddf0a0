/** Yes, no, or not known: a judgement over facts of which some cannot be asked for. */
export type Sure = 'yes' | 'no' | 'maybe'

/** All of them: one no is enough for no. */
export function every(all: Iterable<Sure>): Sure {
  let result: Sure = 'yes'
  for (const one of all) {
    if (one === 'no') return 'no'
    if (one === 'maybe') result = 'maybe'
  }
  return result
}

/** One of them: one yes is enough for yes. */
export function some(all: Iterable<Sure>): Sure {
  let result: Sure = 'no'
  for (const one of all) {
    if (one === 'yes') return 'yes'
    if (one === 'maybe') result = 'maybe'
  }
  return result
}

export function not(one: Sure): Sure {
  return one === 'yes' ? 'no' : one === 'no' ? 'yes' : 'maybe'
}

export function sure(known: boolean): Sure {
  return known ? 'yes' : 'no'
}
