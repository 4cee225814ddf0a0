/** Limits of bandwidth: one for now, and one for each hour of the week. Kept with the migration. */
import { z } from 'zod'

/** Bytes per second; `null`: as fast as it goes; 0: nothing is sent. */
const rate = z.number().int().nonnegative().nullable()

export const hoursOfWeek = 7 * 24

export const bandwidthLimits = z.strictObject({
  /** Overrides the grid until `until` (milliseconds since 1970; `null`: until it is taken back). */
  now: z.strictObject({ rate, until: z.number().nullable() }).nullable(),
  /** Monday 00:00 first, local time of this machine; `null`: no grid. */
  grid: z.array(rate).length(hoursOfWeek).nullable(),
  /** Routes the limits hold for. Loading a device on site does not use the link to AWS. */
  routes: z.array(z.enum(['device', 'share', 'link'])),
})
export type BandwidthLimits = z.infer<typeof bandwidthLimits>

export const noLimits: BandwidthLimits = { now: null, grid: null, routes: ['share', 'link'] }

/** The limit that holds at a moment of the local week, and until when: the next hour at which it changes (in hours of the week, counted on). */
export function limitAt(
  limits: BandwidthLimits,
  now: number,
  hourOfWeek: number,
): { readonly rate: number | null; readonly sameForHours: number | undefined } {
  if (limits.now !== null && (limits.now.until === null || limits.now.until > now))
    return { rate: limits.now.rate, sameForHours: undefined }
  const { grid } = limits
  if (grid === null) return { rate: null, sameForHours: undefined }
  const rate = grid[hourOfWeek % hoursOfWeek] ?? null
  for (let ahead = 1; ahead < hoursOfWeek; ahead += 1) {
    if ((grid[(hourOfWeek + ahead) % hoursOfWeek] ?? null) !== rate) return { rate, sameForHours: ahead }
  }
  return { rate, sameForHours: undefined }
}
