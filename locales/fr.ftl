# Every page: the frame around it.
sandbox-title = Mode test.
sandbox-text = Pas d’argent réel : ces factures sont fictives.
languages = Langue
moment-utc = { $time } UTC
sat = sat

# The front page: a merchant creates an invoice.
form-title = Nouvelle facture
form-check = À vérifier
form-amount = Montant en satoshis
form-amount-hint = De { $minimum } à { $maximum } sat. Par défaut : { $default }.
form-amount-plain = Montant
form-currency = Devise
form-amount-hint-currencies = De { $minimum } à { $maximum } sat, ou l’équivalent dans une autre devise.
form-amount-fixed = Cette boutique demande { $amount } sat.
form-description = Description
form-description-hint = L’objet du paiement. Le portefeuille de l’acheteur l’affiche. Par défaut : « { $default } ».
form-submit = Créer la facture

# Errors of a field.
amount-too-small = Le montant minimum est de { $minimum } sat.
amount-too-large = Le montant maximum est de { $maximum } sat.
amount-not-digits = Saisissez le montant en nombre entier de satoshis, en chiffres uniquement.
amount-missing = Saisissez le montant.
amount-not-money = Saisissez le montant en { $currency } sous forme de nombre, par exemple { $example }.
currency-not-offered = Cette devise n’est pas proposée ici. Choisissez-en une autre.
amount-fixed = Le montant est de { $amount } sat et ne peut pas être modifié.
description-too-long = La description fait { $bytes ->
        [one] { $bytes } octet
       *[other] { $bytes } octets
    }, le maximum est de { $most }.
description-control = La description ne doit contenir ni saut de ligne ni autre caractère de contrôle.
description-not-text = La description n’est pas un texte UTF-8 valide.
field-repeated = Le champ « { $field } » a été envoyé plusieurs fois.
field-unknown = Le champ « { $field } » n’existe pas ; les champs sont « amount » et « description ».

# Unpaid.
pay-title = Payer cette facture
any-amount = Montant au choix
rate-of = Taux de change du
waiting = En attente du paiement
qr-code = Code QR
open-wallet = Ouvrir dans le portefeuille
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
span-days = { $days ->
        [one] { $days } jour
       *[other] { $days } jours
    }
span-hours = { $hours ->
        [one] { $hours } heure
       *[other] { $hours } heures
    }
span-minutes = { $minutes ->
        [one] { $minutes } minute
       *[other] { $minutes } minutes
    }
span-both = { $larger } et { $smaller }
pay-until = À payer avant
follows = Cette page s’actualise automatiquement.
check-now = Vérifier maintenant
sandbox-pay = Payer (test)
stale = Le nœud Lightning est injoignable pour le moment. Aucun paiement n’est perdu. Dernier état connu, au
close = Fermer
node-warns = Le nœud Lightning signale que cette facture ne pourra peut-être pas être payée :
show-receipt = Afficher le reçu
show-page-again = Actualiser la page

# The payment is held until the shop takes it or sends it back.
accepted-title = Paiement autorisé
accepted-text = Le montant est réservé, mais pas encore débité. La boutique va l’encaisser ou le restituer en totalité. D’ici là, votre portefeuille peut afficher le paiement comme étant en attente.

# Paid.
paid-title = Payée
asked-for = Montant demandé
paid-at = Payée le
receipt-number = Numéro de reçu
rate-source = Source du taux
tax-rate = Taux de taxe
tax-net = Hors taxe
tax = Taxe
receipt-tip = Dont pourboire
receipt-discount = Remise
receipt-tax-id = Numéro fiscal
refunded-part = Remboursé en partie
refunded-whole = Remboursé en totalité
onward = Retour à { $shop }
order = Commande
paid-to = Payée à
payment-hash = Empreinte du paiement
print = Imprimer ou enregistrer le reçu
proof-title = Preuve de paiement
proof-hint = Votre portefeuille conserve une préimage de ce paiement. Collez-la ici pour vérifier qu’elle correspond à cette facture.
proof-preimage = Préimage
proof-check = Comparer
proof-matches = Elle correspond : cette préimage prouve le paiement.
proof-differs = Elle ne correspond pas : cette préimage est celle d’un autre paiement.
proof-not-hex = Une préimage compte 64 caractères, de 0 à 9 et de a à f.
proven-title = Paiement prouvé
proven-text = La préimage est la bonne : cette facture a été payée. Mais le nœud Lightning de la boutique n’a pas enregistré le paiement. Ne payez pas une seconde fois ; prévenez la boutique et montrez-lui la préimage et l’empreinte du paiement.

# Expired, or cancelled.
expired-title = Expirée
expired-text = Cette facture a expiré. Merci de ne pas la payer.
renew = Obtenir une nouvelle facture
renewed-text = Il existe une nouvelle facture pour cette commande.
renewed-open = Voir la nouvelle facture
cancelled-text = La boutique a annulé cette facture. Merci de ne pas la payer.
cancelled-held-text = La boutique a annulé cette facture. Rien n’a été débité.
expired-proof = Vous aviez déjà payé ? Votre portefeuille peut le prouver.
closed-text = Aucune nouvelle facture n’est établie ici. Si vous souhaitez toujours payer, demandez-en une nouvelle à la boutique.
cancelled-title = Annulée

# Errors: a heading, what it means and what to do next.
try-again = Réessayer maintenant
asks-again = Cette page réessaie automatiquement.
front-page = Aller à la page d’accueil
request-id = Référence
trouble-not-found = Vérifiez l’adresse, ou repartez de la page d’accueil.
    .title = Page introuvable
trouble-invoice-not-found = Vérifiez que vous avez copié le lien en entier.
    .title = Facture introuvable
trouble-invoice-not-payable = Elle est payée, expirée ou annulée. Merci de ne pas la payer à nouveau.
    .title = Cette facture est close
trouble-invoice-not-renewable = Elle ne peut pas être remplacée ici par une nouvelle. Veuillez vous adresser à la boutique.
    .title = Cette facture ne peut pas être renouvelée
trouble-method-not-allowed = Cette adresse n’accepte pas ce type de requête.
    .title = Cette page ne s’ouvre pas directement
trouble-unsupported-media-type = Envoyez les champs au format application/x-www-form-urlencoded.
    .title = L’envoi n’a pas pu être lu
trouble-bad-request = La requête s’est interrompue ou est mal formée.
    .title = L’envoi n’a pas pu être lu
trouble-body-too-large = La requête dépasse 64 Kio.
    .title = L’envoi n’a pas pu être lu
trouble-request-timeout = La requête n’est pas arrivée à temps. Merci de la renvoyer.
    .title = Cela a pris trop de temps
trouble-rate-limited = Trop de requêtes en peu de temps. Rien n’est perdu : patientez une minute, puis réessayez.
    .title = Trop de requêtes
trouble-too-many-unpaid = Trop de factures sont en attente de paiement : aucune nouvelle n’est créée pour le moment. Rien n’est perdu : réessayez dans quelques minutes.
    .title = Trop de factures impayées
trouble-overloaded = Trop de visiteurs en même temps. Rien n’est perdu : réessayez dans quelques secondes.
    .title = Il y a beaucoup de monde en ce moment
trouble-cross-site = Ce formulaire a été envoyé depuis un autre site. Ouvrez la page ici et envoyez-le de là.
    .title = Envoyé depuis un autre site
trouble-form-off = Cette boutique crée elle-même ses factures. Demandez-lui un lien de paiement.
    .title = Il n’y a pas de formulaire ici
trouble-invalid =
    .title = Il y a quelque chose à corriger
trouble-no-rate = Il n’y a pas de taux de change fiable pour le moment ; aucune facture n’a donc été créée. Réessayez dans une minute.
    .title = Pas de taux de change pour le moment
trouble-node-unreachable = Le nœud Lightning est injoignable. Si vous avez payé, votre paiement est en sécurité et s’affichera ici. Réessayez dans quelques secondes.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-timeout = Le nœud Lightning n’a pas répondu à temps. Si vous avez payé, votre paiement est en sécurité et s’affichera ici. Réessayez dans quelques secondes.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-busy = Le nœud Lightning est occupé. Réessayez dans quelques secondes.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-refused = Le nœud Lightning a refusé la requête. Réessayez ou contactez la boutique.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-malformed = La réponse du nœud Lightning est inutilisable. Réessayez ou contactez la boutique.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-replaced = Ce nœud Lightning n’est pas celui des factures de cette boutique. Merci de contacter la boutique.
    .title = Le nœud Lightning n’est pas disponible
trouble-node-not-followed = Les mises à jour du nœud Lightning n’arrivent pas encore. Si vous avez payé, votre paiement est en sécurité et s’affichera ici.
    .title = Le nœud Lightning n’est pas disponible
trouble-store-failed = La boutique ne peut rien enregistrer pour le moment. Si vous avez payé, votre paiement est en sécurité. Réessayez ou contactez la boutique.
    .title = Enregistrement impossible pour le moment
trouble-internal = Réessayez. Si le problème persiste, contactez la boutique en indiquant la référence ci-dessous.
    .title = Une erreur s’est produite de notre côté

# Pay to reveal: the page of something that is sold, and what was bought.
reveal-word = Un texte court, de 24 caractères au plus.
reveal-text = Un texte ({ $size }).
reveal-file = Un fichier : { $name } ({ $size }).
reveal-how = Vous recevez une facture. Dès qu’elle est payée, sa page affiche ce que vous avez acheté.
reveal-wallet-how = Scannez le code avec un portefeuille Lightning, ou ouvrez-le dans un portefeuille sur cet appareil. Le code peut resservir.
reveal-word-warning = Le texte fait partie du paiement lui-même : chaque nœud qui transmet votre paiement peut le lire.
reveal-sold-out = Épuisé.
reveal-buy = Acheter
reveal-again = Acheter à nouveau
sold-title = Votre achat
sold-download = Télécharger
sold-sealed = Télécharger le fichier chiffré
sold-sealed-hint = Le reçu de votre portefeuille pour ce paiement, la préimage, ouvre le fichier chiffré, même sans cette boutique : facture reveal open FICHIER PREIMAGE
trouble-item-not-found = Vérifiez l’adresse. L’article n’est peut-être plus en vente.
    .title = Pas en vente
trouble-sold-out = Tout est vendu ou réservé. Aucune facture n’a été créée et rien n’a été débité. Une réservation impayée se libère après un certain temps.
    .title = Épuisé
trouble-link-closed = Plus rien ne peut être commandé ici, ou pas autant. Aucune facture n’a été créée.
    .title = Plus disponible
trouble-payment-required = Vous pourrez le télécharger dès que la facture sera payée.
    .title = Pas encore payée

# Offers: the page of a code that is paid again and again.
offer-title = Payer cette boutique
offer-how = Scannez ce code avec un portefeuille qui sait payer les offres (BOLT 12). Il peut être payé autant de fois que vous le souhaitez.
offer-note = Votre portefeuille peut joindre un message à la boutique au paiement.
offer-text = Offre Lightning
offer-copy = Copier l’offre
offer-print = Imprimer ce code
offer-over-title = Plus valable
offer-over-text = Ce code ne peut plus être payé. Demandez-en un nouveau à la boutique.
payer-note = Message à la boutique
trouble-offer-not-found = Vérifiez que vous avez copié le lien en entier.
    .title = Offre introuvable

# Two codes for one invoice: Lightning alone, and one for wallets that read bitcoin: links.
ways = Moyen de paiement
way-lightning = Lightning
way-any = Tout portefeuille
way-any-hint = Pour les portefeuilles qui ne lisent pas l’autre code.
way-text = Lien de paiement
way-copy = Copier le lien

# The merchant’s desk: signing in, accounts, users.
desk-skip = Aller au contenu
desk-sections = Rubriques
desk-sign-in = Se connecter
desk-sign-out = Se déconnecter
desk-sign-in-refused = Nom d’utilisateur, mot de passe ou code incorrect.
desk-demo = Se connecter en tant que propriétaire de démonstration
desk-demo-text = Dans le bac à sable, aucun mot de passe n’est nécessaire.
desk-user-name = Nom d’utilisateur
desk-password = Mot de passe
desk-code = Code de votre application d’authentification
desk-code-hint = Laissez vide si vous n’en utilisez pas. Un code de récupération convient aussi.
desk-code-wrong = Ce code est incorrect ou trop ancien. Saisissez celui que l’application affiche maintenant.
desk-welcome = Choisissez votre mot de passe
desk-welcome-text = Vous avez été ajouté à la gestion de cette boutique. Dès que vous aurez défini un mot de passe, ce lien ne fonctionnera plus.
desk-password-new = Nouveau mot de passe
desk-password-hint = Au moins 10 caractères.
desk-password-again = Confirmez le nouveau mot de passe
desk-password-present = Mot de passe actuel
desk-password-set = Enregistrer le mot de passe
desk-password-change = Changer de mot de passe
desk-password-differs = Les deux mots de passe sont différents.
desk-password-short = Le mot de passe est trop court : au moins 10 caractères.
desk-password-long = Le mot de passe est trop long : 200 octets au maximum.
desk-password-name = Le mot de passe ne doit pas être votre nom d’utilisateur.
desk-password-wrong = Ce n’est pas votre mot de passe actuel.
desk-account = Mon compte
desk-role = Rôle
desk-role-owner = Propriétaire
desk-role-manager = Gérant
desk-role-cashier = Caissier
desk-role-accountant = Comptable
desk-second-factor = Application d’authentification
desk-second-factor-text = Avec une application d’authentification, votre mot de passe seul ne suffit plus pour se connecter.
desk-second-factor-scan = Scannez ce code avec l’application, ou saisissez-y le texte ci-dessous. Entrez ensuite le code qu’elle affiche.
desk-second-factor-on = Activer
desk-second-factor-off = Désactiver
desk-second-factor-is-on = Application d’authentification : activée
desk-second-factor-is-off = Application d’authentification : désactivée
desk-recovery = Codes de récupération
desk-recovery-text = Conservez ces codes en lieu sûr : ils ne seront plus affichés. Chacun remplace l’application une fois, si vous perdez votre téléphone.
desk-recovery-kept = Je les ai enregistrés
desk-recovery-left = { $left ->
        [one] { $left } code de récupération restant.
       *[other] { $left } codes de récupération restants.
    }
desk-sessions = Sessions ouvertes
desk-session-own = Ce navigateur
desk-session-began = Connexion
desk-session-seen = Dernière utilisation
desk-session-end = Fermer cette session
desk-users = Utilisateurs
desk-user-add = Ajouter un utilisateur
desk-user-change = Modifier
desk-user-role-set = Changer le rôle
desk-user-reset = Réinitialiser le mot de passe
desk-user-remove = Retirer
desk-user-waiting = N’a pas encore utilisé le lien à usage unique
desk-user-invited = Transmettez ce lien à usage unique à { $name }. Il est valable trois jours et ne sera plus affiché.
desk-user-name-hint = 1 à 40 caractères : a à z, 0 à 9 et . _ - @
desk-user-name-invalid = Un nom d’utilisateur a de 1 à 40 caractères : a à z, 0 à 9 et . _ - @
desk-user-name-taken = Un utilisateur porte déjà ce nom.
desk-user-not-found = Cet utilisateur n’existe plus.
desk-user-last-owner = C’est le seul propriétaire qui puisse se connecter. Nommez d’abord un autre propriétaire.
desk-user-own = Changez votre propre mot de passe dans « Mon compte ».
desk-roles-text = Les propriétaires peuvent tout. Les gérants tiennent la boutique : ils annulent des factures, encaissent les paiements réservés et ordonnent des remboursements. Les caissiers voient les ventes des dernières 24 heures. Les comptables voient toutes les ventes et ne changent rien. Personne ne peut dépenser d’argent ici.
desk-audit = Journal
desk-audit-text = Qui a fait quoi ici, du plus récent au plus ancien. Rien ne peut être modifié.
desk-when = Quand
desk-who = Qui
desk-what = Quoi
desk-subject = Objet
desk-address = Adresse
desk-older = Entrées plus anciennes
trouble-right-missing = Votre rôle ne le permet pas. Adressez-vous à un propriétaire de la boutique.
    .title = Non autorisé
trouble-link-used = Il a été utilisé, remplacé par un plus récent, ou est trop ancien. Demandez un nouveau lien à un propriétaire de la boutique.
    .title = Ce lien ne fonctionne plus

# The desk: payments, and one sale.
desk-payments = Paiements
desk-search-for = Rechercher
desk-search-hint = Numéro de commande, texte, hash de paiement, facture ou identifiant. Un montant en sat ou avec sa monnaie, comme 12,50 EUR, trouve ce qui s’en écarte de 1 % au plus.
desk-search = Lancer la recherche
desk-search-clear = Tout afficher
desk-state = État
desk-all = Tous
desk-channel = Vendu par
desk-from = Créé à partir du
desk-to = Créé jusqu’au
desk-sees-a-day = Votre rôle montre les ventes des dernières 24 heures.
desk-search-too-long = Ce texte est trop long pour la recherche.
desk-search-instead = Ou rechercher :
desk-found-none = Rien trouvé.
desk-found-order = La commande « { $text } »
desk-found-hash = Le paiement avec ce hash
desk-found-amount = Montants de { $from } à { $to } sat
desk-totals-part = Ces sommes ne portent que sur les ventes les plus récentes : les plus anciennes de cette liste n’y sont pas.
desk-found-worth = Paiements d’une valeur de { $from } à { $to }
desk-found-text = Ventes contenant « { $text } »
desk-search-stopped = Pour rester rapide, la recherche s’est arrêtée au { $time }. Les ventes plus anciennes n’ont pas été examinées.
desk-search-on = Chercher plus loin dans le passé
desk-open = En attente
desk-channel-form = Formulaire
desk-channel-reveal = Biens numériques
desk-channel-address = Adresse Lightning
desk-channel-paywall = Accès payant
desk-sale = Vente
desk-received = Reçu
desk-over = En plus du montant demandé
desk-price = Prix
desk-created = Créé
desk-renewal-of = À la place de
desk-label = Identifiant
desk-metadata = Données de la boutique
desk-buyer-page = Ouvrir la page de l’acheteur
desk-capture = Encaisser le paiement
desk-capture-by-api = La préimage de ce paiement est chez la boutique : encaissez-le par l’API.
desk-send-back = Renvoyer le paiement
desk-cancel-invoice = Annuler la facture
desk-refunds = Remboursements
desk-refunded = Remboursé
desk-refund-pending = En cours
desk-refundable = Remboursable
desk-refund-order = Ordonner un remboursement
desk-refund-text = Un ordre est noté ici. Le payeur, un programme à part, le paie dans ses propres limites. Rien ne peut être payé ici.
desk-refund-to = Facture, offre ou adresse Lightning de l’acheteur
desk-refund-reason = Motif
desk-refund-destination = Impossible de payer ceci. Indiquez une facture encore valable qui n’est pas de cette boutique, une offre ou une adresse Lightning.
desk-refund-reason-long = Le motif est trop long : 500 octets au plus, sur une ligne.
desk-refund-ordered = Un versement pour cette facture ou avec ce formulaire a déjà été ordonné.
desk-refund-too-many = Trop de versements sont en attente. Réessayez plus tard.
desk-waits-payer = En attente d’un payeur : aucun ne tourne.
desk-waits-approval = En attente d’une approbation.
desk-note = Notre note
desk-note-none = Il n’y a pas de note.
desk-note-hint = Les acheteurs ne la voient pas. Videz-la pour la supprimer.
desk-note-save = Enregistrer la note
desk-note-invalid = Une note a au plus { $most } octets et aucun caractère de contrôle.
desk-timeline = Historique
desk-deliveries = Envoyé aux webhooks
desk-deliveries-none = Rien n’a été envoyé sur cette vente.
desk-attempts = { $count ->
        [one] { $count } tentative
       *[other] { $count } tentatives
    }
desk-delivery-next = Prochaine tentative
desk-redeliver = Renvoyer
desk-hold-expiring = Le paiement réservé doit être décidé bientôt
desk-delivery-pending = À envoyer
desk-delivery-delivered = Livré
desk-delivery-dropped = Abandonné
desk-failed = Échoué
desk-payout-ordered = Ordonné
desk-payout-approved = Approuvé
desk-payout-paying = Paiement en cours
desk-payout-unknown = Issue encore inconnue

# The desk’s first page: today.
desk-today = Aujourd’hui
desk-nobody-can-pay = Personne ne peut payer : le nœud n’a pas de place pour recevoir. Il lui faut des canaux avec de la liquidité entrante.
desk-sales = Ventes
desk-open-invoices = Factures en attente
desk-expired-today = Créées aujourd’hui, non payées
desk-receivable = Peut être reçu
desk-not-known = Inconnu
desk-node = Nœud Lightning
desk-node-well = Connecté
desk-node-syncing = Rattrape la chaîne
desk-node-away = Injoignable
desk-webhooks = Notifications aux programmes
desk-webhooks-well = Aucun échec
desk-webhooks-failing = N’arrivent pas à :
desk-webhooks-off = Désactivés :
desk-by-hour = Reçu par heure et par canal
desk-chart-text = Une barre pour chaque heure de la journée. Le tableau ci-dessous donne les chiffres.
desk-as-table = Sous forme de tableau
desk-hour = Heure
desk-latest = Derniers paiements
desk-updated = La page a été mise à jour.

# Closing of a day, desk/closing.html.
desk-closing = Clôture
desk-closing-text = Le total de cette période. Seul ce qui est enregistré est additionné ; ce qui n’est pas connu est compté, pas estimé.
desk-show = Afficher
desk-day-before = Le jour précédent
desk-day-after = Le jour suivant
desk-fees = Frais payés
desk-without-worth = Ventes dont la valeur n’est pas connue
desk-tips = Pourboires, compris dans les prix
desk-discounts = Remises accordées
desk-by-channel = Par canal
desk-by-tax = Par taux de taxe
desk-currency = Devise
desk-gross = Toutes taxes comprises
desk-without-tax = Ventes sans lignes de taxe
desk-receipts = Numéros de reçu
desk-receipt-first = Premier
desk-receipt-last = Dernier

# The desk’s exports.
desk-exports = Exportations
desk-exports-text = Ce qui a été reçu et remboursé pendant une période, une ligne chacun. Le fichier ne contient que ce qui est enregistré ; les millisatoshis sont exacts.
desk-paid-from = Payé à partir du
desk-paid-to = Payé jusqu’au
desk-separator = Forme du fichier CSV
desk-separator-comma = Virgules entre les cellules, points décimaux
desk-separator-semicolon = Points-virgules entre les cellules, virgules décimales
desk-exports-zone = Les jours commencent dans le fuseau horaire { $zone }.

# What a payment was worth.
desk-worth = Valeur au paiement
desk-rate = Cours
desk-filled-in = Complété plus tard :

# The desk’s API tokens.
desk-tokens = Jetons d’API
desk-tokens-text = Avec un jeton, un programme de la boutique utilise l’API. Les jetons pour les versements ne se créent qu’en ligne de commande.
desk-token-made = Voici le jeton. Il ne sera plus affiché.
desk-token-revoked = Révoqué
desk-token-revoke = Révoquer
desk-token-make = Créer un jeton
desk-token-name = À quoi il sert
desk-token-name-invalid = Indiquez à quoi il sert, sur une ligne de 100 octets au plus.
desk-token-scopes = Ce qu’il permet
desk-token-scopes-missing = Choisissez-en au moins un.

# What is sold by pay to reveal, at the desk.
desk-items = Ce qui est vendu
desk-items-text = Chaque article a sa propre page. Qui y paie reçoit aussitôt ce qui est vendu. Ce n’est plus jamais affiché ici.
desk-item-none = Rien n’est encore vendu.
desk-item-sold = Vendus
desk-item-left = Restants
desk-item-configured = De la configuration ; c’est là qu’il se modifie.
desk-item-new = Vendre quelque chose de nouveau
desk-item-change = Modifier
desk-item-stop = Ne plus vendre
desk-item-offer = Vendre
desk-item-id = Nom dans l’adresse
desk-item-id-hint = Lettres minuscules a–z, chiffres, tirets et tirets bas, 64 au plus.
desk-item-id-invalid = Un nom a de 1 à 64 lettres minuscules a–z, chiffres, tirets et tirets bas.
desk-item-id-taken = Un article porte ce nom. Modifiez-le ou choisissez un autre nom.
desk-item-configured-text = La configuration a un article de ce nom.
desk-item-too-many = On ne peut pas proposer plus d’articles.
desk-item-title = Titre
desk-item-title-invalid = Donnez un titre, sur une ligne de 639 octets au plus.
desk-item-price = Prix en sat
desk-item-price-invalid = Saisissez des satoshis entiers, au moins 1.
desk-item-kind = Ce que reçoit l’acheteur
desk-item-kind-text = Un texte
desk-item-kind-word = Un mot de 24 octets au plus, qui fait partie du paiement : chaque nœud qui le relaie l’apprend
desk-item-text = Le texte
desk-item-text-hint = Seuls les acheteurs le voient.
desk-item-text-again = Saisissez-le de nouveau : ce qui est vendu n’est pas affiché. Les acheteurs précédents gardent ce qu’ils ont acheté.
desk-item-text-missing = Saisissez le texte qui est vendu.
desk-item-word-invalid = Un mot a de 1 à 24 octets et ne finit pas par une espace.
desk-item-no-words = Ce nœud ne peut pas vendre de mots.
desk-item-stock = Combien sont vendus en tout
desk-item-stock-hint = Vide : autant que l’on veut.
desk-item-stock-invalid = Saisissez un nombre jusqu’à 1 000 000 000, ou rien.

# Giving a key to the plug-in of a web shop.
pair = Connecter une boutique en ligne
pair-text = Le programme à cette adresse demande une clé de ce serveur. N’acceptez que si c’est votre boutique et que vous avez commencé là-bas.
pair-application = Il s’appelle
pair-permissions = Avec la clé, il peut
pair-view-invoices = voir les factures de la boutique
pair-create-invoice = créer des factures
pair-modify-invoices = modifier les données des factures et les invalider
pair-view-settings = voir les réglages de la boutique
pair-modify-settings = faire tout cela, sauf rembourser
pair-webhooks = être averti des paiements (webhooks)
pair-refunds = demander le remboursement de commandes payées, que votre payeur règle dans ses limites
pair-left-out = Non disponible ici et laissé de côté :
pair-shop = Boutique
pair-shop-hint = La clé ne voit que ce qui appartient à ce nom. 1 à 64 lettres (a–z), chiffres, traits d’union et tirets bas.
pair-shop-invalid = Le nom d’une boutique a 1 à 64 lettres (a–z), chiffres, traits d’union et tirets bas.
pair-agree = Donner la clé à { $host }
pair-made = La clé est créée. Apportez-la à la boutique : elle ne sera plus affichée.
pair-continue = Continuer vers { $host }
pair-target-invalid = L’adresse de la boutique manque, ou aucune clé n’y est envoyée. Elle doit commencer par https://, ou par http:// dans votre propre réseau.
pair-permission-unknown = Le programme exige une autorisation qui n’existe pas ici : { $permission }
pair-permission-none = Le programme ne demande aucune autorisation qui existe ici.
pair-used = Ce formulaire a déjà été utilisé. Recommencez dans la boutique.
pair-off = Cette page a besoin de l’espace de gestion, désactivé sur ce serveur (desk.enabled).
pair-elsewhere = L’espace de gestion a sa propre adresse. Ouvrez-y cette page : le même chemin, avec tout ce qui suit.
pair-by-command = Sans lui, créez une clé sur le serveur et saisissez-la dans les réglages de l’extension :

# The page of a voucher: a refund, or another payment to whoever has its link.
voucher-title = Un paiement pour vous
voucher-refund = Votre remboursement
voucher-how = Scannez le code avec un portefeuille Lightning, ou ouvrez-le dans un portefeuille sur cet appareil. Il demande exactement ce montant.
voucher-note = Quiconque a cette page peut le réclamer, une seule fois.
voucher-until = À réclamer avant le
voucher-claimed = Un portefeuille l’a réclamé. Rechargez la page pour voir s’il a été payé.
voucher-paid = Il a été payé.
voucher-over = Il ne peut plus être réclamé. Adressez-vous à la boutique.

# Payment links: the pages where buyers order.
link-range = De { $least } à { $most }.
link-pieces = Quantité
link-pieces-wrong = Saisissez un nombre de 1 à { $most }.
link-name = Nom
link-mail = E-mail
link-note = Message à la boutique
link-optional = facultatif
link-field-missing = Veuillez remplir ce champ.
link-field-long = { $most } caractères au plus, sans caractères de contrôle.
link-mail-invalid = Saisissez une adresse e-mail telle que name@example.com.
link-pay = Payer avec Lightning
link-how = Vous recevez une facture payable avec un portefeuille Lightning.
wallet-direct = Payer directement depuis un portefeuille
link-wallet-how = Scannez le code avec un portefeuille Lightning, ou ouvrez-le dans un portefeuille sur cet appareil. Il commande un exemplaire. Le code peut resservir.
link-sold-out = Épuisé
link-over = Ce n’est plus proposé ici.

# The front page of a shop without a form, and the sheet to print for a link.
shop-title = Notre offre
poster-how = Scannez avec l’appareil photo de votre téléphone et payez avec un portefeuille Lightning.
poster-how-wallet = Scannez avec l’appareil photo du téléphone ou avec un portefeuille Lightning.

# The desk: notices, and what they say.
desk-notices = Notifications
desk-notices-text = Qui, dans la boutique, est informé de ce qui se passe. Une règle signale ce qui se passe à partir de maintenant.
desk-notice-none = Il n’y a pas encore de règle.
desk-notice-new = Nouvelle règle
desk-notice-make = Créer la règle
desk-notice-event = Ce qui est signalé
desk-notice-event-wrong = Choisissez ce qui est signalé.
desk-notice-too-many = Il y a déjà cinquante règles.
desk-notice-sale-paid = Une vente a été payée
desk-notice-endpoint-gone = Un webhook a été désactivé, car son serveur dit qu’il n’existe plus
desk-notice-node-away = Le nœud est absent, puis son retour
desk-notice-little-receivable = Le nœud peut recevoir peu, puis de nouveau assez
desk-notice-no-rate = Les prix n’ont pas de taux de change, puis de nouveau un taux
desk-notice-channel = Par quel moyen
desk-notice-channel-wrong = Choisissez l’un des moyens.
desk-notice-mail = E-mail
desk-notice-missing = { $channel } n’est pas configuré. La clé { $key } de la configuration l’active.
desk-notice-address = Adresse
desk-notice-address-hint = E-mail : une boîte aux lettres. ntfy : l’adresse d’un sujet, par exemple https://ntfy.sh/ma-boutique. Telegram : le numéro d’une discussion, par exemple -1001234567890.
desk-notice-address-wrong = Cela ne peut pas être une adresse pour ce moyen.
desk-notice-not-allowed = Rien n’est envoyé à cette adresse : elle est sur un réseau privé ou sur cette machine, ou demande un proxy. Voir webhooks.allow_private et webhooks.onion_proxy.
desk-notice-token = Jeton d’accès pour ntfy
desk-notice-token-wrong = Cela ne peut pas être un jeton d’accès.
desk-notice-test = Envoyer un test
desk-notice-test-sent = Le test a été envoyé. Réponse du serveur :
desk-notice-remove = Supprimer
desk-notice-waiting = En attente
desk-notice-undelivered = Abandonnées
desk-notice-unreachable = Le serveur est injoignable ou ne répond pas comme il le devrait.
desk-notice-credentials = Le serveur refuse le nom d’utilisateur, le mot de passe ou le jeton. Vérifiez notices.smtp_user, notices.smtp_password_file, notices.telegram_token_file ou le jeton de la règle.
desk-notice-refused = Le serveur refuse cette adresse.
desk-notice-not-taken = Le serveur n’a pas pris le message. Un nouvel essai aura lieu.
desk-notice-not-configured = Ce moyen n’est pas configuré, ou le fichier de son secret est illisible.
desk-notice-internal = Le message n’a pas pu être rédigé. Le journal dit pourquoi.
notice-test = Un test
notice-test-text = Ceci est un test. Les notifications arrivent ici.
notice-sale = Payé : { $amount }
notice-sales = { $count } ventes ont été payées : { $amount }
notice-several = { $count } notifications
notice-more = Et { $count } de plus.
notice-order = Commande : { $order }
notice-over-paid = Plus que demandé : { $amount }
notice-endpoint-gone = Le webhook vers { $receiver } a été désactivé : son serveur dit qu’il n’existe plus.
notice-node-away = Le nœud Lightning est absent. Personne ne peut payer.
notice-node-back = Le nœud Lightning est de retour.
notice-little-receivable = Le nœud ne peut recevoir que { $amount }. Les paiements plus élevés échouent.
notice-enough-receivable = Le nœud peut de nouveau recevoir { $amount }.
notice-no-rate = Il n’y a pas de taux de change pour { $currencies }. Les prix dans cette monnaie ne peuvent pas être payés.
notice-rate-back = Il y a de nouveau un taux de change : { $currencies }

# The desk: payment links.
desk-links = Liens de paiement
desk-links-text = Un lien est une page où chacun peut commander la même chose : un produit, un billet, un don. Une facture n’est créée que lorsqu’un acheteur appuie sur le bouton.
desk-link-new = Nouveau lien
desk-link-make = Créer le lien
desk-link-save = Enregistrer
desk-link-change = Modifier ce lien
desk-link-slug = Nom dans l’adresse
desk-link-slug-hint = a-z, 0-9, _ et -, par exemple « cafe ». Non modifiable ensuite.
desk-link-slug-wrong = Utilisez 1 à 64 des caractères a-z, 0-9, _ et -.
desk-link-slug-taken = Il existe déjà un lien de ce nom.
desk-link-too-many = Il y a déjà mille liens.
desk-link-title = Titre
desk-link-title-wrong = Saisissez un titre d’une ligne.
desk-link-text = Description
desk-link-text-wrong = 2 000 octets de texte au plus.
desk-link-fixed = Fixe
desk-link-between = L’acheteur choisit dans une fourchette
desk-link-free = L’acheteur choisit librement
desk-link-currency-hint = SAT pour des satoshis, ou une monnaie telle que EUR.
desk-link-currency-wrong = Saisissez SAT ou le code d’une monnaie, par exemple EUR.
desk-link-least = Prix, ou montant minimal
desk-link-most = Montant maximal de la fourchette
desk-link-amount-wrong = Saisissez un montant dans cette monnaie ; les satoshis en nombre entier.
desk-link-range-wrong = Le montant maximal ne doit pas être inférieur au minimal.
desk-link-pieces = Quantité maximale par commande
desk-link-pieces-wrong = Saisissez un nombre de 1 à 1000. Au-delà de 1, il faut un prix fixe.
desk-link-asks = Demander aux acheteurs
desk-link-ask-no = non
desk-link-ask-required = obligatoire
desk-link-limit = Quantité totale à vendre
desk-link-number-wrong = Saisissez un nombre entier supérieur à zéro.
desk-link-last-day = Dernier jour
desk-link-day-wrong = Saisissez une date.
desk-link-thanks = Remerciement, affiché après le paiement
desk-link-sold = Vendus
desk-link-left = Restants
desk-link-open = Ouvert
desk-link-ended = Terminé
desk-link-stopped = Arrêté
desk-link-stop = Arrêter ce lien
desk-link-reopen = Rouvrir
desk-link-poster = Affiche à imprimer
desk-link-html = Pour votre site web
desk-link-sales = Commandes
desk-link-unpaid = Non payé

# The desk: the counter.
counter = Caisse
counter-none = Il n’y a pas encore de touches. Saisissez un montant, ou demandez à un propriétaire ou gérant d’ajouter ce que vous vendez.
counter-pieces-of = Quantité : { $name }
counter-other = Autres
counter-keys = Pavé numérique
counter-erase = Effacer le dernier chiffre
counter-tip = Pourboire
counter-tip-none = Sans pourboire
counter-tip-other = Autre montant
counter-tip-amount = Montant du pourboire
counter-total = Total à payer
counter-charge = Encaisser
counter-clear = Effacer
counter-empty = Choisissez quelque chose ou saisissez un montant.
counter-pieces-wrong = Saisissez une quantité entière, 999 au plus.
counter-too-much = C’est trop pour une seule vente.
counter-gone = Cet article n’est plus vendu. Vérifiez la sélection.
counter-used = Cette vente est déjà terminée. Rien n’a été encaissé de nouveau : choisissez pour le client suivant.
counter-offline-title = Pas de connexion
counter-offline = Le serveur de la boutique est injoignable. Rien ne peut être encaissé avant le retour de la connexion.
counter-latest = Dernières ventes
counter-scan = Scannez avec un portefeuille Lightning
counter-next = Nouvelle vente
counter-cancel = Annuler la vente
counter-items = Touches de la caisse
counter-items-text = Ce que vous vendez à la caisse : une touche chacun, dans sa catégorie. Les prix comprennent la taxe.
counter-foreign = Pas affiché à la caisse : son prix est dans une autre monnaie.
counter-item-new = Ajouter une touche
counter-category = Catégorie
counter-price = Prix, taxe comprise
counter-tax = Taux de taxe en %
counter-tax-hint = Vide : les reçus qui le contiennent ne disent rien des taxes.
counter-name-wrong = Utilisez de 1 à 60 caractères sur une ligne.
counter-tax-wrong = Saisissez un pourcentage de 0 à 100, par exemple 20.
counter-too-many = Il y a déjà cinq cents touches.
desk-by-cashier = À la caisse, par caissier

# The desk: signing in by a PIN at the counter.
pin = Code PIN
pin-choose = Choisir un code PIN
pin-text = Désormais, { $name } se connecte avec ce code sur cet appareil, et sur aucun autre.
pin-hint = De 4 à 8 chiffres, ni tous identiques ni à la suite.
pin-again = Le code PIN à nouveau
pin-differs = Les deux codes PIN sont différents.
pin-weak = Utilisez de 4 à 8 chiffres qui ne sont ni tous identiques ni à la suite, comme 1234.
pin-of = Code PIN de { $name }
pin-refused = Ce code PIN est faux. Après cinq codes faux, un propriétaire doit afficher un nouveau code pour cet appareil.
pin-scan = { $name } scanne ce code avec l’appareil de la caisse et y choisit un code PIN. Il sert une fois, dans les dix minutes.
pin-only-cashiers = Seuls les caissiers se connectent avec un code PIN.
pin-invite = Configurer un appareil avec un code PIN
pin-forgotten = Trop de codes PIN faux, ou cet appareil a été révoqué. Un propriétaire peut afficher un nouveau code pour cet appareil.
pin-device = Appareil avec code PIN
pin-paired = Configuré
pin-revoke = Révoquer cet appareil

# The desk of a sandbox.
desk-samples = Les ventes des 60 derniers jours affichées ici sont des exemples : personne ne les a payées.

# The desk’s export for DATEV.
datev-leave-out = DATEV : omettre ce qui n’a pas de prix en euros
datev-no-euros = Aucun fichier : { $count } ventes ou remboursements de cette période n’ont pas de prix en euros et ne peuvent pas être comptabilisés. Vous pouvez les omettre.
datev-no-account = Aucun fichier : la configuration n’indique aucun compte pour les ventes à ces taux : { $rates } %
datev-two-years = Aucun fichier : ces jours relèvent de deux exercices, et un fichier d’un seul.
