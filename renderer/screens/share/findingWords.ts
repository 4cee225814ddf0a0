/** What a finding says, in the language of the screen: the English is the engine's own. */
import type { Language } from '../../../shared/contract/settings.ts'
import type { FindingCode, GatewayFinding } from '../../../shared/domain/gatewayFindings.ts'
import { findingInEnglish, type FindingWords } from '../../../shared/domain/gatewayFindingWords.ts'
import { formatBytes } from '../../../shared/units/bytes.ts'

type Facts = GatewayFinding['facts']
const text = (facts: Facts, name: string): string => String(facts[name] ?? '')
const figure = (facts: Facts, name: string): number => Number(facts[name] ?? 0)

const german = {
  'lifecycle-archives': (facts) => ({
    what: `Der Bucket verschiebt Objekte dieser Freigabe ${facts['days'] === undefined ? '' : `nach ${text(facts, 'days')} Tagen `}in die Klasse ${text(facts, 'storageClass')} (Regel „${text(facts, 'rule')}“).`,
    todo: 'Die Regel abschalten, solange die Freigabe benutzt wird: archivierte Objekte kann das Gateway weder lesen noch überschreiben, und es lädt solche Dateien nicht mehr hoch.',
  }),
  'prefix-shared': (facts) => ({
    what: `Eine weitere Freigabe, ${text(facts, 'other')}, schreibt in denselben Teil des Buckets.`,
    todo: 'Jeder Freigabe ein eigenes Präfix geben oder eine von beiden schreibschützen: zwei Caches überschreiben einander, ohne es zu merken.',
  }),
  'acl-public': (facts) => ({
    what: `Objekte werden mit der Zugriffsliste ${text(facts, 'acl')} geschrieben: auch Außenstehende dürfen sie lesen.`,
    todo: 'Die Freigabe auf private oder bucket-owner-full-control stellen und prüfen, was bisher geschrieben wurde.',
  }),
  'clients-anyone': (facts) => ({
    what: `Jede Adresse darf die Freigabe einhängen (${text(facts, 'clients')}).`,
    todo: 'Nur die Adressen der Rechner eintragen, die sie brauchen.',
  }),
  'guest-access': () => ({
    what: 'Wer das Gastkennwort kennt, kommt in die Freigabe.',
    todo: 'Das Gateway in Active Directory aufnehmen und namentlich bekannte Personen zulassen.',
  }),
  'clock-skewed': (facts) => ({
    what: `Die Uhr des Gateways geht um ${Math.round(Math.abs(figure(facts, 'aheadMs')) / 60_000)} Minuten falsch.`,
    todo: 'Seinen Zeitserver einstellen. Ab fünf Minuten lehnt S3 ab, was es hochlädt.',
  }),
  'gateway-not-running': (facts) => ({
    what: `AWS sagt, das Gateway sei ${text(facts, 'state')}.`,
    todo: 'Es starten, oder nach Netz und Aktivierung sehen.',
  }),
  'share-not-available': (facts) => ({
    what: `AWS sagt, die Freigabe sei ${text(facts, 'status')}.`,
    todo: 'Nichts schreiben, bis sie AVAILABLE ist; meist liegt es an ihrer Rolle oder am Bucket.',
  }),
  'no-squash': () => ({
    what: 'Root eines jeden Rechners ist Root auf der Freigabe.',
    todo: 'RootSquash einstellen, wenn das kopierende Konto das nicht braucht.',
  }),
  'no-kms': () => ({
    what: 'Die Freigabe verschlüsselt mit dem Schlüssel von S3, obwohl ein Schlüssel von KMS verlangt ist.',
    todo: 'Die Freigabe auf SSE-KMS mit dem Schlüssel der Migration stellen, bevor etwas geschrieben wird.',
  }),
  'read-only': () => ({
    what: 'Die Freigabe ist schreibgeschützt.',
    todo: 'Schreiben erlauben, solange das Archiv übertragen wird, und danach zurückstellen.',
  }),
  'mount-read-only': () => ({
    what: 'Die Freigabe ist auf diesem Rechner schreibgeschützt eingehängt.',
    todo: 'Mit Schreibrecht für das Konto einhängen, unter dem Firn läuft.',
  }),
  'mount-soft': () => ({
    what: 'Die Freigabe ist „soft“ eingehängt: bleibt eine Antwort aus, schlägt ein Schreiben fehl, obwohl das Gateway es vielleicht angenommen hat.',
    todo: 'Mit der Option hard einhängen.',
  }),
  'cache-small': (facts) => ({
    what: `Der Cache fasst ${formatBytes(figure(facts, 'cacheBytes'))}; geschrieben werden sollen ${formatBytes(figure(facts, 'dayBytes'))}.`,
    todo: 'Eine Cache-Festplatte hinzufügen (nie eine vergrößern), oder in Kauf nehmen, dass immer wieder auf das Hochladen gewartet wird.',
  }),
  'support-ended': (facts) => ({
    what: `AWS unterstützt die Software des Gateways seit ${new Date(figure(facts, 'ended')).toISOString().slice(0, 10)} nicht mehr.`,
    todo: 'Sie vor Beginn der Migration aktualisieren.',
  }),
  'smb-unsigned': () => ({
    what: 'SMB-Rechner entscheiden selbst, ob sie signieren und verschlüsseln.',
    todo: 'Die SMB-Sicherheit des Gateways auf MandatoryEncryption stellen.',
  }),
  'no-audit-log': () => ({
    what: 'Nirgends steht, wer Dateien der Freigabe liest, schreibt und löscht.',
    todo: 'Eine Protokollgruppe für ihr Audit-Log angeben. Darin werden Dateinamen stehen.',
  }),
  'no-health-log': () => ({
    what: 'Das Gateway schreibt kein Health-Log: warum ein Hochladen scheitert, bliebe unbekannt.',
    todo: 'In den Einstellungen des Gateways eine Protokollgruppe angeben.',
  }),
  'archive-not-checked': (facts) => ({
    what: `Ob der Bucket Objekte dieser Freigabe archiviert, ist nicht bekannt${facts['code'] === undefined ? '' : ` (${text(facts, 'code')})`}.`,
    todo: 'Dem Konto s3:GetLifecycleConfiguration und s3:GetIntelligentTieringConfiguration geben, oder von Hand nachsehen.',
  }),
  'not-asked': (facts) => ({
    what: `${text(facts, 'call')} wurde nicht beantwortet (${text(facts, 'code')}): was es sagt, ist nicht bekannt.`,
    todo: 'Dem Konto dieses Recht geben, dann erneut nachsehen.',
  }),
  'not-verifiable': (facts) => ({
    what: `Ein Gateway vom Typ ${text(facts, 'type')}: was darauf geschrieben wird, ist nicht als Objekt in einem eigenen Bucket sichtbar.`,
    todo: 'Dahinter kann Firn nichts nachweisen. Ein S3 File Gateway benutzen.',
  }),
} as const satisfies Record<FindingCode, (facts: Facts) => FindingWords>

export function findingWords(finding: GatewayFinding, language: Language): FindingWords {
  if (language === 'en') return findingInEnglish(finding)
  const say: (facts: Facts) => FindingWords = german[finding.code]
  return say(finding.facts)
}
