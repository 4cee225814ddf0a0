/** How long an answer may take, by kind of call. Long work is never a call: it is started, and shows in the snapshot. */
import type { CallName } from '../../shared/contract/bridge.ts'

const usual = 30_000
/** Opens journals, makes folders, asks AWS. */
const slow = 2 * 60_000
/** Reads files or a whole log again, probes step by step; counts what lies in an archive of 10^8 items. */
const long = 10 * 60_000
/** A person stands in front of a dialog. */
const byHand = 60 * 60_000

const others: Partial<Record<CallName, number>> = {
  'host.choose': byHand,
  'host.saveSupportBundle': byHand,
  'host.setWallboard': slow,
  'host.restartEngine': slow,
  'host.checkUpdate': slow,
  'host.installUpdate': slow,
  'migrations.open': slow,
  'migrations.openFolder': slow,
  'migrations.close': slow,
  'migrations.rehearse': slow,
  'migrations.create': slow,
  'aws.test': long,
  'archives.add': slow,
  'archives.heatMap': long,
  'archives.sizes': long,
  'archives.coldness': long,
  'archives.anomalies': slow,
  'archives.anomalyCsv': slow,
  'explorer.count': slow,
  'explorer.bookmarks': long,
  'plan.count': slow,
  'plan.estimate': slow,
  'plan.curve': slow,
  'failures.list': slow,
  'failures.retry': slow,
  'devices.track': slow,
  'devices.order': slow,
  'devices.addCustody': slow,
  'devices.checkAttachments': long,
  'devices.saveOrderSettings': slow,
  'devices.unlockCode': slow,
  'devices.reconcile': long,
  'devices.cancel': slow,
  'devices.replan': long,
  'gateways.survey': slow,
  'gateways.probe': long,
  'verification.summary': slow,
  'verification.repair': long,
  'verification.studies': slow,
  'verification.items': slow,
  'evidence.list': slow,
  'evidence.check': long,
  'events.check': long,
  'diagnostics.checkup': long,
  'diagnostics.supportBundle': slow,
}

export function timeLimit(name: CallName): number {
  return others[name] ?? usual
}
