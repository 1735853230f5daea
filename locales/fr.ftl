# Every page: the frame around it.
sandbox-title = Bac à sable.
sandbox-text = Pas d’argent réel : ces factures sont pour jouer.
languages = Langue
moment-utc = { $time } UTC
sat = sat

# The front page: a merchant asks for money.
form-title = Nouvelle facture
form-check = À vérifier
form-amount = Montant en satoshis
form-amount-hint = De { $minimum } à { $maximum }. Vide : { $default }.
form-amount-fixed = Cette boutique demande { $amount } sat.
form-description = Description
form-description-hint = Ce que l’on paie. Le portefeuille de l’acheteur l’affiche. Vide : { $default }.
form-submit = Créer la facture

# What is wrong with a field.
amount-too-small = Le montant minimum est de { $minimum } sat.
amount-too-large = Le montant maximum est de { $maximum } sat.
amount-not-digits = Le montant doit être un nombre entier de satoshis, en chiffres uniquement.
amount-fixed = Le montant est de { $amount } sat et ne peut pas être modifié.
description-too-long = La description fait { $bytes ->
        [one] { $bytes } octet
       *[other] { $bytes } octets
    }, le maximum est de { $most }.
description-control = La description ne doit contenir ni saut de ligne ni autre caractère de contrôle.
description-not-text = La description n’est pas un texte UTF-8 valide.
field-repeated = Le champ « { $field } » a été envoyé plusieurs fois.
field-unknown = Le champ « { $field } » n’existe pas ; il y a « amount » et « description ».

# To pay.
pay-title = À payer
any-amount = Montant libre
waiting = En attente du paiement
qr-code = Code QR
open-wallet = Ouvrir le portefeuille
choose-wallet = Choisir un portefeuille
pay-in-browser = Payer avec le portefeuille du navigateur
invoice-text = Facture Lightning
copy = Copier la facture
copied = Copiée
time-left = Temps restant
minutes-left = { $minutes ->
        [one] Il reste { $minutes } minute pour payer
       *[other] Il reste { $minutes } minutes pour payer
    }
pay-until = À payer avant
follows = Cette page suit le paiement toute seule.
check-now = Vérifier maintenant
sandbox-pay = Payer (bac à sable)
stale = Le nœud Lightning ne répond pas pour le moment ; aucun paiement n’est perdu. Voici l’état au
close = Fermer

# Paid.
paid-title = Payé
asked-for = Montant demandé
paid-at = Payé le
onward = Continuer vers la boutique
order = Commande
paid-to = Payé à
payment-hash = Empreinte du paiement
print = Imprimer ou enregistrer le reçu
proof-title = Preuve de paiement
proof-hint = Votre portefeuille conserve une préimage de ce paiement. Collez-la ici pour voir qu’elle correspond à cette facture.
proof-preimage = Préimage
proof-check = Comparer
proof-matches = Elle correspond : cette préimage prouve le paiement.
proof-differs = Elle ne correspond pas : cette préimage est celle d’un autre paiement.
proof-not-hex = Une préimage compte 64 caractères, de 0 à 9 et de a à f.
proven-title = Paiement prouvé
proven-text = La préimage est la bonne : cette facture a été payée. Mais le nœud Lightning de la boutique n’a pas enregistré le paiement. Ne payez pas une seconde fois ; prévenez la boutique et montrez-lui la préimage et l’empreinte du paiement.

# Expired.
expired-title = Expirée
expired-text = Le délai pour payer cette facture est passé. Merci de ne plus la payer.
renew = Obtenir une nouvelle facture
renewed-text = Il existe une nouvelle facture pour cette commande.
renewed-open = Voir la nouvelle facture
cancelled-text = La boutique a annulé cette facture.
expired-proof = Vous aviez déjà payé ? Votre portefeuille peut le prouver.
closed-text = Aucune nouvelle facture n’est établie ici. Si vous souhaitez toujours payer, demandez-en une nouvelle à la boutique.

# Trouble: a heading, what it means and what to do next.
try-again = Réessayer maintenant
asks-again = Cette page réessaie toute seule.
front-page = Vers la page d’accueil
request-id = Numéro de cette requête
trouble-not-found = Vérifiez l’adresse, ou repartez de la page d’accueil.
    .title = Cette page n’existe pas
trouble-invoice-not-found = Vérifiez le lien : chaque caractère compte.
    .title = Cette facture n’existe pas
trouble-invoice-not-payable = Elle est payée ou expirée et ne doit plus être payée.
    .title = Cette facture est close
trouble-invoice-not-renewable = Elle ne peut pas être remplacée ici par une nouvelle. Veuillez vous adresser à la boutique.
    .title = Cette facture ne peut pas être renouvelée
trouble-method-not-allowed = La méthode de cette requête n’est pas admise ici.
    .title = Cette adresse fonctionne autrement
trouble-unsupported-media-type = Envoyez les champs au format application/x-www-form-urlencoded.
    .title = L’envoi n’a pas pu être lu
trouble-bad-request = La requête s’est interrompue ou est mal formée.
    .title = L’envoi n’a pas pu être lu
trouble-body-too-large = La requête dépasse 64 Kio.
    .title = L’envoi n’a pas pu être lu
trouble-request-timeout = La requête n’est pas arrivée à temps. Merci de la renvoyer.
    .title = Cela a pris trop de temps
trouble-rate-limited = Il y a eu trop de requêtes en peu de temps. Rien n’est perdu : patientez une minute, puis réessayez.
    .title = Trop de requêtes
trouble-too-many-unpaid = Beaucoup de factures attendent leur paiement : aucune nouvelle n’est établie ici pour le moment. Rien n’est perdu : réessayez dans quelques minutes.
    .title = Trop de factures impayées
trouble-overloaded = Trop de visiteurs sont ici en même temps. Rien n’est perdu : réessayez dans quelques secondes.
    .title = Il y a beaucoup de monde ici
trouble-cross-site = Ce formulaire a été envoyé depuis un autre site. Ouvrez la page ici et envoyez-le de là.
    .title = Envoyé depuis un autre site
trouble-form-off = Cette boutique établit elle-même ses factures. Demandez-lui un lien de paiement.
    .title = Il n’y a pas de formulaire ici
trouble-invalid =
    .title = Il y a quelque chose à corriger
trouble-node-unreachable = Le nœud Lightning est injoignable. Ce qui a été payé est en sécurité et s’affichera. Réessayez dans quelques secondes.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-timeout = Le nœud Lightning n’a pas répondu à temps. Ce qui a été payé est en sécurité et s’affichera. Réessayez dans quelques secondes.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-busy = Le nœud Lightning est occupé. Réessayez dans quelques secondes.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-refused = Le nœud Lightning a refusé la requête. Réessayez ou prévenez la boutique.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-malformed = La réponse du nœud Lightning est inutilisable. Réessayez ou prévenez la boutique.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-replaced = Ce nœud Lightning n’est pas celui des factures de cette boutique. Merci de prévenir la boutique.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-not-followed = Les nouvelles du nœud Lightning n’arrivent pas encore ; le journal dit pourquoi.
    .title = Le nœud Lightning n’est pas disponible
trouble-store-failed = La boutique ne peut pas tenir ses registres pour le moment. Ce qui a été payé est en sécurité. Réessayez ou prévenez la boutique.
    .title = Rien ne peut être enregistré
trouble-internal = Réessayez. Si cela persiste, prévenez la boutique en donnant le numéro ci-dessous.
    .title = Une erreur s’est produite chez nous
