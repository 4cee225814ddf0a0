/** What goes wrong in a rehearsal that asks for some faults: things that happen in the field, each of which Firn has to notice or outlast (docs/sandbox.md). */
export const someFaults = {
  seed: 7,
  calls: [
    { service: 'device', operation: '*', nth: 5, effect: { kind: 'reset' } },
    { service: 's3', operation: 'HeadObject', rate: 0.02, effect: { kind: 'status', status: 503, code: 'SlowDown' } },
    { service: 'snowball', operation: 'CreateJob', nth: 1, effect: { kind: 'reset-after' } },
    { service: 'storagegateway', operation: 'DescribeCache', nth: 3, effect: { kind: 'slow', milliseconds: 2000 } },
  ],
  rest: [
    { kind: 'rot-byte', key: { ordinal: 5 } },
    { kind: 'drop-object', key: { ordinal: 12 } },
    { kind: 'fail-upload', key: { ordinal: 3 } },
    { kind: 'device-late', days: 2 },
  ],
} as const
