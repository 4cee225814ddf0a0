/** What the S3 adapter of a device takes, as trying it out has shown. Nothing is taken for granted that was not seen to work. */
import { z } from 'zod'

export const deviceTakes = z.strictObject({
  /** It says of itself that it is a Snowball (header Server). */
  saysSnowball: z.boolean(),
  /** Uploads in parts, with parts of this many bytes. */
  partBytes: z.number().int().positive(),
  /** What arrived of an upload can be asked for: it goes on after a stop. Else it begins anew. */
  listsParts: z.boolean(),
  /** An object of Firn's own could be removed again. */
  removes: z.boolean(),
})
export type DeviceTakes = z.infer<typeof deviceTakes>
