/** Faults of keys, buckets and what is freed, in German. */
import type { FaultCode } from '../../shared/faults/catalogue.ts'

export const germanFaultsOfProof = {
  'gateway-metrics-denied': {
    happened:
      'CloudWatch darf nicht nach dem Gateway gefragt werden; von Dateien, die das Gateway nicht hochladen kann, erfährt man jetzt nichts.',
    safe: 'Das Kopieren richtet sich nach dem Füllstand des Caches, den das Gateway selbst nennt. Die Prüfung findet, was nicht ankam.',
    todo: 'Geben Sie der Rolle oder dem Benutzer die unten genannte Berechtigung, um sofort von solchen Dateien zu erfahren.',
  },
  'device-lent': {
    happened: 'Ein anderer Arbeitsplatz befüllt dieses Gerät nach einem Auftrag.',
    safe: 'Nichts wurde geändert. Was auf dem Gerät ist, ist dort verzeichnet.',
    todo: 'Holen Sie den Ordner zurück (`firn work-order --return ORDNER`). Ist er verloren, holt `firn work-order --device N --recall` das Gerät zurück.',
  },
  'only-a-work-order': {
    happened: 'Dieser Ordner entstand aus einem Auftrag: Er kennt ein Gerät und nichts vom Rest der Migration.',
    safe: 'Nichts wurde geändert.',
    todo: 'Befüllen und prüfen Sie das Gerät hier, bringen Sie dann den Ordner zur Migration zurück, und machen Sie dort weiter.',
  },
  'work-order-unfit': {
    happened: 'Der Auftrag, oder der Ordner, der von ihm zurückkam, kann nicht übernommen werden.',
    safe: 'Nichts wurde geändert, weder hier noch dort.',
    todo: 'Das Problem steht unten. Kopieren Sie den Ordner noch einmal ganz, ohne dass Firn darin läuft. Ist der Auftrag verdorben, rufen Sie ihn zurück, und befüllen Sie das Gerät hier.',
  },
  'snowball-client-missing': {
    happened: 'Das AWS-Programm `snowballEdge` ist nicht auf diesem Rechner oder lässt sich nicht ohne Shell starten.',
    safe: 'Nichts wurde geändert.',
    todo: 'Installieren Sie den Snowball-Edge-Client, und nennen Sie ihn mit --client. Oder entsperren Sie das Gerät in AWS OpsHub (IP-Adresse, Manifest, Entsperrcode), und geben Sie Adresse, Schlüssel und Zertifikat mit --endpoint an.',
  },
  'snowball-client-failed': {
    happened: 'Das AWS-Programm `snowballEdge` tat nicht, worum es gebeten wurde.',
    safe: 'Nichts wurde geladen. Weder seine Argumente noch seine Ausgabe wurden aufbewahrt.',
    todo: 'Prüfen Sie die Adresse, das Manifest genau dieses Auftrags und den Entsperrcode; starten Sie den unten genannten Befehl von Hand, um zu sehen, was er sagt.',
  },
  'device-still-locked': {
    happened: 'Das Gerät ist nicht entsperrt.',
    safe: 'Nichts wurde darauf geschrieben.',
    todo: 'Warten Sie, bis seine Anzeige es entsperrt meldet, und versuchen Sie es wieder; oder `firn unlock`.',
  },
  'device-service-off': {
    happened: 'Der S3-Adapter des Geräts läuft nicht.',
    safe: 'Nichts wurde darauf geschrieben.',
    todo: 'Starten Sie ihn (`snowballEdge start-service --service-id s3`). Nach unsauberem Ausschalten erst stoppen, dann starten.',
  },
  'device-certificate-missing': {
    happened: 'Das Gerät soll über TLS erreicht werden, und sein Zertifikat ist nicht bekannt.',
    safe: 'Nichts wurde gesendet.',
    todo: 'Geben Sie es mit --certificate an (`snowballEdge get-certificate`), oder lassen Sie Firn den AWS-Client danach fragen (--manifest).',
  },
  'device-certificate-changed': {
    happened: 'Das Gerät zeigt ein anderes Zertifikat als vorher.',
    safe: 'Wer es zeigt, bekam nichts gesendet.',
    todo: 'Ein Gerät macht ein neues, wenn sich seine IP-Adresse ändert. Ist das so, vergleichen Sie den Fingerabdruck am Gerät, und sagen Sie --accept-certificate NAME. Wenn nicht, finden Sie heraus, wer unter dieser Adresse antwortet.',
  },
  'device-unfit': {
    happened: 'Der S3-Adapter des Geräts tut nicht, was das Laden braucht; das hat eine Probe gezeigt.',
    safe: 'Nur ein Probeobjekt von Firn selbst wurde geschrieben. Kein Bild wurde gesendet.',
    todo: 'Starten Sie den S3-Dienst des Geräts neu, und versuchen Sie es wieder. Bleibt es dabei, fragen Sie den AWS-Support, und planen Sie den Inhalt des Geräts über die Leitung oder die Freigabe.',
  },
  'device-bucket-missing': {
    happened:
      'Der Bucket dieser Migration ist nicht auf dem Gerät: Es wurde für einen anderen bestellt, oder die Adresse gehört einem anderen Gerät.',
    safe: 'Nichts wurde darauf geschrieben.',
    todo: 'Vergleichen Sie Auftrag und Gerät (`firn status`). Was in einen Bucket geschrieben wird, den der Auftrag nicht nennt, wird nie importiert.',
  },
  'role-distrusts-import': {
    happened:
      'Der Import von AWS darf die Rolle der Bestellung nicht annehmen: Der Auftrag käme nicht zustande, oder nichts könnte importiert werden.',
    safe: 'Nichts wurde bestellt.',
    todo: 'Setzen Sie die Vertrauensrichtlinie der Rolle, die `firn order --show-trust` ausgibt, oder berichtigen Sie `snowball.roleArn`. Bestellen Sie dann noch einmal.',
  },
  'attachment-unfit': {
    happened: 'Eine Datei kann dem Verbleib nicht beigelegt werden.',
    safe: 'Nichts wurde eingetragen; die Datei ist, wie sie war.',
    todo: 'Legen Sie ein Foto (JPEG, PNG, WebP, HEIC, TIFF) oder ein PDF von höchstens 50 MB bei, das dieses Konto lesen darf, höchstens 10 je Eintrag.',
  },
  'nothing-to-free': {
    happened: 'Keine Studie ist in den letzten 30 Tagen ganz geprüft, lange genug unverändert und ohne zu behaltende Patienten.',
    safe: 'Nichts wurde geschrieben, und nichts darf freigegeben werden.',
    todo: 'Starten Sie eine Prüfung, oder sehen Sie mit `firn status` nach, was noch nicht geprüft ist.',
  },
  'free-list-changed': {
    happened:
      'Was auf dieser Liste steht, ist nicht mehr alles bewiesen, zu lange nicht geprüft oder nicht mehr, was es war, als die Liste entstand.',
    safe: 'Nichts wurde unterschrieben oder geschrieben. Geben Sie nichts nach einer älteren Datei dieser Liste frei.',
    todo: 'Starten Sie eine Prüfung, machen Sie mit `firn safe-to-free --make` eine neue Liste, und lassen Sie sie unterschreiben.',
  },
  'free-list-unsigned': {
    happened: 'Zwei verschiedene Personen müssen eine Liste unterschreiben, bevor ihre Dateien geschrieben werden.',
    safe: 'Nichts wurde geschrieben.',
    todo: 'Lassen Sie sie unterschreiben: `firn safe-to-free --sign N --person NAME`.',
  },
  'setting-changed': {
    happened: 'Eine Einstellung des Buckets ist nicht mehr, was sie war, als die Änderung gezeigt wurde.',
    safe: 'Diese Einstellung wurde nicht geändert. Was vor ihr geändert wurde, steht in der Datei mit dem vorigen Stand, falls es eine gibt.',
    todo: 'Sehen Sie den Bucket mit `firn posture` noch einmal an, und entscheiden Sie neu.',
  },
  'setting-not-kept': {
    happened: 'Eine Einstellung des Buckets liest sich anders, als sie eben geschrieben wurde.',
    safe: 'Der vorige Stand ist in der unten genannten Datei; Bilder sind davon nicht berührt.',
    todo: 'Sehen Sie den Bucket in der AWS-Konsole an: jemand anders oder eine Regel der Organisation hat ihn vielleicht geändert. `firn posture --undo` stellt den vorigen Stand wieder her.',
  },
  'setting-stays': {
    happened: 'S3 kennt keinen Weg, diese Einstellung so zu machen, als sei sie nie gemacht worden.',
    safe: 'Nichts wurde geändert.',
    todo: 'Lassen Sie sie. Versionen lassen sich nur aussetzen, und dann wären spätere Objekte nicht mehr nachprüfbar.',
  },
  'signing-key-missing': {
    happened:
      'Der Schlüssel, der die Nachweise dieser Migration unterschreibt, ist nicht da oder nicht der, den das Ereignisprotokoll nennt.',
    safe: 'Nichts wurde geschrieben. Bilder, Prüfsummen und frühere Nachweise hängen nicht von ihm ab.',
    todo: 'Stellen Sie signing.key aus einer Kopie des Migrationsordners wieder her. Ist er verloren, macht `firn report --new-signing-key` einen neuen, und das Ereignisprotokoll sagt es.',
  },
  'key-missing': {
    happened:
      'Ein Schlüssel dieser Migration fehlt oder lässt sich nicht öffnen: der, unter dem Patientenkennungen stehen, oder der, der Nachweise unterschreibt.',
    safe: 'Nichts wurde geändert. Bilder und Prüfsummen hängen nicht von diesen Schlüsseln ab.',
    todo: 'Stellen Sie patient.key und signing.key dieser Migration wieder her, oder geben Sie die richtige FIRN_KEY_PASSPHRASE an.',
  },
} as const satisfies Partial<Record<FaultCode, object>>
