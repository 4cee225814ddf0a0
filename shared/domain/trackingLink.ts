/** Where a shipment can be followed. A link is made only for a number of the carrier's own form; any other is shown as it is. */

/** There AWS ships by other carriers (Snowball Edge Developer Guide, shipping). */
const notUps: ReadonlySet<string> = new Set(['IN', 'KR', 'JP', 'AU', 'ID', 'CN', 'HK'])
const upsNumber = /^1Z[0-9A-Z]{16}$/

/** @param country of the address, ISO 3166-1. */
export function trackingLink(number: string | undefined, country: string | undefined): string | undefined {
  if (number === undefined || country === undefined || notUps.has(country) || !upsNumber.test(number)) return undefined
  return `https://www.ups.com/track?tracknum=${number}`
}
