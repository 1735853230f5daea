import { setupManifest } from '@start9labs/start-sdk'

export const manifest = setupManifest({
  id: 'facture',
  title: 'facture',
  license: 'MIT',
  // To be set by whoever publishes the package.
  packageRepo: 'https://example.com/facture-startos',
  upstreamRepo: 'https://example.com/facture',
  marketingUrl: 'https://example.com/facture',
  donationUrl: null,
  description: {
    short: {
      en_US: 'A Lightning checkout for your own node.',
      de_DE: 'Eine Lightning-Kasse für den eigenen Knoten.',
      fr_FR: 'Une caisse Lightning pour votre propre nœud.',
    },
    long: {
      en_US:
        'Enter an amount, show the QR code, and see the page change to "Paid". With payment links, a desk for the people of a shop, an API with signed webhooks, and drop-ins for Lightning Charge, LNbits and BTCPay plug-ins. The money is received by your node.',
      de_DE:
        'Betrag eingeben, QR-Code zeigen, und die Seite wird zu „Bezahlt“. Mit Zahlungslinks, einem Arbeitsplatz für die Leute des Ladens, einer API mit signierten Webhooks und Ersatz für Lightning Charge, LNbits und BTCPay-Plug-ins. Das Geld empfängt Ihr Knoten.',
      fr_FR:
        'Saisissez un montant, montrez le code QR, et la page devient « Payé ». Avec des liens de paiement, un bureau pour les gens de la boutique, une API aux webhooks signés, et de quoi remplacer Lightning Charge, LNbits et les modules BTCPay. L’argent arrive sur votre nœud.',
    },
  },
  volumes: ['main'],
  images: {
    facture: {
      // The image of packaging/container, under the name that it is published by.
      source: { dockerTag: 'facture:0.1.0' },
      arch: ['x86_64'],
    },
  },
  dependencies: {
    'c-lightning': {
      description: 'The node that receives the money.',
      optional: false,
      metadata: {
        title: 'Core Lightning',
        icon: 'https://raw.githubusercontent.com/Start9Labs/cln-startos/refs/heads/master/icon.svg',
      },
    },
  },
})
