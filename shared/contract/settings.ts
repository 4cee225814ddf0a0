/** settings.json of the application: what a person prefers. Secrets are never in it. Unknown or broken fields fall back, one by one, to their defaults. */
import { z } from 'zod'

export const appearances = ['system', 'light', 'dark'] as const
export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

export const notificationKinds = ['device-delivered', 'lane-stalled', 'verification-done', 'failure'] as const
export type NotificationKind = (typeof notificationKinds)[number]

const fields = {
  appearance: z.enum(appearances),
  density: z.enum(['comfortable', 'compact']),
  /** `null`: as the system says. */
  language: z.enum(languages).nullable(),
  notifications: z.record(z.enum(notificationKinds), z.boolean()),
  /** When the last window closes (desktop) or the last screen is gone (console). */
  onClose: z.enum(['stop', 'go-on']),
  /** Console: minutes without a key or a click until a screen is logged out. */
  idleMinutes: z.number().int().min(1).max(480),
  wallboard: z.strictObject({
    enabled: z.boolean(),
    /** Address of the chosen interface. */
    address: z.string().max(64),
    port: z.number().int().min(1).max(65_535),
    /** HTTPS with the administrator's certificate; without one plain HTTP, with a visible warning. */
    https: z.boolean(),
  }),
  update: z.strictObject({ feed: z.url({ protocol: /^https$/ }).nullable() }),
}

export const settings = z.strictObject({
  appearance: fields.appearance.default('system'),
  density: fields.density.default('compact'),
  language: fields.language.default(null),
  notifications: fields.notifications.default({
    'device-delivered': true,
    'lane-stalled': true,
    'verification-done': true,
    failure: true,
  }),
  onClose: fields.onClose.default('go-on'),
  idleMinutes: fields.idleMinutes.default(30),
  wallboard: fields.wallboard.default({ enabled: false, address: '127.0.0.1', port: 8466, https: false }),
  update: fields.update.default({ feed: null }),
})
export type Settings = z.infer<typeof settings>

/** What is to change; what is not named stays. Not `settings.partial()`: that would fill in the defaults of all others. */
export const settingsChange = z.strictObject(fields).partial()

export const defaultSettings: Settings = settings.parse({})

/** Field by field: what cannot be used gives way to its default, and is named. */
export function parseSettings(input: unknown): { readonly settings: Settings; readonly refused: readonly string[] } {
  const given = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {}
  const kept: Record<string, unknown> = {}
  const refused: string[] = []
  for (const [name, field] of Object.entries(settings.shape)) {
    if (!Object.hasOwn(given, name)) continue
    const parsed = field.safeParse(given[name])
    if (parsed.success) kept[name] = parsed.data
    else refused.push(name)
  }
  return { settings: settings.parse(kept), refused }
}
