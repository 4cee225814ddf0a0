/** IP addresses and ranges of conditions: IPv4 and IPv6, with or without a prefix length. */

type Address = { readonly bits: bigint; readonly width: 32 | 128 }

/** `undefined`: not an address. */
export function rangeOf(text: string): { readonly bits: bigint; readonly width: 32 | 128; readonly prefix: number } | undefined {
  const [given = '', length] = text.split('/')
  const address = addressOf(given)
  if (address === undefined) return undefined
  const prefix = length === undefined ? address.width : /^\d{1,3}$/.test(length) ? Number(length) : -1
  return prefix < 0 || prefix > address.width ? undefined : { ...address, prefix }
}

export function within(range: string, address: string): boolean {
  const wanted = rangeOf(range)
  const given = rangeOf(address)
  if (wanted === undefined || given === undefined || wanted.width !== given.width || given.prefix < wanted.prefix) return false
  const shift = BigInt(wanted.width - wanted.prefix)
  return wanted.bits >> shift === given.bits >> shift
}

function addressOf(text: string): Address | undefined {
  return text.includes(':') ? sixOf(text) : fourOf(text)
}

function fourOf(text: string): Address | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) <= 255)) return undefined
  return { bits: parts.reduce((bits, part) => (bits << 8n) | BigInt(part), 0n), width: 32 }
}

function sixOf(text: string): Address | undefined {
  const [head = '', tail, more] = text.split('::')
  if (more !== undefined) return undefined
  const groups = (half: string): string[] => (half === '' ? [] : half.split(':'))
  const before = groups(head)
  const after = tail === undefined ? [] : groups(tail)
  const left = 8 - before.length - after.length
  if (tail === undefined ? left !== 0 : left < 1) return undefined
  const all = [...before, ...Array.from({ length: left }, () => '0'), ...after]
  if (!all.every((group) => /^[\da-f]{1,4}$/i.test(group))) return undefined
  return { bits: all.reduce((bits, group) => (bits << 16n) | BigInt(`0x${group}`), 0n), width: 128 }
}
