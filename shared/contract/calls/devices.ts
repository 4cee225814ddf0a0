/** Devices: jobs, custody, secrets that are shown once, loading, import. */
import { z } from 'zod'
import { orderSettings } from '../migrationConfig.ts'
import { attachmentStates, custodyAttachment, custodyNote, custodySteps, mostAttachments, stepsByHand } from '../../domain/custody.ts'
import { deviceAlertCodes } from '../../domain/deviceAlerts.ts'
import { jobLogKinds } from '../../domain/jobLog.ts'
import { replanCauses } from '../../domain/replan.ts'
import { amount, call, count, id, nothing, pathToken, person, text, time } from './call.ts'

export const deviceRow = z.strictObject({
  id,
  ordinal: id,
  wave: id,
  jobId: z.string().nullable(),
  /** AWS's own word, or Firn's `planned` and `ordering` before there is a job. */
  state: z.string(),
  snowballType: z.string(),
  capacity: z.string(),
  usable: count,
  planned: amount,
  sent: amount,
  verified: amount,
  /** Days on site so far and those included; `null` while it is not on site. */
  onSite: z.strictObject({ days: z.number(), included: z.number() }).nullable(),
  /** What a person should know before it costs money or data; `days` left or gone by. */
  alerts: z.array(z.strictObject({ code: z.enum(deviceAlertCodes), days: z.number().int() })),
  allowed: z.array(z.string()),
})
export type DeviceRow = z.infer<typeof deviceRow>

/** `trackingLink`: only for a number of the carrier's own form, and never in a rehearsal. */
const shipment = z.strictObject({
  status: z.string().nullable(),
  trackingNumber: z.string().nullable(),
  trackingLink: z.string().nullable(),
})

export const custodyRow = z.strictObject({
  number: id,
  /** When it happened, and when it was entered. */
  at: time,
  enteredAt: time,
  step: z.enum(custodySteps),
  person: z.string(),
  place: z.string(),
  from: z.string(),
  to: z.string(),
  note: z.string(),
  said: custodyNote.nullable(),
  attachments: z.array(custodyAttachment),
  corrects: id.nullable(),
  correctedBy: id.nullable(),
  mayCorrect: z.boolean(),
})

const deviceId = z.strictObject({ deviceId: id })

export const deviceCalls = {
  'devices.list': call(
    nothing,
    z.strictObject({
      devices: z.array(deviceRow),
      usage: z.strictObject({ limit: count, inUse: count }).nullable(),
      /** When AWS was last asked; `null`: not since the migration was opened. */
      askedAt: time.nullable(),
    }),
  ),
  'devices.detail': call(
    deviceId,
    deviceRow.extend({
      /** The way of an import job: what was reached when, what is expected when. Expected times are ranges. */
      timeline: z.array(
        z.strictObject({
          state: z.string(),
          at: time.nullable(),
          expected: z.strictObject({ low: time, high: time }).nullable(),
          current: z.boolean(),
        }),
      ),
      outbound: shipment,
      inbound: shipment,
      custody: z.array(custodyRow),
      /** Every entry is what was written, and none is gone. */
      custodyWhole: z.boolean(),
      /** Totals are `null` ("counting") until AWS has counted. */
      import: z.strictObject({ bytes: count, objects: count, totalBytes: count.nullable(), totalObjects: count.nullable() }).nullable(),
      /** One letter a batch, in order: w waiting, s sending, d done (sent), p proven. At most 4,000; `batchesPerLetter` when there are more. */
      batches: z.strictObject({ letters: z.string().max(4000), perLetter: count, count, done: count }),
      alone: amount.extend({ doneItems: count, doneBytes: count }),
      /** The last look at all that is on it; `null`: none that still holds. */
      inspection: z
        .strictObject({
          at: time,
          person: z.string(),
          items: count,
          bytes: count,
          batches: count,
          manifestSha256: z.string(),
          leftBehindItems: count,
          leftBehindBytes: count,
          sampledItems: count,
          sampledBytes: count,
          differing: count,
        })
        .nullable(),
      access: z.strictObject({ endpoint: z.string() }).nullable(),
      checklist: z.array(z.strictObject({ code: z.string(), done: z.boolean(), byHand: z.boolean() })),
      askedAt: time.nullable(),
    }),
  ),
  /** Asks AWS where the devices are. */
  'devices.track': call(nothing, nothing),
  /** What an order needs besides the plan; `null`: nothing is set yet. `estimate`: days and cost of the device lane, as the plan has them. */
  'devices.orderSettings': call(
    nothing,
    z.strictObject({
      settings: orderSettings.nullable(),
      region: z.string(),
      estimate: z
        .strictObject({
          days: z.strictObject({ low: z.number(), high: z.number() }),
          cost: z.strictObject({ low: z.number(), high: z.number(), currency: z.string(), asOf: z.string() }).nullable(),
        })
        .nullable(),
    }),
  ),
  /** Writes them into migration.json; the next order goes by them. @throws Fault order-unfit with every field that AWS would refuse. */
  'devices.saveOrderSettings': call(z.strictObject({ person, settings: orderSettings }), nothing),
  /** Orders what the approved plan holds, as far as the account's limit allows. */
  'devices.order': call(z.strictObject({ person }), z.strictObject({ ordered: z.array(id) })),
  /**
   * Plans anew what the device has not safely taken. `to`: where; `null`: a device of the plan with room, else a replacement. A move that was cut off goes on as it
   * was decided then. @throws Fault work-running while the device is loaded or looked at; device-not-here; bad-input.
   */
  'devices.replan': call(
    deviceId.extend({ cause: z.enum(replanCauses), to: z.union([z.literal('link'), z.literal('replacement'), id]).nullable(), person }),
    amount.extend({ toDevice: id.nullable(), kept: count, byLink: count }),
  ),
  /** For the eyes only; kept nowhere, and that it was shown is an event. @throws Fault device-not-here. */
  'devices.unlockCode': call(deviceId.extend({ person }), z.strictObject({ code: z.string(), manifestUri: z.string(), endsAt: time })),
  /** How the device's S3 adapter is reached. Held in the engine's memory until it ends. */
  'devices.access': call(
    deviceId.extend({
      endpoint: z.url({ protocol: /^https?$/ }).max(300),
      accessKeyId: z.string().min(1).max(128),
      secretAccessKey: z.string().min(1).max(256),
      certificate: pathToken.nullable(),
    }),
    nothing,
  ),
  'devices.addCustody': call(
    deviceId.extend({
      step: z.enum(stepsByHand),
      person,
      place: text.default(''),
      note: text.default(''),
      from: text.default(''),
      to: text.default(''),
      /** When it happened; `null`: now. */
      at: time.nullable().default(null),
      /** Photos and papers, chosen on the host: a copy of each is kept. @throws Fault attachment-unfit. */
      attachments: z.array(pathToken).max(mostAttachments).default([]),
    }),
    nothing,
  ),
  /** Whether each copy of an attachment still has its digest. Reads all of them. */
  'devices.checkAttachments': call(
    deviceId,
    z.strictObject({ attachments: z.array(z.strictObject({ sha256: z.string(), state: z.enum(attachmentStates) })) }),
  ),
  /** An entry of a person's that does not hold. It stays, and is shown as corrected. @throws Fault bad-input. */
  'devices.correctCustody': call(deviceId.extend({ number: id, person, reason: text.min(1) }), nothing),
  /** One line of the ship checklist, ticked by a person. */
  'devices.check': call(deviceId.extend({ code: z.string().max(64), person, done: z.boolean() }), nothing),
  /** The hand-over to the carrier. @throws Fault not-ready-to-ship with every open line of the checklist. */
  'devices.ship': call(deviceId.extend({ person, place: text.default(''), note: text.default('') }), nothing),
  /** Bill of materials, AWS's job logs and verdicts held against each other; of an imported device. Reads a whole bill: minutes, for a full one. */
  'devices.reconcile': call(
    deviceId,
    z.strictObject({
      deviceId: id,
      billed: count,
      imported: count,
      failed: count,
      notMentioned: count,
      verified: count,
      notVerified: count,
      notJudged: count,
      contradicted: count,
      unknown: count,
      billIntact: z.boolean(),
      logs: z.array(z.enum(jobLogKinds)),
      failures: z.array(z.strictObject({ itemId: id, reason: z.string() })),
    }),
  ),
  /** Only while AWS has not begun to prepare it. */
  'devices.cancel': call(deviceId.extend({ person }), nothing),
} as const
