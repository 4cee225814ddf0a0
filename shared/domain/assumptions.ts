/** Figures of the field that estimates rest on and that no answer changes: AWS Snowball Edge Developer Guide and S3 File Gateway User Guide. */
/** Days of the Snowball calendar that lie outside the customer's control, for one wave of devices. */
export const shippingCalendar = [
  { id: 'prepare', text: 'AWS prepares and hands over the device', days: { low: 1, high: 2 } },
  { id: 'transit-here', text: 'Carrier brings it (no collection at weekends)', days: { low: 1, high: 7 } },
  { id: 'on-site', text: 'Receive, connect, unlock; wait for the collection', days: { low: 1, high: 3 } },
  { id: 'transit-back', text: 'Carrier takes it back', days: { low: 1, high: 7 } },
  { id: 'sorting', text: 'AWS sorting facility', days: { low: 0, high: 2 } },
  { id: 'import-start', text: 'Import starts', days: { low: 0, high: 1 } },
  { id: 'import', text: 'Import, about two business days', days: { low: 2, high: 4 } },
] as const

/** Days on site that a job includes; further days are charged. */
export const freeOnSiteDays = 15

/** Files whose metadata a gateway keeps in its cache, by size of the gateway. It stores more; listing them is then slower. */
export const cachedMetadata = { Small: 5e6, Medium: 10e6, Large: 20e6 } as const

/** How much slower than the arithmetic a real move may be: other traffic, retries, virus scanners. */
export const slowdown = 1.25
