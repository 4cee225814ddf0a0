/** What a check-up says, in German: the engine's sentences are few and known, and what is not known stays English and is marked so. */
import { catalogue } from '../../shared/faults/catalogue.ts'
import type { Language } from '../../shared/contract/settings.ts'
import { germanFaults } from './germanFaults.ts'

const stepNames: Readonly<Record<string, { readonly en: string; readonly de: string }>> = {
  runtime: { en: 'Runtime', de: 'Laufzeit' },
  'event log': { en: 'Event log', de: 'Ereignisprotokoll' },
  'disk of journal': { en: 'Disk of the journal', de: 'Datenträger des Journals' },
  disk: { en: 'Disk', de: 'Datenträger' },
  archives: { en: 'Archives', de: 'Archive' },
  bucket: { en: 'Bucket', de: 'Bucket' },
  versions: { en: 'Versions', de: 'Versionen' },
  Snowball: { en: 'Snowball', de: 'Snowball' },
  network: { en: 'Network', de: 'Netz' },
  'unlock codes': { en: 'Unlock codes', de: 'Entsperrcodes' },
  'order settings': { en: 'Order settings', de: 'Angaben zur Bestellung' },
  'import role': { en: 'Import role', de: 'Importrolle' },
  'file share': { en: 'File share', de: 'Dateifreigabe' },
  credentials: { en: 'Credentials', de: 'Zugangsdaten' },
  identity: { en: 'Identity', de: 'Identität' },
  clock: { en: 'Clock', de: 'Uhr' },
}

/** Whole sentences; `$1` is what the parentheses found. */
const sentences: readonly (readonly [english: RegExp, german: string])[] = [
  [/^(\d+) entries, the chain of hashes holds$/, '$1 Einträge, die Kette der Prüfsummen hält'],
  [/^the chain breaks at entry (\d+)$/, 'die Kette bricht bei Eintrag $1'],
  [
    /^Somebody changed the journal\. Restore a copy and verify again\.$/,
    'Jemand hat das Journal verändert. Spielen Sie eine Kopie zurück und prüfen Sie neu.',
  ],
  [/^(\d+) readable$/, '$1 lesbar'],
  [/^(.+) answers, signature and clock are accepted$/, '$1 antwortet, Signatur und Uhr werden angenommen'],
  [
    /^the bucket keeps no versions, so nothing in it can be verified$/,
    'der Bucket führt keine Versionen; nichts darin lässt sich nachweisen',
  ],
  [
    /^Switch on versioning of the bucket before anything is sent\.$/,
    'Schalten Sie die Versionierung des Buckets ein, bevor etwas gesendet wird.',
  ],
  [
    /^the bucket keeps versions: each verdict can name the one it was reached on$/,
    'der Bucket führt Versionen: jedes Urteil kann die seine nennen',
  ],
  [/^the bucket keeps versions$/, 'der Bucket führt Versionen'],
  [/^(\d+) of (\d+) devices in use$/, '$1 von $2 Geräten in Benutzung'],
  [/^none are set$/, 'keine sind angegeben'],
  [
    /^Set snowball in migration\.json if devices are to be ordered\.$/,
    'Setzen Sie snowball in migration.json, wenn Geräte bestellt werden sollen.',
  ],
  [
    /^role, key, shipping and address have the form that AWS asks for$/,
    'Rolle, Schlüssel, Versand und Adresse haben die Form, die AWS verlangt',
  ],
  [
    /^Correct them under snowball in migration\.json before ordering\.$/,
    'Berichtigen Sie sie vor dem Bestellen unter snowball in migration.json.',
  ],
  [/^no network interface with jumbo frames is seen$/, 'keine Netzschnittstelle mit Jumbo-Frames ist zu sehen'],
  [
    /^(.+): jumbo frames, which a Snowball does not take; reach it over another interface, or set the MTU to 1500$/,
    '$1: Jumbo-Frames, die ein Snowball nicht annimmt; erreichen Sie es über eine andere Schnittstelle, oder setzen Sie die MTU auf 1500',
  ],
  [/^none is kept in clear text by the snowballEdge client$/, 'der snowballEdge-Client bewahrt keinen im Klartext auf'],
  [
    /^the snowballEdge client keeps an unlock code in clear text \((.+)\)$/,
    'der snowballEdge-Client bewahrt einen Entsperrcode im Klartext auf ($1)',
  ],
  [
    /^Delete it from that file: whoever reads it and has the manifest can open the device\.$/,
    'Löschen Sie ihn aus dieser Datei: Wer ihn liest und das Manifest hat, kann das Gerät öffnen.',
  ],
  [/^AWS’s import may take it$/, 'der Import von AWS darf sie annehmen'],
  [/^none is set$/, 'keine ist angegeben'],
  [/^Set snowball\.roleArn if devices are to be ordered\.$/, 'Setzen Sie snowball.roleArn, wenn Geräte bestellt werden sollen.'],
  [/^IAM was not asked: (\S+)$/, 'IAM wurde nicht gefragt: $1'],
  [
    /^Allow iam:GetRole, or look at its trust policy yourself\.$/,
    'Erlauben Sie iam:GetRole, oder sehen Sie ihre Vertrauensrichtlinie selbst an.',
  ],
  [
    /^it depends on (.+), of which AWS does not tell what its requests carry$/,
    'sie hängt von $1 ab; AWS sagt nicht, was seine Anfragen davon tragen',
  ],
  [
    /^Compare its trust policy with `firn order --show-trust`\.$/,
    'Vergleichen Sie ihre Vertrauensrichtlinie mit `firn order --show-trust`.',
  ],
  [/^IAM knows no role of this ARN$/, 'IAM kennt keine Rolle mit diesem ARN'],
  [/^Correct snowball\.roleArn, or make the role\.$/, 'Berichtigen Sie snowball.roleArn, oder legen Sie die Rolle an.'],
  [
    /^Set the trust policy that `firn order --show-trust` prints\.$/,
    'Setzen Sie die Vertrauensrichtlinie, die `firn order --show-trust` ausgibt.',
  ],
  [/^no share is set$/, 'keine Freigabe ist angegeben'],
  [
    /^Set share\.folder in migration\.json if the share lane is to be used\.$/,
    'Setzen Sie share.folder in migration.json, wenn der Freigabeweg benutzt werden soll.',
  ],
  [/^(\w+) share is (\w+), cache (\d+) % waiting for upload$/, '$1-Freigabe ist $2, $3 % des Zwischenspeichers warten auf den Upload'],
  [/^no answer within (\d+) s$/, 'keine Antwort in $1 s'],
  [/^Check the mount, the network and the proxy\.$/, 'Prüfen Sie Einhängung, Netz und Proxy.'],
  [/^Check network and proxy\.$/, 'Prüfen Sie Netz und Proxy.'],
  [/^([\d.]+ \w+) free$/, '$1 frei'],
  [/^only ([\d.]+ \w+) free$/, 'nur $1 frei'],
  [/^Free at least ([\d.]+ \w+) where the migration lies\.$/, 'Schaffen Sie dort, wo die Migration liegt, mindestens $1 Platz.'],
  [
    /^Free at least ([\d.]+ \w+) where Firn keeps its list of migrations\.$/,
    'Schaffen Sie dort, wo Firn seine Liste der Migrationen führt, mindestens $1 Platz.',
  ],
  [/^access key ending in (\w+)$/, 'Zugriffsschlüssel mit der Endung $1'],
  [/^access key ending in (\w+), valid until (\S+)$/, 'Zugriffsschlüssel mit der Endung $1, gültig bis $2'],
  [/^AWS accepts the key$/, 'AWS nimmt den Schlüssel an'],
  [
    /^AWS accepts the key; it may not list buckets, which Firn does not need$/,
    'AWS nimmt den Schlüssel an; Buckets auflisten darf er nicht, und Firn braucht es nicht',
  ],
  [/^AWS has not answered, so there is no time to compare with$/, 'AWS hat nicht geantwortet; es gibt keine Zeit zum Vergleichen'],
  [/^(\d+) s from the clock of AWS$/, '$1 s neben der Uhr von AWS'],
  [/^Set the clock of this machine by NTP\.$/, 'Stellen Sie die Uhr dieses Rechners per NTP.'],
  [/^the bucket answers$/, 'der Bucket antwortet'],
  [/^the bucket answers, in (\S+)$/, 'der Bucket antwortet, in $1'],
  [/^(\d+) file shares$/, '$1 Dateifreigaben'],
  [/^no S3 File Gateway with a file share in this Region$/, 'kein S3 File Gateway mit einer Dateifreigabe in dieser Region'],
  [
    /^Set up a File Gateway and a share if the share lane is to be used\.$/,
    'Richten Sie ein File Gateway und eine Freigabe ein, wenn der Freigabeweg benutzt werden soll.',
  ],
  [/^not asked: there are no credentials$/, 'nicht gefragt: es fehlen Zugangsdaten'],
]

export function checkName(step: string, language: Language): string {
  return stepNames[step]?.[language] ?? step
}

/** `undefined`: no German is known, and the English sentence is shown as such. */
export function checkSentence(english: string, language: Language): string | undefined {
  if (language === 'en') return english
  for (const [pattern, german] of sentences) if (pattern.test(english)) return english.replace(pattern, german)
  for (const [code, { happened, todo }] of Object.entries(catalogue)) {
    const german = germanFaults[code as keyof typeof germanFaults]
    if (english === todo) return german.todo
    if (english.startsWith(happened)) return german.happened + english.slice(happened.length)
  }
  return english.startsWith('Node.js ') ? english : undefined
}
