/** What every DeviceFleet promises (shared/ports/deviceFleet.ts). Run against the Snowball API as the sandbox plays it. */
import { describe, expect, test } from 'vitest'
import { isFault } from '../../shared/faults/fault.ts'
import type { DeviceFleet, DeviceOrder, JobSnapshot, ShippingAddress } from '../../shared/ports/deviceFleet.ts'

export type OpenFleet = {
  readonly fleet: DeviceFleet
  /** Resolves with the job once it is in the state, however long AWS would take. */
  readonly until: (jobId: string, state: string) => Promise<JobSnapshot>
}

const never = new AbortController().signal

export const hospital: ShippingAddress = {
  name: 'Radiology IT',
  company: 'General Hospital',
  street1: '123 Main Street',
  city: 'Seattle',
  stateOrProvince: 'WA',
  postalCode: '98101',
  country: 'US',
  phoneNumber: '425-555-5555',
}

export async function anOrder(fleet: DeviceFleet, marker: string): Promise<DeviceOrder> {
  return {
    marker,
    description: 'PACS 2009-2014 wave 1',
    snowballType: 'V3_5S',
    capacity: 'T240',
    shippingOption: 'SECOND_DAY',
    addressId: await fleet.address(hospital, never),
    bucketArns: ['arn:aws:s3:::hospital-archive'],
    roleArn: 'arn:aws:iam::111122223333:role/SnowballImportRole',
    kmsKeyArn: undefined,
    notifyTopicArn: undefined,
  }
}

export async function jobsOf(fleet: DeviceFleet): Promise<{ jobId: string; state: string; description: string | undefined }[]> {
  const found = []
  for await (const job of fleet.jobs(never)) found.push(job)
  return found
}

export function deviceFleetConformance(name: string, open: (time: 'stands still' | 'flies') => Promise<OpenFleet>): void {
  describe(`${name} keeps the promises of a device fleet`, () => {
    test('tells how many devices the account may have and has', async () => {
      const { fleet } = await open('stands still')
      expect(await fleet.usage(never)).toEqual({ limit: 2, inUse: 0 })
    })

    test('uses an equal address again, and makes a new one for another', async () => {
      const { fleet } = await open('stands still')
      const first = await fleet.address(hospital, never)
      expect(first).toMatch(/^ADID/)
      expect(await fleet.address(hospital, never)).toBe(first)
      expect(await fleet.address({ ...hospital, street2: 'Basement' }, never)).not.toBe(first)
    })

    test('orders once per marker, however often it is asked', async () => {
      const { fleet } = await open('stands still')
      const order = await anOrder(fleet, 'firn/m1/plan-1/device-1')
      const jobId = await fleet.order(order, never)
      expect(await fleet.order(order, never)).toBe(jobId)
      expect(await fleet.order({ ...order, marker: 'firn/m1/plan-1/device-11' }, never)).not.toBe(jobId)
      expect(await jobsOf(fleet)).toHaveLength(2)
      expect((await fleet.job(jobId, never)).description).toBe('PACS 2009-2014 wave 1 [firn/m1/plan-1/device-1]')
      expect(await fleet.usage(never)).toMatchObject({ inUse: 2 })
    })

    test('keeps the marker whole in a description that is too long', async () => {
      const { fleet } = await open('stands still')
      const order = { ...(await anOrder(fleet, 'firn/m1/plan-1/device-1')), description: 'x'.repeat(2000) }
      const jobId = await fleet.order(order, never)
      expect((await fleet.job(jobId, never)).description).toHaveLength(1024)
      expect(await fleet.order(order, never)).toBe(jobId)
    })

    test('a cancelled job is no order: the device can be ordered again', async () => {
      const { fleet } = await open('stands still')
      const order = await anOrder(fleet, 'firn/m1/plan-1/device-1')
      const jobId = await fleet.order(order, never)
      await fleet.cancel(jobId, never)
      expect((await fleet.job(jobId, never)).state).toBe('Cancelled')
      expect(await fleet.order(order, never)).not.toBe(jobId)
    })

    test('tells when it is too late to change an order', async () => {
      const { fleet, until } = await open('flies')
      const order = await anOrder(fleet, 'firn/m1/plan-1/device-1')
      const jobId = await fleet.order({ ...order, marker: 'firn/m1/plan-1/device-2' }, never)
      await until(jobId, 'WithCustomer')
      const change = { ...order, shippingOption: 'NEXT_DAY' }
      await expect(fleet.change(jobId, change, never)).rejects.toSatisfy((error: unknown) => isFault(error, 'device-not-here'))
    })

    test('changes an order while it is new', async () => {
      const { fleet } = await open('stands still')
      const order = await anOrder(fleet, 'firn/m1/plan-1/device-1')
      const jobId = await fleet.order(order, never)
      await fleet.change(
        jobId,
        { ...order, shippingOption: 'NEXT_DAY', notifyTopicArn: 'arn:aws:sns:us-east-1:111122223333:devices' },
        never,
      )
      // It is the same order still: its marker stands.
      expect(await fleet.order(order, never)).toBe(jobId)
      await expect(fleet.change(jobId, { ...order, roleArn: 'not-a-role' }, never)).rejects.toSatisfy((error: unknown) =>
        isFault(error, 'aws-refused'),
      )
    })

    test('gives code and manifest only while the device is on site', async () => {
      const { fleet, until } = await open('flies')
      const jobId = await fleet.order(await anOrder(fleet, 'firn/m1/plan-1/device-1'), never)
      const notHere = (error: unknown): boolean => isFault(error, 'device-not-here')
      await expect(fleet.unlockCode(jobId, never)).rejects.toSatisfy(notHere)
      await expect(fleet.manifestUri(jobId, never)).rejects.toSatisfy(notHere)
      const job = await until(jobId, 'WithCustomer')
      expect(await fleet.unlockCode(jobId, never)).toMatch(/^[A-Za-z0-9]{5}(-[A-Za-z0-9]{5}){4}$/)
      expect(await fleet.manifestUri(jobId, never)).toMatch(/^https?:\/\//)
      expect(job.outbound.trackingNumber).toMatch(/^.+$/)
      expect(job.progress).toBeUndefined()
      await expect(fleet.cancel(jobId, never)).rejects.toSatisfy(notHere)
    })

    test('refuses what AWS refuses, and says which call', async () => {
      const { fleet } = await open('stands still')
      const order = { ...(await anOrder(fleet, 'firn/m1/plan-1/device-1')), roleArn: 'not-a-role' }
      await expect(fleet.order(order, never)).rejects.toSatisfy(
        (error: unknown) => isFault(error, 'aws-refused') && error.facts['call'] === 'snowball:CreateJob',
      )
      await expect(fleet.job('JID00000000-0000-4000-8000-000000000000', never)).rejects.toSatisfy((error: unknown) =>
        isFault(error, 'aws-refused'),
      )
    })

    test('does nothing once stopped', async () => {
      const { fleet } = await open('stands still')
      const order = await anOrder(fleet, 'firn/m1/plan-1/device-1')
      const controller = new AbortController()
      controller.abort(new Error('asked to stop'))
      await expect(fleet.order(order, controller.signal)).rejects.toThrow('asked to stop')
      expect(await jobsOf(fleet)).toEqual([])
    })
  })
}
