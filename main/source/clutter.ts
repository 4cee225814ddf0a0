/** The clutter policy as a question: is this name passed over? */

/** `*` stands for any run of characters; the case of letters does not matter. Of a name that is not UTF-8 the odd bytes match only `*`. */
export function clutterTest(patterns: readonly string[]): (name: Uint8Array) => boolean {
  if (patterns.length === 0) return () => false
  const any = patterns.map((pattern) => pattern.split('*').map(escaped).join('.*')).join('|')
  const whole = new RegExp(`^(?:${any})$`, 'isu')
  return (name) => whole.test(Buffer.from(name.buffer, name.byteOffset, name.length).toString('utf8'))
}

function escaped(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, String.raw`\$&`)
}
