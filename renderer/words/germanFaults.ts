/** The catalogue of faults in German: the compiler demands every code. */
import type { FaultCode } from '../../shared/faults/catalogue.ts'
import { germanFaultsOfProof } from './germanFaultsOfProof.ts'

type Sentences = { readonly happened: string; readonly safe: string; readonly todo: string }

export const germanFaults: Readonly<Record<FaultCode, Sentences>> = {
  ...germanFaultsOfProof,
  unforeseen: {
    happened: 'Etwas ist gescheitert, wofür Firn noch keine Worte hat.',
    safe: 'Die Quelle wurde nur gelesen. Was vorher geschah, steht im Journal.',
    todo: 'Versuchen Sie es noch einmal. Scheitert es wieder, geben Sie Protokoll und Code an die Stelle, die Firn betreut.',
  },
  stopped: {
    happened: 'Die Arbeit wurde auf Wunsch angehalten.',
    safe: 'Nichts ist verloren: was getan ist, steht im Journal, und nach dem Anhalten wurde nichts mehr geschrieben.',
    todo: 'Starten Sie dieselbe Arbeit wieder, um hier weiterzumachen.',
  },
  'not-a-migration': {
    happened: 'In diesem Ordner liegt keine Migration.',
    safe: 'Nichts wurde gelesen oder geändert.',
    todo: 'Wählen Sie den Ordner, den `firn init` angelegt hat, oder legen Sie zuerst eine Migration an.',
  },
  'migration-exists': {
    happened: 'In diesem Ordner liegt schon eine Migration.',
    safe: 'Sie wurde nicht angerührt.',
    todo: 'Wählen Sie einen leeren Ordner, oder arbeiten Sie mit der vorhandenen Migration weiter.',
  },
  'bad-input': {
    happened: 'Ein angegebener Wert ist nicht verwendbar.',
    safe: 'Nichts wurde geändert.',
    todo: 'Berichtigen Sie den unten genannten Wert und versuchen Sie es noch einmal.',
  },
  'wrong-order': {
    happened: 'Ein früherer Schritt muss zuerst abgeschlossen werden.',
    safe: 'Nichts wurde geändert.',
    todo: 'Sehen Sie in der Übersicht nach, welcher Schritt der nächste ist.',
  },
  'not-ready-to-ship': {
    happened: 'Das Gerät darf noch nicht gehen: Zeilen seiner Versandliste sind offen.',
    safe: 'Nichts wurde übergeben. Was jemand abgehakt hat, bleibt abgehakt.',
    todo: 'Erledigen Sie jede unten genannte Zeile: laden (`all-sent`), durchsehen (`inspected`), und für die übrigen selbst am Gerät nachsehen. Übergeben Sie es dann.',
  },
  'order-unfit': {
    happened: 'Mit diesen Angaben würde AWS die Bestellung ablehnen oder das Gerät dorthin schicken, wo es nicht benutzt werden darf.',
    safe: 'Nichts wurde bestellt.',
    todo: 'Berichtigen Sie, was unten genannt ist, unter `snowball` in migration.json, und bestellen Sie noch einmal.',
  },
  'policy-blocks-import': {
    happened: 'Die Richtlinie des Buckets würde den Import von AWS abweisen: Ein Gerät würde reisen, und nichts würde importiert.',
    safe: 'Nichts wurde bestellt oder übergeben; was auf einem Gerät ist, bleibt darauf.',
    todo: 'Nehmen Sie die Importrolle von den unten genannten Anweisungen aus (`firn posture BUCKET` sagt, wie), oder lassen Sie es den tun, dem der Bucket gehört. Versuchen Sie es dann noch einmal.',
  },
  'address-refused': {
    happened: 'AWS nimmt die Lieferadresse nicht an.',
    safe: 'Nichts wurde bestellt.',
    todo: 'Lesen Sie unten, was AWS dazu sagt, berichtigen Sie `snowball.address` in migration.json, und bestellen Sie noch einmal.',
  },
  'mapped-name-taken': {
    happened:
      'Eine Datei würde unter einem Schlüssel gespeichert, den eine andere schon hat: Eine von beiden reist unter einem ersetzten Namen, und die andere heißt so.',
    safe: 'Nichts wurde gesendet. Der Plan wurde nicht gemacht, damit keine der beiden über der anderen zu liegen kommt.',
    todo: 'Benennen Sie die unten genannte Datei an der Quelle um, oder lassen Sie sie durch eine Regel aus, scannen Sie neu, und planen Sie neu. `firn names` führt ersetzte Namen auf.',
  },
  'no-route': {
    happened: 'Mit diesen Angaben kann kein Weg dieses Archiv befördern.',
    safe: 'Nichts wurde geplant; ein früherer Plan gilt weiter.',
    todo: 'Lesen Sie bei jedem Weg den Grund, ändern Sie dann Termin, Leitung oder Wege, und planen Sie neu.',
  },
  'archives-overlap': {
    happened: 'Zwei Archive würden unter dasselbe Präfix desselben Buckets schreiben, wo eines das andere überschreiben könnte.',
    safe: 'Nichts wurde geplant.',
    todo: 'Geben Sie jedem Archiv ein eigenes Präfix, das nicht Teil des anderen ist, oder einen eigenen Bucket.',
  },
  'disk-full': {
    happened: 'Ein Datenträger ist voll.',
    safe: 'Die Quelle wurde nur gelesen, und das Journal enthält alles, was bis hierher getan wurde.',
    todo: 'Schaffen Sie Platz auf dem unten genannten Datenträger und starten Sie dieselbe Arbeit wieder.',
  },
  'archive-missing': {
    happened: 'Der oberste Ordner des Archivs ist nicht da.',
    safe: 'Nichts wurde geändert, und keine Datei wurde als verschwunden vermerkt.',
    todo: 'Hängen Sie das Archiv ein, prüfen Sie den Pfad und starten Sie dieselbe Arbeit wieder.',
  },
  'source-unreadable': {
    happened: 'Die Quelle antwortet nicht mehr oder lässt sich nicht lesen.',
    safe: 'Die Quelle wurde nur gelesen. Was noch nicht gesendet ist, bleibt geplant.',
    todo: 'Prüfen Sie den Datenträger oder die Freigabe des Archivs und starten Sie dieselbe Arbeit wieder.',
  },
  'source-changed': {
    happened: 'Eine Datei ist nicht mehr, was die Erfassung fand: Größe oder Zeit haben sich geändert.',
    safe: 'Sie wurde zurückgelassen, nicht halb alt und halb neu gesendet.',
    todo: 'Erfassen und planen Sie neu, wenn niemand mehr in das Archiv schreibt.',
  },
  'journal-held': {
    happened: 'Ein anderes Firn arbeitet an dieser Migration.',
    safe: 'Dieses hier hat nichts geändert.',
    todo: 'Warten Sie auf das andere, oder halten Sie es an. Ist es abgestürzt, endet sein Anspruch nach der unten genannten Zeit von selbst.',
  },
  'journal-lost-lease': {
    happened: 'Dieses Firn hat seinen Anspruch auf die Migration verloren, etwa weil der Rechner schlief.',
    safe: 'Es hat sofort aufgehört zu schreiben.',
    todo: 'Vergewissern Sie sich, dass kein anderes Firn an der Migration arbeitet, und starten Sie dieselbe Arbeit wieder.',
  },
  'journal-damaged': {
    happened: 'Das Journal lässt sich nicht als Journal lesen.',
    safe: 'Quelle und S3 sind unberührt. In das Journal wird nichts mehr geschrieben.',
    todo: 'Bewahren Sie die Datei auf, spielen Sie die letzte Kopie des Migrationsordners zurück, und öffnen Sie die Diagnose.',
  },
  'journal-not-writable': {
    happened: 'Das Journal lässt sich nicht zum Schreiben öffnen.',
    safe: 'Nichts wurde geändert.',
    todo: 'Prüfen Sie die Rechte am Migrationsordner, und dass sein Datenträger nicht schreibgeschützt eingehängt ist.',
  },
  'journal-newer': {
    happened: 'Das Journal wurde von einem neueren Firn geschrieben.',
    safe: 'Es wurde nicht verändert.',
    todo: 'Verwenden Sie für diese Migration das neuere Firn.',
  },
  'bucket-without-versions': {
    happened: 'Der Bucket führt keine Versionen; nichts darin ließe sich je nachweisen.',
    safe: 'Nichts wurde gesendet.',
    todo: 'Schalten Sie die Versionierung des Buckets ein und starten Sie dieselbe Arbeit wieder.',
  },
  'aws-unreachable': {
    happened: 'Der Dienst hat nicht geantwortet.',
    safe: 'Was gesendet und bestätigt ist, steht im Journal; der Rest bleibt geplant.',
    todo: 'Prüfen Sie Netz und Proxy und starten Sie dieselbe Arbeit wieder.',
  },
  'aws-throttled': {
    happened: 'Der Dienst bittet, langsamer zu machen.',
    safe: 'Nichts ist verloren; Firn wartet und versucht es wieder.',
    todo: 'Nichts, es sei denn, es hält an: verringern Sie dann die Zahl gleichzeitiger Übertragungen.',
  },
  'aws-wrong-secret': {
    happened: 'Der Dienst hat die Signatur abgelehnt: Zugriffsschlüssel oder Geheimnis stimmen nicht.',
    safe: 'Nichts wurde geschrieben.',
    todo: 'Prüfen Sie das AWS-Profil oder die Schlüssel und starten Sie dieselbe Arbeit wieder.',
  },
  'aws-clock-skew': {
    happened: 'Die Uhr dieses Rechners weicht zu stark von der bei AWS ab.',
    safe: 'Nichts wurde geschrieben.',
    todo: 'Stellen Sie die Uhr per NTP und starten Sie dieselbe Arbeit wieder.',
  },
  'aws-denied': {
    happened: 'Das Konto darf diesen Aufruf nicht machen.',
    safe: 'Nichts wurde geschrieben.',
    todo: 'Geben Sie der Rolle oder dem Benutzer die unten genannte Berechtigung.',
  },
  'aws-refused': {
    happened: 'Der Dienst hat die Anfrage abgelehnt.',
    safe: 'Diese Anfrage hat nichts geschrieben.',
    todo: 'Lesen Sie unten, was der Dienst selbst dazu meldet.',
  },
  'aws-bad-digest': {
    happened: 'Die angekommenen Bytes waren nicht die gesendeten.',
    safe: 'Der Dienst hat sie verworfen; die Datei wird noch einmal gesendet.',
    todo: 'Nichts, es sei denn, es wiederholt sich: dann liegt es an Speicher, Kabel oder Netzwerkkarte.',
  },
  'upload-gone': {
    happened: 'Ein begonnener mehrteiliger Upload ist nicht mehr offen.',
    safe: 'Die Datei wird unter ihrem Schlüssel gesucht und, falls sie fehlt, noch einmal gesendet.',
    todo: 'Nichts. Wiederholt es sich, suchen Sie nach einer Lebenszyklusregel, die Uploads nach Stunden abbricht.',
  },
  'bucket-missing': {
    happened: 'Den Bucket gibt es nicht, oder er gehört jemand anderem.',
    safe: 'Nichts wurde geschrieben.',
    todo: 'Legen Sie den Bucket an, oder berichtigen Sie seinen Namen in der Migration.',
  },
  'device-full': {
    happened: 'Das Gerät hat seine sichere Füllgrenze erreicht.',
    safe: 'Was bestätigt ist, liegt sicher auf dem Gerät; der Rest bleibt geplant.',
    todo: 'Versenden Sie dieses Gerät und planen Sie den Rest auf ein anderes.',
  },
  'device-not-here': {
    happened: 'Das Gerät ist nicht in dem Zustand, den dieser Schritt braucht.',
    safe: 'Nichts wurde geändert.',
    todo: 'Sehen Sie unter „Geräte“ nach, wo das Gerät ist.',
  },
  'uploads-open': {
    happened: 'Auf dem Gerät liegen Übertragungen, die begonnen und nie abgeschlossen wurden.',
    safe: 'Als geladen zählt nichts, was nicht bestätigt ist.',
    todo: 'Noch einmal laden: eigene Übertragungen schließt Firn dabei ab oder verwirft sie. Fremde mit `aws s3api abort-multipart-upload` gegen das Gerät beenden.',
  },
  'device-differs': {
    happened: 'Eine Datei kam vom Gerät nicht so zurück, wie sie gesendet wurde.',
    safe: 'Die Quelle ist unverändert. Die Datei zählt nicht mehr als geladen, und mit ihr das Bündel, in dem sie reist.',
    todo: 'Erneut laden, dann das ganze Gerät durchsehen (`firn inspect --items all`). Geschieht es wieder, dieses Gerät nicht verschicken.',
  },
  'object-conflict': {
    happened: 'Im Bucket liegt unter dem Namen einer Datei ein fremdes Objekt.',
    safe: 'Es wurde nicht angerührt, und die Datei wurde nicht gesendet.',
    todo: 'Herausfinden, wessen Objekt es ist. Dem Archiv ein anderes Präfix geben oder das Objekt wegräumen, dann den Befehl wiederholen.',
  },
  'object-missing': {
    happened: 'Ein Objekt, das da sein müsste, ist nicht da.',
    safe: 'Die Quelle ist unverändert.',
    todo: 'Das Fehlende erneut laden oder schreiben.',
  },
  'bill-missing': {
    happened: 'Die Stückliste dieses Geräts liegt nicht mehr im Ordner der Migration.',
    safe: 'Das Journal enthält weiterhin jede Datei mit ihren Prüfsummen; die Prüfung braucht die Stückliste nicht.',
    todo: 'Den Ordner `devices` aus einer Kopie der Migration zurückspielen. Seine SHA-256 steht im Verbleib.',
  },
  'log-unreadable': {
    happened: 'Ein Protokoll des Importauftrags hat keine Spalte, die ein Objekt nennt.',
    safe: 'Das Protokoll ist so aufbewahrt, wie AWS es gab. Nichts wurde daraus geschlossen.',
    todo: 'Das Protokoll im Ordner `devices` der Migration ansehen und den Entwicklern von Firn die Namen seiner Spalten nennen.',
  },
  'snowball-not-available': {
    happened: 'Dieses Konto kann kein Snowball bestellen.',
    safe: 'Nichts wurde bestellt.',
    todo: 'Planen Sie neu, über die Freigabe oder die Leitung.',
  },
  'item-too-large': {
    happened: 'Eine Datei ist größer, als dieser Weg aufnimmt.',
    safe: 'Sie wurde zurückgelassen und aufgelistet.',
    todo: 'Senden Sie sie auf einem anderen Weg.',
  },
  'share-missing': {
    happened: 'Der als Freigabe angegebene Ordner ist nicht die Freigabe.',
    safe: 'Dort wurde kein einziges Byte geschrieben.',
    todo: 'Hängen Sie die Freigabe ein und starten Sie dieselbe Arbeit wieder. Ein Ordner auf einer Platte dieses Rechners gilt nie als die Freigabe.',
  },
  'share-mount-changed': {
    happened: 'Der Ordner der Freigabe ist von anderswo eingehängt als beim ersten Schreiben.',
    safe: 'Dort wurde kein einziges Byte geschrieben.',
    todo: 'Hängen Sie die Freigabe ein, mit der begonnen wurde. Ist die andere gemeint, sagt das eine Person mit Namen: firn push --accept-mount NAME.',
  },
  'share-not-found': {
    happened: 'Es ist nicht klar, welche Dateifreigabe des Gateways gemeint ist.',
    safe: 'Nichts wurde geschrieben.',
    todo: 'Setzen Sie share.shareArn in migration.json auf die ARN der Freigabe, die hier eingehängt ist.',
  },
  'share-not-behind': {
    happened: 'Was in diesen Ordner geschrieben wurde, erschien nicht im Bucket der Freigabe.',
    safe: 'Nur eine Probe von Firn selbst wurde geschrieben und wieder entfernt. Kein Element wurde gesendet.',
    todo: 'Prüfen, ob der Ordner die Einhängung genau dieser Freigabe ist und ob das Gateway hochlädt.',
  },
  'share-unfit': {
    happened: 'Die Freigabe ist so eingestellt, dass verloren gehen könnte, was darauf geschrieben wird.',
    safe: 'Nichts wurde geschrieben.',
    todo: 'firn gateways ausführen oder die Ansicht „Freigabe“ öffnen: dort stehen die Einstellung und was zu tun ist.',
  },
  'share-refused': {
    happened: 'Das Gateway nimmt keine neuen Dateien an: sein Zwischenspeicher wartet auf den Upload.',
    safe: 'Was ganz geschrieben ist, ist verzeichnet; nichts wurde abgeschnitten.',
    todo: 'Warten Sie, bis der Zwischenspeicher geleert ist; Firn macht von selbst weiter.',
  },
  'share-write-failed': {
    happened: 'Das Schreiben auf die Freigabe ist gescheitert.',
    safe: 'Die Datei gilt nicht als gesendet und wird noch einmal geschrieben.',
    todo: 'Prüfen Sie das Gateway und die Einhängung.',
  },
  'share-conflict': {
    happened: 'Auf der Freigabe liegt unter diesem Namen schon eine andere Datei.',
    safe: 'Keine der beiden Dateien wurde verändert.',
    todo: 'Entscheiden Sie, welche die richtige ist; Firn überschreibt nie eine, die es nicht selbst geschrieben hat.',
  },
  'gateway-upload-failing': {
    happened: 'Das Gateway meldet Dateien, die es nicht nach S3 laden kann.',
    safe: 'Sie liegen im Zwischenspeicher des Gateways; die Quelle ist unberührt.',
    todo: 'Lesen Sie die Ursache im Zustandsprotokoll des Gateways, und setzen Sie seinen Zwischenspeicher nicht zurück.',
  },
  'nothing-checked': {
    happened: 'Die Prüfung hat nichts geprüft.',
    safe: 'Das beweist nichts, weder Gutes noch Schlechtes.',
    todo: 'Beladen oder schreiben Sie zuerst, und prüfen Sie Bucket und Präfix.',
  },
  'not-all-verified': {
    happened: 'Nicht jede Datei ließ sich nachweisen.',
    safe: 'Die Quelle ist unberührt. Geben Sie sie noch nicht frei.',
    todo: 'Lesen Sie den Bericht: er nennt jede Datei und den Grund.',
  },
  'listing-disordered': {
    happened: 'Eine Auflistung kam nicht in der Ordnung ihrer Schlüssel und lässt sich so nicht mit dem Journal vergleichen.',
    safe: 'Nach ihr wurde nichts beurteilt und nichts geändert.',
    todo: 'Verwenden Sie einen Bucket für allgemeine Zwecke: Verzeichnis-Buckets listen ohne Ordnung. Sonst melden Sie es als Fehler von Firn.',
  },
  'port-in-use': {
    happened: 'Den verlangten Port benutzt schon ein anderes Programm.',
    safe: 'Nichts wurde geändert.',
    todo: 'Beenden Sie das andere Programm, oder wählen Sie einen anderen Port.',
  },
  'sandbox-only-in-rehearsal': {
    happened: 'Das nachgebildete AWS startet nur für einen Probelauf.',
    safe: 'Nichts wurde geändert.',
    todo: 'Beginnen Sie auf der Startseite einen neuen Probelauf.',
  },
  'unknown-call': {
    happened: 'Der Bildschirm hat etwas verlangt, das dieser Host nicht kennt.',
    safe: 'Nichts wurde getan.',
    todo: 'Laden Sie das Fenster neu. Bleibt es dabei, passen Bildschirm und Programm nicht zusammen: installieren Sie Firn neu.',
  },
  'message-refused': {
    happened: 'Eine Nachricht wurde abgewiesen: sie war zu lang, fehlerhaft, oder kam von dort, woher keine kommen darf.',
    safe: 'Mit ihr wurde nichts getan.',
    todo: 'Laden Sie das Fenster neu. Haben Sie das nicht erwartet, sagen Sie es der Stelle, die für die Sicherheit dieses Rechners sorgt.',
  },
  'too-many-calls': {
    happened: 'Der Bildschirm hat zu viele Fragen zugleich offen.',
    safe: 'Für diese wurde nichts getan.',
    todo: 'Warten Sie einen Augenblick und versuchen Sie es noch einmal.',
  },
  'engine-gone': {
    happened: 'Das Arbeitsprogramm hat unerwartet geendet.',
    safe: 'Die Quelle wurde nur gelesen, und im Journal steht, was getan ist. Die Arbeit geht dort weiter, wo sie war, sobald es wieder da ist.',
    todo: 'Firn startet es von selbst neu. Endet es immer wieder, öffnen Sie die Diagnose und sichern Sie ein Supportpaket.',
  },
  'answer-late': {
    happened: 'Das Arbeitsprogramm hat nicht rechtzeitig geantwortet.',
    safe: 'Laufende Arbeit geht weiter; was verlangt wurde, kann noch geschehen.',
    todo: 'Warten Sie einen Augenblick und sehen Sie noch einmal nach. Bleibt es so, starten Sie das Arbeitsprogramm in der Diagnose neu: was läuft, geht dort weiter, wo es war.',
  },
  'screens-missing': {
    happened: 'Die Ansichten liegen nicht dort, wo Firn installiert wurde.',
    safe: 'Nichts wurde geändert.',
    todo: 'In einem Klon erzeugt sie `node scripts/buildRenderer.mjs`; sonst Firn neu installieren.',
  },
  'home-not-writable': {
    happened: 'In Firns eigenen Ordner auf diesem Rechner lässt sich nicht schreiben.',
    safe: 'Nichts wurde geändert.',
    todo: 'Prüfen Sie seine Rechte und den freien Platz, oder nennen Sie in FIRN_HOME einen anderen Ordner.',
  },
  'no-console': {
    happened: 'Hier läuft keine Konsole, die gefragt werden kann.',
    safe: 'Nichts wurde geändert.',
    todo: 'Starten Sie eine mit `firn console`, mit demselben FIRN_HOME; läuft sie schon, nehmen Sie den Link, den sie ausgab, oder starten Sie sie neu.',
  },
  'no-migration-open': {
    happened: 'Keine Migration ist geöffnet.',
    safe: 'Nichts wurde getan.',
    todo: 'Öffnen Sie eine auf der Startseite, oder beginnen Sie einen Probelauf.',
  },
  'work-running': {
    happened: 'Das geht nicht, solange eine Arbeit läuft.',
    safe: 'Die Arbeit läuft ungestört weiter.',
    todo: 'Halten Sie die Arbeit zuerst an, brechen Sie sie ab, oder warten Sie, bis sie fertig ist.',
  },
  'place-unknown': {
    happened: 'Der gewählte Ordner oder die Datei ist diesem Fenster nicht mehr bekannt.',
    safe: 'Nichts wurde gelesen oder geändert.',
    todo: 'Wählen Sie noch einmal.',
  },
  'not-in-this-host': {
    happened: 'Das gibt es hier nicht: es braucht die Desktop-Anwendung oder die Konsole.',
    safe: 'Nichts wurde getan.',
    todo: 'Nehmen Sie den Weg, den dieser Bildschirm stattdessen anbietet.',
  },
  'secrets-not-kept': {
    happened: 'Dieses System hat keinen Geheimnisspeicher, der Schlüssel verschlüsselt aufbewahrt.',
    safe: 'Die Schlüssel wurden nirgends hingeschrieben.',
    todo: 'Verwenden Sie ein Profil der AWS-Befehlszeile oder Single Sign-on, oder richten Sie den Schlüsselbund dieses Systems ein.',
  },
  'keys-not-given': {
    happened:
      'Diese Migration wurde mit hinterlegten AWS-Schlüsseln angelegt, und unter diesem Namen liegen im Geheimnisspeicher dieses Rechners keine.',
    safe: 'Nichts wurde gelesen oder geändert.',
    todo: 'Hinterlegen Sie die Schlüssel wieder unter demselben Namen und öffnen Sie die Migration dann noch einmal.',
  },
  'wallboard-failed': {
    happened: 'Die Wandanzeige ließ sich nicht starten.',
    safe: 'Die Migration ist davon nicht berührt.',
    todo: 'Prüfen Sie Adresse, Port und Zertifikat in den Einstellungen.',
  },
  'session-ended': {
    happened: 'Diese Sitzung der Konsole ist beendet.',
    safe: 'Die Arbeit geht weiter; nur der Bildschirm wurde abgemeldet.',
    todo: 'Öffnen Sie die Konsole mit einem neuen Link: führen Sie `firn console` aus, oder fragen Sie, wer sie gestartet hat.',
  },
}
